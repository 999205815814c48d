"""The evidence that was submitted: where it came from, what it covers, and the bytes themselves."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from compliance.web.keyset import keyset_page
from evidence.collectors.selectors import looks_again
from evidence.leaves import VERSION
from evidence.log.documents import inclusion_document
from evidence.log.models import Leaf
from evidence.log.selectors import leaves_of, proof_of, verifiers
from evidence.models import Version

from ...models import PortalAct
from ...services.openings import record_opening
from ..attachments import version_attached
from ..guards import SeatedRequest, seated
from ..page import portal_page
from ..selectors import requests_answered_by, versions_for


@seated
def evidence(request: SeatedRequest, organization: str, audit: UUID) -> HttpResponse:
    """Every version that was submitted for this audit."""
    wanted = request.GET.get("q", "").strip()[:100]
    page = keyset_page(versions_for(request.seat, wanted), order=["-id"], cursor=request.GET.get("cursor", ""))
    return portal_page(request, "portal/evidence.html", {"page": page, "q": wanted})


@seated
def version(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """One version with its provenance. Opening it is recorded."""
    found = _find(request, pk)
    _record(request, found, PortalAct.OPENED)
    answers = requests_answered_by(request.seat, found)
    context = {"version": found, "answers": answers, "leaf": leaf_of_version(found), "again": looks_again([found.pk]).get(found.pk)}
    return portal_page(request, "portal/version.html", context)


@seated
def proof(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> HttpResponse:
    """That the version is what was logged at its receipt, step by step to a signed root. Opening it is recorded."""
    found = _find(request, pk)
    leaf = leaf_of_version(found)
    if leaf is None:
        raise Http404("The log does not have this version.")
    _record(request, found, PortalAct.OPENED)
    keys = list(map(str, verifiers()))
    context = {"version": found, "leaf": leaf, "proof": proof_of(leaf), "keys": keys, "said": json.loads(leaf.body)}
    return portal_page(request, "portal/proof.html", context)


@seated
def proof_file(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> JsonResponse:
    """The proof as a document to keep. Downloading is recorded."""
    found = _find(request, pk)
    leaf = leaf_of_version(found)
    held = proof_of(leaf) if leaf else None
    if held is None:
        raise Http404("No checkpoint holds this version yet.")
    _record(request, found, PortalAct.DOWNLOADED)
    answer = JsonResponse(inclusion_document(held), json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{found.artefact.ref}-v{found.number}-proof.json"'
    return answer


@seated
def download(request: SeatedRequest, organization: str, audit: UUID, pk: UUID) -> FileResponse:
    """The stored bytes, as an attachment. Downloading is recorded."""
    found = _find(request, pk)
    answer = version_attached(found)
    _record(request, found, PortalAct.DOWNLOADED)
    return answer


def leaf_of_version(version: Version) -> Leaf | None:
    """Its receipt in the log. What the organisation decided of it is not the auditor's to read here."""
    return leaves_of(subjects=[version.pk]).filter(kind=VERSION).first()


def _find(request: SeatedRequest, pk: UUID) -> Version:
    return get_object_or_404(versions_for(request.seat), pk=pk)


def _record(request: SeatedRequest, found: Version, act: PortalAct) -> None:
    label = f"{found.artefact.ref} v{found.number} {found.artefact.title}"
    record_opening(actor=request.actor, seat=request.seat, act=act, item_type="version", item_id=found.pk, label=label)
