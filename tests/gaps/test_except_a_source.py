"""A source that is really gone: two people except its failures at once, each by an exception of its own, and then it is retired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now, today
from compliance.trail.models import Entry
from evidence.collectors.models import Connection
from evidence.collectors.services.connect import change_connection
from evidence.collectors.services.retire import retire_connection
from evidence.judging.models import CheckException, CheckState, ExceptionDecision, ResourceInterval
from evidence.judging.services.exempt import ask_exception
from evidence.judging.services.lapse import let_lapse
from gaps.models import Gap
from gaps.retiring import unsettled
from gaps.services.except_source import approve_for_source, ask_for_source, refuse_for_source
from gaps.services.reconcile import reconcile
from tests.api.conftest import Caller
from tests.factories.evidence import judged, make_connection, resource

pytestmark = pytest.mark.django_db
CHECKS = ("github.org.2fa_required", "github.org.default_permission", "github.repo.private")


@pytest.fixture()
def gone(room: Any, mei: Any) -> Connection:
    """A connection with three failures, of which the gaps are open."""
    found = make_connection(mei.actor)
    for check in CHECKS:
        judged(found, "fail", check_id=check)
        resource(found, "org:acme", check_id=check)
    reconcile()
    assert Gap.objects.filter(rule="check.fails", state="open").count() == 3
    return found


def until() -> Any:
    return today() + timedelta(days=60)


def ask(person: Any, connection: Connection) -> list[CheckException]:
    return ask_for_source(
        actor=person.actor, member=person.membership, connection=connection, reason="The account was closed.", until=until()
    )


def test_two_people_except_all_of_it_and_it_is_retired(gone: Connection, mei: Any, femi: Any, ada: Any) -> None:
    asked = ask(mei, gone)
    assert [(each.check_id, each.resource, each.reason) for each in asked] == [
        (each.gap.subject, "", "The account was closed.") for each in unsettled(gone)
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="3 gaps stand"):
        retire_connection(actor=ada.actor, connection=gone, reason="It is gone.")
    made = approve_for_source(actor=femi.actor, member=femi.membership, connection=gone, note="Seen.")
    assert {each.failing for each in made} == {1}
    assert Entry.objects.filter(action="judging.exception.asked").count() == 3
    assert Entry.objects.filter(action="judging.exception.approved").count() == 3
    assert unsettled(gone) == []
    retire_connection(actor=ada.actor, connection=gone, reason="It is gone.")
    reconcile()
    assert set(Gap.objects.filter(rule="check.fails").values_list("state", flat=True)) == {"closed"}


def test_whoever_asked_answers_none_of_them(gone: Connection, femi: Any) -> None:
    ask(femi, gone)
    with pytest.raises(ValidationError, match="You asked for it"):
        approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
    assert not ExceptionDecision.objects.exists()


def test_where_one_of_them_was_asked_for_by_whoever_answers_none_is_answered(gone: Connection, mei: Any, femi: Any) -> None:
    ask_exception(
        actor=femi.actor, member=femi.membership, connection=gone, check_id=unsettled(gone)[-1].gap.subject, reason="Mine.", until=until()
    )
    assert len(ask(mei, gone)) == 2  # what waits is not asked for twice
    with pytest.raises(ValidationError, match="You asked for it"):
        approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
    assert not ExceptionDecision.objects.exists()


def test_not_by_whom_it_is_not_to_answer(gone: Connection, mei: Any, ada: Any) -> None:
    ask(mei, gone)
    with pytest.raises(ValidationError):
        approve_for_source(actor=ada.actor, member=ada.membership, connection=gone)


def test_all_are_refused_with_a_note_and_may_be_asked_for_again(gone: Connection, mei: Any, femi: Any) -> None:
    ask(mei, gone)
    with pytest.raises(ValidationError, match="why it is refused"):
        refuse_for_source(actor=femi.actor, member=femi.membership, connection=gone, note=" ")
    refuse_for_source(actor=femi.actor, member=femi.membership, connection=gone, note="It still answers.")
    with pytest.raises(ValidationError, match="waits"):
        approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
    assert len(ask(mei, gone)) == 3


def test_what_nobody_can_look_at_any_more_is_excepted_too(gone: Connection, mei: Any, femi: Any, ada: Any) -> None:
    """It is unknown by now, which no exception covers; that it failed when it was last seen is what is excepted."""
    change_connection(actor=ada.actor, connection=gone, active=False)
    at = now() - timedelta(days=9)
    CheckState.objects.filter(connection=gone).update(facts_at=at)
    ResourceInterval.objects.filter(connection=gone).update(started_at=at - timedelta(days=1), seen_until=at)
    assert let_lapse() == 3
    reconcile()
    ask(mei, gone)
    approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
    assert set(CheckState.objects.filter(connection=gone).values_list("outcome", flat=True)) == {"unknown"}
    assert retire_connection(actor=ada.actor, connection=gone, reason="It is gone.").retired_at


def test_more_that_fails_than_was_approved_stands_in_the_way_again(gone: Connection, mei: Any, femi: Any) -> None:
    ask(mei, gone)
    approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
    resource(gone, "org:second", check_id=CHECKS[0])
    assert [each.gap.subject for each in unsettled(gone)] == [CHECKS[0]]
    assert [each.check_id for each in ask(mei, gone)] == [CHECKS[0]]


def test_an_approval_of_one_failure_lets_nobody_take_fifty_out_of_sight(gone: Connection, mei: Any, femi: Any, ada: Any) -> None:
    """Whoever stops looking turns what fails to unknown, which is none: the older exception would cover it."""
    ask(mei, gone)
    approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
    with time_machine.travel(now() + timedelta(days=20), tick=False):
        for number in range(50):
            resource(gone, f"org:{number}", check_id=CHECKS[0])
        CheckState.objects.filter(connection=gone).update(facts_at=now())
        reconcile()
        change_connection(actor=ada.actor, connection=gone, active=False)
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        assert let_lapse() == 3
        reconcile()
        assert [each.gap.subject for each in unsettled(gone)] == [CHECKS[0]]
        with pytest.raises(ValidationError, match="A gap stands"):
            retire_connection(actor=ada.actor, connection=gone, reason="It is gone.")
        ask(mei, gone)
        approve_for_source(actor=femi.actor, member=femi.membership, connection=gone)
        assert unsettled(gone) == []


def test_nobody_approves_what_was_asked_for_behind_their_page(gone: Connection, mei: Any, femi: Any, acme: Any, token_of: Any) -> None:
    one, *_ = unsettled(gone)
    small = ask_exception(
        actor=mei.actor, member=mei.membership, connection=gone, check_id=one.gap.subject, reason="Small.", until=until()
    )
    page = f"/o/acme/gaps/sources/{gone.pk}/"
    assert f'name="shown" value="{small.ref}"' in femi.client.get(page).content.decode()
    ask(mei, gone)
    refused = femi.client.post(f"{page}answer/", {"verdict": "approve", "note": "Seen.", "shown": [small.ref]})
    assert refused.status_code == 422
    assert "not what was shown" in refused.content.decode()
    assert "Seen." in refused.content.decode()
    program = Caller(token_of(acme, Permission.GAP_VIEW, Permission.EXCEPTION_APPROVE, created_by=femi.membership))
    assert program.post(f"connections/{gone.pk}/failures/approve/", {"shown": [small.ref]}).status_code == 409
    assert not ExceptionDecision.objects.exists()


def test_the_refused_page_leads_to_the_form_and_that_to_the_answer(acme: Any, gone: Connection, mei: Any, femi: Any, ada: Any) -> None:
    page, retire = f"/o/acme/gaps/sources/{gone.pk}/", f"/o/acme/connections/{gone.pk}/retire/"
    assert page not in ada.client.get(retire).content.decode()
    refused = ada.client.post(retire, {"reason": "It is gone."})
    assert refused.status_code == 422
    assert page in refused.content.decode()
    assert "It is gone." in refused.content.decode()
    wrong = mei.client.post(f"{page}ask/", {"reason": "The account was closed.", "until": ""})
    assert wrong.status_code == 422
    assert "The account was closed." in wrong.content.decode()
    assert mei.client.post(f"{page}ask/", {"reason": "The account was closed.", "until": until().isoformat()}).status_code == 302
    assert "Record the answer" not in mei.client.get(page).content.decode()
    assert "Answer all of them" in femi.client.get(page).content.decode()
    waiting = [each.waiting.ref for each in unsettled(gone)]
    assert femi.client.post(f"{page}answer/", {"verdict": "approve", "note": "", "shown": waiting}).status_code == 302
    assert "Nothing stands in the way" in ada.client.get(page).content.decode()
    assert ada.client.post(retire, {"reason": "It is gone."}).status_code == 302


def test_a_program_asks_and_another_persons_answers(acme: Any, gone: Connection, mei: Any, femi: Any, token_of: Any) -> None:
    scopes = (Permission.GAP_VIEW, Permission.EXCEPTION_ASK, Permission.EXCEPTION_APPROVE)
    first, second = (Caller(token_of(acme, *scopes, created_by=each.membership)) for each in (mei, femi))
    address = f"connections/{gone.pk}/failures"
    assert len(first.get(f"{address}/").json()["failures"]) == 3
    body = {"reason": "The account was closed.", "until": until().isoformat()}
    asked = first.post(f"{address}/ask/", body).json()["failures"]
    assert all(each["exception"].startswith("EXC-") for each in asked)
    assert first.post(f"{address}/ask/", body).status_code == 409
    assert first.post(f"{address}/approve/", {}).status_code == 409
    assert second.post(f"{address}/approve/", {}).json() == {"failures": []}
    assert second.post(f"{address}/approve/", {}).status_code == 409
