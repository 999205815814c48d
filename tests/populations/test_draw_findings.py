"""Vulnerabilities over a period: their first day is the source's, their end lies between two looks."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.populations.builders.findings import alerts, backups, vulnerabilities
from evidence.populations.given import Look, System
from evidence.populations.items import is_unknown
from tests.populations.looking import at, github, given


def alert(number: int = 3, severity: str = "critical", created: str = "2026-03-01T02:00:00Z") -> dict[str, Any]:
    """An alert as `GET /orgs/{org}/dependabot/alerts` gives it."""
    return {
        "number": number, "state": "open", "created_at": created, "repository": {"full_name": "acme/api"},
        "security_advisory": {"severity": severity, "summary": "A hole", "ghsa_id": "GHSA-1"}, "html_url": "https://x",
    }  # fmt: skip


def row(looks: dict[Any, list[Any]], **settings: Any) -> dict[str, Any]:
    (item,) = vulnerabilities(given(github(alerts=looks), **settings)).items
    return dict(item.cells)


def test_one_that_was_closed_between_two_looks_is_in_the_population_with_both():
    found = row({at(2): [alert()], at(3): []})
    assert (found["first_seen"], found["last_open_at"], found["closed_by"]) == (
        "2026-03-01T02:00:00+00:00", "2026-03-02T02:00:00+00:00", "2026-03-03T02:00:00+00:00"
    )  # fmt: skip
    assert (found["age_days"], found["target_days"], found["in_time"]) == (1, 7, True)


@pytest.mark.parametrize(
    ("looks", "in_time"),
    [
        ({at(9): [alert()], at(10): []}, False),  # still open after its seven days
        ({at(5): [alert()], at(10): []}, "unknown"),  # closed on one side of them or on the other
        ({at(5): [alert()]}, None),  # its days are not over
    ],
)
def test_in_time_is_said_only_where_the_looks_can_tell(looks, in_time):
    found = row(looks)["in_time"]
    assert is_unknown(found) if in_time == "unknown" else found is in_time


def test_one_that_comes_back_keeps_its_first_day_and_is_open_again():
    found = row({at(2): [alert()], at(3): [], at(4): [alert()]})
    assert (found["first_seen"], found["closed_by"]) == ("2026-03-01T02:00:00+00:00", None)


@pytest.mark.parametrize(("raised", "listed"), [("2026-03-31T23:00:00Z", 1), ("2026-04-01T00:30:00Z", 0)])
def test_what_was_raised_after_the_period_is_of_the_next_though_the_look_that_bounds_it_shows_it(raised, listed):
    assert len(vulnerabilities(given(github(alerts={at(30): [], at(1, 4): [alert(created=raised)]}))).items) == listed


def test_the_days_that_policy_allows_are_the_populations_own():
    assert row({at(9): [alert()]}, target_days={"critical": 30})["in_time"] is None


def test_a_part_that_could_not_be_read_closes_nothing_and_is_a_hole():
    finding = {"arn": "arn:1", "severity": "HIGH", "first_seen": "2026-03-01T00:00:00+00:00", "title": "CVE", "about": "i-1"}
    unread = {"arn": "account:1/eu-west-1", "$unknown": "denied"}
    looks = {"aws.inspector.findings": [Look(at(2), (finding,)), Look(at(3), (unread,)), Look(at(4), (finding,))]}
    drawn = vulnerabilities(given(System("aws", "AWS", "aws", looks)))
    assert [item.cells["closed_by"] for item in drawn.items] == [None]
    assert [(hole.starts, hole.ends) for hole in drawn.holes] == [(at(3), at(4))]


def test_a_severity_that_nobody_names_is_judged_as_high_and_one_that_was_not_read_says_so():
    looks = {"aws.inspector.findings": [Look(at(2), ({"arn": "arn:1", "severity": None, "first_seen": "2026-03-01T00:00:00Z"},))]}
    (item,) = vulnerabilities(given(System("aws", "AWS", "aws", looks))).items
    assert is_unknown(item.cells["severity"])
    assert item.cells["target_days"] == 30


def test_leaked_secrets_are_alerts_and_their_severity_is_unknown():
    secret = {"repository": "acme/api", "number": 1, "state": "open", "created_at": "2026-03-01T02:00:00Z", "title": "AWS key"}
    looks = {"github.secret_scanning": [Look(at(2), (secret,))]}
    (item,) = alerts(given(System("github", "GitHub", "github", looks))).items
    assert item.cells["raised_at"] == "2026-03-01T02:00:00+00:00"
    assert is_unknown(item.cells["severity"])


def test_backup_jobs_of_overlapping_looks_stand_once():
    job = {"arn": "arn:db", "job": "j1", "state": "COMPLETED", "created": "2026-03-02T00:00:00+00:00"}
    failed = {"arn": "arn:db", "job": "j2", "state": "FAILED", "created": "2026-03-03T00:00:00+00:00", "message": "no space"}
    looks = {"aws.backup.jobs": [Look(at(4), (job, failed)), Look(at(10), (job, failed))]}
    found = {item.id: item.cells["result"] for item in backups(given(System("aws", "AWS", "aws", looks))).items}
    assert found == {"j1": "completed", "j2": "failed: no space"}
