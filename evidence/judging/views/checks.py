"""Checks: the list with outcomes, and one check with the resources that it speaks of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from evidence.checks import catalogue
from evidence.checks.base import Check
from evidence.collectors.models import Connection
from evidence.collectors.registry import kind_of
from evidence.models import Artefact

from .. import selectors
from ..forms.checks import CheckFilter, ResourceFilter
from ..forms.past import ThresholdForm
from ..models import CheckState, CustomCheck
from ..selectors import NOT_JUDGED, ORDER
from ..selectors_of_exceptions import exceptions_of
from ..strips import span_of, strips
from ..thresholds import thresholds_of


@requires(Permission.EVIDENCE_VIEW)
def checks(request: PageRequest, organization: str) -> HttpResponse:
    """Every check, what fails first. The sums count what the other filters leave."""
    form = CheckFilter(request.GET, connections=_connections())
    others = {name: value for name, value in form.asked.items() if name != "outcome"}
    found = selectors.check_rows(others)
    counted = Counter(row.outcome for row in found)
    outcome = form.asked.get("outcome")
    context = {
        "filter": form, "rows": [row for row in found if not outcome or row.outcome == outcome], "asked": form.asked,
        "counts": [(name, counted[name]) for name in (*(each.value for each in ORDER), NOT_JUDGED)],
        "total": len(found),        "any": bool(form.asked), "judged": any(row.connections for row in found),
    }  # fmt: skip
    return render(request, "judging/list.html", context)


@requires(Permission.EVIDENCE_VIEW)
def check(request: PageRequest, organization: str, check_id: str) -> HttpResponse:
    """One check: what is asked and why, what it read, which resources fail, how to put it right, what was before."""
    return check_page(request, find_check(check_id))


def find_check(check_id: str) -> Check:
    """A check of the catalogue or of one's own, or 404."""
    found = catalogue.get(check_id)
    if found is None:
        raise Http404("No check is called this.")
    return found


def check_page(
    request: PageRequest, found: Check, *, threshold_form: ThresholdForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    states = selectors.states_of([found.id]).get(found.id, [])
    form = ResourceFilter(request.GET, connections=[(each.connection.slug, each.connection.name) for each in states])
    asked = form.asked
    past = request.GET.get("past") == "1"
    rows = selectors.resources_of(found.id, **asked, past=past)
    order = ("-ended_at", "-id") if past else ("resource", "id")
    held = thresholds_of(found) if found.thresholds else []
    on = today(request.organization.timezone)
    scale = span_of(selectors.period(), on)
    context: dict[str, Any] = {
        "check": found, "states": states, "filter": form, "past": past, "asked": asked,
        "page": keyset_page(rows, order=order, cursor=request.GET.get("cursor", "")),
        "counts": list(selectors.resource_counts(found.id, asked.get("connection", "")).items()),
        "requirements": list(selectors.requirements_judged_by(found.id)), "facts": _facts(found, states),
        "thresholds": held, "threshold_form": threshold_form or ThresholdForm(thresholds=held),
        "exceptions": list(exceptions_of(found.id)), "scale": scale, "today": on,
        "strips": strips(found.id, scale, on),
        "own": CustomCheck.objects.filter(slug=found.id.removeprefix(catalogue.OWN)).first() if _is_own(found) else None,
    }  # fmt: skip
    return render(request, "judging/check.html", context, status=status)


def _is_own(found: Check) -> bool:
    return found.id.startswith(catalogue.OWN)


def _facts(found: Check, states: list[CheckState]) -> list[tuple[str, str, list[Artefact]]]:
    """The fact kinds that a check reads: id, name, and the artefacts in which they are kept, by connection."""
    keys = [f"{state.connection_id}:{kind}" for state in states for kind in found.facts]
    kept: dict[str, list[Artefact]] = {kind: [] for kind in found.facts}
    for artefact in Artefact.objects.filter(collected_key__in=keys).order_by("title"):
        kept[artefact.collected_key.partition(":")[2]].append(artefact)
    return [(kind, kind_of(found.vendor, kind).title, kept[kind]) for kind in found.facts]


def _connections() -> list[tuple[str, str]]:
    return list(Connection.objects.filter(retired_at__isnull=True).order_by("name").values_list("slug", "name"))
