"""What third parties show of themselves: reports, carve-outs within them, CUECs, bridge letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.sent import sent

from .. import selectors, services
from ..coverage import leaves_out, proves_operation
from ..forms import AnswerForm, CuecsForm, LetterForm, ReportForm
from ..models import BridgeLetter, NestedCarveOut, Party, PartyReport
from ..reading import cuec_rows
from ..services.papers import LETTER_FIELDS, REPORT_FIELDS
from .forms_page import form_page


@requires(Permission.SCOPE_VIEW)
def report(request: PageRequest, organization: str, party_report: UUID) -> HttpResponse:
    """A report: what it speaks of, what it carves out, and what it expects of us."""
    found = _report(party_report)
    context = {
        "report": found, "party": found.party, "proves": proves_operation(selectors.paper_of(found)),
        "left_out": leaves_out(found.services, found.party.services_used),
        "cuecs": found.user_entity_controls.order_by("id"), "nested": found.nested.order_by("id"),
    }  # fmt: skip
    return render(request, "parties/report.html", context)


@requires(Permission.SCOPE_CHANGE)
def add_report(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Enter a report or certificate."""
    found = _party(party)
    return form_page(
        request, ReportForm(sent(request), initial={"services": found.services_used, "regions": found.regions}),
        lambda asked: services.add_report(actor=request.actor, party=found, **asked),
        title="Enter a report", back=_party_url(organization, found), crumb=str(found), said="The report was entered.",
        lede="As it describes itself. Take out the services and regions that it does not name.", button="Enter it",
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def change_report(request: PageRequest, organization: str, party_report: UUID) -> HttpResponse:
    """Put right what a report says."""
    found = _report(party_report)
    initial = {name: getattr(found, name) for name in REPORT_FIELDS}
    initial["nested"] = [each.name for each in found.nested.all()]
    return form_page(
        request, ReportForm(sent(request), initial=initial),
        lambda asked: services.change_report(actor=request.actor, report=found, **asked),
        title="Change the report", back=_report_url(organization, found), crumb=str(found), said="The report was changed.",
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def add_cuecs(request: PageRequest, organization: str, party_report: UUID) -> HttpResponse:
    """Enter what a report expects of us."""
    found = _report(party_report)
    return form_page(
        request, CuecsForm(sent(request)),
        lambda asked: services.add_cuecs(actor=request.actor, report=found, rows=cuec_rows(asked["text"])),
        title="Enter its user entity controls", back=_report_url(organization, found), crumb=str(found),
        said="The controls were entered. Each waits to be mapped.", button="Enter them",
        lede="What the report takes its customers, and so us, to do.",
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def answer(request: PageRequest, organization: str, nested: UUID) -> HttpResponse:
    """Say how an organisation that a report carves out is dealt with."""
    found = get_object_or_404(NestedCarveOut.objects.select_related("report__party__system"), pk=nested)
    return form_page(
        request, AnswerForm(sent(request), initial={"answer": found.answer}),
        lambda asked: services.answer_carve_out(actor=request.actor, nested=found, **asked),
        title=f"{found.name} is carved out", back=_report_url(organization, found.report), crumb=str(found.report),
        said="The answer was recorded.", lede="Nobody looked at the controls there for this report.",
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def add_letter(request: PageRequest, organization: str, party: UUID) -> HttpResponse:
    """Enter a bridge letter."""
    found = _party(party)
    return form_page(
        request, LetterForm(sent(request), party=found, initial={"services": found.services_used}),
        lambda asked: services.add_letter(actor=request.actor, party=found, **asked),
        title="Enter a bridge letter", back=_party_url(organization, found), crumb=str(found),
        said="The letter was entered.", button="Enter it", lede=_letter_lede(found),
    )  # fmt: skip


@requires(Permission.SCOPE_CHANGE)
def change_letter(request: PageRequest, organization: str, bridge_letter: UUID) -> HttpResponse:
    """Put right what a letter says."""
    letters = BridgeLetter.objects.select_related("party__system", "report")
    found = get_object_or_404(letters, pk=bridge_letter)
    initial: dict[str, Any] = {name: getattr(found, name) for name in LETTER_FIELDS}
    return form_page(
        request, LetterForm(sent(request), party=found.party, initial=initial),
        lambda asked: services.change_letter(actor=request.actor, letter=found, **asked),
        title="Change the letter", back=_party_url(organization, found.party), crumb=str(found.party),
        said="The letter was changed.",
    )  # fmt: skip


def _letter_lede(party: Party) -> str:
    if not party.reports.exists():
        return "It carries on a report: enter that first."
    return "The statement of its management over the days after a report. It carries on a Type II only."


def _party(identifier: UUID) -> Party:
    return get_object_or_404(selectors.parties(), pk=identifier)


def _report(identifier: UUID) -> PartyReport:
    return get_object_or_404(PartyReport.objects.select_related("party__system"), pk=identifier)


def _party_url(organization: str, party: Party) -> str:
    return reverse("parties:party", args=[organization, party.pk])


def _report_url(organization: str, report: PartyReport) -> str:
    return reverse("parties:report", args=[organization, report.pk])
