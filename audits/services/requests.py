"""Raising requests and changing what they ask, without losing what somebody else changed meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Lower

from compliance.access.permissions import Permission
from compliance.frameworks.models import Requirement
from compliance.people.models import Membership
from compliance.tenancy.ids import NIL
from compliance.tenancy.news import announce
from compliance.tenancy.references import next_reference
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record
from controls.models import Control

from ..criteria import references
from ..events import requests_changed
from ..models import Audit, Request, RequestKind, RequestState, Seat
from .audits import must_be_running
from .authority import need, need_seat

#: What a request asks. The auditor's own words are the auditor's: a member may change only `OURS` of such a request.
ASKED = ("auditor_ref", "criteria", "title", "detail", "kind", "due_date")
OURS = ("control",)


class Conflict(Exception):
    """Somebody changed the request since it was read. `differences` maps each field to its present value."""

    def __init__(self, request: Request, differences: Mapping[str, Any]) -> None:
        super().__init__("This request was changed while you were writing.")
        self.request = request
        self.differences = dict(differences)


def values_of(request: Request) -> dict[str, Any]:
    """What can be changed of a request, as it stands."""
    return {name: getattr(request, name) for name in (*ASKED, *OURS)}


def fingerprint(request: Request) -> str:
    """Changes whenever something that can be edited does; a form carries it to tell whether it is still up to date."""
    values = {name: str(getattr(request, f"{name}_id" if name == "control" else name)) for name in (*ASKED, *OURS)}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def raise_request(
    *,
    actor: Actor,
    audit: Audit,
    title: str,
    due_date: date,
    detail: str = "",
    kind: str = RequestKind.DOCUMENT,
    criteria: str = "",
    auditor_ref: str = "",
    control: Control | None = None,
    assignee: Membership | None = None,
    seat: Seat | None = None,
) -> Request:
    """A new line of the log: by a manager, or by the auditor in their `seat`. With an assignee it starts assigned."""
    if seat is not None:
        need_seat(actor, seat, audit)
    else:
        need(actor, Permission.REQUEST_MANAGE)
    must_be_running(audit)
    if assignee is not None:
        must_be_able_to_answer(assignee)
    request = Request(
        audit=audit,
        ref=next_reference("REQ"),
        title=title,
        detail=detail,
        kind=kind,
        auditor_ref=auditor_ref,
        control=control,
        due_date=due_date,
        assignee=assignee,
        raised_by=actor.label[:254],
        raised_by_auditor=seat is not None,
        raised_by_seat=seat,
        state=RequestState.ASSIGNED if assignee else RequestState.OPEN,
    )
    set_criteria(request, criteria, meant_by(criteria, audit))
    request.save()
    record(
        actor=actor,
        action="audits.request.raised",
        target=request,
        after={"audit": audit.ref, "criteria": criteria, "due_date": due_date, "assignee": assignee and assignee.name},
    )
    announce(requests_changed, audit_id=audit.pk)
    return request


@transaction.atomic
def change_request(
    *, actor: Actor, request: Request, seen: str, new: Mapping[str, Any], seat: Seat | None = None
) -> Request:
    """Change what a request asks. `seen` is the fingerprint of what was read: raises Conflict where it differs by now.

    A submitted or fulfilled request stands as it is (ValidationError); an auditor changes only their own, and a member
    never the words of an auditor (PermissionDenied).
    """
    request = Request.objects.select_for_update().get(pk=request.pk)
    _may_change(actor, request, new, seat)
    must_be_running(request.audit)
    if request.state in {RequestState.SUBMITTED, RequestState.FULFILLED}:
        raise ValidationError("It is with the auditor, so what it asks stands as it is.")
    if fingerprint(request) != seen:
        present = values_of(request)
        raise Conflict(request, {name: present[name] for name, value in new.items() if present[name] != value})
    before, after = changes(request, new)
    if not after:
        return request
    for name, value in after.items():
        setattr(request, name, value)
    if "criteria" in after:
        set_criteria(request, str(after["criteria"]), meant_by(str(after["criteria"]), request.audit))
    request.save()
    record(actor=actor, action="audits.request.changed", target=request, before=before, after=after)
    announce(requests_changed, audit_id=request.audit_id)
    return request


def must_be_able_to_answer(assignee: Membership) -> None:
    """Raises ValidationError for a member whose role, or whose having left, keeps them from answering requests."""
    if not assignee.may(Permission.REQUEST_ANSWER_OWN):
        raise ValidationError({"assignee": f"{assignee.name} may not answer requests. Choose somebody who can."})


def set_criteria(request: Request, criteria: str, known: Mapping[str, Requirement]) -> None:
    """Keep the column as written, its single references for filters, and the requirement where exactly one is meant.

    `known` are requirements of the audit's framework, by reference in small letters.
    """
    request.criteria = criteria.strip()
    request.criteria_refs = references(criteria)
    meant = known.get(request.criteria_refs[0].casefold()) if len(request.criteria_refs) == 1 else None
    request.requirement = meant
    request.framework_owner_id = meant.organization_id if meant is not None else NIL


def meant_by(criteria: str, audit: Audit) -> dict[str, Requirement]:
    """The requirements of the audit's framework that a criterion column names."""
    named = [ref.casefold() for ref in references(criteria)]
    found = Requirement.objects.filter(
        framework_id=audit.programme.framework_id, organization_id=audit.programme.framework_owner_id
    ).annotate(small=Lower("ref"))
    return {requirement.ref.casefold(): requirement for requirement in found.filter(small__in=named)}


def _may_change(actor: Actor, request: Request, new: Mapping[str, Any], seat: Seat | None) -> None:
    if seat is not None:
        need_seat(actor, seat, request.audit)
        if request.raised_by_seat_id != seat.pk or set(new) - set(ASKED):
            raise PermissionDenied("An auditor changes only what they asked for themselves.")
        return
    need(actor, Permission.REQUEST_MANAGE)
    if request.raised_by_auditor and set(new) & set(ASKED):
        raise PermissionDenied("The auditor raised this request: only the auditor changes what it asks.")
