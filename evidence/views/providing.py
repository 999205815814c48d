"""Bringing evidence: the upload page, and artefacts that are there already."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import now, today
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent_with_files

from ..forms import LinkForm, ProvideForm, too_large
from ..models import EvidenceLink, EvidenceRequirement, Version
from ..scanning import is_configured
from ..services.authority import may_provide
from ..services.provide import offer_artefact, provenance_of, provide_evidence, withdraw_artefact
from ..spans import span_of
from .finding import requirement_or_404
from .requirements import requirement_page

PROVIDERS = (Permission.EVIDENCE_PROVIDE, Permission.EVIDENCE_PROVIDE_OWN)


@csrf_exempt  # the token lies in the body, and the body is only read once its length is known to be acceptable: below
@requires(*PROVIDERS)
def provide(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """The upload page. A body that is too long is refused before any of it is read."""
    found = _mine(request, requirement)
    if is_longer_than(request, settings.UPLOAD_MAX_BYTES):
        return _page(request, found, _form(request, found, empty=True), status=422, refused=too_large())
    return _provide(request, found)


@csrf_protect
def _provide(request: PageRequest, found: EvidenceRequirement) -> HttpResponse:
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            version = _take_in(request, found, form)
        except ValidationError as error:
            show_refusal(form, error)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"{version.artefact.ref} version {version.number} was received. Another person has to approve it.",
            )
            return redirect("evidence:requirement", request.organization.slug, found.pk)
    return _page(request, found, form, status=422 if form.errors else 200)


def _take_in(request: PageRequest, found: EvidenceRequirement, form: ProvideForm) -> Version:
    asked = form.cleaned_data
    zone = ZoneInfo(request.organization.timezone)
    starts, ends = span_of(asked["first"], asked.get("last") or asked["first"], zone=zone, now=now())
    return provide_evidence(
        actor=request.actor, requirement=found, content=asked["file"].chunks(), filename=asked["file"].name,
        media_type=form.kind.type, effective_start=starts, effective_end=ends,
        note=asked["note"], artefact=asked.get("artefact"), extra=provenance_of(form.capture, form.scan),
    )  # fmt: skip


def _form(request: PageRequest, found: EvidenceRequirement, *, empty: bool = False) -> ProvideForm:
    given = (None, None) if empty else sent_with_files(request)
    day = today(request.organization.timezone)
    return ProvideForm(*given, requirement=found, today=day)


def _page(
    request: PageRequest, found: EvidenceRequirement, form: ProvideForm, *, status: int, refused: str = ""
) -> HttpResponse:
    context = {
        "requirement": found, "form": form, "refused": refused, "megabytes": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
        "in_parts": settings.UPLOAD_IN_PARTS_MAX_BYTES // (1024 * 1024), "scanned": is_configured(),
    }  # fmt: skip
    return render(request, "evidence/provide.html", context, status=status)


def _mine(request: PageRequest, requirement: UUID) -> EvidenceRequirement:
    found = requirement_or_404(requirement)
    if not may_provide(request.membership, found):
        raise PermissionDenied("This evidence is brought by who owns the requirement or its control.")
    return found


@require_POST
@requires(*PROVIDERS)
def link(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """Let an artefact that is there already serve the requirement."""
    found, form = _mine(request, requirement), LinkForm(request.POST)
    if form.is_valid() and form.found is not None:
        try:
            offer_artefact(actor=request.actor, artefact=form.found, requirement=found)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{form.found.ref} shows {found.ref} from now on.")
            return redirect("evidence:requirement", organization, found.pk)
    return requirement_page(request, found, status=422, link_form=form)


@require_POST
@requires(*PROVIDERS)
def unlink(request: PageRequest, organization: str, link: UUID) -> HttpResponse:
    """An artefact no longer serves a requirement."""
    offered = get_object_or_404(EvidenceLink.objects.select_related("artefact"), pk=link)
    found = _mine(request, offered.requirement_id)
    try:
        withdraw_artefact(actor=request.actor, artefact=offered.artefact, requirement=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{offered.artefact.ref} no longer shows {found.ref}.")
    return redirect("evidence:requirement", organization, found.pk)
