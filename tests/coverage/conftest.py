"""A room in the middle of a year: 20 August 2026 in Lisbon, a Type II that runs from January to December."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from controls.models import Control
from evidence.models import EvidenceRequirement, Version
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control, map_to
from tests.factories.evidence import PDF, make_requirement

TODAY = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.fixture
def august() -> Iterator[Any]:
    with time_machine.travel(TODAY, tick=False) as clock:
        yield clock


@pytest.fixture
def programme(august: Any, room: Any, mei: Any) -> Programme:
    return make_programme(mei.actor, period_start=date(2026, 1, 1), period_end=date(2026, 12, 31))


@pytest.fixture
def control(programme: Programme, jonas: Any) -> Control:
    made = make_control(owner=jonas.membership)
    map_to(made, "CC6.1")
    return made


@pytest.fixture
def review(control: Control, mei: Any) -> EvidenceRequirement:
    """The signed access review of every quarter."""
    return make_requirement(mei.actor, control)


def show(requirement: EvidenceRequirement, *days: date, source: str = "person", **fields: Any) -> list[Version]:
    """Evidence of what was performed on these days, each an artefact of its own."""
    made = []
    for day in days:
        artefact = add_artefact(actor=SYSTEM, title=requirement.title, source=source, **fields)
        link_artefact(actor=SYSTEM, artefact=artefact, requirement=requirement)
        made.append(version_of(artefact, day))
    return made


def version_of(artefact: Any, day: date, start: date | None = None, **provenance: Any) -> Version:
    end = min(datetime(day.year, day.month, day.day, 11, tzinfo=UTC), now())
    starts = datetime(start.year, start.month, start.day, tzinfo=UTC) if start else end - timedelta(hours=1)
    return receive_version(
        actor=SYSTEM, artefact=artefact, content=PDF, filename="review.pdf", media_type="application/pdf",
        effective_start=starts, effective_end=end, provenance=provenance,
    )  # fmt: skip
