"""People held against accounts: leavers who still can, accounts of nobody, people without one."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.populations.reconciling import Account, Kind, here_on, reconcile

#: What is tried is small; on a busy machine it takes its time.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ON = date(2026, 3, 31)
ADA = {"id": "w1", "name": "Ada", "email": "ada@x", "start_date": "2026-01-01", "end_date": None, "accounts": {"github": "ada"}}
LEFT = ADA | {"end_date": "2026-03-20"}


def account(*names: str, active: bool | None = True, service: bool = False) -> Account:
    return Account("github", names[0], frozenset(names), active, service)


def found(people: list[Any], *accounts: Account, everybody: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(each.kind.value, each.subject) for each in reconcile(people, {"github": accounts}, on=ON, everybody=everybody)]


def test_two_lists_that_agree_have_no_difference():
    assert found([ADA], account("ada")) == []


def test_somebody_who_left_and_can_still_sign_in_is_told_with_the_days():
    (each,) = reconcile([LEFT], {"github": [account("ada")]}, on=ON)
    assert (each.kind, each.detail) == (Kind.LEFT, "Ada left on 20 Mar 2026, 11 days before.")


def test_the_last_day_is_a_day_of_work():
    assert found([ADA | {"end_date": "2026-03-31"}], account("ada")) == []


def test_a_closed_account_of_a_leaver_is_well():
    assert found([LEFT], account("ada", active=False)) == []


def test_an_account_that_nobody_goes_by_is_told_and_a_tagged_service_account_explains_itself():
    assert found([ADA], account("ada"), account("bot")) == [("nobody", "bot")]
    told = list(reconcile([ADA], {"github": [account("ada"), account("bot", service=True)]}, on=ON))
    assert "service account" in told[0].explained


def test_somebody_without_the_account_that_the_list_knows_is_told():
    assert found([ADA]) == [("lacking", "Ada")]
    assert found([ADA | {"accounts": {}}]) == []
    assert found([ADA | {"accounts": {}}], everybody=frozenset({"github"})) == [("lacking", "Ada")]


def test_an_account_whose_state_nobody_told_is_unread_and_not_well():
    assert found([ADA], account("ada", active=None)) == [("unread", "ada")]


def test_who_came_back_is_here_again():
    assert found([LEFT, ADA | {"id": "w2", "start_date": "2026-03-25"}], account("ada")) == []


NAMES = st.sampled_from(["a", "b", "c", "d"])
PEOPLE = st.lists(
    st.builds(
        lambda name, start, end: {"name": name, "email": name, "start_date": f"2026-03-{start:02d}",
                                  "end_date": f"2026-03-{end:02d}" if end else None, "accounts": {}},
        NAMES, st.integers(1, 31), st.one_of(st.none(), st.integers(1, 31)),
    ), max_size=6,
)  # fmt: skip


@UNHURRIED
@given(PEOPLE, st.lists(NAMES, unique=True), st.integers(1, 31))
def test_every_account_and_every_person_is_judged_as_a_plain_reading_would(people: list[Any], names: list[str], day: int) -> None:
    on = date(2026, 3, day)
    listed = {"okta": [Account("okta", name, frozenset({name}), True) for name in names]}
    told = list(reconcile(people, listed, on=on, everybody=frozenset({"okta"})))
    here = {each["email"] for each in people if here_on(each, on)}
    known = {each["email"] for each in people}
    assert {each.subject for each in told if each.kind == Kind.NOBODY} == set(names) - known
    assert {each.subject for each in told if each.kind == Kind.LEFT} == (set(names) & known) - here
    assert {each.subject for each in told if each.kind == Kind.LACKING} == here - set(names)
