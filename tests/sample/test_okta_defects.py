"""Every defect planted in the sample company's Okta is found, and nothing fails that was not planted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence.checks.base import REGISTRY, Outcome
from sample.base import DAYS, Clock
from sample.okta import OktaWorld
from sample.people import workers
from tests.evidence.okta.looking import Observer, those
from tests.loopback import serve_open
from tests.sample.stated import judged_as_stated

END = datetime(2026, 6, 30, 6, tzinfo=UTC)
#: Points of the story: each planted defect is looked at before it, during it, and after it is put right.
POINTS = (0, 19, 25, 41, 45, 60, 69, 78, 88, 95, 104, 105, 113, 124, 127, 140, 149, 155, 160, 170, DAYS)


def told(world: OktaWorld, day: int, since: int) -> None:
    """Tell the story from the day after `since` to `day`."""
    for today in range(since + 1, day + 1):
        world.clock.now = world.clock.at(today)
        for defect in world.planted:
            if defect.day == today:
                defect.plant(world)
            if defect.until == today:
                defect.mend(world)


def expected(world: OktaWorld) -> set[tuple[str, str]]:
    day = world.clock.day
    return {
        (defect.check, resource)
        for defect in world.planted
        for resource in defect.resources
        if defect.day <= day and (defect.until is None or day < defect.until)
    }


@pytest.mark.slow
def test_what_fails_is_exactly_what_was_planted_at_every_point_of_the_story() -> None:
    world = OktaWorld(Clock(END))
    seen: set[str] = set()
    with serve_open(world.wsgi) as url:
        observer, before = Observer(world, url), -1
        for day in POINTS:
            told(world, day, before)
            before = day
            findings = judged_as_stated("okta", observer.facts())
            assert those(findings, Outcome.FAIL) == expected(world), f"day {day}"
            assert those(findings, Outcome.UNKNOWN) == set(), f"day {day}"
            seen |= {d.id for d in world.planted if d.day <= day and (d.until is None or day < d.until)}
    assert seen == {defect.id for defect in world.planted}


@pytest.mark.slow
def test_in_a_clean_world_nothing_fails_and_nothing_is_unknown() -> None:
    world = OktaWorld(Clock(END), clean=True)
    with serve_open(world.wsgi) as url:
        observer = Observer(world, url)
        for day in (0, 97, 140, DAYS):
            world.clock.now = world.clock.at(day)
            findings = judged_as_stated("okta", observer.facts())
            assert those(findings, Outcome.FAIL) | those(findings, Outcome.UNKNOWN) == set(), f"day {day}"


def test_the_points_show_every_defect_before_during_and_after() -> None:
    for defect in OktaWorld(Clock(END)).planted:
        assert any(day < defect.day for day in POINTS), defect.id
        assert any(defect.day <= day < (defect.until or DAYS + 1) for day in POINTS), defect.id
        assert defect.until is None or any(day >= defect.until for day in POINTS), defect.id


def test_a_leaver_is_named_as_still_active_nine_days_on() -> None:
    world = OktaWorld(Clock(END))
    for day, leaver in ((105, "piotr.zielinski"), (DAYS, "gaurav.deshpande")):
        told(world, day - 1, world.clock.day)
        world.clock.now = world.clock.at(day)  # before anybody mends anything that morning
        with serve_open(world.wsgi) as url:
            observer = Observer(world, url)
            found = judged_as_stated("okta", observer.facts(observer.look(["okta.users", "okta.system_log"])))
        messages = {f.resource: f.message for f in found["okta.users.terminated_deactivated"]}
        assert messages[f"user:{leaver}@halyard.example"] == "still active nine days on"


def test_each_defect_is_written_down_for_a_check_that_exists_and_in_a_sentence() -> None:
    planted = OktaWorld(Clock(END)).planted
    assert len(planted) >= 11
    assert len({defect.id for defect in planted}) == len(planted)
    for defect in planted:
        assert defect.connection == "okta"
        assert defect.check in REGISTRY
        assert 0 < defect.day <= DAYS
        assert defect.title.endswith(".")
        assert defect.until is None or defect.day < defect.until <= DAYS


def test_services_are_tagged_and_people_are_workers_so_only_the_orphan_is_one() -> None:
    world = OktaWorld(Clock(END))
    told(world, DAYS, -1)
    known = {row["accounts"]["okta"] for row in workers(world.clock)}
    tagged = {row["external_id"].removeprefix("okta:") for row in world.scope() if row["service_account"]}
    stray = [account.login for account in world.active() if account.id not in known | tagged]
    assert stray == ["qa.automation@halyard.example"]
