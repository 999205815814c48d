"""Readiness of a programme: D, the buckets, the percentage, controls assessed. floor(100 · ready / D), never averaged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from compliance.frameworks.models import Requirement
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from controls.models import Control, Design, Implementation, Mapping
from controls.reach import Reach
from evidence.coverage.terms import period_of
from evidence.models import Acceptance, EvidenceLink, EvidenceRequirement, Freshness, Source
from evidence.populations.speaking import Speaking
from gaps.models import Gap, GapControl, GapState

from .covered import Covered
from .requirements import Facts, Judged, Left, State, judge


class Controls:
    """What is known of every control of the room, read once for all programmes."""

    def __init__(self) -> None:
        grave, self._left = _grave_gaps()
        self.facts = _facts(grave)
        self.reach = Reach()
        self._covered = Covered()
        self._speaking = Speaking()
        self._beside: dict[UUID, dict[UUID, list[str]]] = {}
        self.mapped: dict[UUID, list[UUID]] = defaultdict(list)
        self._once_mapped: dict[UUID, list[UUID]] = defaultdict(list)
        for requirement_id, control_id in Mapping.objects.values_list("requirement_id", "control_id"):
            if control_id in self.facts:
                self.mapped[requirement_id].append(control_id)
            elif control_id in self._left:
                self._once_mapped[requirement_id].append(control_id)
        used = Control.objects.exclude(implementation=Implementation.RETIRED)
        self.assessed = set(used.filter(standing__assessed=True).values_list("pk", flat=True))
        self.checked = set(used.filter(standing__checks__gt=0).values_list("pk", flat=True))

    def facts_in(self, programme: Programme, control_id: UUID) -> Facts:
        """What is known of a control, with the intervals and the populations of this programme's own period."""
        sums = self._covered.of(programme).by_control.get(control_id, Counter())
        return replace(
            self.facts[control_id], filled=sums["filled"] + sums["late"], missed=sums["missed"],
            unknown_intervals=sums["unknown"], intervals_expected=bool(sums),
            beside=tuple(self._beside_of(programme).get(control_id, ())),
        )  # fmt: skip

    def left_of(self, programme: Programme, requirement_id: UUID) -> list[Left]:
        """What retired controls of a requirement have left: gaps of the days on which they were in use."""
        return [self._left[id] for id in self._once_mapped.get(requirement_id, ()) if self.reach.counts(id, programme)]

    def _beside_of(self, programme: Programme) -> dict[UUID, list[str]]:
        """By control, the populations of which nothing that is confirmed speaks of the programme's days."""
        if programme.pk not in self._beside:
            period = period_of(programme)
            self._beside[programme.pk] = self._speaking.beside(period.span) if period else {}
        return self._beside[programme.pk]

    def covered(self, programme: Programme) -> dict[str, int]:
        """Evidence requirements with intervals in a programme's period, those without a hole, those that lost one for good."""
        return self._covered.of(programme).requirements


def readiness(programme: Programme, controls: Controls) -> dict[str, Any]:
    """One programme's figures, with every requirement's state and reasons behind them."""
    rows, in_scope = [], set()
    for requirement in requirements_in_scope(programme):
        ids = [id for id in controls.mapped[requirement.pk] if controls.reach.counts(id, programme)]
        in_scope.update(ids)
        judged: Judged = judge(
            [controls.facts_in(programme, id) for id in ids], controls.left_of(programme, requirement.pk)
        )
        rows.append({
            "id": str(requirement.pk), "ref": requirement.ref, "title": requirement.title,
            "series": requirement.series or requirement.theme or requirement.ref.split(".")[0],
            "state": judged.state.value, "reasons": list(judged.reasons),
            "part": part_of(programme, requirement.ref),
            "judged": "manual" if ids and not controls.checked.intersection(ids) else "",
        })
    buckets = Counter(row["state"] for row in rows)
    d, ready = len(rows), buckets[State.READY.value]
    return {
        "id": str(programme.pk), "name": programme.name, "kind": programme.kind, "framework": programme.framework.short_title,
        "d": d, "ready": ready, "percent": _percent(ready, d, programme),
        "on_track": _percent(ready + buckets[State.NOT_YET_DUE.value], d, programme),
        "buckets": {state.value: buckets[state.value] for state in State}, "apart": _apart(rows),
        "controls": len(in_scope), "assessed": len(in_scope & controls.assessed), "requirements": rows,
        "coverage": controls.covered(programme),
    }


