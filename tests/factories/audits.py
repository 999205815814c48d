"""Audits to test with, made by the same services as the real ones. Each stands in the room of its caller."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core import mail

from audits.models import Audit, Request, Seat
from audits.services import (
    accept_seat,
    assign_request,
    invite_auditor,
    link_version,
    open_audit,
    raise_request,
    submit_for_review,
    submit_request,
)
from compliance.frameworks.models import Framework
from compliance.people.models import User
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor, ActorKind
from evidence.models import Source, Version
from evidence.services.receive import add_artefact, receive_version


def make_programme(**fields: Any) -> Programme:
    """A SOC 2 Type II over this year, on the shipped criteria."""
    framework = Framework.objects.get(key__startswith="soc2")
    day = today(here().timezone)
    values: dict[str, Any] = {
        "name": "SOC 2 Type II",
        "kind": "soc2_type_2",
        "framework": framework,
        "framework_owner_id": framework.organization_id,
        "period_start": date(day.year, 1, 1),
        "period_end": date(day.year, 12, 31),
    }
    return Programme.objects.create(**values | fields)


def make_audit(actor: Actor, **fields: Any) -> Audit:
    """An audit whose fieldwork began a week ago and goes on for a month."""
    day = today(here().timezone)
    values: dict[str, Any] = {
        "name": "SOC 2 Type II, this year",
        "firm": "Corbel & Lyne LLP",
        "starts_on": day - timedelta(days=7),
        "ends_on": day + timedelta(days=30),
    }
    values |= fields
    return open_audit(actor=actor, programme=values.pop("programme", None) or make_programme(), **values)


def make_request(actor: Actor, audit: Audit, title: str = "Leavers of the period", **fields: Any) -> Request:
    """An open request, due in five days."""
    values: dict[str, Any] = {"due_date": today(here().timezone) + timedelta(days=5), "criteria": "CC6.2/CC6.3"}
    return raise_request(actor=actor, audit=audit, title=title, **values | fields)


def make_version(
    actor: Actor, title: str = "Leavers list", content: bytes = b"id,last_day\n1,2026-01-20\n", **fields: Any
) -> Version:
    """A received version of a new artefact, as CSV unless said otherwise."""
    artefact = add_artefact(actor=actor, title=title, source=Source.PERSON)
    values: dict[str, Any] = {
        "filename": "leavers.csv",
        "media_type": "text/csv",
        "effective_start": now() - timedelta(days=30),
        "effective_end": now() - timedelta(days=1),
        "provenance": {"filename": "leavers.csv", "note": "said internally"},
    }
    return receive_version(actor=actor, artefact=artefact, content=content, **values | fields)


def submit(manager: Any, request: Request, version: Version | None = None) -> Request:
    """Take a request all the way to the auditor."""
    assign_request(actor=manager.actor, request=request, assignee=manager.membership)
    link_version(actor=manager.actor, request=request, version=version or make_version(manager.actor))
    submit_for_review(actor=manager.actor, request=request)
    return submit_request(actor=manager.actor, request=request)


def secret_in_mail() -> str:
    """The secret of the last invitation that was mailed."""
    return str(mail.outbox[-1].body).split("/seat/")[1].split("/")[0]


def invite(actor: Actor, audit: Audit, email: str = "rosalind@corbel.example", **fields: Any) -> Seat:
    """An invited seat, open from yesterday for two weeks."""
    day = today(here().timezone)
    values: dict[str, Any] = {
        "name": "Rosalind Okafor",
        "firm": "Corbel & Lyne LLP",
        "starts_on": day - timedelta(days=1),
        "until": day + timedelta(days=14),
    }
    return invite_auditor(actor=actor, audit=audit, email=email, **values | fields)


def sit(actor: Actor, audit: Audit, email: str = "rosalind@corbel.example", **fields: Any) -> Seat:
    """An accepted seat, with a user of its own."""
    seat = invite(actor, audit, email, **fields)
    user = User.objects.filter(email=email).first()
    user = user or User.objects.create_user(email, "correct horse battery", name=seat.name)
    return accept_seat(user=user, seat=seat, declares_independence=True)


def auditor(seat: Seat) -> Actor:
    """Who sits in a seat, to the trail."""
    return Actor(ActorKind.AUDITOR, str(seat), seat.user_id)
