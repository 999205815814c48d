"""A sample account served on loopback, with nothing wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sample.aws import AwsWorld
from sample.base import Clock
from tests.evidence.aws.looking import Observer
from tests.loopback import serve_open

END = datetime(2026, 6, 30, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def clean() -> Iterator[tuple[AwsWorld, str]]:
    """A world on its hundredth day without a defect, and where it is served. Tests only read it."""
    clock = Clock(END)
    clock.now = clock.at(100)
    world = AwsWorld(clock, planted=False)
    with serve_open(world.wsgi) as url:
        yield world, url
    world.close()


@pytest.fixture
def production(clean: tuple[AwsWorld, str]) -> Observer:
    return Observer(clean[0], "aws-production", clean[1])


@pytest.fixture
def sandbox(clean: tuple[AwsWorld, str]) -> Observer:
    return Observer(clean[0], "aws-sandbox", clean[1])
