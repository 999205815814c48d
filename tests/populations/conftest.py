"""Populations to test with: kept, frozen and worked through by the services that make the real ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date
from typing import Any

import pytest

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from controls.models import Control
from evidence.populations.items import Item
from evidence.populations.models import Population, PopulationVersion
from evidence.populations.services.freeze import freeze
from evidence.populations.services.keep import add_population
from evidence.populations.services.work_through import answer_step
from evidence.populations.sources import Built
from evidence.populations.spans import Period, Reach
from evidence.populations.standing import standing_of
from tests.factories.controls import make_control

MAY = Period(date(2026, 5, 1), date(2026, 5, 31), UTC)


def built(*ids: str, total: int | None = -1, covers: bool = True, **more: Any) -> Built:
    """Leavers that a source drew, so many as it says there are."""
    rows = [
        Item("okta", id, {"worker": id, "name": f"Name {id}", "last_day": "2026-05-10", "system": "Okta", "hours": 3.5, "in_time": True})
        for id in ids
    ]
    known = len(more.get("items", ids)) if total == -1 else total
    values: dict[str, Any] = {
        "query": "GET /api/v1/users", "system": "Okta", "extractor": "collectors okta.users version 1", "drawn_at": now(),
        "reach": Reach(MAY.starts, MAY.ends), "total": known, "basis": "raw answers", "covers": covers,
    }  # fmt: skip
    return Built(more.pop("items", rows), **values | more)


@pytest.fixture()
def control(acme: Any, jonas: Any) -> Control:
    """Jonas's control, which samples leavers."""
    with scope(acme):
        return make_control("AC-06", owner=jonas.membership, tested_by_sample=True, population="Leavers of the period")


@pytest.fixture()
def population(acme: Any, mei: Any, priya: Any, control: Control) -> Population:
    """Leavers, kept by Priya."""
    with scope(acme):
        return add_population(
            actor=mei.actor, template="leavers", name="Leavers", source="people.leavers", owner=priya.membership, controls=[control]
        )


@pytest.fixture()
def frozen(acme: Any, priya: Any, population: Population) -> Callable[..., PopulationVersion]:
    """Freeze a version of it."""

    def make(*ids: str, period: Period = MAY, **more: Any) -> PopulationVersion:
        with scope(acme):
            return freeze(actor=priya.actor, population=population, built=built(*ids, **more), period=period, by=priya.membership)

    return make


@pytest.fixture()
def worked(acme: Any, priya: Any) -> Callable[[PopulationVersion], None]:
    """Answer every step that waits for a person."""

    def work(version: PopulationVersion) -> None:
        with scope(acme):
            standing = standing_of(version)
            for step in standing.steps:
                if step.key not in standing.verdicts and step.key != "second":
                    total = {"total": version.counted} if step.key == "count" else {}
                    answer_step(actor=priya.actor, version=version, step=step.key, result="holds", note="Looked at it.", **total)

    return work


