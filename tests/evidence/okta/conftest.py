"""Sample organisations to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from sample.base import Clock
from sample.okta import OktaWorld
from sample.people import PEOPLE
from tests.evidence.okta.looking import Observer
from tests.loopback import serve_open
from tests.prism import okta_prism  # noqa: F401 - a fixture

END = datetime(2026, 6, 30, 6, tzinfo=UTC)
#: The few of the sample company that smaller tests need: administrators, a leaver and a joiner among them.
FEW = tuple(p for p in PEOPLE if p.cast or p.team == "IT" or p.end_day in (68, 96) or p.start_day == 83)


def world_on(day: int, people: tuple = FEW, *, clean: bool = True) -> OktaWorld:
    clock = Clock(END)
    clock.now = clock.at(day)
    return OktaWorld(clock, people, clean=clean)


@pytest.fixture
def observe() -> Iterator[Callable[[OktaWorld], Observer]]:
    """Serve a world, and look at it."""
    with ExitStack() as stack:
        yield lambda world: Observer(world, stack.enter_context(serve_open(world.wsgi)))


@pytest.fixture
def observer(observe: Callable[[OktaWorld], Observer]) -> Observer:
    """A small organisation on the hundredth day, with nothing wrong."""
    return observe(world_on(100))
