"""The page of a control: what it says, why it is not ready, what it meets, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import may, requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.programmes.selectors import open_programmes
from compliance.tenancy.clock import today
from compliance.trail.selectors import entries
from compliance.trail.wording import changes_of, deed

from .. import selectors
from ..compensating import compensates, compensations_of
from ..forms import DesignForm, MappingForm, PopulationForm
from ..forms_of_reach import CompensationForm
from ..history import versions_of
from ..models import Control, DesignConclusion
from ..operating import retired_days
from ..owning import answerable_for
from ..populations import populations_kept
from ..reasons import why_not_ready
from ..strips import period_of, strip_of
from .matrix import evidence_counts

_HISTORY = 12
#: Conclusions on the design before the present one that the page shows; the history has all.
_CONCLUSIONS = 4
#: As many systems and relations as are named on the page.
_NAMED = 30


@requires(Permission.CONTROL_VIEW)
def control(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """One control."""
    return control_page(request, find(control))


def find(pk: UUID) -> Control:
    """A control of this room, or 404."""
    return get_object_or_404(selectors.control_with_all(pk))


def control_page(request: PageRequest, control: Control, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    standing = getattr(control, "standing", None)
    period = period_of(open_programmes())
    mapped = list(selectors.mappings_of(control))
    day = today(request.organization.timezone)
    context: dict[str, Any] = {
        "control": control, "standing": standing, "reasons": why_not_ready(control, standing),
        "mappings": mapped, "evidence_counts": evidence_counts(control),
        "period": period, "strip": strip_of(standing, period), "today": day,
        "history": _history(control), "is_owner": control.owner_id == request.membership.pk,
        "answered": _answered(request, control),
        "mapping_form": MappingForm(initial={"framework": mapped[0].requirement.framework_id if mapped else None}),
        "design_form": DesignForm(), "population_form": PopulationForm(),
        "compensation_form": CompensationForm(initial={"starts_on": day}), **_beside(control),
    }  # fmt: skip
    return render(request, "controls/control.html", context | forms, status=status)


def _answered(request: PageRequest, control: Control) -> str:
    """Why the reader may not confirm the population, as it follows "You"; empty where they may, or there is nothing to confirm."""
    if not (control.tested_by_sample and control.population and may(request, Permission.CONTROL_CONCLUDE)):
        return ""
    return answerable_for(control).get(request.membership.pk, "")


def _beside(control: Control) -> dict[str, Any]:
    """What hangs on a control: its version, where it applies, what stands in for it, how its design was seen before."""
    concluded = list(DesignConclusion.objects.filter(control=control).select_related("version")[: _CONCLUSIONS + 1])
    return {
        "version": versions_of(control).first(), "populations_kept": populations_kept(control.pk),
        "systems": list(selectors.systems_of(control)[: _NAMED + 1]),
        "services": list(selectors.services_of(control)), "named": _NAMED,
        "compensations": list(compensations_of(control)[:_NAMED]), "compensates": list(compensates(control)[:_NAMED]),
        "retired_on": retired_days([control]).get(control.pk),
        "concluded_before": concluded if control.design == "not_assessed" else concluded[1:],
    }  # fmt: skip


def _history(control: Control) -> list[dict[str, Any]]:
    """The last entries of the trail about a control, in words."""
    found = entries(target=control.pk)[:_HISTORY]
    return [{"entry": each, "deed": deed(each.action), "changes": changes_of(each)} for each in found]
