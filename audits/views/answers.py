"""Working on the answer of a request: the versions that answer it, and the comments of both kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from evidence.models import Version

from ..forms.requests import CommentForm
from ..models import RequestEvidence
from ..services import comment_internally, comment_to_auditor, link_version, unlink_version
from .finding import request_or_404, sentences
from .moves import ANSWERERS
from .request_page import request_page


@require_POST
@requires(*ANSWERERS)
def link(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Offer a version for the request."""
    item = request_or_404(pk)
    chosen = _uuid(request.POST.get("version"))
    if chosen is None:
        return request_page(request, item, status=422, refused="Choose the version to link.")
    version = get_object_or_404(Version.objects.select_related("artefact"), pk=chosen)
    try:
        link_version(actor=request.actor, request=item, version=version)
    except ValidationError as error:
        return request_page(request, request_or_404(pk), status=409, conflict=sentences(error))
    messages.success(request, f"{version.artefact.ref} version {version.number} was linked.")
    return redirect("audits:request", organization, item.pk)


@require_POST
@requires(*ANSWERERS)
def unlink(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Take back a version that the auditor was never given."""
    offered = get_object_or_404(RequestEvidence.objects.select_related("version__artefact"), pk=pk)
    item = request_or_404(offered.request_id)
    try:
        unlink_version(actor=request.actor, request=item, link=offered)
    except ValidationError as error:
        return request_page(request, request_or_404(item.pk), status=409, conflict=sentences(error))
    messages.success(request, f"{offered.version.artefact.ref} version {offered.version.number} was unlinked.")
    return redirect("audits:request", organization, item.pk)


@require_POST
@requires(*ANSWERERS)
def internally(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Say something among ourselves."""
    return _comment(request, pk, "internal", comment_internally, "The comment stands. No auditor reads it.")


@require_POST
@requires(Permission.REQUEST_MANAGE)
def to_auditor(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Say something to the auditor."""
    return _comment(request, pk, "external", comment_to_auditor, "The comment stands. The auditor reads it.")


def _comment(request: PageRequest, pk: UUID, prefix: str, service: Callable[..., Any], done: str) -> HttpResponse:
    item = request_or_404(pk)
    form = CommentForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return request_page(request, item, status=422, **{f"{prefix}_form": form})
    service(actor=request.actor, request=item, text=form.cleaned_data["text"])
    messages.success(request, done)
    return redirect("audits:request", request.organization.slug, item.pk)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
