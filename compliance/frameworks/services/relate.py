"""Relations of an imported mapping, between frameworks that are loaded. Ends that are not found are told, not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..intake.editions import spellings
from ..intake.library import Pair, PairSet
from ..intake.words import tail
from ..models import Crosswalk, Framework, Requirement
from ..selectors import framework_meant, relations_touching

_BATCH = 1_000
#: An imported mapping says what its author thinks; nobody here has compared it with another.
CONFIDENCE = "stated"
#: A pair with the requirements that it names.
Ends = tuple[Pair, Requirement, Requirement]


@dataclass
class Related:
    """What became of one set of mappings. `unresolved` names each mapping that was skipped, and why."""

    name: str
    loaded: int = 0
    known: int = 0
    unresolved: list[dict[str, str]] = field(default_factory=list)
    source: Framework | None = None
    target: Framework | None = None


def relate(*, actor: Actor, pairs: PairSet) -> Related:
    """Load what of a set can be resolved. A pair that is related already, in either direction, keeps its relation."""
    found, ends = _resolve(pairs)
    if found.source is None or found.target is None:
        return found
    rows, known = _rows(pairs.name, found.source, ends)
    Crosswalk.objects.bulk_create(rows, batch_size=_BATCH)
    found.loaded, found.known = len(rows), known
    after = {"mapping": pairs.name[:300], "loaded": found.loaded, "skipped": len(found.unresolved)}
    record(actor=actor, action="frameworks.crosswalk.imported", target=found.source, after=after)
    return found


def resolved(pairs: PairSet) -> Related:
    """Both frameworks, and the pairs of which an end is not there; loads nothing."""
    return _resolve(pairs)[0]


def _resolve(pairs: PairSet) -> tuple[Related, list[Ends]]:
    found = Related(pairs.name)
    ends: list[Ends] = []
    found.source, found.target = framework_meant(pairs.source_framework), framework_meant(pairs.target_framework)
    for named, framework in ((pairs.source_framework, found.source), (pairs.target_framework, found.target)):
        if framework is None:
            found.unresolved.append({"source": named, "target": "", "why": f"The framework {named} is not loaded."})
    if found.source is None or found.target is None:
        return found, []
    sources, targets = _index(found.source), _index(found.target)
    for pair in pairs.pairs:
        source, target = _find(pair.source, sources), _find(pair.target, targets)
        if source is not None and target is not None:
            ends.append((pair, source, target))
            continue
        missing = [end for end, there in ((pair.source, source), (pair.target, target)) if there is None]
        why = f"There is no requirement {' nor '.join(missing)}."
        found.unresolved.append({"source": pair.source, "target": pair.target, "why": why})
    return found, ends


def _index(framework: Framework) -> dict[str, Requirement]:
    """Requirements by what a mapping may call them: the publisher's id, the last part of it, the ref."""
    index: dict[str, Requirement] = {}
    rows = list(Requirement.objects.filter(framework=framework).only("id", "organization_id", "ref", "external_id"))
    for row in rows:
        index.setdefault(row.ref.lower(), row)
    for row in rows:
        if row.external_id:
            index.setdefault(tail(row.external_id).lower(), row)
            index[row.external_id.lower()] = row
    return index


def _find(end: str, index: Mapping[str, Requirement]) -> Requirement | None:
    if end.lower() in index:
        return index[end.lower()]
    return next((index[name] for name in spellings(tail(end)) if name in index), None)


def _rows(name: str, framework: Framework, found: list[Ends]) -> tuple[list[Crosswalk], int]:
    there = {frozenset(ends) for ends in relations_touching(framework).values_list("source_id", "target_id")}
    rows: dict[frozenset[UUID], Crosswalk] = {}
    known = 0
    for pair, source, target in found:
        ends = frozenset((source.pk, target.pk))
        if ends in there or ends in rows or source.pk == target.pk:
            known += 1
            continue
        rows[ends] = _row(pair, source, target, name)
    return list(rows.values()), known


def _row(pair: Pair, source: Requirement, target: Requirement, name: str) -> Crosswalk:
    return Crosswalk(
        source=source, source_owner_id=source.organization_id, target=target, target_owner_id=target.organization_id,
        relation=pair.relation, confidence=CONFIDENCE, sources=[name[:200], *([pair.reason[:500]] if pair.reason else [])],
    )  # fmt: skip


def take_over_relations(before: Framework, successors: Mapping[UUID, Requirement]) -> int:
    """Relations of an earlier version, for the requirements that the later one has too. Returns how many."""
    rows: dict[frozenset[UUID], Crosswalk] = {}
    for old in relations_touching(before).select_related("source", "target"):
        source, target = successors.get(old.source_id, old.source), successors.get(old.target_id, old.target)
        is_carried = old.source_id in successors or old.target_id in successors
        ends = frozenset((source.pk, target.pk))
        if not is_carried or ends in rows or len(ends) == 1:
            continue
        note = f"as for version {before.version}"
        sources = old.sources if note in old.sources else [*old.sources, note]
        rows[ends] = Crosswalk(
            source=source, source_owner_id=source.organization_id, target=target, target_owner_id=target.organization_id,
            relation=old.relation, confidence=old.confidence, sources=sources,
        )  # fmt: skip
    Crosswalk.objects.bulk_create(rows.values(), batch_size=_BATCH)
    return len(rows)
