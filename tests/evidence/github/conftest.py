"""The sample organisation on loopback, and a connection to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from evidence.collectors.base import Context
from sample.base import DAYS, Clock
from sample.github import GitHubWorld
from tests.loopback import serve_open
from tests.prism import github_prism  # noqa: F401 - a fixture

END = datetime(2026, 6, 30, 6, tzinfo=UTC)


@pytest.fixture
def world() -> GitHubWorld:
    """The sample organisation at the end of the story, with nothing wrong."""
    clock = Clock(END)
    clock.now = clock.at(DAYS)
    return GitHubWorld(clock)


@pytest.fixture
def address(world: GitHubWorld) -> Iterator[str]:
    with serve_open(world.wsgi) as found:
        yield found


@pytest.fixture
def connect(world: GitHubWorld, address: str) -> Callable[..., Context]:
    """A context of a connection to the sample organisation; waiting takes no time, and is counted."""

    def context(**given: Any) -> Context:
        waits: list[float] = []
        made = Context(
            config={"organization": "halyard-payments"}, secret={"token": world.token}, now=world.clock.now,
            endpoint=address, sleep=waits.append, **given,
        )  # fmt: skip
        made.memo["waits"] = waits
        return made

    return context
