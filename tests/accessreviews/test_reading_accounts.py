"""Accounts read from rows in the shape of each vendor's facts, and marks that do not depend on the order of rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.accessreviews.accounts.base import Found
from evidence.accessreviews.accounts.catalogue import READINGS, reading_of
from evidence.accessreviews.accounts.marking import Person, Roster, digest_of, is_orphan, is_unused, order
from evidence.checks.base import Reason, Unreadable, unknown
from evidence.collectors.registry import vendor_of

SPAN = (date(2026, 7, 1), date(2026, 9, 30))
AT = datetime(2026, 9, 30, tzinfo=UTC)


def read(id: str, rows: dict, name: str):
    return {found.key: found for found in READINGS[id].read(rows, name, SPAN).accounts}


def _push(sha: str, at: str, pull: int | None) -> dict:
    return {
        "id": f"acme/api@{sha}", "repository": "acme/api", "sha": sha, "author": "ana", "at": at, "message": "fix", "pull": pull,
    }  # fmt: skip


def _iam(name: str, **more) -> dict:
    plain = {"groups": [], "attached": [], "inline_admin": False}
    return {"arn": f"arn:u/{name}", "name": name, "created": "2026-01-01T00:00:00Z", **plain, **more}


def test_every_reading_names_facts_that_its_vendor_collects():
    for reading in READINGS.values():
        kinds = {kind.id for kind in vendor_of(reading.vendor).kinds}
        assert {*reading.needs, *reading.helps} <= kinds, reading.id
        assert reading.main in reading.needs


@pytest.mark.parametrize(
    ("kind", "external_id", "id"),
    [
        ("identity_provider", "okta:00o1", "okta.organization"), ("application", "okta:0oa1", "okta.application"),
        ("code_host", "github:acme", "github.organization"), ("repository", "github:acme/api", "github.repository"),
        ("cloud_account", "210987654321", "aws.account"), ("application", "", None), ("database", "arn:aws:rds:x", None),
    ],
)  # fmt: skip
def test_a_system_is_read_from_the_vendor_that_knows_it(kind, external_id, id):
    found = reading_of(kind, external_id)
    assert (found[0].id if found else None) == id


def test_an_okta_application_lists_who_is_assigned():
    rows = {
        "okta.users": [{"id": "00u1", "login": "ana@x", "email": "ana@x", "status": "ACTIVE"}],
        "okta.app_assignments": [
            {"id": "0oa1", "label": "Ledger", "groups": [], "users": [
                {"id": "00u1", "scope": "USER", "status": "ACTIVE", "created": "2026-01-01T00:00:00.000Z"},
                {"id": "00u2", "scope": "GROUP", "status": "ACTIVE", "created": "2026-01-01T00:00:00.000Z"},
            ]},
            {"id": "0oa2", "label": "Mail", "groups": [], "users": unknown(Reason.DENIED)},
        ],
    }  # fmt: skip
    found = read("okta.application", rows, "0oa1")
    assert (found["00u1"].name, found["00u1"].entitlements, found["00u1"].unread) == ("ana@x", ("Assigned directly",), "")
    assert found["00u2"].unread
    assert READINGS["okta.application"].read(rows, "0oa1", SPAN).stands_for == {"okta.apps.assignment_population": "app:Ledger"}
    with pytest.raises(Unreadable):
        read("okta.application", rows, "0oa2")


def test_okta_groups_that_carry_a_role_are_on_the_list():
    rows = {
        "okta.org": [{"id": "00o1"}], "okta.users": [{"id": "00u1", "login": "ana@x", "status": "DEPROVISIONED"}],
        "okta.admin_roles": [],
        "okta.group_roles": [
            {"id": "g1", "name": "IT", "roles": [{"id": "r", "type": "ORG_ADMIN", "label": "Organization Admin", "status": "ACTIVE"}]},
            {"id": "g2", "name": "All", "roles": []},
        ],
    }  # fmt: skip
    found = read("okta.organization", rows, "00o1")
    assert set(found) == {"group:g1"}
    assert found["group:g1"].stands_for == {"okta.admins.groups_roles": "group:IT"}


def test_github_owners_outsiders_and_commits_without_a_pull_request():
    rows = {
        "github.org": [{"login": "acme"}], "github.repositories": [{"repository": "acme/api"}],
        "github.members": [
            {"login": "Ana", "type": "User", "owner": True}, {"login": "ben", "type": "User", "owner": False},
            {"login": "cid", "type": "User", "owner": unknown(Reason.DENIED)},
        ],
        "github.outside_collaborators": [
            {"login": "out", "repositories": {"acme/api": "maintain", "acme/web": "read"}},
            {"login": "dark", "repositories": unknown(Reason.DENIED)},
        ],
        "github.direct_pushes": [
            {"id": "acme/api", "repository": "acme/api", "sha": None, "read": True},
            _push("abc", "2026-08-01T00:00:00Z", None), _push("def", "2026-08-01T00:00:00Z", 7), _push("old", "2026-01-01T00:00:00Z", None),
        ],
    }  # fmt: skip
    host = read("github.organization", rows, "acme")
    assert (host["member:ana"].privileged, host["member:ben"].privileged, host["member:cid"].privileged) == (True, False, True)
    assert host["outside:out"].entitlements == ("acme/api: maintain", "acme/web: read")
    assert host["outside:dark"].unread
    repository = read("github.repository", rows, "acme/api")
    assert set(repository) == {"outside:out", "outside:dark", "commit:abc"}
    assert repository["outside:out"].entitlements == ("acme/api: maintain",)
    assert repository["commit:abc"].stands_for == {"github.commits.direct_push": "change:acme/api@abc"}
    unread = {"id": "acme/api", "repository": "acme/api", "sha": None, "read": unknown(Reason.DENIED)}
    with pytest.raises(Unreadable):
        read("github.repository", rows | {"github.direct_pushes": [unread]}, "acme/api")


def test_aws_users_administrators_and_assignments():
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    rows = {
        "aws.iam.users": [
            _iam("ana", groups=["admins"]), _iam("ben", inline_admin=unknown(Reason.MALFORMED)), _iam("cid", attached=["arn:own/p"]),
        ],
        "aws.iam.groups": [{"arn": "arn:g", "name": "admins", "attached": [admin], "inline_admin": False}],
        "aws.iam.roles": [
            {"arn": "arn:r/admin", "name": "admin", "attached": [admin], "inline_admin": False, "last_used": None},
            {"arn": "arn:r/app", "name": "app", "attached": [], "inline_admin": False},
            {"arn": "arn:r/slr", "name": "slr", "attached": [admin], "inline_admin": False, "service_linked": True},
        ],
        "aws.iam.policies": [{"arn": "arn:own/p", "name": "p", "allows_everything": False}],
        "aws.iam.credential_report": [
            {
                "arn": "arn:u/ana", "root": False, "password_last_used": "2026-01-05T00:00:00Z",
                "keys": [{"active": True, "used": "2026-09-01T00:00:00Z"}],
            },
            {"arn": "arn:root", "root": True, "password_last_used": None, "keys": []},
        ],
        "aws.sso.assignments": [
            {"arn": "arn:ps/1", "name": "AdministratorAccess", "assignments": [{"type": "USER", "id": "u-1"}]},
            {"arn": "arn:ps/2", "name": "ReadOnly", "assignments": unknown(Reason.DENIED)},
        ],
    }  # fmt: skip
    found = read("aws.account", rows, "210987654321")
    assert {key for key, each in found.items() if each.privileged} == {
        "arn:u/ana", "arn:u/ben", "arn:r/admin", "arn:root", "arn:ps/1|USER:u-1", "set:arn:ps/2",
    }  # fmt: skip
    assert found["arn:u/ana"].last_used == datetime(2026, 9, 1, tzinfo=UTC)
    assert (found["arn:u/cid"].use_known, found["arn:root"].use_known, found["arn:root"].last_used) == (False, True, None)
    assert found["arn:u/ana"].stands_for == {"aws.iam.admin_population": "arn:u/ana"}


moments = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2026, 9, 30)).map(lambda at: at.replace(tzinfo=UTC))
accounts = st.builds(
    Found, key=st.text(min_size=1), name=st.text(min_size=1), kind=st.sampled_from(["user", "role", "group", "commit", "outside"]),
    privileged=st.booleans(), service=st.booleans(), since=moments, last_used=moments, use_known=st.booleans(),
    entitlements=st.lists(st.text()).map(tuple),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(accounts, unique_by=lambda each: each.key, max_size=12), st.randoms())
def test_the_digest_and_the_order_do_not_depend_on_how_rows_came(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert digest_of(found) == digest_of(shuffled)
    key = lambda each: order(each, None, AT)  # noqa: E731
    assert sorted(found, key=key) == sorted(shuffled, key=key)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(accounts)
def test_unused_is_ninety_days_by_the_calendar_of_instants(found):
    marked = is_unused(found, AT)
    if not found.use_known:
        assert not marked
    elif found.last_used is not None:
        assert marked == (AT - found.last_used > timedelta(days=90))
    else:
        assert marked == (found.since is None or AT - found.since > timedelta(days=90))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(accounts)
def test_only_what_belongs_to_a_person_can_be_nobodys(found):
    assert is_orphan(found, None) == (found.kind in {"user", "outside"} and not found.service)


def test_whoever_came_back_counts_as_here():
    people = [
        Person("old", "ana@x", {"github": "ana"}, active=False), Person("new", "ana@x", {"github": "ana"}, active=True),
        Person("older", "ANA@x", {}, active=False),
    ]  # fmt: skip
    roster = Roster(people)
    assert roster.of(Found("k", "ana", joins=(("github", "Ana"),))).who == "new"
    assert roster.of(Found("k", "n", email="Ana@X")).who == "new"
    assert roster.of(Found("k", "ana", kind="role", joins=(("github", "ana"),))) is None
