"""A check may fail for a while: asked for by one, approved by another, until a day; and nothing else changes by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.checks.base import Finding, Outcome
from evidence.judging.covering import Exempt, covered
from evidence.judging.desk import news_for, work_for
from evidence.judging.models import CheckException, CheckState, ExceptionDecision, ResourceInterval
from evidence.judging.selectors_of_exceptions import exceptions, turned_connections
from evidence.judging.services.exempt import approve_exception, ask_exception, refuse_exception, revoke_exception
from evidence.judging.services.judge import judge_connection
from evidence.judging.services.stand import refresh_standings
from evidence.tasks import sweep_freshness
from gaps.desk import work_for as gap_work_for
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.evidence.judged_facts import keep_look
from tests.factories.controls import make_control
from tests.factories.evidence import judged, make_connection, make_requirement, resource

pytestmark = pytest.mark.django_db
CHECK = "github.org.default_permission"
RESOURCE = "org:acme"


def settings(permission: str) -> dict:
    return {"login": "acme", "default_repository_permission": permission}


@pytest.fixture()
def github(acme, mei):
    """A GitHub whose members may write by default."""
    with scope(acme):
        connection = make_connection(mei.actor)
        keep_look(connection, "github.org", settings("write"), at=now() - timedelta(hours=2))
        judge_connection(connection)
    return connection


def asked(person, connection, **fields):
    values = {"check_id": CHECK, "resource": RESOURCE, "reason": "The migration ends in spring.", "until": today() + timedelta(days=30)}
    return ask_exception(actor=person.actor, member=person.membership, connection=connection, **values | fields)


def approved(connection, by_whom, femi, **fields):
    exception = asked(by_whom, connection, **fields)
    approve_exception(actor=femi.actor, member=femi.membership, exception=exception)
    return exception


def state(exception) -> str:
    return exceptions().get(pk=exception.pk).state


# --- what it does to findings (pure) ---------------------------------------------------------------------------------


def test_only_a_failure_can_be_excepted():
    found = [Finding("a", outcome) for outcome in Outcome]
    after = covered(found, [Exempt("EXC-001", "", today(), "Femi", most=9)])
    assert [finding.outcome for finding in after] == [
        Outcome.PASS, Outcome.EXCEPTED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE, Outcome.EXCEPTED,
    ]  # fmt: skip


def test_what_was_seen_stays_in_the_message_with_who_approved_and_until_when():
    (after,) = covered([Finding("a", Outcome.FAIL, "it is open")], [Exempt("EXC-001", "a", today(), "Femi")])
    assert after.message == f"it is open. Excepted until {today().isoformat()} by EXC-001, approved by Femi."


def test_more_failures_than_were_approved_are_covered_by_nothing():
    found = [Finding(name, Outcome.FAIL) for name in "abc"]
    outcomes = {f.outcome for f in covered(found, [Exempt("EXC-001", "", today(), "Femi", most=2)])}
    assert outcomes == {Outcome.FAIL}
    own = [Exempt("EXC-001", "", today(), "Femi", most=2), Exempt("EXC-002", "a", today(), "Femi")]
    assert {f.outcome for f in covered(found, own)} == {Outcome.EXCEPTED}


# --- asking and answering --------------------------------------------------------------------------------------------


def test_it_holds_once_another_has_approved_it(acme, github, jonas, femi):
    with scope(acme):
        exception = asked(jonas, github)
        assert judge_connection(github)[CHECK] == "fail"
        approve_exception(actor=femi.actor, member=femi.membership, exception=exception)
        assert judge_connection(github)[CHECK] == "excepted"
        assert state(exception) == "in_force"
        assert list(Entry.objects.filter(target_id=exception.pk).order_by("id").values_list("action", flat=True)) == [
            "judging.exception.asked", "judging.exception.approved",
        ]  # fmt: skip


def test_the_failure_before_stays_a_failure(acme, github, jonas, femi):
    with scope(acme):
        approved(github, jonas, femi)
        judge_connection(github)
        failed, excepted = ResourceInterval.objects.filter(check_id=CHECK).order_by("started_at", "id")
        assert (failed.outcome, excepted.outcome) == ("fail", "excepted")
        assert failed.ended_at == excepted.started_at > failed.seen_until


def test_nobody_answers_what_they_asked(acme, github, mei, femi):
    with scope(acme):
        exception = asked(mei, github)
        with pytest.raises(ValidationError, match="You asked for it"):
            approve_exception(actor=mei.actor, member=mei.membership, exception=exception)


def test_all_resources_of_a_check_are_answered_by_the_leadership(acme, github, jonas, mei, femi):
    with scope(acme):
        exception = asked(jonas, github, resource="")
        with pytest.raises(ValidationError, match="leadership"):
            approve_exception(actor=mei.actor, member=mei.membership, exception=exception)
        approve_exception(actor=femi.actor, member=femi.membership, exception=exception)
        assert ExceptionDecision.objects.get().failing == 1
        assert judge_connection(github)[CHECK] == "excepted"


def test_who_owns_a_control_asks_and_does_not_answer(acme, github, jonas, priya):
    with scope(acme):
        exception = asked(jonas, github)
        with pytest.raises(ValidationError, match="Your role"):
            approve_exception(actor=priya.actor, member=priya.membership, exception=exception)


def test_it_is_answered_once(acme, github, jonas, femi, mei):
    with scope(acme):
        exception = approved(github, jonas, femi)
        with pytest.raises(ValidationError, match="answered already"):
            refuse_exception(actor=mei.actor, member=mei.membership, exception=exception, note="No.")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"), ({"until": today() - timedelta(days=1)}, "until"),
        ({"until": today() + timedelta(days=400)}, "until"), ({"starts_on": today() - timedelta(days=2)}, "starts_on"),
        ({"resource": "org:nobody"}, "resource"), ({"check_id": "okta.mfa.all_users"}, "check_id"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(acme, github, jonas, wrong, field):
    with scope(acme), pytest.raises(ValidationError) as refused:
        asked(jonas, github, **wrong)
    assert field in refused.value.message_dict


def test_what_was_said_stays_said(acme, github, jonas, femi):
    with scope(acme):
        approved(github, jonas, femi)
        for model, fields in ((CheckException, {"reason": "Another."}), (ExceptionDecision, {"note": "Another."})):
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.update(**fields)


# --- its end ---------------------------------------------------------------------------------------------------------


def test_revoked_it_fails_again(acme, github, jonas, femi):
    with scope(acme):
        exception = approved(github, jonas, femi)
        judge_connection(github)
        revoke_exception(actor=jonas.actor, member=jonas.membership, exception=exception, note="It is put right sooner.")
        assert judge_connection(github)[CHECK] == "fail"
        assert state(exception) == "revoked"


def test_expired_it_is_judged_again_by_the_sweep(acme, github, jonas, femi):
    with scope(acme):
        exception = CheckException.objects.create(
            ref="EXC-900", check_id=CHECK, connection=github, resource=RESOURCE, reason="It was.", asked_by_name="Jonas",
            starts_on=today() - timedelta(days=9), until=today() - timedelta(days=1),
        )
        ExceptionDecision.objects.create(exception=exception, verdict="approved", decided_by_name="Femi")
        CheckState.objects.filter(check_id=CHECK).update(outcome="excepted", judged_at=now() - timedelta(days=2))
        assert turned_connections() == [github]
    sweep_freshness()
    with scope(acme):
        assert CheckState.objects.get(check_id=CHECK).outcome == "fail"
        assert turned_connections() == []


def test_an_exception_does_not_turn_what_passes(acme, github, jonas, femi):
    with scope(acme):
        approved(github, jonas, femi)
        keep_look(github, "github.org", settings("read"))
        assert judge_connection(github)[CHECK] == "pass"


# --- the gap ---------------------------------------------------------------------------------------------------------


@pytest.fixture()
def gap(acme, github, mei, jonas):
    with scope(acme):
        control = make_control(owner=jonas.membership)
        make_requirement(mei.actor, control, source="collector", checks=[CHECK])
        refresh_standings()
        reconcile()
        return Gap.objects.get(subject=CHECK)


def follow(github) -> Gap:
    judge_connection(github)
    refresh_standings()
    reconcile()
    return Gap.objects.get(subject=CHECK)


def test_its_gap_moves_to_the_accepted_ones_as_grave_as_before_and_comes_back_under_its_reference(acme, github, jonas, femi, gap):
    with scope(acme):
        assert gap_work_for(jonas.membership)
        exception = approved(github, jonas, femi)
        accepted = follow(github)
        assert (accepted.ref, accepted.state, accepted.severity) == (gap.ref, "accepted", gap.severity)
        assert accepted.occurrences.filter(gone_at__isnull=True).count() == 1
        assert accepted.control.standing.open_gaps == 1
        assert accepted.control.standing.operation == "excepted"
        assert [item for item in gap_work_for(jonas.membership) if item.kind == "gap"] == []
        revoke_exception(actor=femi.actor, member=femi.membership, exception=exception, note="It is over.")
        again = follow(github)
        assert (again.ref, again.state, again.reopened_times) == (gap.ref, "open", 1)


def test_worse_facts_open_it_again(acme, github, jonas, femi, gap):
    with scope(acme):
        approved(github, jonas, femi)
        assert follow(github).state == "accepted"
        other = "github.org.repo_creation"
        assert Gap.objects.exclude(subject__in=[CHECK, other]).count() == 0
        judged(github, "fail", CHECK) if not CheckState.objects.filter(check_id=CHECK) else None
        resource(github, "org:other", "fail", check_id=CHECK)
        CheckState.objects.filter(check_id=CHECK).update(outcome="fail")
        reconcile()
        assert Gap.objects.get(subject=CHECK).state == "open"


def test_put_right_it_closes_like_any_other(acme, github, jonas, femi, gap):
    with scope(acme):
        approved(github, jonas, femi)
        follow(github)
        keep_look(github, "github.org", settings("read"))
        assert follow(github).state == "closed"


def test_its_page_says_what_covers_it(acme, github, jonas, femi, gap):
    with scope(acme):
        exception = approved(github, jonas, femi)
        follow(github)
    page = jonas.client.get(reverse("gaps:detail", args=["acme", gap.pk])).content.decode()
    assert exception.ref in page
    assert "Risk accepted" in page
    listed = jonas.client.get(reverse("gaps:list", args=["acme"]) + "?state=accepted")
    assert [each.ref for each in listed.context["page"].rows] == [gap.ref]


# --- whose turn it is ------------------------------------------------------------------------------------------------


def test_it_waits_for_those_who_may_answer_it(acme, github, jonas, mei, femi):
    with scope(acme):
        asked(jonas, github)
        asked(mei, github, resource="")
        assert {item.ref for item in work_for(femi.membership)} == {"EXC-001", "EXC-002"}
        assert {item.ref for item in work_for(mei.membership)} == {"EXC-001"}
        assert work_for(jonas.membership) == []
        (line,) = news_for(femi.membership)
        assert line.text == "2 exceptions wait for your answer: EXC-001, EXC-002."


def test_what_ends_within_a_fortnight_is_put_before_those_who_asked_and_approved(acme, github, jonas, femi, mei):
    with scope(acme):
        approved(github, jonas, femi, until=today() + timedelta(days=10))
        approved(github, jonas, femi, until=today() + timedelta(days=100))
        for person in (jonas, femi):
            assert [item.ref for item in work_for(person.membership)] == ["EXC-001"]
        assert work_for(mei.membership) == []
        (line,) = news_for(jonas.membership)
        assert "counts as failing again" in line.text


# --- pages -----------------------------------------------------------------------------------------------------------

LIST = reverse("checks:exceptions", args=["acme"])
ASK = reverse("checks:ask_exception", args=["acme"])


def form(github, **fields):
    return {
        "check_id": CHECK, "connection": str(github.pk), "resource": RESOURCE, "reason": "It ends in spring.",
        "starts_on": today().isoformat(), "until": (today() + timedelta(days=20)).isoformat(),
    } | fields  # fmt: skip


def test_it_is_asked_for_from_a_page_that_knows_the_resource(acme, github, jonas, femi):
    page = jonas.client.get(f"{ASK}?check_id={CHECK}&connection=github&resource={RESOURCE}").content.decode()
    assert f'value="{RESOURCE}"' in page
    answer = jonas.client.post(ASK, form(github))
    assert answer.status_code == 302
    shown = femi.client.get(answer["Location"]).content.decode()
    assert "Record the answer" in shown
    assert femi.client.post(answer["Location"] + "answer/", {"verdict": "approve"}).status_code == 302
    with scope(acme):
        assert CheckState.objects.get(check_id=CHECK).outcome in {"fail", "excepted"}
        assert state(CheckException.objects.get()) == "in_force"


def test_what_was_written_is_still_there_after_a_refusal(github, jonas):
    answer = jonas.client.post(ASK, form(github, until="2020-01-01"))
    assert answer.status_code == 422
    assert "It ends in spring." in answer.content.decode()
    assert "until" in answer.context["form"].errors


def test_a_refusal_says_why(acme, github, jonas, mei):
    with scope(acme):
        exception = asked(jonas, github)
    page = reverse("checks:exception", args=["acme", exception.pk])
    assert mei.client.post(page + "answer/", {"verdict": "refuse", "note": ""}).status_code == 422
    assert mei.client.post(page + "answer/", {"verdict": "refuse", "note": "Put it right."}).status_code == 302
    assert "Put it right." in jonas.client.get(page).content.decode()


def test_who_asked_revokes_it_on_its_page(acme, github, jonas, priya):
    with scope(acme):
        exception = asked(jonas, github)
    page = reverse("checks:exception", args=["acme", exception.pk])
    assert priya.client.post(page + "revoke/", {"note": "I do."}).status_code == 422
    assert jonas.client.post(page + "revoke/", {"note": "No more."}).status_code == 302


def test_the_list_is_narrowed_by_state_and_its_sums_lead_to_them(acme, github, jonas, femi):
    with scope(acme):
        approved(github, jonas, femi)
        asked(jonas, github)
    page = jonas.client.get(LIST)
    assert dict(page.context["counts"])["asked"] == dict(page.context["counts"])["in_force"] == 1
    narrowed = jonas.client.get(LIST + "?state=asked")
    assert [each.ref for each in narrowed.context["page"]] == ["EXC-002"]


def test_strangers_and_employees(github, noor, stranger, acme, jonas):
    with scope(acme):
        exception = asked(jonas, github)
    page = reverse("checks:exception", args=["acme", exception.pk])
    assert noor.client.get(LIST).status_code == 403
    assert stranger.client.get(page).status_code == 404
    assert stranger.client.get(page.replace("acme", "borealis")).status_code == 404
