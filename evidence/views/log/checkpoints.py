"""What was signed: checkpoints, keys, and the proof that an earlier checkpoint begins today's log."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.sealing import CannotOpen
from compliance.web.keyset import keyset_page

from ...log import selectors
from ...log.documents import consistency_document
from ...log.forms import NoteForm
from ...log.models import Checkpoint
from ...log.notes import Verifier
from ...log.services.sign import RewrittenError, sign_checkpoint
from .leaves import document


@requires(Permission.EVIDENCE_VIEW)
def checkpoints(request: PageRequest, organization: str) -> HttpResponse:
    """Every signed checkpoint, the newest first."""
    found = selectors.checkpoints().select_related("key")
    page = keyset_page(found, order=("-size",), cursor=request.GET.get("cursor", ""))
    rows = [(each, _verifier(each).key_id.hex()) for each in page]
    return render(request, "log/checkpoints.html", {"page": page, "rows": rows, "size": selectors.size()})


def _verifier(checkpoint: Checkpoint) -> Verifier:
    return Verifier(checkpoint.key.name, bytes(checkpoint.key.public))


@requires(Permission.EVIDENCE_VIEW)
def note(request: PageRequest, organization: str, size: int) -> HttpResponse:
    """The signed note, byte for byte, to be kept elsewhere."""
    found = get_object_or_404(Checkpoint, size=size)
    return _text(found.note, f"checkpoint-{size}.txt")


@require_POST
@requires(Permission.EVIDENCE_REVIEW)
def sign(request: PageRequest, organization: str) -> HttpResponse:
    """Sign what the log has grown by, without waiting for the sweep."""
    try:
        newest = sign_checkpoint(actor=request.actor)
    except (RewrittenError, CannotOpen) as error:
        messages.error(request, str(error))
        return redirect("log:checkpoints", organization)
    if newest is None:
        messages.error(request, "The log is empty: there is nothing to sign.")
    else:
        messages.success(request, f"The newest checkpoint has {newest.size} leaves.")
    return redirect("log:checkpoints", organization)


@requires(Permission.EVIDENCE_VIEW)
def keys(request: PageRequest, organization: str) -> HttpResponse:
    """The public keys, the one that signs now first."""
    rows = [(key, str(Verifier(key.name, bytes(key.public)))) for key in selectors.log_keys()]
    return render(request, "log/keys.html", {"rows": rows, "origin": selectors.origin()})


@requires(Permission.EVIDENCE_VIEW)
def keys_text(request: PageRequest, organization: str) -> HttpResponse:
    """The public keys as text, one a line."""
    return _text("".join(f"{each}\n" for each in selectors.verifiers()), "log-keys.txt")


def _text(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@requires(Permission.EVIDENCE_VIEW)
def prove(request: PageRequest, organization: str) -> HttpResponse:
    """Prove that an earlier checkpoint, pasted or chosen with `?size=`, begins today's log; or say exactly why not."""
    given = request.method == "POST"
    chosen = _chosen(request.GET.get("size", ""))
    form = NoteForm(request.POST) if given else NoteForm(initial={"note": chosen})
    proved = form.proved if given and form.is_valid() else None
    status = 422 if given and proved is None else 200
    return render(request, "log/prove.html", {"form": form, "proved": proved}, status=status)


def _chosen(size: str) -> str:
    """The note of a stored checkpoint, to start from."""
    if not (size.isascii() and size.isdigit() and len(size) < 16):
        return ""
    return selectors.checkpoints().filter(size=int(size)).values_list("note", flat=True).first() or ""


@requires(Permission.EVIDENCE_VIEW)
def consistency(request: PageRequest, organization: str, old: int, size: int) -> JsonResponse:
    """The proof that the checkpoint of `size` leaves begins with its first `old` ones, as a document to keep."""
    newest = get_object_or_404(Checkpoint, size=size)
    if old > size:
        raise Http404("A checkpoint begins with no more leaves than it has.")
    told = consistency_document(old, selectors.root_at(old), newest, selectors.consistency(old, size))
    return document(told, f"consistency-{old}-{size}.json")
