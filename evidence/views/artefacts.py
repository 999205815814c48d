"""Artefacts: what was brought or collected, version by version, with where it came from."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.trail.services import record
from compliance.web.keyset import keyset_page
from compliance.web.words import when

from .. import selectors
from ..capture import captured_at, told
from ..collectors.selectors import Again, looks_again, run_named
from ..filing import name_of
from ..forms import AnswerForm, ArtefactFilter, DecisionForm
from ..media import SAFE_TYPES
from ..models import Artefact, Source, Version
from ..reading.searching import artefacts_with, snippets_of
from ..reading.selectors import document_of, findings_of, own_facts
from ..scanning import is_configured
from ..storage import open_stored
from .finding import artefact_or_404, version_or_404


@requires(Permission.EVIDENCE_VIEW)
def artefacts(request: PageRequest, organization: str) -> HttpResponse:
    """Every artefact, newest first."""
    form = ArtefactFilter(request.GET)
    found, asked = selectors.artefacts_matching(form.asked), form.asked
    if text := asked.get("inside"):
        found = found.filter(pk__in=artefacts_with(text).values("pk"))
    page = keyset_page(found, order=("-id",), cursor=request.GET.get("cursor", ""))
    snippets = snippets_of([each.pk for each in page], asked["inside"]) if asked.get("inside") else {}
    context = {
        "filter": form, "any": bool(asked), "page": page,
        "rows": [(each, snippets.get(each.pk)) for each in page],
    }  # fmt: skip
    return render(request, "evidence/artefacts.html", context)


@requires(Permission.EVIDENCE_VIEW)
def artefact(request: PageRequest, organization: str, artefact: UUID) -> HttpResponse:
    """One artefact; `?version=3` shows an earlier version."""
    return artefact_page(request, artefact_or_404(artefact))


def artefact_page(request: PageRequest, found: Artefact, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    versions = selectors.versions_of(found.pk)
    page = keyset_page(versions, order=("-number",), cursor=request.GET.get("cursor", ""), size=20)
    version = more.get("version") or _version(request, found) or (page.rows[0] if page.rows else None)
    provider = version is not None and version.provided_by_id == request.membership.pk
    context: dict[str, Any] = {
        "artefact": found, "page": page, "version": version, "served": list(selectors.serves(found)),
        "decisions": list(version.decisions.all()) if version else [], "is_provider": provider,
        "run": _run_of(found, version) if version else None, "again": _again(found, version),
        "decision_form": DecisionForm(), "source": selectors.source_of(found),
    }  # fmt: skip
    if version is not None:
        context |= _inside(request, version)
    return render(request, "evidence/artefact.html", context | more, status=status)


def _inside(request: PageRequest, version: Version) -> dict[str, Any]:
    """What was stated of its capture, what the file says itself, and what an auditor would bounce."""
    document = document_of(version)
    mine = version.provided_by_id == request.membership.pk or may(request, Permission.EVIDENCE_PROVIDE)
    return {
        "capture": _capture(version.provenance.get("capture", {})), "document": document, "findings": list(findings_of([version.pk])),
        "own_facts": own_facts(document.facts) if document else [], "may_answer": mine, "answer_form": AnswerForm(),
        "scanned": version.provenance.get("scan"), "scanner": is_configured(),
    }  # fmt: skip


def _capture(stated: dict[str, str]) -> list[tuple[str, str]]:
    """What was stated, with its moment on the organisation's clock."""
    moment = captured_at(stated)
    return told(stated | ({"captured_at": when(moment)} if moment else {}))


def _again(found: Artefact, version: Version | None) -> Again | None:
    """The later looks of a collector that saw the same again."""
    return looks_again([version.pk]).get(version.pk) if version and found.source == Source.COLLECTOR else None


def _version(request: PageRequest, found: Artefact) -> Version | None:
    number = request.GET.get("version", "")
    if not number:
        return None
    version = selectors.versions_of(found.pk).filter(number=int(number)).first() if _is_number(number) else None
    if version is None:
        raise Http404("This artefact has no such version.")
    return version


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _run_of(found: Artefact, version: Version) -> Any:
    """The run that brought a collected version, where it is still known."""
    if found.source == Source.PERSON:
        return None
    return run_named(str(version.provenance.get("connection", "")), version.provenance.get("run"))


@requires(Permission.EVIDENCE_VIEW)
def download(request: PageRequest, organization: str, version: UUID) -> FileResponse:
    """The stored bytes, as an attachment and never shown in the browser. Downloading is recorded."""
    found = version_or_404(version)
    try:
        stored = open_stored(found.sha256)
    except FileNotFoundError as error:
        raise Http404("The bytes of this version are not in the store.") from error
    record(
        actor=request.actor, action="evidence.version.downloaded", target=found.artefact,
        label=f"{found.artefact.ref} v{found.number}", after={"number": found.number, "sha256": found.sha256},
    )  # fmt: skip
    kind = found.media_type.partition(";")[0].strip().lower()
    answer = FileResponse(
        stored, as_attachment=True, filename=name_of(found),
        content_type=kind if kind in SAFE_TYPES else "application/octet-stream",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(found.sha256)).decode()}:"
    return answer
