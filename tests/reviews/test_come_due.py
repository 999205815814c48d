"""Reviews open on their cadence, in the organisation's time zone, for one named owner, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from controls.reviews.models import Review, ReviewPlan
from controls.reviews.services.keep import keep_reviews
from controls.reviews.services.plan import choose_cadence
from controls.services.change import change_control, retire_control
from tests.factories.controls import make_control


def test_a_control_in_place_gets_its_first_review_today_and_the_next_when_its_days_begin(acme, days, control, jonas):
    assert days.go(1, 15)["opened"] == 1
    assert days.go(2, 14)["opened"] == 0
    assert days.go(2, 15)["opened"] == 1
    with scope(acme):
        first, second = Review.objects.order_by("covers_from")
        assert (first.covers_from, first.due_on, first.closes_on) == (date(2026, 1, 15), date(2026, 2, 14), date(2026, 2, 21))
        assert (second.covers_from, second.due_on) == (date(2026, 2, 15), date(2026, 3, 14))
        assert first.assignee == jonas.membership
        assert [first.ref, second.ref] == ["REV-001", "REV-002"]
        assert Entry.objects.filter(action="reviews.review.opened").count() == 2


def test_the_sweep_run_again_finds_nothing_to_do(days, control):
    days.go(1, 15)
    assert set(days.go(1, 15).values()) == {0}


def test_the_database_refuses_a_second_review_of_a_block(acme, review):
    with scope(acme), pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.bulk_create([_copy(review)])


def _copy(review: Review) -> Review:
    values = {field.attname: getattr(review, field.attname) for field in review._meta.concrete_fields}
    return Review(**values | {"id": None, "ref": "REV-999"}) if values.pop("id") else review


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"implementation": "planned"}, "planned"), ({"implementation": "retired"}, "retired"), ({"frequency": ""}, "no frequency")],
)
def test_what_is_not_in_use_is_not_asked_of(acme, days, fields, why):
    with scope(acme):
        make_control("AC-08", **fields)
    assert days.go(1, 15)["opened"] == 0


def test_it_begins_with_the_control_where_that_is_later(acme, days):
    with scope(acme):
        make_control("AC-08", frequency="weekly", starts_on=date(2026, 2, 2))
        make_control("AC-09", frequency="weekly", starts_on=date(2020, 1, 1))
    assert days.go(1, 15)["opened"] == 1
    assert days.go(2, 2)["opened"] == 3
    with scope(acme):
        assert Review.objects.filter(control__ref="AC-08").get().covers_from == date(2026, 2, 2)
        assert Review.objects.filter(control__ref="AC-09").order_by("covers_from").first().covers_from == date(2026, 1, 15)


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Auckland", 16), ("America/Los_Angeles", 15), ("UTC", 15)])
def test_days_are_those_of_the_organisations_time_zone(db, zone, day):
    organization = Organization.objects.create(name="Elsewhere", slug="elsewhere", timezone=zone)
    with time_machine.travel(datetime(2026, 1, 15, 18, tzinfo=UTC), tick=False), scope(organization):
        make_control("AC-08", frequency="daily")
        keep_reviews(actor=SYSTEM)
        assert Review.objects.get().covers_from == date(2026, 1, day)


def test_an_open_review_goes_to_the_new_owner_with_a_trail_entry_and_a_settled_one_stays(acme, days, control, review, priya, mei):
    days.go(2, 22)  # the first is skipped, the second is open
    with scope(acme):
        change_control(actor=mei.actor, control=control, owner=priya.membership)
    assert days.go(2, 22)["handed_over"] == 1
    with scope(acme):
        first, second = Review.objects.order_by("covers_from").select_related("assignee")
        assert (first.assignee.name, second.assignee.name) == ("Jonas Lindqvist", "Priya Raghunathan")
        entry = Entry.objects.get(action="reviews.review.handed_over")
        assert (entry.before, entry.after) == ({"owner": "Jonas Lindqvist"}, {"owner": "Priya Raghunathan"})


def test_without_an_owner_it_opens_all_the_same_and_waits_for_one(acme, days, mei, jonas):
    with scope(acme):
        control = make_control("AC-08", frequency="monthly")
    days.go(1, 15)
    with scope(acme):
        assert Review.objects.get().assignee is None
        change_control(actor=mei.actor, control=control, owner=jonas.membership)
    days.go(1, 16)
    with scope(acme):
        assert Review.objects.get().assignee == jonas.membership


def test_another_frequency_begins_today_and_withdraws_what_is_less_than_half_gone(acme, days, control, mei):
    days.go(1, 15)
    days.go(1, 20)
    with scope(acme):
        change_control(actor=mei.actor, control=control, frequency="weekly")
    days.go(1, 20)
    with scope(acme):
        monthly, weekly = Review.objects.order_by("covers_from")
        assert (monthly.state, weekly.state) == ("withdrawn", "open")
        assert (weekly.cadence, weekly.covers_from, weekly.due_on) == ("weekly", date(2026, 1, 20), date(2026, 1, 26))
        assert monthly.answers.get().said.startswith("The control is performed at another frequency")


def test_what_is_more_than_half_gone_stays_due_when_the_control_is_retired(acme, days, control, review, again, mei):
    days.go(2, 5)
    with scope(acme):
        retire_control(actor=mei.actor, control=control, reason="Replaced.")
    days.go(2, 5)
    assert again(review).state == "open"
    days.go(3, 1)
    assert again(review).state == "skipped"
    with scope(acme):
        assert Review.objects.count() == 1


def test_whoever_manages_reviews_chooses_another_cadence_with_a_reason(acme, days, control, review, again, mei, jonas):
    with scope(acme):
        with pytest.raises(ValidationError, match="Say why"):
            choose_cadence(actor=mei.actor, control=control, cadence="quarterly")
        with pytest.raises(ValidationError, match="Choose one"):
            choose_cadence(actor=mei.actor, control=control, cadence="continuous", reason="x")
    url = f"/o/acme/reviews/of/{control.pk}/cadence/"
    assert jonas.client.post(url, {"cadence": "weekly", "reason": "x"}).status_code == 403
    assert mei.client.post(url, {"cadence": "quarterly", "reason": ""}).status_code == 422
    assert mei.client.post(url, {"cadence": "quarterly", "reason": "It changes seldom."}).status_code == 302
    days.go(1, 15)
    assert again(review).state == "withdrawn"
    with scope(acme):
        held = ReviewPlan.objects.get(ended_on__isnull=True)
        assert (held.cadence, held.chosen, held.reason) == ("quarterly", True, "It changes seldom.")
        assert Review.objects.get(state="open").due_on == date(2026, 4, 14)
    assert mei.client.post(url, {"cadence": "", "reason": ""}).status_code == 302
    with scope(acme):
        assert ReviewPlan.objects.get(ended_on__isnull=True).cadence == "monthly"
