"""Runs: the list, and one of them live."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.keyset import keyset_page

from .. import selectors
from ..forms import RunFilter
from ..models import Connection, Run, RunState
from ..registry import kind_of, vendors
from ..running import shown_step, troubles_of

_CALLS_SHOWN = 200


@requires(Permission.CONNECTION_VIEW)
def runs(request: PageRequest, organization: str) -> HttpResponse:
    """Every run, newest first."""
    names = list(Connection.objects.order_by("name").values_list("slug", "name"))
    form = RunFilter(request.GET, connections=names)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in ("connection", "outcome")}
    page = keyset_page(selectors.runs_matching(**asked), order=("-id",), cursor=request.GET.get("cursor", ""))
    return render(request, "collectors/runs.html", {"filter": form, "page": page, "any": any(asked.values())})


@requires(Permission.CONNECTION_VIEW)
def run(request: PageRequest, organization: str, run: UUID) -> HttpResponse:
    """One run, step by step; while it is under way the page asks again every two seconds. `?at=` shows the calls."""
    found = get_object_or_404(selectors.runs(), pk=run)
    steps = [shown_step(step, found.connection.vendor) for step in selectors.steps_of(found)]
    context: dict[str, Any] = {
        "run": found, "vendor": vendors().get(found.connection.vendor), "steps": steps,
        "rows": sum(each.step.rows for each in steps), "calls_made": sum(each.step.calls for each in steps),
        "troubles": troubles_of(steps), "live": found.state != RunState.FINISHED, "at": request.GET.get("at", ""),
        **_beside(request, found),
    }  # fmt: skip
    fragment = request.htmx and request.htmx.target == "run"  # type: ignore[attr-defined]
    return render(request, "collectors/_run.html" if fragment else "collectors/run.html", context)


def _beside(request: PageRequest, run: Run) -> dict[str, Any]:
    """The step whose calls lie beside the list; of a push, which has one of its own, what became of that."""
    kind = request.GET.get("at", "") or (run.kinds[0] if run.is_pushed and run.kinds else "")
    if not kind:
        return {}
    step = selectors.steps_of(run).defer(None).filter(fact_kind=kind).first()
    if step is None:
        raise Http404("This run has no such step.")
    title = kind_of(run.connection.vendor, kind).title
    return {
        "step": step,
        "step_title": title,
        "calls": step.log[:_CALLS_SHOWN],
        "snapshot": getattr(step, "snapshot", None), "same_as": step.same_as,
    }
