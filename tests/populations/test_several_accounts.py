"""A connection that sees several AWS accounts: each is a system of its own, and one that was dark is a hole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from evidence.accessreviews.accounts.aws import READINGS
from evidence.checks.base import Unreadable
from evidence.collectors.aws.vendor import VENDOR
from evidence.populations.builders.access import privileged_users
from evidence.populations.builders.accounts import watched as accounts_over
from evidence.populations.dark import dark_parts
from evidence.populations.given import Given, Look
from evidence.populations.spans import Period, Watch
from evidence.populations.watching import Watched, systems_of

A, B = "111122223333", "222222222222"
PERIOD = Period(date(2026, 1, 1), date(2026, 1, 31), UTC)
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
CONNECTION: Any = SimpleNamespace(slug="aws", name="AWS", vendor="aws")
DARK = {"account": B, "region": "eu-west-1", "arn": f"account:{B}", "$unknown": "denied", "$why": "no role"}


def _at(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def _user(account: str, name: str, groups: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "account": account, "arn": f"arn:aws:iam::{account}:user/{name}", "name": name, "groups": list(groups),
        "attached": [], "inline_admin": False, "tags": {},
    }  # fmt: skip


def _group(account: str, name: str, *attached: str) -> dict[str, Any]:
    return {"account": account, "arn": f"arn:{account}:{name}", "name": name, "attached": list(attached), "inline_admin": False}


def _watched(kind: str, *looks: Look) -> Watched:
    watch = Watch(kind, [look.at for look in looks], timedelta(days=1))
    return Watched(VENDOR.kind(kind), looks, watch, "", "", "", None)


def test_a_connection_of_one_account_stays_one_system() -> None:
    (only,) = systems_of(CONNECTION, [_watched("aws.iam.users", Look(_at(2), (_user(A, "ana"),)))])
    assert (only.slug, only.name) == ("aws", "AWS")


def test_users_and_groups_of_one_name_in_two_accounts_are_not_mixed() -> None:
    users = _watched("aws.iam.users", Look(_at(2), (_user(A, "ana", ("ops",)), _user(B, "ana", ("ops",)))))
    groups = _watched("aws.iam.groups", Look(_at(2), (_group(A, "ops", ADMIN), _group(B, "ops"))))
    systems = systems_of(CONNECTION, [users, groups])
    assert [system.slug for system in systems] == [f"aws/{A}", f"aws/{B}"]
    drawn = privileged_users(Given(PERIOD, systems, [], [], {}))
    assert [(item.cells["system"], item.cells["account"]) for item in drawn.items] == [(f"AWS, account {A}", "ana")]


def test_an_account_that_was_dark_closes_nothing_and_is_a_hole() -> None:
    looks = (Look(_at(2), (_user(A, "ana"), _user(B, "ben"))), Look(_at(3), (_user(A, "ana"), DARK)),
             Look(_at(4), (_user(A, "ana"), _user(B, "ben"))))  # fmt: skip
    systems = systems_of(CONNECTION, [_watched("aws.iam.users", *looks)])
    given = Given(PERIOD, systems, [], [], {})
    (ben,) = accounts_over(given, systems[1]).values()
    assert ben.closed_at is None
    (hole,) = dark_parts("aws.iam.users", looks, PERIOD)
    assert (hole.starts, hole.ends) == (_at(3), _at(4))
    assert f"account:{B} could not be read (denied)" in hole.why


def _reviewed(account: str, rows: dict[str, Any]) -> list[str]:
    (reading,) = READINGS
    return [found.name for found in reading.read({**rows, "org.scope": []}, account, (date(2026, 1, 1), date(2026, 1, 31))).accounts]


def test_an_access_review_of_one_account_lists_no_other() -> None:
    rows: dict[str, Any] = {
        "aws.iam.users": [_user(A, "ana"), _user(B, "ben")], "aws.iam.groups": [], "aws.iam.roles": [], "aws.iam.policies": [],
    }  # fmt: skip
    assert _reviewed(A, rows) == ["ana"]
    assert _reviewed(B, rows) == ["ben"]


def test_an_access_review_of_an_account_that_was_dark_has_no_list() -> None:
    rows: dict[str, Any] = {
        "aws.iam.users": [_user(A, "ana"), DARK], "aws.iam.groups": [], "aws.iam.roles": [], "aws.iam.policies": [],
    }  # fmt: skip
    assert _reviewed(A, rows) == ["ana"]
    with pytest.raises(Unreadable):
        _reviewed(B, rows)
