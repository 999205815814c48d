"""Packs: what was made, asking for another, and the file itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page

from . import selectors, services
from .forms import FORMS, SubjectForm
from .handing_out import zip_of
from .models import Pack, PackState

#: What the page asks for again while something is under way (templates/packs/_packs.html).
_FRAGMENT = "packs"


@requires(Permission.PACK_VIEW)
@require_GET
def packs(request: PageRequest, organization: str) -> HttpResponse:
    """Every pack, newest first; while one is under way the list asks for itself again."""
    return _shown(request)


@requires(Permission.PACK_MAKE)
@require_POST
def request_pack(request: PageRequest, organization: str) -> HttpResponse:
    """Ask for a pack of what one of the three forms names."""
    kind = request.POST.get("kind", "")
    if kind not in FORMS:
        messages.error(request, "Choose what the pack is to be of.")
        return _shown(request, status=422)
    form = FORMS[kind](request.POST)
    if not form.is_valid():
        return _shown(request, {kind: form}, status=422)
    pack = services.request_pack(actor=request.actor, subject=form.subject)
    messages.success(request, f"{pack.title} is being put together. It appears in the list.")
    return redirect("packs:list", organization)


@requires(Permission.PACK_VIEW)
@require_GET
def download(request: PageRequest, organization: str, pack: UUID) -> HttpResponse | FileResponse:
    """The zip, as an attachment. Downloading is recorded. One that is not ready leads back to the list, which says so."""
    found = get_object_or_404(Pack, pk=pack)
    if found.state != PackState.READY:
        messages.info(request, "This pack is not ready: the list says how it stands.")
        return redirect("packs:list", organization)
    try:
        return zip_of(found, actor=request.actor)
    except FileNotFoundError as error:
        raise Http404("The file of this pack is not in the store. Ask for it again.") from error


def _shown(request: PageRequest, sent: dict[str, SubjectForm] | None = None, *, status: int = 200) -> HttpResponse:
    page = keyset_page(selectors.packs(), order=("-id",), cursor=request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "page": page,
        "live": any(each.state in {PackState.DUE, PackState.RUNNING} for each in page),
    }
    if request.htmx and request.htmx.target == _FRAGMENT:  # type: ignore[attr-defined]
        return render(request, "packs/_packs.html", context)
    forms = {kind: (sent or {}).get(kind) or form(initial=_initial(request, form)) for kind, form in FORMS.items()}
    return render(request, "packs/list.html", context | {"forms": forms}, status=status)


def _initial(request: PageRequest, form: type[SubjectForm]) -> dict[str, str]:
    """What an address such as `?control=AC-07` chooses already."""
    return {form.field: request.GET.get(form.field, "")[:40]}
