"""To pause a connection hides nothing that it found; to retire it is a decision, and takes it off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now
from compliance.trail.models import Entry
from controls.models import Standing
from evidence.collectors.models import Connection, KindState
from evidence.collectors.services.connect import change_connection, record_trial, trial_of
from evidence.collectors.services.lease import LeaseLost, claim_run, hold_run
from evidence.collectors.services.request import request_run
from evidence.collectors.services.retire import retire_connection
from evidence.coverage.looks import refusals
from evidence.judging.models import CheckState, ResourceInterval
from evidence.judging.services.lapse import let_lapse
from evidence.judging.services.stand import refresh_standings
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.api.conftest import Caller
from tests.factories.controls import make_control
from tests.factories.evidence import CHECK, judged, make_connection, make_requirement, make_run, resource

pytestmark = pytest.mark.django_db


@pytest.fixture()
def failing(room: Any, mei: Any, jonas: Any) -> Connection:
    """Of two connections with one check this one fails, the other passes."""
    make_requirement(mei.actor, make_control(owner=jonas.membership), title="Second factors", checks=[CHECK])
    found = make_connection(mei.actor)
    judged(found, "fail")
    resource(found, "acme/ledger")
    judged(make_connection(mei.actor, name="GitHub EMU"), "pass")
    return found


def grown_old(connection: Connection, days: int) -> None:
    at = now() - timedelta(days=days)
    CheckState.objects.filter(connection=connection).update(facts_at=at)
    ResourceInterval.objects.filter(connection=connection).update(started_at=at - timedelta(days=1), seen_until=at)


def operation() -> str:
    refresh_standings()
    return Standing.objects.get().operation


def test_a_paused_connection_keeps_what_it_found(ada: Any, failing: Connection) -> None:
    reconcile()
    change_connection(actor=ada.actor, connection=failing, active=False)
    assert operation() == "fail"
    reconcile()
    assert Gap.objects.get(rule="check.fails").state == "open"


def test_it_is_unknown_once_nobody_has_looked_for_two_cadences(ada: Any, failing: Connection) -> None:
    change_connection(actor=ada.actor, connection=failing, active=False)
    grown_old(failing, 3)
    assert operation() == "unknown"
    state = CheckState.objects.get(connection=failing)
    assert (state.outcome, state.reason, state.counts) == ("unknown", "unwatched", {"unknown": 1})
    assert state.since == state.facts_at + timedelta(days=2)
    assert "GitHub is paused" in state.message
    said = ResourceInterval.objects.filter(connection=failing).order_by("started_at").values_list("outcome", "ended_at")
    assert [outcome for outcome, _ in said] == ["fail", "unknown"]
    assert [ended is None for _, ended in said] == [False, True]


def test_the_register_says_so_beside_the_failure_that_nothing_disproved(ada: Any, failing: Connection) -> None:
    reconcile()
    change_connection(actor=ada.actor, connection=failing, active=False)
    grown_old(failing, 4)
    let_lapse()
    reconcile()
    assert set(Gap.objects.filter(state="open").values_list("rule", "subject")) >= {
        ("check.fails", CHECK), ("connection.cannot_look", "unwatched"),
    }  # fmt: skip
    gap = Gap.objects.get(subject="unwatched")
    assert gap.title == "GitHub: 1 thing is no longer looked at"
    assert gap.remedy == "Resume the connection, or retire it and say why."


def test_an_active_connection_does_not_lapse_so(failing: Connection) -> None:
    grown_old(failing, 9)
    assert let_lapse() == 0


def test_a_source_that_is_pushed_no_more_does(room: Any, mei: Any) -> None:
    """Else one good list that was pushed once would pass for ever."""
    source = make_connection(mei.actor, vendor="push", name="Payroll", fields={"system": ""})
    judged(source, "pass", check_id="push.accounts.mfa")
    assert let_lapse() == 0
    grown_old(source, 3)
    assert let_lapse() == 1
    state = CheckState.objects.get()
    assert (state.outcome, state.reason) == ("unknown", "unwatched")
    assert state.message.startswith("Nothing was pushed since")


def test_to_let_lapse_twice_is_to_do_it_once(ada: Any, failing: Connection) -> None:
    change_connection(actor=ada.actor, connection=failing, active=False)
    grown_old(failing, 3)
    assert [let_lapse(), let_lapse()] == [1, 0]
    assert ResourceInterval.objects.filter(connection=failing).count() == 2


def test_a_failure_goes_with_nobodys_word_alone(ada: Any, failing: Connection) -> None:
    reconcile()
    for pause in (False, True):
        change_connection(actor=ada.actor, connection=failing, active=not pause)
        with pytest.raises(ValidationError, match="A gap stands on what it shows"):
            retire_connection(actor=ada.actor, connection=failing, reason="Not needed any more.")
    failing.refresh_from_db()
    assert failing.retired_at is None
    assert Gap.objects.get(rule="check.fails").state == "open"


def test_a_retired_connection_takes_its_accepted_failures_off_with_the_reason(ada: Any, failing: Connection) -> None:
    reconcile()
    Gap.objects.filter(rule="check.fails").update(state="accepted")
    retire_connection(actor=ada.actor, connection=failing, reason="The enterprise account took its place.")
    assert operation() == "pass"
    reconcile()
    gap = Gap.objects.get(rule="check.fails")
    assert gap.state == "closed"
    assert gap.closing_note.endswith(": The enterprise account took its place.")


def test_retiring_needs_a_reason_destroys_the_secret_and_leaves_a_trail(ada: Any, failing: Connection) -> None:
    with pytest.raises(ValidationError):
        retire_connection(actor=ada.actor, connection=failing, reason="  ")
    found = retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    assert (found.secret, found.active, found.health, found.next_run_at) == (None, False, "retired", None)
    assert Entry.objects.get(action="evidence.connection.retired").after["reason"] == "Replaced."


def test_nothing_is_done_with_a_retired_connection_any_more(ada: Any, failing: Connection) -> None:
    found = retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    for deed in (
        lambda: change_connection(actor=ada.actor, connection=found, active=True),
        lambda: retire_connection(actor=ada.actor, connection=found, reason="Again."),
        lambda: request_run(actor=ada.actor, connection=found),
    ):
        with pytest.raises(ValidationError):
            deed()


def test_the_page_retires_with_a_reason_and_offers_nothing_after(acme: Any, ada: Any, failing: Connection) -> None:
    page = f"/o/acme/connections/{failing.pk}/"
    assert ada.client.post(f"{page}retire/", {"reason": ""}).status_code == 422
    assert ada.client.post(f"{page}retire/", {"reason": "Replaced by the enterprise account."}).status_code == 302
    shown = ada.client.get(page).content.decode()
    assert "Replaced by the enterprise account." in shown
    assert "Resume" not in shown
    ada.client.post(f"{page}resume/")
    assert not Connection.objects.get(pk=failing.pk).active


def test_a_program_retires_too(acme: Any, ada: Any, failing: Connection, token_of: Any) -> None:
    caller = Caller(token_of(acme, Permission.CONNECTION_VIEW, Permission.CONNECTION_MANAGE, Permission.RUN_START))
    answer = caller.post(f"connections/{failing.pk}/retire/", {"reason": "Replaced."})
    assert (answer.status_code, answer.json()["health"], answer.json()["retired_reason"]) == (200, "retired", "Replaced.")
    assert caller.post(f"connections/{failing.pk}/runs/").status_code == 409
    assert caller.post(f"connections/{failing.pk}/test/").status_code == 409


def test_of_two_changes_at_once_the_second_builds_on_the_first(ada: Any, failing: Connection) -> None:
    """Both began from the same row: neither takes back what the other wrote."""
    first, second = Connection.objects.get(pk=failing.pk), Connection.objects.get(pk=failing.pk)
    change_connection(actor=ada.actor, connection=first, name="GitHub main")
    change_connection(actor=ada.actor, connection=second, every_minutes=60)
    found = Connection.objects.get(pk=failing.pk)
    assert (found.name, found.every_minutes) == ("GitHub main", 60)


def test_where_only_a_retired_connection_ever_looked_its_controls_are_unknown(room: Any, ada: Any, mei: Any, jonas: Any) -> None:
    """What fails would pass by the check that another system answers, as soon as nobody looks at it."""
    other = "okta.mfa.all_users"
    make_requirement(mei.actor, make_control(owner=jonas.membership), title="Second factors", checks=[CHECK, other])
    github, okta = make_connection(mei.actor), make_connection(mei.actor, name="Elsewhere")
    judged(github, "fail")
    judged(okta, "pass", check_id=other)
    assert operation() == "fail"
    retire_connection(actor=ada.actor, connection=github, reason="We moved.")
    assert operation() == "unknown"
    judged(okta, "pass")
    assert operation() == "pass"


def test_what_a_retired_connection_saw_ends_with_its_last_look_and_is_still_shown(acme: Any, ada: Any, failing: Connection) -> None:
    retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    let_lapse()
    row = ResourceInterval.objects.get(connection=failing)
    assert (row.outcome, row.ended_at) == ("fail", row.seen_until)
    page = ada.client.get(f"/o/acme/checks/{CHECK}/?past=1").content.decode()
    assert "acme/ledger" in page
    assert "GitHub (retired)" in page
    assert "acme/ledger" not in ada.client.get(f"/o/acme/checks/{CHECK}/").content.decode()


def test_a_run_under_way_ends_and_its_worker_takes_nothing_more_in(ada: Any, failing: Connection) -> None:
    run = make_run(ada.actor, failing, state="running", worker="one", lease_until=now() + timedelta(minutes=1))
    retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    run.refresh_from_db()
    assert (run.state, run.outcome, run.lease_until) == ("finished", "failed", None)
    assert "retired" in run.message
    with pytest.raises(LeaseLost):
        hold_run(run_id=run.pk, worker="one")
    assert claim_run(run_id=run.pk, worker="two") is None


def test_a_test_that_was_under_way_changes_nothing_of_a_retired_connection(ada: Any, failing: Connection) -> None:
    Connection.objects.filter(pk=failing.pk).update(secret=None)  # an AWS role has none: nothing else would tell
    tried = Connection.objects.get(pk=failing.pk)
    retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    with pytest.raises(ValidationError):
        record_trial(actor=ada.actor, tried=tried, results=[])
    assert Connection.objects.get(pk=failing.pk).health == "retired"


def test_what_was_asked_for_while_it_was_being_retired_is_never_taken_up(ada: Any, failing: Connection) -> None:
    """Between the two locks of retiring somebody may still ask: nothing claims it."""
    run = make_run(ada.actor, failing, state="due")
    Connection.objects.filter(pk=failing.pk).update(active=False, retired_at=now())
    assert claim_run(run_id=run.pk, worker="one") is None


def test_one_guard_refuses_in_the_same_words(ada: Any, failing: Connection) -> None:
    found = retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    for deed in (
        lambda: change_connection(actor=ada.actor, connection=found, active=True), lambda: trial_of(found),
        lambda: record_trial(actor=ada.actor, tried=found, results=[]), lambda: request_run(actor=ada.actor, connection=found),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match="This connection is retired: nothing is done with it any more"):
            deed()


def test_the_days_on_which_a_retired_connection_could_not_look_stay_so(room: Any, ada: Any, failing: Connection) -> None:
    since = now() - timedelta(days=4)
    KindState.objects.create(
        connection=failing, fact_kind="github.org", reason="denied", unreadable_since=since, last_looked_at=now() - timedelta(days=2)
    )
    zone = ZoneInfo("Europe/Lisbon")
    before = refusals(zone, now() - timedelta(days=30))["github.org"][str(failing.pk)]
    retire_connection(actor=ada.actor, connection=failing, reason="Replaced.")
    assert refusals(zone, now() - timedelta(days=30))["github.org"][str(failing.pk)] == before
    assert len(before) == 3
