"""The page behind a link, as whoever was asked and as an attacker."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from compliance.people.secrets import issue
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control, Implementation
from evidence.models import EvidenceLink, Version
from evidence.requests.models import Ask, AskLink
from evidence.requests.services.answer import accept, hand_in, send_back
from evidence.requests.services.ask import ask_for, send_again, withdraw_ask
from evidence.requests.services.writing import NotNowError
from evidence.requests.views import door
from tests.factories.evidence import PDF

from .conftest import link_of, sent

pytestmark = pytest.mark.django_db


def test_the_mail_leads_to_a_page_that_shows_the_ask_and_nothing_else(acme, asked, requirement):
    assert mail.outbox[0].to == ["owner@landlord.example"]
    answer = Client().get(link_of())
    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("Visitor log", "The book at the desk, all of August.", "Acme Ledger", "Lars Owner"):
        assert shown in page
    for hidden in ("PH-01", requirement.ref, asked.ref, "/o/acme/", requirement.control.statement):
        assert hidden not in page


def test_nobody_keeps_finds_or_passes_on_its_address(asked):
    answer = Client().get(link_of())
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    gone = Client().get("/hand-in/nothing/")
    assert (gone.status_code, gone["Referrer-Policy"]) == (404, "no-referrer")


def test_only_a_hash_of_the_secret_is_kept(acme, asked):
    secret = link_of().split("/")[2]
    with scope(acme):
        kept = AskLink.objects.get()
        assert secret not in kept.secret_hash
        assert secret not in "".join(str(each.after) + str(each.before) for each in Entry.objects.all())


def test_what_is_handed_in_says_that_it_came_by_the_link_and_from_which_address(acme, asked, requirement):
    answer = Client(enforce_csrf_checks=True).post(link_of(), sent())
    assert answer.status_code == 200
    assert "It was received" in answer.content.decode()
    with scope(acme):
        version = Version.objects.get()
        assert version.provenance["by_link"] is True
        assert version.provenance["email"] == "owner@landlord.example"
        assert "by the link of" in version.provided_by_label
        assert version.provided_by is None
        assert version.effective_end.date().isoformat() == "2026-08-31"
        assert EvidenceLink.objects.get(requirement=requirement).artefact_id == version.artefact_id
        assert version.artefact.acceptance == "received"
        assert Ask.objects.get().state == "handed_in"
        assert Entry.objects.filter(action="evidence_requests.ask.handed_in").count() == 1


def test_it_is_good_for_one_file_until_it_is_returned(acme, asked, mei):
    link = link_of()
    Client().post(link, sent())
    again = Client().post(link, sent())
    assert "It was received" in again.content.decode()
    assert 'type="file"' not in again.content.decode()
    with scope(acme):
        assert Version.objects.count() == 1
        send_back(actor=mei.actor, reviewer=mei.membership, ask=Ask.objects.get(), reason="August 20 is missing.")
    page = Client().get(link).content.decode()
    assert "August 20 is missing." in page
    assert 'type="file"' in page
    assert "August 20 is missing." in mail.outbox[-1].body
    Client().post(link_of(), sent())
    with scope(acme):
        assert [each.number for each in Version.objects.order_by("number")] == [1, 2]
        accept(actor=mei.actor, reviewer=mei.membership, ask=Ask.objects.get())
    assert Client().get(link).status_code == 404
    assert Client().post(link, sent()).status_code == 404


def test_a_wrong_file_or_day_is_refused_beside_its_field_and_what_was_written_stays(asked):
    link = link_of()
    for more, said in (
        ({"file": SimpleUploadedFile("log.exe", b"MZ\x90\x00")}, "no kind of file"),
        ({"file": SimpleUploadedFile("log.png", b"%PDF-1.7")}, "name has to end"),
        ({"last": "2026-12-01"}, "has not come yet"), ({"first": "2026-08-31", "last": "2026-08-01"}, "ends before it starts"),
        ({"first": "x"}, "Write the day"), ({"file": ""}, "Choose a file"), ({"note": "x" * 3000}, "2000"),
    ):  # fmt: skip
        answer = Client().post(link, sent(**more))
        assert answer.status_code == 422, said
        assert said in answer.content.decode()
        if "note" not in more:
            assert "Scanned." in answer.content.decode()


def test_a_body_that_is_too_long_is_refused_before_it_is_read(asked, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    answer = Client().post(link_of(), sent(file=SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"x" * 100_000)))
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_a_forged_link_does_not_open(acme, borealis, asked):
    secret = link_of().split("/")[2]
    prefix, organization, rest = secret.split("_", 2)
    forged = [
        issue(acme.pk)[0], f"{prefix}_{organization}_{secrets.token_urlsafe(32)}", f"{prefix}_{borealis.pk.hex}_{rest}", secret[:-1],
        secret + "x", secret.upper(), "x", "%00", f"fw1_{organization}_", "fw1__", "a" * 3000, "fw1_" + "0" * 32 + "_x",
    ]  # fmt: skip
    for each in forged:
        answer = Client().get(f"/hand-in/{each}/")
        assert answer.status_code == (400 if each == "%00" else 404), each
        assert "Visitor log" not in answer.content.decode()
        assert Client().post(f"/hand-in/{each}/", sent()).status_code in (400, 404, 429)
    with scope(acme):
        assert not Version.objects.exists()


def test_an_expired_link_does_not_open(asked, clock):
    link = link_of()
    clock.shift(timedelta(days=20))
    assert Client().get(link).status_code == 200  # late is better than never
    clock.shift(timedelta(days=10))
    assert Client().get(link).status_code == 404
    assert Client().post(link, sent()).status_code == 404


def test_a_link_opens_for_thirty_days_at_most_and_says_so(acme, mei, requirement, clock):
    with scope(acme):
        far = ask_for(
            actor=mei.actor, asker=mei.membership, requirement=requirement, email="owner@landlord.example", name="Lars Owner",
            due_on=date(2027, 8, 1),
        )  # fmt: skip
    link = link_of()
    assert "opens until 1 October 2026" in mail.outbox[-1].body
    assert "opens until" in Client().get(link).content.decode()
    page = reverse("evidence_requests:ask", args=["acme", far.pk])
    assert "The last link opens until" in mei.client.get(page).content.decode()
    clock.shift(timedelta(days=31))
    assert Client().get(link).status_code == 404
    assert "No link of it opens any more" in mei.client.get(page).content.decode()
    with scope(acme):
        send_again(actor=mei.actor, ask=far)
    assert Client().get(link_of()).status_code == 200


def test_nothing_is_taken_in_for_a_control_that_was_retired(acme, mei, asked, requirement):
    link = link_of()
    with scope(acme):
        Control.objects.filter(pk=requirement.control_id).update(implementation=Implementation.RETIRED)
    answer = Client().post(link, sent())
    assert "It is not needed any more" in answer.content.decode()
    assert 'type="file"' not in answer.content.decode()
    with scope(acme):
        with pytest.raises(NotNowError, match="control is retired"):
            hand_in(
                ask=asked, content=[PDF], filename="log.pdf", media_type="application/pdf", first=date(2026, 8, 1),
                last=date(2026, 8, 31),
            )  # fmt: skip
        with pytest.raises(NotNowError, match="control is retired"):
            send_again(actor=mei.actor, ask=asked)
        assert not Version.objects.exists()
    mei_sees = mei.client.get(reverse("evidence_requests:ask", args=["acme", asked.pk])).content.decode()
    assert "Withdraw the request" in mei_sees


def test_a_withdrawn_request_does_not_open_and_a_newer_link_replaces_the_older(acme, asked, mei):
    first = link_of()
    with scope(acme):
        send_again(actor=mei.actor, ask=asked)
    second = link_of()
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    with scope(acme):
        withdraw_ask(actor=mei.actor, ask=asked, reason="We have it from the camera.")
    assert Client().get(second).status_code == 404
    assert Client().post(second, sent()).status_code == 404


def test_a_link_of_another_organisation_opens_that_ones_request_alone(acme, borealis, stranger, asked):
    with scope(borealis):
        assert not Ask.objects.exists()
        assert not AskLink.objects.exists()
    for path in ("", "judge/", "withdraw/", "send/", "answer/"):
        answer = stranger.client.post(f"/o/borealis/evidence-requests/{asked.pk}/{path}")
        assert answer.status_code in (404, 405)


def test_tries_are_counted(asked, monkeypatch):
    monkeypatch.setattr(door, "SPAN", 10**6)  # no span ends while this test runs
    monkeypatch.setattr(door, "PER_ADDRESS", 3)
    statuses = [Client().get(f"/hand-in/{number}/").status_code for number in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert Client().get(link_of()).status_code == 429
    monkeypatch.setattr(door, "PER_ADDRESS", 1000)
    monkeypatch.setattr(door, "PER_LINK", 2)
    statuses = [Client().get(link_of()).status_code for _ in range(3)]
    assert 429 in statuses


def test_the_link_does_what_it_is_for_and_nothing_else(asked):
    for method in ("put", "patch", "delete", "options"):
        assert getattr(Client(), method)(link_of()).status_code == 405
