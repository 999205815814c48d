"""A review that nobody held, one that was recorded after its date, and access that was to go and stayed, are gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from compliance.programmes.models import Programme
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.reviews.models import Review
from controls.reviews.services.answer import attest
from controls.reviews.services.keep import keep_reviews
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control


class Room:
    """A monthly control of Jonas from 15 January on, whose first review is due on 14 February."""

    def __init__(self, organization: Any, traveller: Any, jonas: Any) -> None:
        self.organization, self.traveller, self.jonas = organization, traveller, jonas
        with scope(organization):
            make_control("AC-09", frequency="monthly", owner=jonas.membership, key=True)
        self.go(1, 15)

    def go(self, month: int, day: int) -> None:
        self.traveller.move_to(datetime(2026, month, day, 12, tzinfo=UTC), tick=False)
        with scope(self.organization):
            keep_reviews(actor=SYSTEM)

    def attest(self, performed_on: date) -> None:
        with scope(self.organization):
            attest(
                actor=self.jonas.actor, member=self.jonas.membership, review=Review.objects.order_by("due_on")[0],
                performed_on=performed_on, said="All of it.", stands="The checks look daily.",
            )  # fmt: skip

    def found(self) -> list[tuple[str, str, str]]:
        with scope(self.organization):
            reconcile()
            return [(gap.rule, gap.subject, gap.state) for gap in Gap.objects.filter(rule__startswith="review.").order_by("rule")]


@pytest.fixture()
def room(acme: Any, jonas: Any) -> Iterator[Room]:
    with time_machine.travel(datetime(2026, 1, 15, 12, tzinfo=UTC), tick=False) as traveller:
        yield Room(acme, traveller, jonas)


def test_one_that_nobody_held_is_a_gap_of_its_control(acme, room):
    room.go(2, 14)
    assert room.found() == []
    room.go(2, 28)
    assert room.found() == [("review.skipped", "REV-001", "open")]
    with scope(acme):
        gap = Gap.objects.get()
        assert (gap.control.ref, gap.severity) == ("AC-09", "significant")
        assert "cannot be held any more" in gap.cause


@pytest.mark.parametrize(("recorded", "performed", "late"), [
    ((2, 14), date(2026, 2, 13), False), ((2, 14), date(2026, 2, 7), False), ((2, 14), date(2026, 2, 6), True),
    ((2, 16), date(2026, 2, 16), False), ((2, 16), date(2026, 2, 14), True),
])  # fmt: skip
def test_one_that_was_recorded_after_the_day_that_it_states_is_one_too(acme, room, recorded, performed, late):
    room.go(*recorded)
    room.attest(performed)
    assert room.found() == ([("review.recorded_late", "REV-001", "open")] if late else [])
    if late:
        with scope(acme):
            gap = Gap.objects.get()
            assert gap.severity == "minor"
            assert f"{(date(2026, *recorded) - performed).days} days later" in gap.cause


def test_both_stand_while_a_period_holds_a_day_of_them(acme, mei, room):
    room.go(2, 28)
    with scope(acme):
        programme = make_programme(mei.actor)
    assert room.found() == [("review.skipped", "REV-001", "open")]
    with scope(acme):
        Programme.objects.filter(pk=programme.pk).update(period_start=date(2027, 1, 1), period_end=date(2027, 12, 31))
    assert room.found() == [("review.skipped", "REV-001", "closed")]
