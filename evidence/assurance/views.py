"""The stored files of third parties' reports and letters."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.parties.models import BridgeLetter, PartyReport
from compliance.parties.selectors import parties
from compliance.people.requests import PageRequest
from compliance.web.refusals import show_refusal
from compliance.web.sent import is_longer_than, sent_with_files
from evidence.forms import FileForm, too_large

from . import selectors, services


@requires(Permission.EVIDENCE_VIEW)
def of_party(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Every paper of a party with its stored file: by itself, or as a panel of the party's page."""
    found = get_object_or_404(parties().prefetch_related("reports", "letters"), pk=party)
    kept = selectors.papers_of(found)
    rows = [{"paper": each, "kept": kept.get(each.pk, [])[:1], "kind": "report"} for each in found.reports.all()]
    rows += [{"paper": each, "kept": kept.get(each.pk, [])[:1], "kind": "letter"} for each in found.letters.all()]
    template = "assurance/_of_party.html" if request.htmx else "assurance/of_party.html"  # type: ignore[attr-defined]
    return render(request, template, {"party": found, "rows": rows})


@csrf_exempt  # the token lies in the body, which is only read once its length is known to be acceptable: below
@requires(Permission.EVIDENCE_PROVIDE)
def keep_report(request: PageRequest, organization: str, party_report: UUID) -> HttpResponse:
    """Store the file of a report."""
    return _keep(request, get_object_or_404(PartyReport.objects.select_related("party__system"), pk=party_report))


@csrf_exempt  # as above
@requires(Permission.EVIDENCE_PROVIDE)
def keep_letter(request: PageRequest, organization: str, bridge_letter: UUID) -> HttpResponse:
    """Store the file of a letter."""
    return _keep(request, get_object_or_404(BridgeLetter.objects.select_related("party__system"), pk=bridge_letter))


def _keep(request: PageRequest, paper: PartyReport | BridgeLetter) -> HttpResponse:
    if is_longer_than(request, settings.UPLOAD_MAX_BYTES):
        return _page(request, paper, FileForm(), 422, too_large())
    return _take_in(request, paper)


@csrf_protect
def _take_in(request: PageRequest, paper: PartyReport | BridgeLetter) -> HttpResponse:
    form = FileForm(*sent_with_files(request))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version = services.keep_paper(
                actor=request.actor, paper=paper, content=file.chunks(), filename=file.name, media_type=form.kind.type,
                provided_by=request.membership,
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{version.artefact.ref} version {version.number} was received.")
            return redirect("parties:party", request.organization.slug, paper.party_id)
    return _page(request, paper, form, 422 if form.errors else 200)


def _page(
    request: PageRequest, paper: PartyReport | BridgeLetter, form: FileForm, status: int, refused: str = ""
) -> HttpResponse:
    context = {
        "paper": paper, "party": paper.party, "form": form, "refused": refused,
        "megabytes": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
    }  # fmt: skip
    return render(request, "assurance/keep.html", context, status=status)
