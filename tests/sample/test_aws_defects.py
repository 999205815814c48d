"""Every defect planted in the sample company's AWS is found, and nothing fails that was not planted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from evidence.checks.base import REGISTRY, Outcome
from evidence.collectors.aws.vendor import KINDS
from sample.aws import AwsWorld
from sample.base import DAYS, Clock, Planted
from tests.evidence.aws.looking import Observer, those
from tests.loopback import serve_open
from tests.sample.stated import judged_as_stated

END = datetime(2026, 6, 30, 6, tzinfo=UTC)
#: Points of the story: each planted defect is looked at before it, during it, and after it is put right.
POINTS = (0, 6, 13, 20, 34, 38, 46, 53, 57, 62, 67, 71, 76, 85, 91, 99, 105, 111, 114, 119, 129, 137, 141, 147, 151,
          157, 168, 171, DAYS)  # fmt: skip
#: At these everything is collected anew; at the others what the story has touched, and what ages by itself.
WHOLE = (0, 57, 119, DAYS)
#: Kinds whose rows are not resources of the company's.
NO_RESOURCES = {"aws.account.regions", "aws.backup.jobs", "aws.ssm.patch_states"}
AGEING = {
    kind
    for check in ("aws.iam.user_linked_to_worker", "aws.iam.root_not_used", "aws.acm.expiry", "aws.backup.restore_tested",
                  "aws.guardduty.findings_sla", "aws.securityhub.critical_sla", "aws.inspector.vuln_sla",
                  "aws.ssm.patch_compliance")
    for kind in REGISTRY[check].facts
    if kind.startswith("aws.")
}  # fmt: skip


@pytest.fixture(scope="module")
def listed() -> list[Planted]:
    """The written list alone."""
    made = AwsWorld(Clock(END))
    made.close()
    return made.planted


@pytest.fixture
def world() -> Iterator[AwsWorld]:
    made = AwsWorld(Clock(END))
    yield made
    made.close()


def told(world: AwsWorld, day: int, since: int) -> dict[str, set[str]]:
    """Tell the story from the day after `since` to `day`; for each connection the kinds that it touches."""
    touched: dict[str, set[str]] = {slug: set(AGEING) for slug in world.credentials}
    for today in range(since + 1, day + 1):
        world.clock.now = world.clock.at(today)
        for defect in world.planted:
            if today in (defect.day, defect.until):
                (defect.plant if today == defect.day else defect.mend)(world)
                touched[defect.connection] |= {kind for kind in REGISTRY[defect.check].facts if kind[:4] == "aws."}
    return touched


def expected(world: AwsWorld, slug: str) -> set[tuple[str, str]]:
    day = world.clock.day
    return {
        (defect.check, resource)
        for defect in world.planted
        for resource in defect.resources
        if defect.connection == slug and defect.day <= day and (defect.until is None or day < defect.until)
    }


@pytest.mark.slow
def test_what_fails_is_exactly_what_was_planted_at_every_point_of_the_story(world: AwsWorld) -> None:
    seen: set[str] = set()
    with serve_open(world.wsgi) as url:
        observers = {slug: Observer(world, slug, url) for slug in world.credentials}
        before = -1
        for day in POINTS:
            touched = told(world, day, before)
            before = day
            for slug, observer in observers.items():
                observer.look(None if day in WHOLE else touched[slug])
                findings = judged_as_stated("aws", observer.facts())
                assert those(findings, Outcome.FAIL) == expected(world, slug), f"{slug} on day {day}"
                assert those(findings, Outcome.UNKNOWN) == set(), f"{slug} on day {day}"
            seen |= {d.id for d in world.planted if d.day <= day and (d.until is None or day < d.until)}
    assert seen == {defect.id for defect in world.planted}


def test_the_points_show_every_defect_before_during_and_after(listed: list[Planted]) -> None:
    for defect in listed:
        assert any(day < defect.day for day in POINTS) or defect.day == 0, defect.id
        assert any(defect.day <= day < (defect.until or DAYS + 1) for day in POINTS), defect.id
        assert defect.until is None or any(day >= defect.until for day in POINTS), defect.id


def test_the_list_is_long_and_each_line_says_what_it_is(listed: list[Planted]) -> None:
    assert len(listed) >= 14
    assert len({defect.id for defect in listed}) == len(listed)
    assert {defect.connection for defect in listed} == {"aws-production", "aws-sandbox"}
    for defect in listed:
        assert defect.check in REGISTRY, defect.id
        assert defect.resources, defect.id
        assert defect.title.endswith("."), defect.id
        assert 0 <= defect.day < (defect.until or DAYS + 1) <= DAYS + 1, defect.id


def test_the_same_story_names_the_same_resources_every_time(listed: list[Planted]) -> None:
    again = AwsWorld(Clock(END.replace(year=2027)))
    again.close()
    assert [(one.id, one.resources) for one in again.planted] == [(one.id, one.resources) for one in listed]


def test_joiners_get_a_user_and_leavers_lose_theirs(world: AwsWorld) -> None:
    iam = world.estates["aws-production"].service("iam")
    names = {}
    for day in (0, 30, 98, DAYS):
        world.clock.now = world.clock.at(day)
        world.settle()
        names[day] = set(iam.users)
    assert "wanjiru.kamau" in names[30] - names[0]
    assert "piotr.zielinski" in (names[0] & names[98]) - names[DAYS]
    assert "gaurav.deshpande" in names[DAYS]


def test_the_company_has_some_hundreds_of_resources_in_two_accounts(world: AwsWorld) -> None:
    with serve_open(world.wsgi) as url:
        rows = 0
        for slug in world.credentials:
            observer = Observer(world, slug, url)
            observer.look({kind.id for kind in KINDS} - NO_RESOURCES)
            rows += sum(len(found.rows) for found in observer.sets.values())
    assert rows > 300
