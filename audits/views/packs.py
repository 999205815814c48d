"""Sharing an evidence pack with the auditors of an audit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ..forms.packs import SharePackForm
from ..selectors.packs import packs_to_share
from ..services import share_pack
from .finding import audit_or_404


@requires(Permission.AUDIT_MANAGE)
def share(request: PageRequest, organization: str, pk: UUID) -> HttpResponse:
    """Choose a finished pack for the portal of this audit."""
    audit = audit_or_404(pk)
    form = SharePackForm(sent(request), audit=audit)
    if request.method == "POST" and form.is_valid():
        try:
            shared = share_pack(actor=request.actor, audit=audit, pack=form.cleaned_data["pack"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{shared.pack.title} is in the portal of {audit.ref}.")
            return redirect("audits:show", organization, audit.pk)
    context = {"form": form, "audit": audit, "any": packs_to_share(audit).exists(), "running": audit.issued_at is None}
    return render(request, "audits/share_pack.html", context, status=422 if form.is_bound else 200)
