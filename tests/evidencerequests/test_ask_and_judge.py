"""Asking, reminding, judging: reminders stop when the ball is in our court, and nobody judges what they gave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from compliance.desk.registry import digest_for, items_for
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.models import Artefact, Version
from evidence.requests.models import Ask, AskEvent
from evidence.requests.services.answer import accept, follow_decision, hand_in
from evidence.requests.services.ask import ask_for, withdraw_ask
from evidence.requests.services.remind import remind_outside
from evidence.requests.services.writing import NotNowError
from evidence.services.decide import decide_version
from tests.factories.evidence import PDF

from .conftest import link_of, sent

pytestmark = pytest.mark.django_db


@pytest.fixture()
def of_noor(acme, mei, noor, requirement):
    """An employee, who may open nothing of evidence, is asked."""
    with scope(acme):
        return ask_for(
            actor=mei.actor, asker=mei.membership, requirement=requirement, member=noor.membership, due_on=date(2026, 9, 10)
        )


def _ask(acme, who, requirement, **more):
    with scope(acme):
        return ask_for(actor=who.actor, asker=who.membership, requirement=requirement, **{"due_on": date(2026, 9, 10)} | more)


def _hand_in(acme, who, ask):
    with scope(acme):
        return hand_in(
            ask=ask, actor=who.actor, member=who.membership, content=[PDF], filename="log.pdf", media_type="application/pdf",
            first=date(2026, 8, 1), last=date(2026, 8, 31),
        )  # fmt: skip


def test_a_member_whatever_their_role_finds_it_and_hands_it_in(acme, noor, mei, of_noor):
    with scope(acme):
        assert [each.title for each in items_for(noor.membership)] == ["Hand in: Visitor log"]
        assert any("Mei-Ling Chu asks you for: Visitor log" in line.text for line in digest_for(noor.membership))
    address = f"/o/acme/evidence-requests/{of_noor.pk}/answer/"
    assert "Visitor log" in noor.client.get(address).content.decode()
    assert noor.client.post(address, sent()).status_code == 302
    with scope(acme):
        version = Version.objects.get()
        assert version.provided_by == noor.membership
        assert "by_link" not in version.provenance
        assert list(items_for(noor.membership)) == []
    assert "Thank you" in noor.client.get(address).content.decode()


def test_nobody_else_hands_it_in(acme, priya, mei, noor, of_noor, asked):
    address = f"/o/acme/evidence-requests/{of_noor.pk}/answer/"
    assert priya.client.post(address, sent()).status_code == 403
    assert priya.client.get(address).status_code == 302
    assert noor.client.get(f"/o/acme/evidence-requests/{asked.pk}/answer/").status_code == 403
    for who in (priya, mei):
        with pytest.raises(PermissionDenied):
            _hand_in(acme, who, asked)
    assert not mail.outbox[1:]


def test_asking_needs_somebody_and_a_day_to_come(acme, mei, noor, requirement):
    for more, field in (
        ({}, "member"), ({"member": noor.membership, "email": "a@b.example", "name": "A"}, "member"),
        ({"email": "a@b.example"}, "name"), ({"email": noor.membership.email, "name": "N"}, "email"),
        ({"member": noor.membership, "due_on": date(2026, 8, 1)}, "due_on"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            _ask(acme, mei, requirement, **more)
        assert field in refused.value.message_dict
    with scope(acme):
        assert not Ask.objects.exists()


def test_only_who_answers_for_it_asks(acme, jonas, priya, noor, requirement):
    with pytest.raises(PermissionDenied):
        _ask(acme, priya, requirement, member=noor.membership)
    assert _ask(acme, jonas, requirement, member=noor.membership).asked_by_name == "Jonas Lindqvist"
    page = {"requirement": str(requirement.pk), "member": str(noor.membership.pk), "due_on": "2026-09-10"}
    refused = priya.client.post("/o/acme/evidence-requests/new/", page)
    assert refused.status_code == 422
    assert noor.client.get("/o/acme/evidence-requests/").status_code == 403


def test_a_mail_that_cannot_be_sent_asks_nobody(acme, mei, requirement, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(ValidationError, match="could not be sent"):
        _ask(acme, mei, requirement, email="a@b.example", name="A")
    with scope(acme):
        assert not Ask.objects.exists()


def test_reminders_come_three_days_before_and_on_the_day_once_each(acme, asked, clock):
    def swept(days: int) -> int:
        clock.shift(timedelta(days=days))
        with scope(acme):
            return remind_outside(actor=SYSTEM)

    assert [swept(each) for each in (0, 5, 1, 0, 1, 2, 0, 1)] == [0, 0, 1, 0, 0, 1, 0, 0]
    assert [message.subject.split(",")[0] for message in mail.outbox[1:]] == ["In three days", "Due today"]


def test_nobody_is_reminded_while_the_ball_is_in_our_court(acme, asked, mei, clock):
    from django.test import Client

    Client().post(link_of(), sent())
    clock.shift(timedelta(days=7))
    with scope(acme):
        assert remind_outside(actor=SYSTEM) == 0
    assert len(mail.outbox) == 1


def test_who_gave_it_never_accepts_it(acme, mei, femi, requirement):
    ask = _ask(acme, mei, requirement, member=femi.membership)
    _hand_in(acme, femi, ask)
    with scope(acme):
        with pytest.raises(PermissionDenied):
            accept(actor=femi.actor, reviewer=femi.membership, ask=ask)
        with pytest.raises(PermissionDenied):
            accept(actor=SYSTEM, reviewer=None, ask=ask)
    assert femi.client.post(f"/o/acme/evidence-requests/{ask.pk}/judge/", {"verdict": "accept"}).status_code == 403
    assert mei.client.post(f"/o/acme/evidence-requests/{ask.pk}/judge/", {"verdict": "accept"}).status_code == 302
    with scope(acme):
        assert (Ask.objects.get().state, Artefact.objects.get().acceptance) == ("accepted", "approved")


def test_somebody_outside_who_became_a_member_does_not_judge_what_they_gave(acme, asked, femi):
    from django.test import Client

    Client().post(link_of(), sent())
    with scope(acme):
        femi.membership.email = "owner@landlord.example"
        femi.membership.save(update_fields=["email"])
        with pytest.raises(PermissionDenied):
            accept(actor=femi.actor, reviewer=femi.membership, ask=asked)


def test_returning_needs_a_reason(acme, mei, noor, of_noor):
    _hand_in(acme, noor, of_noor)
    address = f"/o/acme/evidence-requests/{of_noor.pk}/judge/"
    assert mei.client.post(address, {"verdict": "return", "reason": " "}).status_code == 422
    assert mei.client.post(address, {}).status_code == 422
    assert mei.client.post(address, {"verdict": "return", "reason": "No date can be seen."}).status_code == 302
    page = noor.client.get(f"/o/acme/evidence-requests/{of_noor.pk}/answer/").content.decode()
    assert "No date can be seen." in page
    assert mei.client.post(address, {"verdict": "accept"}).status_code == 422


def test_a_decision_on_the_version_itself_is_followed(acme, mei, noor, of_noor):
    version = _hand_in(acme, noor, of_noor)
    with scope(acme):
        decide_version(actor=mei.actor, version=version, acceptance="returned", reason="Blurred.")
        for _ in range(2):
            follow_decision(actor=SYSTEM, ask=of_noor)
        assert (Ask.objects.get().state, Ask.objects.get().reason) == ("returned", "Blurred.")
        assert AskEvent.objects.filter(kind="returned").count() == 1


def test_what_happened_only_grows_and_is_in_the_trail(acme, mei, asked):
    with scope(acme):
        withdraw_ask(actor=mei.actor, ask=asked, reason="Not needed.")
        with pytest.raises(NotNowError):
            withdraw_ask(actor=mei.actor, ask=asked, reason="Again.")
        actions = set(Entry.objects.filter(action__startswith="evidence_requests").values_list("action", flat=True))
        assert actions == {
            "evidence_requests.ask.asked", "evidence_requests.ask.withdrawn", "evidence_requests.link.made",
            "evidence_requests.link.revoked",
        }  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            AskEvent.objects.all().delete()


def test_overdue_is_loud(acme, mei, asked, clock):
    clock.shift(timedelta(days=12))
    assert "Lars Owner has not handed in" in mei.client.get("/o/acme/work/").content.decode()
    assert "Overdue" in mei.client.get("/o/acme/evidence-requests/?state=overdue").content.decode()


def test_a_due_day_at_the_end_of_the_calendar_is_refused(acme, mei, requirement):
    asked = {"requirement": requirement.pk, "email": "a@landlord.example", "name": "A", "due_on": "9999-12-31"}
    answer = mei.client.post("/o/acme/evidence-requests/new/", asked)
    assert answer.status_code == 422
    assert not mail.outbox


def test_who_was_asked_by_mail_and_is_a_member_by_now_does_not_judge_it_on_its_own_page(acme, mei, asked):
    with scope(acme):
        version = hand_in(
            ask=asked, content=[PDF], filename="log.pdf", media_type="application/pdf", first=date(2026, 8, 1), last=date(2026, 8, 31)
        )
        type(mei.membership).objects.filter(pk=mei.membership.pk).update(email="owner@landlord.example")
        with pytest.raises(PermissionDenied):
            decide_version(actor=mei.actor, version=version, acceptance="approved")
