"""One mail a day to each member for whom something waits, in the organisation's morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from django.core import mail

from audits.models import DigestSent, Request
from audits.selectors.desk import news_for, work_for
from audits.services import assign_request, comment_as_auditor, link_version, raise_request, submit_for_review
from audits.tasks import send_digests, sweep_digests
from compliance.desk.registry import items_for
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from tests.factories import audits as make

pytestmark = pytest.mark.django_db

#: Seven o'clock in Lisbon, in winter.
SEVEN = datetime(2026, 12, 1, 7, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_once():
    """Tasks run where they are called."""
    usual, current_app.conf.task_always_eager = current_app.conf.task_always_eager, True
    yield
    current_app.conf.task_always_eager = usual


@pytest.fixture
def morning():
    with time_machine.travel(SEVEN, tick=False) as travelled:
        yield travelled


@pytest.fixture
def waiting(morning, acme, mei, jonas):
    """Jonas has one request to answer; nothing else waits for anybody."""
    with scope(acme):
        audit = make.make_audit(mei.actor)
        request = make.make_request(mei.actor, audit)
        assign_request(actor=mei.actor, request=request, assignee=jonas.membership)
    mail.outbox.clear()
    return request


def recipients():
    return [message.to[0] for message in mail.outbox]


def test_a_member_is_told_what_waits_for_them_in_text_and_html(waiting, mei, femi):
    sweep_digests()
    assert recipients() == ["jonas@acme.example"]
    (message,) = mail.outbox
    assert message.subject == "Acme Ledger: 1 thing waits for you"
    address = f"http://testserver/o/acme/audits/requests/{waiting.pk}/"
    assert "Answer REQ-001: Leavers of the period" in message.body
    assert address in message.body
    ((html, kind),) = message.alternatives
    assert (kind, address in html) == ("text/html", True)


def test_it_goes_out_once_a_day(waiting, morning):
    sweep_digests()
    sweep_digests()
    morning.shift(timedelta(hours=1))
    sweep_digests()
    assert len(mail.outbox) == 1
    morning.shift(timedelta(hours=23))
    sweep_digests()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("hour", "mails"), [(6, 0), (7, 1), (9, 1), (10, 0), (23, 0)])
def test_it_goes_out_in_the_morning_of_the_organisation_only(waiting, morning, hour, mails):
    morning.move_to(SEVEN.replace(hour=hour))
    sweep_digests()
    assert len(mail.outbox) == mails


def test_a_summer_morning_in_lisbon_is_an_hour_earlier_in_utc(waiting, morning):
    morning.move_to(datetime(2027, 7, 1, 6, 30, tzinfo=UTC))
    sweep_digests()
    assert len(mail.outbox) == 1


def test_nothing_goes_out_where_nothing_waits(morning, acme, mei):
    sweep_digests()
    assert not mail.outbox
    with scope(acme):
        assert not DigestSent.objects.exists()


def test_a_mail_that_fails_is_tried_again_and_keeps_nobody_else_from_theirs(
    waiting, morning, mei, jonas, priya, monkeypatch
):
    from audits import mail as letters

    with scope(waiting.organization):
        other = make.make_request(mei.actor, waiting.audit, "Joiners")
        assign_request(actor=mei.actor, request=other, assignee=priya.membership)
    send = letters.send

    def broken(*, to, **rest):
        if to == "jonas@acme.example":
            raise letters.MailNotSent("refused")
        send(to=to, **rest)

    monkeypatch.setattr(letters, "send", broken)
    sweep_digests()
    assert recipients() == ["priya@acme.example"]
    monkeypatch.setattr(letters, "send", send)
    morning.shift(timedelta(hours=1))
    sweep_digests()
    assert recipients() == ["priya@acme.example", "jonas@acme.example"]


def test_one_organisation_is_never_told_of_another(waiting, borealis, stranger):
    with scope(borealis):
        audit = make.make_audit(stranger.actor)
        request = make.make_request(stranger.actor, audit, "Borealis only")
        assign_request(actor=stranger.actor, request=request, assignee=stranger.membership)
    sweep_digests()
    (told,) = [message for message in mail.outbox if message.to == ["jonas@acme.example"]]
    assert "Borealis" not in told.body


def test_an_organisation_that_is_gone_ends_quietly(db):
    assert send_digests("01900000-0000-7000-8000-000000000000") == 0


def test_an_assignee_sees_what_is_assigned_and_returned_and_no_more(waiting, jonas, priya, acme):
    with scope(acme):
        (item,) = work_for(jonas.membership)
        assert (item.ref, item.state) == ("REQ-001", "assigned")
        assert work_for(priya.membership) == []
        Request.objects.update(state="returned", return_reason="No row count.")
        (item,) = work_for(jonas.membership)
        assert "No row count." in item.why
        Request.objects.update(state="submitted")
        assert work_for(jonas.membership) == []


def test_what_is_overdue_comes_before_what_is_due_soon_and_that_before_the_rest(waiting, mei, jonas, acme):
    with scope(acme):
        for title, days in (("Late", -3), ("Far", 60)):
            other = make.make_request(
                mei.actor, waiting.audit, title, due_date=today("Europe/Lisbon") + timedelta(days=days)
            )
            assign_request(actor=mei.actor, request=other, assignee=jonas.membership)
        titles = [item.title.partition(": ")[2] for item in items_for(jonas.membership) if item.kind == "request"]
        assert titles == ["Late", "Leavers of the period", "Far"]


def test_a_manager_sees_what_to_submit_and_how_much_nobody_answers(waiting, mei, jonas, acme):
    with scope(acme):
        for number in range(3):
            make.make_request(mei.actor, waiting.audit, f"Nobody's {number}")
        link_version(actor=jonas.actor, request=waiting, version=make.make_version(mei.actor))
        submit_for_review(actor=jonas.actor, request=waiting)
        titles = [item.title for item in work_for(mei.membership)]
    assert titles == ["Submit or send back REQ-001: Leavers of the period", "3 auditor requests have nobody to answer"]


def test_a_manager_is_told_what_the_auditor_did_since_yesterday(waiting, morning, mei, jonas, acme):
    with scope(acme):
        seat = make.sit(mei.actor, waiting.audit)
        auditor = make.auditor(seat)
        raise_request(actor=auditor, audit=waiting.audit, seat=seat, title="More", due_date=today("UTC"))
        comment_as_auditor(actor=auditor, request=waiting, seat=seat, text="See page 3.")
        assert {line.key for line in news_for(mei.membership)} == {"request:REQ-001:said", "request:REQ-002:raised"}
        assert news_for(jonas.membership) == []
        morning.shift(timedelta(days=1, hours=1))
        assert news_for(mei.membership) == []
