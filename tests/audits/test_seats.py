"""An auditor's seat: invited by mail, declared independent, for a span of days, and never a member."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audits.models import Seat
from audits.selectors.seats import concerns, doors, is_open, objection_to_membership
from audits.services import extend_seat, renew_invitation, revoke_seat
from compliance.people.models import Membership, User
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import as_user, scope
from compliance.trail.models import Entry
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(acme, mei):
    with scope(acme):
        return make.make_audit(mei.actor)


def sent(audit, **fields):
    day = today("Europe/Lisbon")
    return {
        "name": "Rosalind Okafor",
        "email": "rosalind@corbel.example",
        "firm": "Corbel & Lyne LLP",
        "starts_on": day.isoformat(),
        "until": (day + timedelta(days=9)).isoformat(),
    } | fields


def invite(who, audit, **fields):
    return who.client.post(reverse("audits:invite", args=["acme", audit.pk]), sent(audit, **fields))


def test_an_auditor_is_invited_signs_up_declares_and_comes_in(acme, mei, audit, settings):
    settings.OPEN_SIGNUP = False
    assert invite(mei, audit).status_code == 302
    assert mail.outbox[-1].to == ["rosalind@corbel.example"]
    link = f"/seat/{make.secret_in_mail()}/"
    browser = Client()
    assert b"Make an account" in browser.get(link).content
    assert browser.get(reverse("account_signup")).status_code == 200
    user = User.objects.create_user("rosalind@corbel.example", "correct horse battery", name="Rosalind Okafor")
    browser.force_login(user)
    assert browser.post(link, {}).status_code == 422
    taken = browser.post(link, {"declares_independence": "on"})
    portal = reverse("portal:overview", args=["acme", audit.pk])
    assert taken.headers["Location"] == portal
    assert browser.get(portal).status_code == 200
    assert browser.get(link).headers["Location"] == portal
    with scope(acme):
        entry = Entry.objects.get(action="audits.seat.accepted")
        assert entry.after["declaration"].startswith("I am independent")
        assert Seat.objects.get().declared_independent_at is not None


def test_only_the_invited_address_takes_the_seat(acme, mei, audit, outsider):
    invite(mei, audit)
    link = f"/seat/{make.secret_in_mail()}/"
    assert outsider.client.post(link, {"declares_independence": "on"}).status_code == 403
    with scope(acme):
        assert Seat.objects.get().user is None


@pytest.mark.parametrize("secret", ["fw1_nonsense", "x", "fw1_00000000000000000000000000000000_abc"])
def test_a_secret_that_is_not_ours_opens_nothing(acme, secret):
    assert Client().get(f"/seat/{secret}/").status_code == 404


def test_a_member_is_never_invited_as_auditor(acme, mei, audit, femi):
    answer = invite(mei, audit, email="Femi@acme.example")
    assert answer.status_code == 422
    assert "A member of the organisation" in answer.context["form"].errors["email"][0]
    assert not mail.outbox


def test_somebody_who_became_a_member_meanwhile_cannot_take_the_seat(acme, mei, audit):
    invite(mei, audit)
    user = User.objects.create_user("rosalind@corbel.example", "correct horse battery", name="Rosalind")
    with scope(acme):
        Membership.objects.create(user=user, role="employee", name="Rosalind", email=user.email)
    browser = Client()
    browser.force_login(user)
    answer = browser.post(f"/seat/{make.secret_in_mail()}/", {"declares_independence": "on"})
    assert answer.status_code == 422
    assert b"nobody audits their own work" in answer.content


def test_a_seat_sleeps_while_its_holder_is_a_member(acme, scene):
    with scope(acme):
        Membership.objects.create(user=scene.seat.user, role="employee", name="R", email=scene.seat.email)
        assert not is_open(Seat.objects.get(pk=scene.seat.pk))


def test_a_firm_at_the_members_own_domain_is_a_concern_to_set_aside_by_hand(acme, mei, audit):
    answer = invite(mei, audit, email="someone@acme.example")
    assert answer.status_code == 422
    assert answer.context["form"].concerns
    assert invite(mei, audit, email="someone@acme.example", considered="on").status_code == 302
    with scope(acme):
        assert Entry.objects.get(action="audits.seat.invited").after["concerns"]


def test_a_membership_within_the_last_two_years_is_a_concern(acme, room, femi):
    Membership.objects.filter(pk=femi.membership.pk).update(
        ended_at=now() - timedelta(days=700), email="f@gone.example"
    )
    assert any("24 months" in concern for concern in concerns("femi@acme.example"))
    Membership.objects.filter(pk=femi.membership.pk).update(ended_at=now() - timedelta(days=740))
    assert not any("24 months" in concern for concern in concerns("femi@acme.example"))


def test_one_address_has_one_seat_at_an_audit(acme, mei, audit):
    invite(mei, audit)
    assert "has a seat" in invite(mei, audit).context["form"].errors["email"][0]


def test_a_new_link_makes_the_old_one_worthless(acme, mei, audit):
    invite(mei, audit)
    old = make.secret_in_mail()
    with scope(acme):
        renew_invitation(actor=mei.actor, seat=Seat.objects.get())
    assert Client().get(f"/seat/{old}/").status_code == 404
    assert Client().get(f"/seat/{make.secret_in_mail()}/").status_code == 200


def test_a_revoked_seat_is_closed_at_once_and_can_be_given_anew(
    acme, mei, scene, rosalind, django_capture_on_commit_callbacks
):
    portal = reverse("portal:overview", args=["acme", scene.audit.pk])
    assert rosalind.get(portal).status_code == 200
    with django_capture_on_commit_callbacks(execute=True), scope(acme):
        revoke_seat(actor=mei.actor, seat=scene.seat)
    assert "closed your seat" in mail.outbox[-1].body
    assert rosalind.get(portal).status_code == 404
    with scope(acme):
        again = make.invite(mei.actor, scene.audit)
    assert again.pk == scene.seat.pk
    assert again.accepted_at is None
    assert rosalind.get(portal).status_code == 404


def test_a_seat_opens_on_its_first_day_and_closes_after_its_last_in_the_organisations_time_zone(acme, scene, rosalind):
    portal = reverse("portal:overview", args=["acme", scene.audit.pk])
    zone = ZoneInfo("Europe/Lisbon")
    first = datetime.combine(scene.seat.starts_on, datetime.min.time(), zone)
    last = datetime.combine(scene.seat.until + timedelta(days=1), datetime.min.time(), zone)
    for moment, status in (
        (first - timedelta(minutes=1), 404),
        (first, 200),
        (last - timedelta(minutes=1), 200),
        (last, 404),
    ):
        with time_machine.travel(moment, tick=False):
            rosalind.force_login(scene.seat.user)
            assert rosalind.get(portal).status_code == status, moment


def test_a_seat_is_extended_and_an_impossible_day_refused(room, mei, scene):
    later = scene.seat.until + timedelta(days=30)
    assert extend_seat(actor=mei.actor, seat=scene.seat, until=later).until == later
    for day in (scene.seat.starts_on - timedelta(days=1), today("Europe/Lisbon") - timedelta(days=1)):
        with pytest.raises(ValidationError):
            extend_seat(actor=mei.actor, seat=scene.seat, until=day)


def test_an_open_seat_is_a_door_and_a_closed_one_is_not(scene):
    with as_user(scene.seat.user_id):
        (door,) = doors(scene.seat.user)
    assert door.url == reverse("portal:overview", args=["acme", scene.audit.pk])
    with scope(scene.organization):
        Seat.objects.update(until=today("UTC") - timedelta(days=1))
    with as_user(scene.seat.user_id):
        assert doors(scene.seat.user) == []


def test_the_holder_of_a_seat_is_not_made_a_member(room, scene):
    assert "auditor's seat" in objection_to_membership("Rosalind@corbel.example")
    assert objection_to_membership("somebody@else.example") == ""


def test_an_invitation_that_cannot_be_mailed_saves_nothing(acme, mei, audit, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = invite(mei, audit)
    assert answer.status_code == 422
    assert b"could not be mailed" in answer.content
    with scope(acme):
        assert not Seat.objects.exists()


@pytest.mark.parametrize("who", ["ada", "jonas", "femi", "noor"])
def test_only_managers_invite(acme, audit, request, who):
    assert invite(request.getfixturevalue(who), audit).status_code == 403
