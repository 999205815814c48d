"""Bringing files in parts: what the page's script calls, and the page on which each file is stated and handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import now, today
from compliance.web.outside import Outside
from compliance.web.refusals import show_refusal

from ..forms import kept_for
from ..models import EvidenceRequirement
from ..services.authority import may_provide
from ..spans import span_of
from ..views.finding import requirement_or_404
from ..views.providing import PROVIDERS
from . import services
from .forms import HeldForm
from .joining import check
from .linting import linted
from .models import PART_BYTES, Upload, UploadState


@require_POST
@requires(*PROVIDERS)
def begin(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """Begin a file of a name and size; where the same was begun before, go on with that."""
    found = _provided(request, requirement)
    try:
        size = int(request.POST.get("size", ""))
    except ValueError:
        return _refused({"size": "Say how many bytes it has."})
    name = request.POST.get("filename", "")
    before = _begun(request, found, name, size)
    if before is not None:
        return _told(request, before)
    try:
        upload = services.begin_upload(
            actor=request.actor, filename=name, size=min(size, 2**62), member=request.membership, requirement=found
        )
    except ValidationError as error:
        return _refused(error)
    return _told(request, upload, status=201)


def _begun(request: PageRequest, requirement: EvidenceRequirement, name: str, size: int) -> Upload | None:
    """The same file, half here already from this person."""
    mine = Upload.objects.filter(requirement=requirement, member=request.membership, state=UploadState.OPEN)
    return mine.filter(filename=name.replace("\0", ""), size=size).first() if 0 < size < 2**62 else None


@require_GET
@requires(*PROVIDERS)
def state(request: PageRequest, organization: str, upload: UUID) -> HttpResponse:
    """What of a file is here."""
    return _told(request, _mine(request, upload))


@requires(*PROVIDERS)
def part(request: PageRequest, organization: str, upload: UUID, number: int) -> HttpResponse:
    """One part, as the whole body of a PUT, with its digest in `X-Content-SHA256`."""
    found = _mine(request, upload)
    if request.method not in {"PUT", "POST"}:
        return HttpResponse(status=405, headers={"Allow": "PUT"})
    if int(request.META.get("CONTENT_LENGTH") or 0) > PART_BYTES:
        return _refused({"size": f"A part has at most {PART_BYTES} bytes."}, status=413)
    try:
        services.take_part(
            actor=request.actor, upload=found, number=number, content=request, sha256=request.headers.get("X-Content-SHA256", "")  # type: ignore[arg-type]
        )
    except ValidationError as error:
        return _refused(error)
    except services.TooManyPartsError as error:
        return _refused({"number": str(error)}, status=429)
    return _told(request, found)


@require_POST
@requires(*PROVIDERS)
def complete(request: PageRequest, organization: str, upload: UUID) -> HttpResponse:
    """All parts are here: look at the file as a whole. It is read outside of any transaction."""
    found = _mine(request, upload)
    if found.state in {UploadState.HELD, UploadState.REFUSED, UploadState.HANDED_IN}:
        return _told(request, found)
    try:
        parts = services.begin_check(actor=request.actor, upload=found)
    except ValidationError as error:
        return _refused(error, status=409)
    return Outside(
        lambda: check(parts, found.filename),
        lambda checked: _told(request, services.end_check(actor=request.actor, upload=found, checked=checked)),
    )


@require_POST
@requires(*PROVIDERS)
def drop(request: PageRequest, organization: str, upload: UUID) -> HttpResponse:
    """Take away a file that was not handed in."""
    found = _found(upload)
    services.may_drop_or_refuse(request.membership, found)
    back = redirect("uploads:held", organization, found.requirement_id) if found.requirement_id else redirect("evidence:list", organization)
    try:
        services.drop_upload(actor=request.actor, upload=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return back


@requires(*PROVIDERS)
def held(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """The files that wait, each with what is to be stated of it, and what an auditor would bounce."""
    found = _provided(request, requirement)
    waiting = list(_held(request, found))
    day, kept = today(request.organization.timezone), list(kept_for(found)[:100])
    sent = request.POST if request.method == "POST" else None
    forms = [HeldForm(sent, upload=each, kept=kept, today=day, initial={"captured_by": request.membership.name}) for each in waiting]
    if sent is not None and forms and _handed_in(request, found, forms):
        messages.success(request, _thanks(len(forms)))
        return redirect("evidence:requirement", organization, found.pk)
    context = {"requirement": found, "forms": forms, "refused": _refused_ones(request, found)}
    return render(request, "uploads/held.html", context, status=422 if sent is not None else 200)


def _handed_in(request: PageRequest, requirement: EvidenceRequirement, forms: list[HeldForm]) -> bool:
    """Hand in all of them, or none where one is not right or has findings that nobody was shown yet."""
    valid = [each.is_valid() for each in forms]  # each says what is wrong with it, so each is asked
    if not all(valid):
        return False
    shown = True
    for form in forms:
        found = linted(form.upload, _statement(request, form), zone=request.organization.timezone)
        shown = shown and not form.unseen(found)
        form.show(found)
    return shown and _all_received(request, forms)


def _all_received(request: PageRequest, forms: list[HeldForm]) -> bool:
    """All of them, or none."""
    form = forms[0]
    try:
        with transaction.atomic():
            for form in forms:
                services.hand_in_upload(
                    actor=request.actor, upload=form.upload, statement=_statement(request, form), found=form.found,
                    member=request.membership,
                )  # fmt: skip
    except ValidationError as error:
        show_refusal(form, error)
        return False
    return True


def _statement(request: PageRequest, form: HeldForm) -> services.Statement:
    stated, zone = form.cleaned_data, ZoneInfo(request.organization.timezone)
    starts, ends = span_of(stated["first"], stated.get("last") or stated["first"], zone=zone, now=now())
    return services.Statement(
        effective_start=starts, effective_end=ends, title=stated["title"], note=stated["note"], capture=form.capture,
        answers=form.answers, artefact=form.next_of,
    )  # fmt: skip


def _thanks(number: int) -> str:
    files = "The file was" if number == 1 else f"{number} files were"
    return f"{files} received. Another person has to approve what was brought."


def _held(request: PageRequest, requirement: EvidenceRequirement) -> Any:
    waiting = Upload.objects.filter(requirement=requirement, member=request.membership, state=UploadState.HELD)
    return waiting.select_related("requirement__control").order_by("id")[:20]


def _refused_ones(request: PageRequest, requirement: EvidenceRequirement) -> Any:
    return Upload.objects.filter(requirement=requirement, member=request.membership, state=UploadState.REFUSED).order_by("id")[:20]


def _provided(request: PageRequest, requirement: UUID) -> EvidenceRequirement:
    found = requirement_or_404(requirement)
    if not may_provide(request.membership, found):
        raise PermissionDenied("This evidence is brought by who owns the requirement or its control.")
    return found


def _mine(request: PageRequest, upload: UUID) -> Upload:
    found = _found(upload)
    services.may_provide_or_refuse(request.membership, found)
    return found


def _found(upload: UUID) -> Upload:
    return get_object_or_404(Upload.objects.select_related("requirement__control", "member"), pk=upload)


def _told(request: PageRequest, upload: Upload, status: int = 200) -> JsonResponse:
    """An upload as the script reads it."""
    slug = request.organization.slug
    return JsonResponse({
        "id": str(upload.pk), "filename": upload.filename, "size": upload.size, "state": upload.state,
        "part_bytes": PART_BYTES, "refusal": upload.refusal, "found": upload.found,
        "parts": {part.number: part.sha256 for part in upload.parts.all()},
        "part_url": reverse("uploads:part", args=[slug, upload.pk, 0]), "state_url": reverse("uploads:state", args=[slug, upload.pk]),
        "complete_url": reverse("uploads:complete", args=[slug, upload.pk]), "drop_url": reverse("uploads:drop", args=[slug, upload.pk]),
    }, status=status)  # fmt: skip


def _refused(error: ValidationError | dict[str, str], status: int = 422) -> JsonResponse:
    said = " ".join(error.messages) if isinstance(error, ValidationError) else " ".join(error.values())
    return JsonResponse({"error": said}, status=status)
