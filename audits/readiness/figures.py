"""The dashboard's figures, computed as a job and kept in one row."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.db import transaction

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from controls.models import Control, Implementation
from evidence.models import Artefact, EvidenceRequirement, Freshness
from gaps.models import Gap, GapState

from .closed import keep_closed
from .models import Figures, FiguresDay
from .programme import Controls, gap_counts, readiness, titles_of


@transaction.atomic
def rebuild_figures() -> Figures:
    """Compute all figures of the room and keep them; the day's headline is kept too, so that change can be told, and what
    was last computed of a programme that has been closed since."""
    known = Controls()
    keep_closed(known)
    figures = _figures(known)
    row, _ = Figures.objects.update_or_create(defaults={"figures": figures, "computed_at": now()}, organization_id=here().organization_id)
    FiguresDay.objects.update_or_create(
        organization_id=here().organization_id, day=today(here().timezone), defaults={"figures": _headline(figures)}
    )
    return row


def figures_of_room() -> Figures | None:
    """The row, or None before the first rebuild."""
    return Figures.objects.filter(organization_id=here().organization_id).defer("summary", "drawing").first()


def _figures(known: Controls) -> dict[str, Any]:
    programmes = Programme.objects.filter(closed_at__isnull=True).select_related("framework").order_by("created_at")
    live = Control.objects.exclude(implementation=Implementation.RETIRED)
    areas = _by_area()
    named = {row["area"] for row in areas}
    titles = titles_of(named, [each.framework_id for each in programmes])
    any_of = {ref: title for own in reversed(titles.values()) for ref, title in own.items()}  # a gap may bear on another alone
    return {
        "programmes": [
            {**readiness(each, known), "titles": any_of | titles.get(each.framework_id, {})} for each in programmes
        ],
        "controls": {"total": live.count(), "assessed": len(known.assessed)},
        "evidence": _evidence(),
        "gaps": {**gap_counts(), "by_area": areas},
        "lamps": _lamps(),
    }


def _evidence() -> dict[str, int]:
    """`collected` and `total` as decisions, 22: of requirements; `artefacts` is what is stored."""
    found = Counter(EvidenceRequirement.objects.exclude(control__implementation=Implementation.RETIRED).values_list("freshness", flat=True))
    counts = {state.value: found[state.value] for state in Freshness}
    counts["collected"] = counts["current"] + counts["due_soon"] + counts["stale"]
    counts["total"] = counts["collected"] + counts["missing"]
    counts["requirements"] = sum(found.values())
    counts["artefacts"] = Artefact.objects.filter(latest_number__gt=0).count()
    return counts


def _by_area() -> list[dict[str, Any]]:
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Gap.objects.exclude(state=GapState.CLOSED).values_list("area", "severity", "severity_override")
    for area, severity, override in rows:
        areas[area or "Other"][override or severity] += 1
    listed = [{"area": area, **{s: count[s] for s in ("critical", "significant", "minor")}, "open": sum(count.values())}
              for area, count in areas.items()]
    return sorted(listed, key=lambda row: (-row["critical"], -row["significant"], -row["minor"], row["area"]))


def _lamps() -> list[dict[str, str]]:
    """One small mark per control, by area: the worst of what evidence, checks and gaps say."""
    controls = Control.objects.exclude(implementation=Implementation.RETIRED).select_related("standing").order_by("area", "ref")
    return [
        {"id": str(control.pk), "ref": control.ref, "title": control.title, "area": control.area, "state": _lamp(control)}
        for control in controls
    ]


def _lamp(control: Control) -> str:
    standing = getattr(control, "standing", None)
    if standing is None:
        return "missing"
    if standing.operation in {"fail", "unknown", "excepted"}:
        return str(standing.operation)
    if standing.evidence in {"missing", "stale"}:
        return str(standing.evidence)
    if standing.evidence == "not_yet_due":
        return "tocome"
    if standing.operation != "pass":  # nothing shows yet that it operates, however new its evidence is
        return "not_observed"
    return "due" if standing.evidence == "due_soon" else "pass"


def _headline(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "programmes": [{"id": p["id"], "percent": p["percent"], "ready": p["ready"], "d": p["d"]} for p in figures["programmes"]],
        "evidence": {name: figures["evidence"][name] for name in ("current", "due_soon", "stale", "missing")},
        "gaps": {name: figures["gaps"][name] for name in ("critical", "significant", "minor")},
    }
