"""The sample company's half year of reviews: most answered in time, and each planted one as it was planted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from compliance.tenancy.clock import simulated
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from controls.reviews.models import Answer, Review
from sample import company, reviewing
from sample.base import DAYS, Clock


@pytest.mark.slow
def test_a_half_year_is_answered_with_one_skipped_one_late_one_exception_and_some_for_a_colleague(db):
    clock = Clock(datetime(2026, 11, 24, 6, tzinfo=UTC))
    organization = company.make_organization()
    with silence(), scope(organization):
        for day in sorted(reviewing.ON):
            with simulated(clock.at(day)):
                if day == 0:
                    cast = company.bring_in_people()
                    company.adopt(cast, clock)
                reviewing.on_day(day, cast, clock)
        states = Counter(Review.objects.values_list("state", flat=True))
        assert (states["skipped"], states["late"], states["exception"]) == (1, 1, 1)
        assert states["attested"] > 80
        assert states["open"] > 80
        stood_in = Answer.objects.exclude(for_name="")
        assert stood_in
        assert {each.for_name for each in stood_in} == {cast["owner_platform"].name}
        skipped = Review.objects.get(state="skipped")
        assert [each.kind for each in skipped.notices.all()][-1] in {"overdue", "escalated"}
        apart = [(each.recorded_on - each.performed_on).days for each in Answer.objects.filter(performed_on__isnull=False)]
        assert sorted(days for days in apart if days > 7) == [reviewing.AFTER.days]
        named = dict(Review.objects.filter(state__in=["skipped", "late", "exception"]).values_list("state", "control__ref"))
        assert named == {each: reviewing.NAMED[each] for each in named}
        last = max(Answer.objects.values_list("recorded_on", flat=True))
        assert last <= clock.at(DAYS).date()
