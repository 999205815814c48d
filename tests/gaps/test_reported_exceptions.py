"""An exception reported in a review is a gap, for as long as a period under way holds a day of it."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.reviews.models import Review
from controls.reviews.services.answer import report_exception
from controls.reviews.services.keep import keep_reviews
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control


@pytest.fixture()
def exception(acme, mei, jonas):
    with scope(acme):
        make_control("AC-07", frequency="quarterly", owner=jonas.membership, key=True)
        keep_reviews(actor=SYSTEM)
        review = Review.objects.select_related("control").get()
        return report_exception(
            actor=jonas.actor, member=jonas.membership, review=review, said="Marketing was left out.",
            consequence="Two accounts stayed.", remedy="They are closed.",
        )  # fmt: skip


def test_it_opens_one_gap_of_its_control_and_owner_and_opens_no_second(acme, exception, jonas):
    with scope(acme):
        assert reconcile()["opened"] == 1
        assert reconcile()["opened"] == 0
        gap = Gap.objects.get()
        assert (gap.rule, gap.subject, gap.control.ref, gap.owner) == ("review.exception", "REV-001", "AC-07", jonas.membership)
        assert (gap.severity, gap.remedy) == ("significant", "They are closed.")
        assert "Jonas Lindqvist reported in REV-001" in gap.cause
        assert gap.occurrences.get().message == "Marketing was left out."


def test_it_stands_within_a_period_and_is_gone_after_it(acme, mei, exception):
    day = today(acme.timezone)
    with scope(acme):
        programme = make_programme(mei.actor)
        Programme.objects.filter(pk=programme.pk).update(period_start=date(day.year - 1, 1, 1), period_end=day)
        reconcile()
        assert Gap.objects.get().state == "open"
        Programme.objects.filter(pk=programme.pk).update(period_start=date(day.year + 2, 1, 1), period_end=date(day.year + 2, 12, 31))
        reconcile()
        gap = Gap.objects.get()
        assert gap.state == "closed"
        assert "outside every observation period" in gap.closing_note
