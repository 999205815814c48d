"""The audits of an organisation, and the page of one: how far its request log has come, and who sits at it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.web.keyset import keyset_page
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms.audits import AuditForm
from ..forms.requests import FilterForm
from ..models import Audit
from ..moves import WAITS_FOR_US
from ..selectors.audits import audits, state_counts
from ..selectors.openings import openings_after_issue
from ..selectors.packs import shared_with
from ..selectors.requests import requests_of
from ..selectors.seats import seats_of
from ..services import change_audit, issue_audit, open_audit
from .finding import audit_or_404, sentences

PAGE = 100
#: Shared packs on the page of an audit: the newest.
PACKS = 20


@requires(Permission.AUDIT_VIEW)
def list_audits(request: PageRequest, organization: str) -> HttpResponse:
    """Every audit, with how many of its requests are done, submitted and overdue."""
    shown = keyset_page(audits(), order=["-id"], cursor=request.GET.get("cursor", ""))
    return render(request, "audits/list.html", {
        "page": shown, "today": today(here().timezone), "may_manage": may(request, Permission.AUDIT_MANAGE),
    })  # fmt: skip


@requires(Permission.AUDIT_MANAGE)
def create(request: PageRequest, organization: str) -> HttpResponse:
    """Open an audit of a programme."""
    form = AuditForm(sent(request))
    if request.method == "POST" and form.is_valid():
        audit = open_audit(actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{audit.ref} is open. Import the auditor's request list, or raise requests by hand.")
        return redirect("audits:show", organization, audit.pk)
    return render(request, "audits/create.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.AUDIT_VIEW)
def show(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """One audit: its log by state, what is overdue, its requests, its seats."""
    audit = audit_or_404(pk)
    filters = FilterForm(request.GET, audit=audit)
    counts = state_counts(audit)
    found = requests_of(audit, filters.narrowing())
    return render(request, "audits/show.html", {
        "audit": audit, "facts": _facts(audit), "counts": counts, "total": sum(each.count for each in counts),
        "overdue": sum(each.overdue for each in counts), "filter": filters, "today": today(here().timezone),
        "page": keyset_page(found, order=["due_date", "ref"], cursor=request.GET.get("cursor", ""), size=PAGE),
        "seats": seats_of(audit), "shared": shared_with(audit)[:PACKS], "may_manage": may(request, Permission.AUDIT_MANAGE),
        "may_raise": may(request, Permission.REQUEST_MANAGE), "running": audit.issued_at is None,
        "waiting": [state.value for state in WAITS_FOR_US],
    })  # fmt: skip


@requires(Permission.AUDIT_MANAGE)
def change(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Change the frame of an audit."""
    audit = audit_or_404(pk)
    form = AuditForm(sent(request), audit=audit)
    if request.method == "POST" and form.is_valid():
        try:
            change_audit(actor=request.actor, audit=audit, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{audit.ref} was changed.")
            return redirect("audits:show", organization, audit.pk)
    return render(request, "audits/change.html", {"form": form, "audit": audit}, status=422 if form.is_bound else 200)


@require_POST
@requires(Permission.AUDIT_MANAGE)
def issue(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Record that the report is issued, once no auditor's seat is open any more."""
    audit = audit_or_404(pk)
    try:
        issue_audit(actor=request.actor, audit=audit)
    except (ValidationError, PermissionDenied) as error:
        messages.error(request, sentences(error) if isinstance(error, ValidationError) else str(error))
    else:
        messages.success(request, f"The report of {audit.ref} is recorded as issued.")
    return redirect("audits:show", organization, audit.pk)


@requires(Permission.AUDIT_MANAGE)
def openings(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """What the auditors opened, item by item: empty, with the reason, until the report is issued."""
    audit = audit_or_404(pk)
    rows = keyset_page(openings_after_issue(audit), order=["-id"], cursor=request.GET.get("cursor", ""), size=PAGE)
    return render(request, "audits/openings.html", {"audit": audit, "page": rows})


def _facts(audit: Audit) -> list[dict[str, object]]:
    days = "1 day" if audit.turnaround_days == 1 else f"{audit.turnaround_days} days"
    return [
        {"term": "Firm", "fact": audit.firm},
        {"term": "Programme", "fact": audit.programme.name},
        {"term": "Fieldwork", "fact": f"{audit.starts_on:%-d %b} to {audit.ends_on:%-d %b %Y}"},
        {"term": "Turnaround", "fact": days},
    ]
