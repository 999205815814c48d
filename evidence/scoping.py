"""What this floor knows that the rules of scope ask: what was collected from, what a system costs, what a category has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from compliance.registers.models import Kind, System
from compliance.scoping.above import Support, named
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.models import Implementation, Mapping

from .cadence import local_day, parse
from .intervals import blocks
from .models import EvidenceRequirement

YEAR = timedelta(days=364)
#: Fact kinds that speak of each system of a kind, by the vendor that tells of it.
_SPEAK_OF: dict[tuple[str, str], tuple[str, ...]] = {
    ("aws", Kind.DATABASE): ("aws.rds.", "aws.dynamodb."),
    ("aws", Kind.CLOUD_ACCOUNT): ("aws.",),
    ("github", Kind.CODE_HOST): ("github.org", "github.members", "github.outside_collaborators"),
    ("github", Kind.REPOSITORY): ("github.repositor", "github.branch_rules", "github.merged_pull_requests"),
    ("okta", Kind.IDENTITY_PROVIDER): ("okta.",),
    ("okta", Kind.APPLICATION): ("okta.app",),
}


def collected(systems: Sequence[System]) -> dict[UUID, date]:
    """The last day on which evidence was collected from each: by a connection that reads it, or for a control naming it."""
    zone = ZoneInfo(here().timezone)
    found = {each.pk: local_day(each.last_seen_at, zone) for each in systems if each.last_seen_at}
    naming = named.ask(systems) or {}
    refs = {ref for those in naming.values() for ref in those}
    if not refs:
        return found
    shown: dict[str, date] = {}
    rows = EvidenceRequirement.objects.filter(control__ref__in=refs, effective_end__isnull=False)
    for ref, end in rows.values_list("control__ref", "effective_end"):
        if end is not None:
            shown[ref] = max(shown.get(ref, date.min), local_day(end, zone))
    for system, those in naming.items():
        days = [shown[ref] for ref in those if ref in shown] + ([found[system]] if system in found else [])
        if days:
            found[system] = max(days)
    return found


def added(systems: Sequence[System]) -> dict[UUID, int]:
    """In how many intervals of the coming year evidence of each system is expected: of controls that name it, and of
    requirements whose fact kinds speak of each system of its kind. What follows events has no intervals."""
    asked = list(
        EvidenceRequirement.objects.exclude(control__implementation=Implementation.RETIRED)
        .values_list("pk", "control__ref", "cadence", "fact_kinds")
    )  # fmt: skip
    numbers = {cadence: _in_a_year(cadence) for cadence in {row[2] for row in asked}}
    by_ref: dict[str, dict[UUID, int]] = defaultdict(dict)
    by_kind: dict[tuple[str, str], dict[UUID, int]] = {key: {} for key in _SPEAK_OF}
    for pk, ref, cadence, kinds in asked:
        by_ref[ref][pk] = numbers[cadence]
        for key, beginnings in _SPEAK_OF.items():
            if any(kind.startswith(beginnings) for kind in kinds):
                by_kind[key][pk] = numbers[cadence]
    naming = named.ask(systems) or {}
    return {each.pk: _sum(by_kind.get((each.vendor.lower(), each.kind), {}), by_ref, naming.get(each.pk, ())) for each in systems}


def supported(programme: Programme) -> dict[str, Support]:
    """By category chosen: its criteria in scope, and those of which no control in use has ever shown evidence."""
    asked = list(requirements_in_scope(programme).values_list("pk", "ref", "category"))
    shown = EvidenceRequirement.objects.filter(effective_end__isnull=False).exclude(
        control__implementation=Implementation.RETIRED
    )
    having = set(
        Mapping.objects.filter(requirement__in=[pk for pk, _, _ in asked], control__in=shown.values("control"))
        .order_by().values_list("requirement_id", flat=True)
    )  # fmt: skip
    return {
        category: Support(
            sum(of == category.replace("_", "-") for _, _, of in asked),
            tuple(ref for pk, ref, of in asked if of == category.replace("_", "-") and pk not in having),
        )
        for category in programme.categories
    }  # fmt: skip


def _in_a_year(cadence: str) -> int:
    start = today(here().timezone)
    return sum(block.expected for block in blocks(period=(start, start + YEAR), cadence=parse(cadence)))


def _sum(of_kind: dict[UUID, int], by_ref: dict[str, dict[UUID, int]], refs: Iterable[str]) -> int:
    """Each requirement once, for whichever reason it is asked."""
    asked = dict(of_kind)
    for ref in refs:
        asked |= by_ref.get(ref, {})
    return sum(asked.values())
