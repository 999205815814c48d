"""Reading the register. What is not closed has a rank from 1 to n, so its number needs no count."""

from __future__ import annotations

from collections.abc import Mapping as Values
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from compliance.people.models import Membership
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from compliance.trail.models import Entry
from compliance.trail.selectors import entries
from controls.selectors import NOBODY

from .models import Gap, GapControl, GapState, Occurrence, Severity

STANDING = (GapState.OPEN, GapState.IN_PROGRESS)
#: Orders for pages by key; none of their fields is null in the rows that they are used for.
BY_RANK = ("rank", "ref")
LATEST_CLOSED = ("-closed_at", "-id")
NEWEST = ("-id",)


def gaps() -> QuerySet[Gap]:
    """Every gap with what its row shows."""
    return Gap.objects.select_related("owner", "control", "connection")


#: What a row of the register is shown with, and no more.
_ROW = (
    "organization_id", "ref", "title", "severity", "severity_override", "rank", "reasons", "criteria", "state", "due_date",
    "closed_at", "closing_note", "reopened_times", "owner__organization_id", "owner__name", "owner__ended_at",
    "control__organization_id", "control__ref",
)  # fmt: skip


def in_rows(found: QuerySet[Gap], *more: str) -> QuerySet[Gap]:
    """The same gaps, with what the register shows, the fields `more`, and nothing else."""
    return found.select_related(None).select_related("owner", "control").only(*_ROW, *more)


def open_gaps() -> QuerySet[Gap]:
    """What is not closed, what fails an audit first before the rest."""
    return gaps().filter(state__in=STANDING).order_by(*BY_RANK)


def open_count() -> int:
    """How many are not closed: the last rank, from the index, however many there are."""
    last = [
        Gap.objects.filter(state=state, rank__isnull=False).order_by("-rank").values_list("rank", flat=True)[:1]
        for state in STANDING
    ]
    return max((rank or 0 for rank in last[0].union(last[1], all=True)), default=0)


def severities_of_open() -> dict[str, int]:
    """How many open gaps are in each severity that is in force."""
    inside = Case(When(severity_override="", then=F("severity")), default=F("severity_override"), output_field=CharField())
    found = Gap.objects.filter(state__in=STANDING).annotate(in_force=inside).order_by()
    counted = dict(found.values_list("in_force").annotate(number=Count("pk")))
    return {severity.value: counted.get(severity.value, 0) for severity in Severity}


def gaps_matching(asked: Values[str, str]) -> QuerySet[Gap]:
    """Gaps that fit the filters q, severity, state, area, owner, rule, overdue, control and criterion.

    Without a state: what is not closed. An owner or control that nobody has fits nothing.
    """
    found = _in_state(gaps(), asked.get("state", ""))
    if severity := asked.get("severity"):
        found = found.filter(Q(severity_override=severity) | Q(severity_override="", severity=severity))
    if text := asked.get("q", "").strip():
        found = found.filter(Q(ref__istartswith=text) | Q(title__icontains=text) | Q(cause__icontains=text))
    if owner := asked.get("owner"):
        found = found.filter(owner__isnull=True) if owner == NOBODY else found.filter(owner=UUID(owner))
    for name in ("area", "rule"):
        if value := asked.get(name):
            found = found.filter(**{name: value})
    if asked.get("overdue"):
        found = found.filter(due_date__lt=today(here().timezone), state__in=STANDING)
    if criterion := asked.get("criterion"):
        found = found.filter(criteria__contains=[criterion])
    if control := asked.get("control"):
        bearing = GapControl.objects.filter(control__ref__iexact=control).values("gap_id")
        found = found.filter(pk__in=bearing)
    return found


def order_for(asked: Values[str, str]) -> tuple[str, ...]:
    """In which order the matching gaps are paged: by rank where all have one."""
    return {"closed": LATEST_CLOSED, "all": NEWEST}.get(asked.get("state", ""), BY_RANK)


def _in_state(found: QuerySet[Gap], state: str) -> QuerySet[Gap]:
    if state == "all":
        return found
    return found.filter(state=state) if state in GapState.values else found.filter(state__in=STANDING)


def areas() -> list[str]:
    """The areas that gaps were ever found in."""
    found = Gap.objects.exclude(area="").order_by("area").values_list("area", flat=True)
    return list(found.distinct())


def owners() -> QuerySet[Membership]:
    """Those who own a gap, by name; those who have left too, because the register still says so."""
    owning = Gap.objects.filter(owner__isnull=False).order_by().values("owner_id")
    return Membership.objects.filter(pk__in=owning).only("organization_id", "name").order_by("name")


def occurrences_of(gap: Gap, *, gone: bool = False) -> QuerySet[Occurrence]:
    """The resources of a gap: those that still show it, or those that did."""
    return Occurrence.objects.filter(gap=gap, gone_at__isnull=not gone)


def controls_of(gap: Gap) -> QuerySet[GapControl]:
    """The controls that a gap bears on, with owner and standing, the one that the most rests on first."""
    first = Case(When(control_id=gap.control_id, then=Value(0)), default=Value(1))
    found = GapControl.objects.filter(gap=gap).select_related("control__owner", "control__standing")
    return found.order_by(first, "control__ref")


def neighbours(gap: Gap) -> list[Gap]:
    """The gap ranked just before and the one just after."""
    if gap.rank is None:
        return []
    return list(Gap.objects.filter(rank__in=[gap.rank - 1, gap.rank + 1], state__in=STANDING).order_by("rank"))


def history(gap: Gap) -> QuerySet[Entry]:
    """What was done about a gap, newest first."""
    return entries(target=gap.pk).filter(target_type=Gap._meta.label_lower)
