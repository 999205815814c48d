"""What carries over to a programme: the share with the list behind it, and deciding on what is proposed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.frameworks.models import Requirement
from compliance.frameworks.sources import in_words
from compliance.people.requests import PageRequest
from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes, programmes, shows_percentage
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent

from ...models import Control
from .. import selectors
from ..forms import SHOWN, DismissForm, chosen_parts
from ..models import Dismissal
from ..proposals import Carried, Proposal, shares_of
from ..services import deciding as services

_ROWS = 40


@requires(Permission.CONTROL_VIEW)
def overview(request: PageRequest, organization: str) -> HttpResponse:
    """Every programme under way; each leads to what carries over to it."""
    page = Paginator(open_programmes(), _ROWS).get_page(request.GET.get("page"))
    return render(request, "crosswalk/overview.html", {"page": page})


def _figures(programme: Programme, found: list[Carried]) -> dict[str, Any]:
    shares = shares_of(found)
    percent = shares.percent if shows_percentage(programme) else lambda number: None
    return {
        "shares": shares, "confirmed_percent": percent(shares.confirmed), "proposed_percent": percent(shares.proposed),
    }  # fmt: skip


@requires(Permission.CONTROL_VIEW)
def carried(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """What is asked, requirement by requirement, with the controls that count and those that are proposed."""
    found = get_object_or_404(programmes(), pk=programme)
    return _page(request, found)


def _page(request: PageRequest, programme: Programme, *, errors: dict[str, Any] | None = None) -> HttpResponse:
    rows = selectors.carried_to(programme)
    show = request.GET.get("show", "")
    show = show if show in dict(SHOWN) else ""
    page = Paginator([each for each in rows if show in ("", each.stands)], _ROWS).get_page(request.GET.get("page"))
    deciding = may(request, Permission.CONTROL_CHANGE) and programme.closed_at is None
    kept = request.POST if errors else {}
    context = {
        "programme_shown": programme, "page": page, "show": show, "shown": SHOWN, "may_decide": deciding,
        "rows": [_row(each, kept, errors or {}) for each in page.object_list], "refused": errors,
        "dismissed": list(selectors.dismissals(programme)[:100]), **_figures(programme, rows),
    }  # fmt: skip
    return render(request, "crosswalk/carried.html", context, status=422 if errors else 200)


def _row(each: Carried, kept: Any, errors: dict[str, Any]) -> dict[str, Any]:
    return {
        "requirement": each.requirement, "stands": each.stands, "confirmed": each.confirmed,
        "proposals": [_proposal(proposal, kept, errors) for proposal in each.proposals],
    }  # fmt: skip


def _proposal(proposal: Proposal, kept: Any, errors: dict[str, Any]) -> dict[str, Any]:
    key = services.key_of(proposal.pair)
    ticked = kept.getlist("pair") if hasattr(kept, "getlist") else []
    return {
        "control": proposal.control, "key": key, "is_proposed": proposal.is_proposed, "ticked": key in ticked,
        "part": kept.get(f"part_{key}", proposal.part), "error": " ".join(errors.get(key, [])),
        "via": [{"via": via, "sources": ", ".join(in_words(via.sources))} for via in proposal.via],
    }  # fmt: skip


@require_POST
@requires(Permission.CONTROL_CHANGE)
def confirm(request: PageRequest, organization: str, programme: UUID) -> HttpResponse:
    """Confirm the ticked proposals, each with its part."""
    found = get_object_or_404(programmes(), pk=programme)
    parts = chosen_parts(request.POST, request.POST.getlist("pair"))
    if not parts:
        return _page(request, found, errors={"": ["Nothing is ticked. Tick what you confirm."]})
    try:
        confirmed = services.confirm_proposals(actor=request.actor, programme=found, parts=parts)
    except ValidationError as refused:
        return _page(request, found, errors=refused.message_dict)
    told = "One mapping is confirmed and counts" if len(confirmed) == 1 else f"{len(confirmed)} mappings are confirmed and count"
    messages.success(request, f"{told} from now on.")
    query = request.GET.urlencode()
    address = reverse("crosswalk:carried", args=[organization, found.pk])
    return redirect(f"{address}?{query}" if query else address)


@requires(Permission.CONTROL_CHANGE)
def dismiss(request: PageRequest, organization: str, programme: UUID, control: UUID, requirement: UUID) -> HttpResponse:
    """Say that a control does not meet a requirement for which it is proposed, and why."""
    found = get_object_or_404(programmes(), pk=programme)
    proposed = get_object_or_404(Control, pk=control)
    row = get_object_or_404(Requirement, pk=requirement)
    form = DismissForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.dismiss_proposals(
                actor=request.actor, programme=found, pairs=[(proposed.pk, row.pk)], reason=form.cleaned_data["reason"]
            )
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"{proposed.ref} is not proposed for {row.ref} any more. The reason is kept.")
            return redirect("crosswalk:carried", organization, found.pk)
    context = {"form": form, "programme_shown": found, "control": proposed, "requirement": row}
    return render(request, "crosswalk/dismiss.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.CONTROL_CHANGE)
def restore(request: PageRequest, organization: str, programme: UUID, dismissal: UUID) -> HttpResponse:
    """Take a dismissal back."""
    found = get_object_or_404(programmes(), pk=programme)
    dismissed = get_object_or_404(Dismissal.objects.select_related("control", "requirement"), pk=dismissal)
    try:
        services.restore_proposal(actor=request.actor, programme=found, dismissal=dismissed)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"{dismissed.control.ref} may be proposed for {dismissed.requirement.ref} again.")
    return redirect("crosswalk:carried", organization, found.pk)
