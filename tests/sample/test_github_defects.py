"""The sample organisation: its checks fail on what was planted, on the day it shows, and on nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence.checks.base import Outcome, checks_of
from evidence.collectors.base import Context
from evidence.collectors.github.vendor import VENDOR
from sample.base import DAYS, Clock
from sample.github import GitHubWorld
from tests.evidence.github.judging import collected, facts_of
from tests.loopback import serve_open
from tests.sample.stated import judged_as_stated

#: Days on which everything is read, and more around each change of the settings on which all but the changes are.
EVERYTHING = [0, 40, 95, 150, DAYS]
SETTINGS = [14, 21, 27, 28, 53, 61, 75, 80, 85, 98, 101, 112, 120, 131, 147, 158, 161, 166, 172, 174, 175, 181]
POPULATIONS = ("github.merged_pull_requests", "github.direct_pushes")


def _failing(world: GitHubWorld, *, populations: bool = True) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(check, resource) that fail, and (check, message) that are unknown."""
    kinds = [kind.id for kind in VENDOR.kinds if populations or kind.id not in POPULATIONS]
    with serve_open(world.wsgi) as address:
        context = Context(
            config={"organization": "halyard-payments"}, secret={"token": world.token}, now=world.clock.now,
            endpoint=address, sleep=lambda _: None,
        )  # fmt: skip
        facts = facts_of(world, collected(context, kinds))
    checks = [check.id for check in checks_of("github") if populations or not set(check.facts) & set(POPULATIONS)]
    every = [(check, finding) for check, found in judged_as_stated("github", facts, checks).items() for finding in found]
    failed = {(check, f.resource) for check, f in every if f.outcome is Outcome.FAIL}
    return failed, {(check, f.message) for check, f in every if f.outcome is Outcome.UNKNOWN}


def _world(day: int, end: datetime = datetime(2026, 6, 30, 6, tzinfo=UTC)) -> GitHubWorld:
    clock = Clock(end)
    clock.now = clock.at(day)
    return GitHubWorld(clock)


def _due(world: GitHubWorld, day: int) -> set[tuple[str, str]]:
    return {
        (planted.check, resource)
        for planted in world.planted
        if planted.day <= day and (planted.until is None or day < planted.until)
        for resource in planted.resources
    }


@pytest.mark.parametrize("day", EVERYTHING)
def test_what_fails_is_what_was_planted(day: int) -> None:
    world = _world(day)
    world.plant_all()
    assert _failing(world) == (_due(world, day), set())


@pytest.mark.parametrize("day", SETTINGS)
def test_a_setting_fails_from_its_day_until_it_is_mended(day: int) -> None:
    world = _world(day)
    world.plant_all()
    due = {(check, resource) for check, resource in _due(world, day) if not resource.startswith("change:")}
    assert _failing(world, populations=False) == (due, set())


@pytest.mark.parametrize("day", [100, DAYS])
def test_in_the_sound_world_nothing_fails_and_nothing_is_unknown(day: int) -> None:
    assert _failing(_world(day)) == (set(), set())


def test_planted_on_its_day_a_defect_shows_just_the_same() -> None:
    """The story plants and mends as it comes to each day."""
    world = _world(0)
    for day in range(DAYS + 1):
        world.clock.now = world.clock.at(day)
        for planted in world.planted:
            if planted.day == day:
                planted.plant(world)
            if planted.until == day:
                planted.mend(world)
    assert _failing(world) == (_due(world, DAYS), set())


@pytest.mark.parametrize("weekday", [1, 4])
def test_the_story_holds_on_whatever_weekday_it_ends(weekday: int) -> None:
    world = _world(DAYS, datetime(2026, 7, 5 + weekday, 6, tzinfo=UTC))
    world.plant_all()
    failed, unknown = _failing(world)
    assert (failed, unknown) == (_due(world, DAYS), set())
    assert len([c for c in world.changes if c.merged_at and c.merged_at <= world.now]) == 400


def test_there_are_defects_enough_and_each_is_told_in_a_sentence() -> None:
    world = _world(0)
    assert len(world.planted) >= 25
    assert len({planted.id for planted in world.planted}) == len(world.planted)
    known = {check.id for check in checks_of("github")}
    assert {planted.check for planted in world.planted} <= known
    assert len({planted.check for planted in world.planted}) >= 18
    assert all(planted.title and planted.connection == "github" for planted in world.planted)
    assert sum(planted.until is not None for planted in world.planted) >= 5


def test_forty_repositories_and_only_who_works_here() -> None:
    world = _world(DAYS)
    world.plant_all()
    assert len(world.repositories()) == 40
    working = {p.github for p in world.people if p.github and p.employed(DAYS)}
    assert set(world.members()) == working | {world.leaver}