def part_of(programme: Programme, ref: str) -> str:
    """Whether a requirement of a management system standard is one of its clauses or a control of its annex, which are
    shown apart (definitions, Readiness); empty for other programmes."""
    if not programme.has_annex:
        return ""
    return "clauses" if ref[:1].isdigit() else "annex"


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """D and what of it is ready, part by part; they add up to the whole. Empty where nothing is shown apart."""
    parts = dict.fromkeys(row["part"] for row in rows if row["part"])
    return [
        {
            "part": part, "d": sum(row["part"] == part for row in rows),
            "ready": sum(row["part"] == part and row["state"] == State.READY for row in rows),
        }
        for part in parts
    ]  # fmt: skip


def _percent(part: int, d: int, programme: Programme) -> int | None:
    """A whole percentage, rounded down; none where D is 0 or not all clauses of the framework are loaded."""
    return None if d == 0 or not programme.framework.all_clauses_loaded else 100 * part // d


def _grave_gaps() -> tuple[dict[UUID, tuple[str, ...]], dict[UUID, Left]]:
    """By control, its critical and significant gaps that are not closed, by rank; and those of retired controls once more,
    with their names. One query."""
    grave: dict[UUID, list[str]] = defaultdict(list)
    retired: dict[UUID, str] = {}
    open_gaps = GapControl.objects.exclude(gap__state=GapState.CLOSED).order_by("gap__rank")
    names = ("control_id", "control__ref", "control__implementation", "gap__ref", "gap__severity", "gap__severity_override")
    for control_id, name, state, ref, *severities in open_gaps.values_list(*names):
        # The graver of the computed one and a person's: an override hides nothing.
        if {"critical", "significant"} & set(severities):
            grave[control_id].append(ref)
            if state == Implementation.RETIRED:
                retired[control_id] = name
    found = {control_id: tuple(refs) for control_id, refs in grave.items()}
    return found, {control_id: Left(name, found[control_id]) for control_id, name in retired.items()}


def _facts(grave: dict[UUID, tuple[str, ...]]) -> dict[UUID, Facts]:
    by_control: dict[UUID, list[EvidenceRequirement]] = defaultdict(list)
    for requirement in EvidenceRequirement.objects.order_by("ref"):
        by_control[requirement.control_id].append(requirement)
    approved = set(
        EvidenceLink.objects.filter(artefact__acceptance=Acceptance.APPROVED).values_list("requirement_id", flat=True)
    )
    controls = Control.objects.exclude(implementation=Implementation.RETIRED).select_related("standing")
    return {control.pk: _of(control, by_control[control.pk], approved, grave.get(control.pk, ())) for control in controls}


def _of(control: Control, requirements: list[EvidenceRequirement], approved: set[UUID], grave: tuple[str, ...]) -> Facts:
    standing = getattr(control, "standing", None)
    operation = standing.operation if standing else "not_observed"
    fresh = [r for r in requirements if r.freshness in {Freshness.CURRENT, Freshness.DUE_SOON}]
    return Facts(
        ref=control.ref, implemented=control.implementation == Implementation.IMPLEMENTED, key=control.key,
        recorded=control.implementation != Implementation.PLANNED or bool(fresh),
        missing=tuple(standing.missing) if standing else ("standing",),
        design_suitable=control.design == Design.SUITABLE,
        design_by_another=control.design_by_id is not None and control.design_by_id != control.owner_id,
        operation=operation,
        stale=tuple(r.ref for r in requirements if r.freshness in {Freshness.STALE, Freshness.MISSING}),
        not_due=tuple(r.ref for r in requirements if r.freshness == Freshness.NOT_YET_DUE),
        # What a collector brings is judged by its checks (docs/decisions/0004); a person's evidence waits for another person.
        unapproved=tuple(r.ref for r in fresh if r.source == Source.PERSON and r.pk not in approved),
        sampled=control.tested_by_sample, population_confirmed=control.population_confirmed_at is not None, grave_gaps=grave,
    )


def gap_counts() -> dict[str, int]:
    """Open gaps by severity in force."""
    found: Counter[str] = Counter(
        override or severity
        for severity, override in Gap.objects.exclude(state=GapState.CLOSED).values_list("severity", "severity_override")
    )
    return {severity: found[severity] for severity in ("critical", "significant", "minor")}


def titles_of(refs: Iterable[str], framework_ids: Iterable[Any]) -> dict[Any, dict[str, str]]:
    """By framework, what its groups are called, by reference. One query."""
    groups = Requirement.objects.filter(framework_id__in=list(framework_ids), assessable=False, ref__in=list(refs))
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    for framework, ref, title in groups.order_by("framework_id", "position").values_list("framework_id", "ref", "title"):
        found[framework].setdefault(ref, title)
    return found
