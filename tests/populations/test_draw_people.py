"""Joiners, leavers with the hours that their access outlived them, users, grants: from facts in the vendors' shape."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evidence.populations.builders.access import access_grants, privileged_users, users_per_system
from evidence.populations.builders.keys import keys_and_tokens
from evidence.populations.builders.people import joiners, leavers
from evidence.populations.given import Look, System
from evidence.populations.items import is_unknown
from evidence.populations.spans import Period
from tests.populations.looking import at, github, given, log_event, okta, okta_user, person

ADA = person("w1", "Ada", "ada@acme.example", okta="00u1")
LEFT = person("w1", "Ada", "ada@acme.example", end="2026-03-10", okta="00u1", github="ada")


def deactivated(when: str, id: str = "00u1") -> dict:
    return log_event(when, "user.lifecycle.deactivate", when, {"id": id, "type": "User", "alternateId": "ada@acme.example"})


def test_a_joiner_is_dated_by_the_first_day_and_carries_the_first_access():
    people = [person("w1", "Ada", "ada@acme.example", start="2026-03-02"), person("w2", "Bo", "bo@acme.example", start="2026-04-01")]
    drawn = joiners(given(okta({at(20): [okta_user("00u1", "ada@acme.example")]}), people=people))
    (item,) = drawn.items
    assert (item.id, item.cells["started_on"], item.cells["first_access_at"]) == ("w1", "2026-03-02", "2026-03-01T09:00:00+00:00")
    assert is_unknown(item.cells["screened_on"])


def test_a_leaver_stands_once_for_each_system_and_people_are_counted_once():
    looks = {at(1): ["root", "ada"], at(12): ["root"]}
    systems = (okta({at(1): [okta_user("00u1", "ada@acme.example")]}), github(members=looks))
    drawn = leavers(given(*systems, people=[LEFT]))
    assert {item.source for item in drawn.items} == {"okta", "github"}
    assert drawn.counted == 1


@pytest.mark.parametrize(
    ("closed", "hours", "in_time"),
    [("2026-03-10T17:00:00Z", 0.0, True), ("2026-03-11T06:30:00Z", 6.5, True), ("2026-03-13T22:00:00Z", 70.0, False)],
)
def test_the_hours_are_exact_where_the_log_tells(closed, hours, in_time):
    gone = okta_user("00u1", "ada@acme.example", "DEPROVISIONED", statusChanged=closed)
    users = {at(1): [okta_user("00u1", "ada@acme.example")], at(20): [gone]}
    drawn = leavers(given(okta(users, [deactivated(closed)]), people=[LEFT]))
    assert (drawn.items[0].cells["hours"], drawn.items[0].cells["in_time"]) == (hours, in_time)


def test_an_account_that_was_opened_again_ended_when_it_was_closed_for_good():
    users = {at(1): [okta_user("00u1", "ada@acme.example")], at(20): [okta_user("00u1", "ada@acme.example", "DEPROVISIONED")]}
    again = log_event("x", "user.lifecycle.reactivate", "2026-03-12T00:00:00Z", {"id": "00u1", "type": "User"})
    log = [deactivated("2026-03-10T12:00:00Z"), again, deactivated("2026-03-15T00:00:00Z")]
    assert leavers(given(okta(users, log), people=[LEFT])).items[0].cells["hours"] == 96.0


def test_without_a_log_the_looks_bound_it_and_in_between_nobody_can_say():
    def judged(*days: int) -> object:
        looks = {at(day): ["root", *(["ada"] if place == 0 else [])] for place, day in enumerate(days)}
        return leavers(given(github(members=looks), people=[LEFT])).items[0].cells["in_time"]

    assert judged(9, 11) is True  # gone at the first look after the last day
    assert judged(13, 14) is False  # still there two days after
    assert is_unknown(judged(9, 20))


def test_an_account_that_is_still_open_has_failed_once_its_hours_are_over():
    cells = leavers(given(github(members={at(9): ["root", "ada"], at(20): ["root", "ada"]}), people=[LEFT])).items[0].cells
    assert (cells["in_time"], cells["ended_at"]) == (False, None)
    assert is_unknown(cells["hours"])


def test_the_last_day_ends_at_midnight_of_the_organisation():
    auckland = Period(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo("Pacific/Auckland"))
    users = {at(1): [okta_user("00u1", "ada@acme.example", "DEPROVISIONED")]}
    drawn = leavers(given(okta(users, [deactivated("2026-03-10T13:00:00Z")]), people=[LEFT], period=auckland))
    assert drawn.items[0].cells["hours"] == 2.0  # midnight in Auckland is 11:00 in UTC


def test_a_leaver_without_any_account_is_listed_all_the_same():
    (item,) = leavers(given(people=[LEFT])).items
    assert item.cells["system"] == "no account was seen in any system"


def test_the_hours_that_policy_allows_are_the_populations_own():
    users = {at(1): [okta_user("00u1", "ada@acme.example", "DEPROVISIONED")]}
    drawn = leavers(given(okta(users, [deactivated("2026-03-13T22:00:00Z")]), people=[LEFT], hours=72))
    assert drawn.items[0].cells["in_time"] is True


def test_users_are_those_of_every_look_not_of_the_last_alone():
    drawn = users_per_system(given(github(members={at(1): ["root", "ada"], at(2): ["root"]}), people=[ADA]))
    rows = {item.id: item.cells for item in drawn.items}
    assert (rows["ada"]["active"], rows["root"]["active"]) == (False, True)
    assert rows["ada"]["last_seen"] == "2026-03-01T02:00:00+00:00"
    assert [(each.kind.value, each.subject) for each in drawn.unequal] == [("nobody", "root")]


def test_a_privileged_account_that_lost_its_right_in_the_period_is_still_listed():
    roles = {"okta.admin_roles": [
        Look(at(1), ({"user_id": "00u1", "login": "ada@acme.example", "roles": [{"label": "Super Administrator"}]},)),
        Look(at(9), ({"user_id": "00u2", "login": "bo@acme.example", "roles": {"$unknown": "denied"}},)),
    ]}  # fmt: skip
    drawn = privileged_users(given(System("okta", "Okta", "okta", roles), people=[ADA]))
    rows = {item.cells["account"]: item.cells for item in drawn.items}
    assert (rows["ada@acme.example"]["person"], rows["ada@acme.example"]["last_seen"]) == ("Ada", "2026-03-01T02:00:00+00:00")
    assert is_unknown(rows["bo@acme.example"]["right"])


def test_administrators_of_aws_are_found_through_their_groups():
    looks = {
        "aws.iam.users": [Look(at(1), ({"name": "ada", "arn": "arn:1", "attached": [], "groups": ["ops"], "inline_admin": False},))],
        "aws.iam.groups": [Look(at(1), ({"name": "ops", "attached": ["arn:aws:iam::aws:policy/AdministratorAccess"]},))],
    }
    (item,) = privileged_users(given(System("aws", "AWS", "aws", looks))).items
    assert item.cells["right"] == "AdministratorAccess through group ops"


def ops(when: Any, **more: Any) -> Look:
    return Look(when, ({"name": "ops", "attached": [], "inline_admin": False, **more},))


def in_ops(when: Any, **more: Any) -> Look:
    return Look(when, ({"name": "ada", "arn": "arn:1", "attached": [], "groups": ["ops"], "inline_admin": False, **more},))


def rights(**looks: Any) -> list[Any]:
    system = System("aws", "AWS", "aws", {f"aws.iam.{kind}": found for kind, found in looks.items()})
    return [item.cells["right"] for item in privileged_users(given(system)).items]


def test_a_group_that_is_no_administrator_any_more_made_its_members_administrators_then():
    before = ops(at(1), attached=["arn:aws:iam::aws:policy/AdministratorAccess"])
    assert rights(users=[in_ops(at(1)), in_ops(at(9))], groups=[before, ops(at(9))]) == ["AdministratorAccess through group ops"]


@pytest.mark.parametrize("unread", [{"inline_admin": {"$unknown": "denied"}}, {"attached": {"$unknown": "denied"}}])
def test_policies_that_could_not_be_read_are_a_right_that_nobody_knows(unread):
    (of_group,) = rights(users=[in_ops(at(1))], groups=[ops(at(1), **unread)])
    (of_user,) = rights(users=[in_ops(at(1), **unread)], groups=[ops(at(1))])
    assert is_unknown(of_group)
    assert is_unknown(of_user)


def test_an_account_that_was_made_after_the_period_is_of_the_next():
    """The first look after the period shows it too; one of the last evening was there, whoever saw it first."""
    made = [okta_user(f"00u{day}", f"{day}@acme.example", created=f"2026-{day}T20:00:00.000Z") for day in ("03-31", "04-01")]
    drawn = users_per_system(given(okta({at(30): [], at(2, 4): made})))
    assert [item.cells["account"] for item in drawn.items] == ["03-31@acme.example"]


def test_a_grant_says_who_got_what_from_whom_and_that_its_request_is_unknown():
    user = {"id": "00u1", "type": "User", "alternateId": "ada@acme.example"}
    group = {"id": "00g1", "type": "UserGroup", "displayName": "Production"}
    events = [
        log_event("e1", "group.user_membership.add", "2026-03-05T10:00:00Z", user, group),
        log_event("e2", "group.user_membership.add", "2026-03-05T10:00:00Z", user, group, result="FAILURE"),
        log_event("e3", "group.user_membership.add", "2026-04-05T10:00:00Z", user, group),
        log_event("e4", "user.lifecycle.create", "2026-03-05T10:00:00Z", user),
    ]
    drawn = access_grants(given(okta({}, events)))
    (item,) = drawn.items
    assert (item.id, item.cells["account"], item.cells["granted"], item.cells["granted_by"]) == (
        "e1", "ada@acme.example", "Production", "it@acme.example"
    )  # fmt: skip
    assert is_unknown(item.cells["ticket"])
    assert [each.id for each in drawn.excluded] == ["e2"]


def test_a_key_that_never_was_is_no_row_and_one_that_is_off_is():
    off = {"number": 1, "active": False, "rotated": "2026-01-01T00:00:00+00:00", "used": None}
    keys = [off, {"number": 2, "active": False, "rotated": None}]
    report = {"aws.iam.credential_report": [Look(at(1), ({"user": "ada", "keys": keys},))]}
    assert [item.id for item in keys_and_tokens(given(System("aws", "AWS", "aws", report))).items] == ["ada key 1 of 2026-01-01"]


def key_report(*looks):
    """(moment, rotated) of ada's first key, look by look; no moment: there is none by then."""
    made = [
        Look(when, ({"user": "ada", "keys": [{"number": 1, "active": rotated is not None, "rotated": rotated, "used": None}]},))
        for when, rotated in looks
    ]
    return given(System("aws", "AWS", "aws", {"aws.iam.credential_report": made}))


