"""What one artefact shows: any number of requirements, of any controls, for any frameworks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page

from .. import selectors
from ..forms import ServeForm
from ..models import Artefact, EvidenceRequirement
from ..services.authority import may_provide
from ..services.provide import offer_artefact, withdraw_artefact
from .finding import artefact_or_404
from .providing import PROVIDERS


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def serves(request: PageRequest, organization: str, artefact: UUID) -> HttpResponse:
    """What it shows already, and what it could show: found by reference or words, across all controls."""
    found = artefact_or_404(artefact)
    links = list(selectors.serves(found)[:500])
    q = request.GET.get("q", "").strip()[:200]
    page: Any = None
    if q:
        offered = selectors.requirements_to_serve(q, found)
        page = keyset_page(offered, order=("ref",), cursor=request.GET.get("cursor", ""), size=25)
    context = {
        "artefact": found, "q": q, "page": page, "frameworks": selectors.frameworks_served(found),
        "rows": [(link, may_provide(request.membership, link.requirement)) for link in links],
        "offered": [(each, may_provide(request.membership, each)) for each in page] if page else [],
    }  # fmt: skip
    return render(request, "evidence/serves.html", context)


@require_POST
@requires(*PROVIDERS)
def serve(request: PageRequest, organization: str, artefact: UUID) -> HttpResponse:
    """From now on it shows one thing more, or one less (`no_longer`)."""
    found, form = artefact_or_404(artefact), ServeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such requirement.")
        return redirect("evidence:serves", organization, found.pk)
    requirement = form.cleaned_data["requirement"]
    if not may_provide(request.membership, requirement):
        raise PermissionDenied("Evidence of this requirement is brought by who owns it or its control.")
    try:
        said = _changed(request, found, requirement)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("evidence:serves", organization, found.pk)


def _changed(request: PageRequest, artefact: Artefact, requirement: EvidenceRequirement) -> str:
    if "no_longer" in request.POST:
        withdraw_artefact(actor=request.actor, artefact=artefact, requirement=requirement)
        return f"{artefact.ref} no longer shows {requirement.ref}."
    offer_artefact(actor=request.actor, artefact=artefact, requirement=requirement)
    return f"{artefact.ref} shows {requirement.ref} from now on."
