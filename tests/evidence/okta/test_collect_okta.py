"""The collectors bring each kind of fact whole, once, and no faster than Okta is asked to bear."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from evidence.checks.base import Outcome, Reason, checks_of
from evidence.collectors.okta.session import AT_ONCE
from evidence.collectors.okta.vendor import VENDOR
from sample.okta import Trouble
from sample.okta.defects import prepare
from sample.people import PEOPLE
from tests.evidence.okta.conftest import world_on
from tests.evidence.okta.looking import Observer, judged, those


def test_there_are_at_least_twelve_kinds_and_each_brings_rows(observer: Observer) -> None:
    look = observer.look()
    assert len(VENDOR.kinds) >= 12
    assert {kind: (reason, message) for kind, (_, reason, message) in look.pages.items() if reason} == {}
    assert {kind.id for kind in VENDOR.kinds if not look.rows(kind.id)} == set()


def test_a_company_with_nothing_wrong_fails_no_check_and_leaves_nothing_unknown(observe) -> None:
    observer = observe(world_on(120, PEOPLE))
    findings = judged(observer.facts())
    assert those(findings, Outcome.FAIL) == set()
    assert those(findings, Outcome.UNKNOWN) == set()
    assert len(findings) == len(checks_of("okta"))


def test_deactivated_users_are_listed_too(observer: Observer) -> None:
    rows = {row["login"]: row for row in observer.look(["okta.users"]).rows("okta.users")}
    assert rows["piotr.zielinski@halyard.example"]["status"] == "DEPROVISIONED"
    assert rows["moira.carmichael@halyard.example"]["status"] == "ACTIVE"


def test_a_list_longer_than_a_page_is_read_to_its_end(observe) -> None:
    world = world_on(100, PEOPLE)
    _short_pages(world, 7)
    rows = observe(world).look(["okta.users", "okta.app_assignments"])
    assert len(rows.rows("okta.users")) == len(world.existing())
    dashboard = next(row for row in rows.rows("okta.app_assignments") if row["label"] == "Okta Dashboard")
    assert len(dashboard["users"]) == len(world.app_users("Okta Dashboard")) > 100


def _short_pages(world, most: int) -> None:
    """Make the fake hand out short pages, as Okta may whatever was asked."""
    page = world.wsgi._page
    world.wsgi._page = lambda body, query, url, default, limit: page(body, query, url, default, min(limit, most))


def test_users_are_listed_once_in_a_run_however_many_kinds_need_them(observer: Observer) -> None:
    observer.look()
    assert observer.world.wsgi.requests.count("GET /api/v1/users") == 2  # the deactivated are a list of their own
    assert observer.world.wsgi.requests.count("GET /api/v1/groups") == 1


def test_factors_are_asked_for_of_everyone_who_can_sign_in_and_no_more_than_eight_at_once(observe) -> None:
    world = world_on(100, PEOPLE)
    counted = _Counting(world.wsgi)
    world.wsgi = counted
    observer = observe(world)
    look = observer.look(["okta.factors"])
    assert {row["login"] for row in look.rows("okta.factors")} == {account.login for account in world.active()}
    assert 1 < counted.most <= AT_ONCE


class _Counting:
    """How many requests were being answered at the same time, at most."""

    def __init__(self, wsgi) -> None:
        self.wsgi, self.now, self.most, self.lock = wsgi, 0, 0, threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            threading.Event().wait(0.005)
            return self.wsgi(environ, start_response)
        finally:
            with self.lock:
                self.now -= 1


def test_every_call_is_logged_from_the_thread_of_the_run_and_without_the_token(observer: Observer) -> None:
    threads = set()
    observer_log = observer.look(["okta.factors"])
    assert len([call for call in observer_log.calls if call.call.endswith("/factors")]) == len(observer.world.active())
    assert observer.world.token not in repr(observer_log.calls)

    from evidence.collectors.base import Context, collect_all

    context = Context(
        config={}, secret={"token": observer.world.token}, now=observer.world.clock.now, endpoint=observer.url,
        log=lambda call: threads.add(threading.get_ident()),
    )  # fmt: skip
    collect_all(VENDOR, context, ["okta.factors"])
    assert threads == {threading.get_ident()}


def test_the_access_policy_of_an_application_is_read_from_its_link(observer: Observer) -> None:
    look = observer.look(["okta.apps", "okta.policies.access"])
    console = next(row for row in look.rows("okta.apps") if row["name"] == "saasure")
    policy = next(row for row in look.rows("okta.policies.access") if row["id"] == console["access_policy_id"])
    assert policy["name"] == "Okta Admin Console"
    assert policy["rules"][0]["actions"]["appSignOn"]["access"] == "ALLOW"


def test_roles_that_come_through_a_group_are_told_apart(observer: Observer) -> None:
    look = observer.look(["okta.admin_roles", "okta.group_roles"])
    held = {row["login"]: {(r["type"], r["via"]) for r in row["roles"]} for row in look.rows("okta.admin_roles")}
    assert held["duong.phuc@halyard.example"] == {("HELP_DESK_ADMIN", "GROUP")}
    assert held["moira.carmichael@halyard.example"] == {("APP_ADMIN", "USER"), ("HELP_DESK_ADMIN", "GROUP")}
    groups = {row["name"]: row["roles"] for row in look.rows("okta.group_roles")}
    assert [role["type"] for role in groups["IT"]] == ["HELP_DESK_ADMIN"]


def test_the_log_is_followed_from_where_the_last_run_left_off(observer: Observer) -> None:
    first = observer.look(["okta.system_log"])
    before = {row["uuid"] for row in first.rows("okta.system_log")}
    observer.world.clock.now += timedelta(days=10)
    observer.world.close("moira.carmichael@halyard.example")
    observer.world.clock.now += timedelta(hours=1)
    asked = len(observer.log_pages)
    second = observer.look(["okta.system_log"])
    new = [row for row in second.rows("okta.system_log") if row["uuid"] not in before]
    assert [row["event_type"] for row in new] == ["user.lifecycle.deactivate"]
    assert new[0]["target_users"] == [observer.world.account("moira.carmichael@halyard.example").id]
    assert [len(page.body) for page in observer.log_pages[asked:]] == [1, 0]


def test_the_log_asks_for_ninety_days_at_first_because_no_more_are_kept(observe) -> None:
    observer = observe(world_on(100))
    page = observer.look(["okta.system_log"]).pages["okta.system_log"][0][0]
    oldest = observer.world.clock.now - timedelta(days=90)
    assert page.parameters["since"] == oldest.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert "until" not in page.parameters


def test_a_pause_longer_than_okta_keeps_its_log_is_recorded_as_a_hole(observer: Observer) -> None:
    observer.look(["okta.system_log"])
    last = observer.world.clock.now
    observer.world.clock.now += timedelta(days=100)
    asked = len(observer.log_pages)
    observer.look(["okta.system_log"])
    hole = observer.log_pages[asked].parameters["not_kept"]
    assert hole["from"] == last.isoformat()
    assert hole["to"].startswith((observer.world.clock.now - timedelta(days=90)).date().isoformat())


def test_a_list_that_leads_back_to_itself_is_given_up(observer: Observer) -> None:
    class Circle(Trouble):
        def instead(self, status, body, headers):
            body["_links"] = {"next": {"href": "/api/v1/iam/assignees/users?limit=100"}}
            return super().instead(status, body, headers)

    observer.world.trouble = Circle("none", on="/assignees")
    pages, reason, message = observer.look(["okta.admin_roles"]).pages["okta.admin_roles"]
    assert (len(pages), reason, message) == (1, Reason.MALFORMED, "the list does not end, or runs in a circle")


def test_assignments_whose_next_link_is_in_the_body_are_followed(observer: Observer) -> None:
    _short_pages(observer.world, 3)
    rows = observer.look(["okta.admin_roles"]).rows("okta.admin_roles")
    assert len(rows) > 6


def test_an_event_that_polling_brings_twice_counts_once(observer: Observer) -> None:
    pages = observer.look(["okta.system_log"]).pages["okta.system_log"][0]
    rows = VENDOR.kind("okta.system_log").rows
    assert len(rows(pages + pages)) == len(rows(pages)) > 0


def test_stored_pages_give_the_same_rows_without_the_organisation(observer: Observer) -> None:
    look = observer.look()
    for kind in VENDOR.kinds:
        pages = look.pages[kind.id][0]
        assert list(kind.rows(pages)) == list(kind.rows(pages))
        assert kind.permissions


@pytest.mark.parametrize("prepared", [False, True])
def test_a_leaver_whom_nobody_deactivates_is_found(observe, prepared: bool) -> None:
    world = world_on(105, PEOPLE)
    if prepared:
        prepare(world)
    failing = those(judged(observe(world).facts()), Outcome.FAIL)
    leaver = ("okta.users.terminated_deactivated", "user:piotr.zielinski@halyard.example")
    assert (leaver in failing) is prepared
