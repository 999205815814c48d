"""What people do about a gap. Nothing here closes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal

from ..forms import AssignForm, DueForm, OverrideForm
from ..models import Gap
from ..services.change import (
    WrongStateError,
    assign_gap,
    may_work_on,
    override_severity,
    set_due_date,
    start_gap,
)
from .gap import find, gap_page


@require_POST
@requires(Permission.GAP_CHANGE)
def assign(request: PageRequest, organization: str, gap: UUID) -> HttpResponse:
    """Name who puts it right."""
    return _decide(request, find(gap), AssignForm(request.POST), "assign_form", assign_gap, _assigned)


@require_POST
@requires(Permission.GAP_CHANGE, Permission.GAP_CHANGE_OWN)
def due(request: PageRequest, organization: str, gap: UUID) -> HttpResponse:
    """Say by when it is put right."""
    found = _mine(request, gap)
    return _decide(request, found, DueForm(request.POST), "due_form", set_due_date, _due)


@require_POST
@requires(Permission.GAP_CHANGE, Permission.GAP_CHANGE_OWN)
def start(request: PageRequest, organization: str, gap: UUID) -> HttpResponse:
    """Say that somebody is putting it right."""
    return _decide(request, _mine(request, gap), None, "", start_gap, _started)


@require_POST
@requires(Permission.GAP_CHANGE)
def override(request: PageRequest, organization: str, gap: UUID) -> HttpResponse:
    """Put another severity into force, or go back to what is computed."""
    return _decide(request, find(gap), OverrideForm(request.POST), "override_form", override_severity, _overridden)


def _mine(request: PageRequest, pk: UUID) -> Gap:
    found = find(pk)
    if not may_work_on(request.membership, found):
        raise PermissionDenied("This gap belongs to somebody else.")
    return found


def _decide(
    request: PageRequest, gap: Gap, form: Form | None, name: str, service: Callable[..., Gap], said: Callable[[Gap], str]
) -> HttpResponse:  # fmt: skip
    shown: dict[str, Any] = {name: form} if form is not None else {}
    if form is not None and not form.is_valid():
        return gap_page(request, gap, status=422, **shown)
    try:
        changed = service(actor=request.actor, gap=gap, **(form.cleaned_data if form is not None else {}))
    except WrongStateError as error:
        return gap_page(request, find(gap.pk), status=409, conflict=" ".join(error.messages))
    except ValidationError as error:
        if form is None:
            return gap_page(request, gap, status=422, refused=" ".join(error.messages))
        show_refusal(form, error)
        return gap_page(request, gap, status=422, **shown)
    messages.success(request, said(changed))
    return redirect("gaps:detail", request.organization.slug, gap.pk)


def _assigned(gap: Gap) -> str:
    return f"{gap.owner.name if gap.owner else 'Nobody'} puts {gap.ref} right."


def _due(gap: Gap) -> str:
    return f"{gap.ref} is due on {gap.due_date:%-d %B %Y}."


def _started(gap: Gap) -> str:
    return f"{gap.ref} is being put right. It closes by itself once newer evidence passes."


def _overridden(gap: Gap) -> str:
    if gap.severity_override:
        return f"{gap.ref} counts as {gap.severity_override}. The register is ranked again."
    return f"{gap.ref} counts as computed again: {gap.severity}."