def test_a_key_that_another_took_the_place_of_stands_with_the_age_at_which_it_was_last_seen():
    old, new = "2025-10-01T00:00:00+00:00", "2026-03-20T00:00:00+00:00"
    first, second = keys_and_tokens(key_report((at(1), old), (at(19), old), (at(21), new))).items
    assert (first.id, first.cells["age_days"], first.cells["last_seen"], first.cells["gone_by"]) == (
        "ada key 1 of 2025-10-01", 169, "2026-03-19T02:00:00+00:00", "2026-03-21T02:00:00+00:00"
    )  # fmt: skip
    assert (second.id, second.cells["age_days"], second.cells["gone_by"]) == ("ada key 1 of 2026-03-20", 1, None)


def test_a_key_that_was_deleted_stays_and_one_of_the_next_period_is_none_of_this():
    old, later = "2026-03-02T00:00:00+00:00", "2026-04-01T09:00:00+00:00"
    drawn = keys_and_tokens(key_report((at(5), old), (at(9), None), (at(2, 4), later)))
    assert [(item.id, item.cells["gone_by"]) for item in drawn.items] == [("ada key 1 of 2026-03-02", "2026-03-09T02:00:00+00:00")]


def test_a_look_that_could_not_read_a_part_ends_no_key():
    looks = key_report((at(5), "2026-03-02T00:00:00+00:00"), (at(9), None)).systems[0].looks["aws.iam.credential_report"]
    dark = Look(looks[1].at, ({"arn": "arn:aws:iam::2:account", "$unknown": "permission_missing"},))
    (item,) = keys_and_tokens(given(System("aws", "AWS", "aws", {"aws.iam.credential_report": [looks[0], dark]}))).items
    assert item.cells["gone_by"] is None
