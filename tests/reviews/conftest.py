"""Reviews to test with, on days that a test chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.models import Control
from controls.reviews.models import Review
from controls.reviews.services.keep import keep_reviews
from tests.factories.controls import make_control

#: Reviews begin on this day in every test: a Thursday, in a year without 29 February.
BEGIN = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Days:
    """Goes to a day, at noon, and keeps the reviews of Acme as the sweep would."""

    def __init__(self, organization: Any, traveller: Any) -> None:
        self.organization, self.traveller = organization, traveller

    def go(self, month: int, day: int, *, year: int = 2026, hour: int = 12) -> dict[str, int]:
        self.traveller.move_to(datetime(year, month, day, hour, tzinfo=UTC), tick=False)
        with scope(self.organization):
            return keep_reviews(actor=SYSTEM)


@pytest.fixture()
def days(acme: Any) -> Iterator[Days]:
    """Begins on BEGIN; nothing was kept yet."""
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield Days(acme, traveller)


@pytest.fixture()
def control(acme: Any, jonas: Any, days: Days) -> Control:
    """A monthly control of Jonas that is in place."""
    with scope(acme):
        return make_control("AC-07", frequency="monthly", owner=jonas.membership)


@pytest.fixture()
def review(acme: Any, control: Control, days: Days) -> Review:
    """Its first review: 15 January to 14 February."""
    days.go(1, 15)
    with scope(acme):
        return Review.objects.select_related("control", "assignee").get(control=control)


@pytest.fixture()
def again(acme: Any) -> Callable[[Review], Review]:
    """A review as it now stands."""

    def read(review: Review) -> Review:
        with scope(acme):
            return Review.objects.select_related("control", "assignee").get(pk=review.pk)

    return read
