"""The leaves of the log, and one leaf with the proof that a signed checkpoint holds it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page

from ...log import selectors
from ...log.documents import inclusion_document
from ...log.forms import LeafFilter
from ...log.models import Leaf
from ...models import Artefact
from ...telling import KINDS, lines


@requires(Permission.EVIDENCE_VIEW)
def leaves(request: PageRequest, organization: str) -> HttpResponse:
    """What happened to evidence, the newest first, as it was entered."""
    form = LeafFilter(request.GET, KINDS)
    page = keyset_page(_matching(form.asked), order=("-index",), cursor=request.GET.get("cursor", ""))
    context = {
        "filter": form, "page": page, "lines": lines(page), "any": bool(form.asked), "size": selectors.size(),
        "newest": selectors.latest_checkpoint(), "inspection": selectors.latest_inspection(),
    }  # fmt: skip
    return render(request, "log/leaves.html", context)


def _matching(asked: dict[str, str]) -> QuerySet[Leaf]:
    found = selectors.leaves()
    if ref := asked.get("artefact"):
        found = found.filter(artefact__in=Artefact.objects.filter(ref__iexact=ref.strip()).values("pk"))
    return found.filter(kind=asked["kind"]) if "kind" in asked else found


@requires(Permission.EVIDENCE_VIEW)
def leaf(request: PageRequest, organization: str, index: int) -> HttpResponse:
    """One leaf: what it says, its exact bytes, and the steps from its hash to the root that was signed last."""
    found = get_object_or_404(Leaf, index=index)
    context: dict[str, Any] = {"leaf": found, "line": lines([found])[0], "proof": selectors.proof_of(found)}
    return render(request, "log/leaf.html", context)


@requires(Permission.EVIDENCE_VIEW)
def proof(request: PageRequest, organization: str, index: int) -> JsonResponse:
    """The proof as a document to keep: whoever has it needs nothing of us to verify it."""
    found = selectors.proof_of(get_object_or_404(Leaf, index=index))
    if found is None:
        raise Http404("No checkpoint holds this leaf yet. One is signed every ten minutes.")
    return document(inclusion_document(found), f"leaf-{index}-proof.json")


def document(told: dict[str, Any], name: str) -> JsonResponse:
    """A document to download."""
    answer = JsonResponse(told, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
