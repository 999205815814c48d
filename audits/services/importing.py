"""Taking an auditor's request list into the log: what is new is raised, what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from compliance.access.permissions import Permission
from compliance.frameworks.models import Requirement
from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.news import announce
from compliance.tenancy.references import allot
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import requests_changed
from ..models import Audit, Request, RequestState
from ..selectors.requests import assignable, references_in
from ..sheets.lines import Line
from .audits import must_be_running
from .authority import need
from .requests import set_criteria


@transaction.atomic
def import_requests(*, actor: Actor, audit: Audit, lines: Sequence[Line]) -> list[Request]:
    """Raise every line that is well and whose reference the log does not hold yet; returns the new requests.

    A line whose assignee may not be given a request is raised without one. One trail entry for the import.
    """
    need(actor, Permission.REQUEST_MANAGE)
    must_be_running(audit)
    Audit.objects.select_for_update().get(pk=audit.pk)  # two imports at once would not see each other's references
    known = references_in(audit)
    new = [line for line in lines if not line.errors and line.auditor_ref.casefold() not in known]
    if not new:
        return []
    people = {member.email.casefold(): member for member in assignable()}
    meant = {
        requirement.ref.casefold(): requirement
        for requirement in Requirement.objects.filter(
            framework_id=audit.programme.framework_id, organization_id=audit.programme.framework_owner_id
        )
    }
    made = [
        _request(actor, audit, line, ref, people, meant) for line, ref in zip(new, allot("REQ", len(new)), strict=True)
    ]
    Request.objects.bulk_create(made)
    record(
        actor=actor,
        action="audits.requests.imported",
        target=audit,
        after={"count": len(made), "first": made[0].ref, "last": made[-1].ref},
    )
    announce(requests_changed, audit_id=audit.pk)
    return made


def _request(
    actor: Actor, audit: Audit, line: Line, ref: str, people: dict[str, Membership], meant: dict[str, Requirement]
) -> Request:
    assignee = people.get(line.assignee.casefold())
    request = Request(
        audit=audit,
        ref=ref,
        title=line.title,
        detail=line.detail,
        kind=line.kind,
        auditor_ref=line.auditor_ref,
        due_date=date.fromisoformat(line.due_date),
        assignee=assignee,
        raised_by=actor.label[:254],
        created_at=now(),
        state=RequestState.ASSIGNED if assignee else RequestState.OPEN,
    )
    set_criteria(request, line.criteria, meant)
    return request
