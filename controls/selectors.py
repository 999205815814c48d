"""Reading controls. Each returns a queryset with what its rows are shown with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Mapping as Values
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OrderBy, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from compliance.frameworks.models import Requirement
from compliance.people.models import Membership
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope

from .models import Control, ControlService, Frequency, Implementation, Mapping
from .reach import applies_to, applies_to_service, services_of, systems_of

__all__ = [
    "FRESHNESS", "NOBODY", "OVERDUE", "applies_to", "applies_to_service", "control_with_all", "controls",
    "controls_in_rows", "controls_matching", "controls_remaining", "mappings_of", "owners", "requirements_without_control",
    "services_of", "sorted_controls", "systems_of",
]  # fmt: skip
NOBODY = "none"
#: Evidence that asks for something now.
OVERDUE = ("stale", "missing")
_OPERATION = ("fail", "unknown", "excepted", "not_observed", "pass")
FRESHNESS = ("missing", "stale", "due_soon", "not_yet_due", "event_driven", "current")
_DESIGN = ("unsuitable", "not_assessed", "suitable")


def controls() -> QuerySet[Control]:
    """Every control with its owner and its standing, by reference."""
    return Control.objects.select_related("owner", "standing").order_by("ref")


#: What a row of the matrix is shown with, and no more: a thousand statements are not read to show fifty titles.
_ROW = (
    "ref", "title", "frequency", "design", "owner__name", "standing__evidence", "standing__operation", "standing__coverage",
    "standing__last_evidence_at", "standing__open_gaps", "standing__worst_gap", "standing__top_gap_ref", "standing__top_gap_id",
)  # fmt: skip


def controls_in_rows(refs: Collection[str], reads: Iterable[str] = ()) -> QuerySet[Control]:
    """Controls by their references, with what every row of the matrix shows, the fields `reads`, and nothing else."""
    return (
        controls()
        .filter(ref__in=refs)
        .only("organization_id", "owner__organization_id", "standing__organization_id", *_ROW, *reads)
    )


def control_with_all(pk: UUID) -> QuerySet[Control]:
    """One control with all that its page says of it."""
    return Control.objects.select_related("owner", "standing", "design_by").filter(pk=pk)


def controls_matching(asked: Values[str, str]) -> QuerySet[Control]:
    """Controls that fit the matrix' filters: q, owner, operation, evidence, implementation, assessed, gaps, missing, and
    system and service by reference: those that name the system, those that apply to the service.

    Retired ones are left out unless they are asked for. An owner that is no id of anybody fits nothing.
    """
    found = Control.objects.all()
    if asked.get("implementation"):
        found = found.filter(implementation=asked["implementation"])
    else:
        found = found.exclude(implementation=Implementation.RETIRED)
    if text := asked.get("q", "").strip():
        found = found.filter(Q(ref__istartswith=text) | Q(title__icontains=text) | Q(statement__icontains=text))
    if owner := asked.get("owner"):
        found = found.filter(owner__isnull=True) if owner == NOBODY else found.filter(owner=UUID(owner))
    if system := asked.get("system"):
        found = found.filter(system_links__system__ref=system)
    if service := asked.get("service"):
        named = ControlService.objects.filter(control=OuterRef("pk"))
        found = found.filter(~Exists(named) | Exists(named.filter(service__ref=service)))
    return _standing_as(found, asked)


def _standing_as(found: QuerySet[Control], asked: Values[str, str]) -> QuerySet[Control]:
    """Filters on what the floors above wrote. A control without a standing has shown nothing yet."""
    if operation := asked.get("operation"):
        fits = Q(standing__operation=operation)
        found = found.filter(fits | Q(standing__isnull=True) if operation == "not_observed" else fits)
    if evidence := asked.get("evidence"):
        wanted = OVERDUE if evidence == "overdue" else (evidence,)
        fits = Q(standing__evidence__in=wanted)
        found = found.filter(fits | Q(standing__isnull=True) if "missing" in wanted else fits)
    if assessed := asked.get("assessed"):
        fits = Q(standing__assessed=True)
        found = found.filter(fits if assessed == "yes" else ~fits)
    if asked.get("gaps"):
        found = found.filter(standing__open_gaps__gt=0)
    if asked.get("missing"):
        found = found.filter(standing__missing__contains=[asked["missing"]])
    return found


def sorted_controls(found: QuerySet[Control], by: str) -> QuerySet[Control]:
    """In the order that a column head asks for; `-` turns it round. What is unknown to it comes last."""
    name = by.removeprefix("-")
    if name not in _ORDERS:
        return found.order_by("ref")
    return found.order_by(OrderBy(_ORDERS[name], descending=by.startswith("-"), nulls_last=True), "ref")


def _rank(field: str, values: tuple[object, ...]) -> Case:
    whens = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*whens, default=Value(None), output_field=IntegerField())


#: The worst first, for states; the most first, for gaps; the longest ago first, for what has a day.
_ORDERS: dict[str, Any] = {
    "ref": F("ref"),
    "owner": F("owner__name"),
    "cadence": _rank("frequency", tuple(Frequency.values)),
    "design": _rank("design", _DESIGN),
    "operation": _rank("standing__operation", _OPERATION),
    "evidence": _rank("standing__evidence", FRESHNESS),
    "last": F("standing__last_evidence_at"),
    "review": F("standing__last_review_at"),
    "key": _rank("key", (True, False)),
    "implementation": _rank("implementation", tuple(Implementation.values)),
    "starts": F("starts_on"),
    "area": NullIf(F("area"), Value("")),
    "gaps": Coalesce(F("standing__open_gaps"), Value(0)) * Value(-1),
}


def mappings_of(control: Control) -> QuerySet[Mapping]:
    """What a control is mapped to, framework by framework, in the publisher's order."""
    found = Mapping.objects.filter(control=control).select_related("requirement__framework")
    return found.order_by("requirement__framework__short_title", "requirement__position")


def owners() -> QuerySet[Membership]:
    """Those who own a control, by name; ended memberships too, because their controls still say so."""
    owning = Control.objects.filter(owner__isnull=False).order_by().values("owner_id")
    return Membership.objects.filter(pk__in=owning).only("organization_id", "name").order_by("name")


def controls_remaining(lack: str = "", *, role: str = "", area: str = "") -> QuerySet[Control]:
    """Controls of which something is not said yet, retired ones left out: `lack` is owner, start, or either of them."""
    found = controls().exclude(implementation=Implementation.RETIRED)
    without = {"owner": Q(owner__isnull=True), "start": Q(starts_on__isnull=True)}
    found = found.filter(without.get(lack, without["owner"] | without["start"]))
    if role:
        found = found.filter(owner_role=role)
    return found.filter(area=area) if area else found


def requirements_without_control(programme: Programme) -> QuerySet[Requirement]:
    """What a programme asks that no control which counts in it is mapped to, retired ones left out."""
    mapped = Mapping.objects.filter(applies_to(programme, "control")).exclude(
        control__implementation=Implementation.RETIRED
    )
    return requirements_in_scope(programme).exclude(pk__in=mapped.values("requirement"))
