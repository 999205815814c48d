"""Which leaves a pack holds. The leaves are the truth: rows and files are put beside what they say, whole or not.

A pack holds every leaf of every artefact that shows one of its controls now, or did until somebody took it off, so that
no version can be left out. Which artefact shows which control is not in the log; what was taken off, the trail tells. So
leaves whose artefact is gone from the database are in every pack: which control they served, nobody can tell any more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, QuerySet

from compliance.tenancy.clock import now
from compliance.trail.models import Entry
from evidence.collectors.models import Run
from evidence.leaves import DECISION, MEMBERS, SIGHTINGS, SUPERSESSION, VERSION
from evidence.log.canonical import canonical
from evidence.log.models import Leaf
from evidence.models import Artefact, EvidenceLink, EvidenceRequirement, Supersession, Version, VersionDecision
from evidence.services.link import UNLINKED

from .subjects import Place

_ASKED = 2000


class At(NamedTuple):
    """One leaf in the order of a pack: the place of its control among the pack's controls, its artefact, its index."""

    place: int
    artefact: str
    leaf: int


@dataclass
class Selection:
    """Where each leaf of a pack stands. `also` names by artefact the further places that it serves, `former` those that
    were taken off again and show no control of the pack any more. `seen_until`: by artefact that a connection collected, up
    to when the leaves of the pack say everything that it saw again."""

    places: list[Place]
    order: list[At] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    also: dict[str, list[int]] = field(default_factory=dict)
    former: set[str] = field(default_factory=set)
    without_leaf: list[dict[str, Any]] = field(default_factory=list)
    seen_until: dict[str, datetime] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        """The place of what no control can be named for."""
        return len(self.places)


def select(places: list[Place], size: int) -> Selection:
    """The leaves of a pack among the first `size`, in order: by control, artefact and index."""
    found = Selection(places)
    filed: dict[UUID, tuple[int, str]] = {}
    for place, artefact, ref, title in _shown_by(places):
        if artefact in filed:
            found.also.setdefault(ref, []).append(place)
        else:
            filed[artefact] = place, ref
            found.titles[ref] = title
    for place, artefact, ref, title in _taken_off(places):
        if artefact not in filed:
            filed[artefact] = place, ref
            found.titles[ref] = title
            found.former.add(ref)
    for ids in _parts(filed):
        leaves = Leaf.objects.filter(artefact__in=ids, index__lt=size).order_by().values_list("artefact", "index")
        found.order += [
            At(*filed[artefact], index) for artefact, index in leaves.iterator(chunk_size=_ASKED) if artefact
        ]
        for connection, artefacts in _connections(ids).items():
            until = _seen_until(connection, size)
            found.order += [At(*filed[artefacts[0]], index) for index in _sightings(connection, size)]
            found.seen_until |= {filed[artefact][1]: until for artefact in artefacts}
        found.without_leaf += _unlogged(ids)
    lost = Leaf.objects.filter(index__lt=size, artefact__isnull=False)
    lost = lost.filter(~Exists(Artefact.objects.filter(pk=OuterRef("artefact"))))
    found.order += [At(found.lost, str(artefact), index) for artefact, index in lost.values_list("artefact", "index")]
    found.order.sort()
    return found


def _connections(ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The connections that collected some of these artefacts, each with what it collected."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    keys = Artefact.objects.filter(pk__in=ids).exclude(collected_key="").order_by("ref").values_list("collected_key", "pk")
    for key, artefact in keys:
        with suppress(ValueError):  # what is filed by another key is of no connection
            found[UUID(key.partition(":")[0])].append(artefact)
    return found


def _sightings(connection: UUID, size: int) -> Iterator[int]:
    """The leaves in which the runs of a connection said what they saw again."""
    runs = Run.objects.filter(connection=connection).order_by().values("pk")
    leaves = Leaf.objects.filter(kind=SIGHTINGS, subject__in=runs, index__lt=size).order_by("index")
    return leaves.values_list("index", flat=True).iterator(chunk_size=_ASKED)


def _seen_until(connection: UUID, size: int) -> datetime:
    """Up to when the first `size` leaves say all that a connection saw again: a run says so at its end, and one that is under
    way, or ended since, has noted moments that no leaf of the pack can know."""
    said = Leaf.objects.filter(kind=SIGHTINGS, subject=OuterRef("pk"), index__lt=size)
    unsaid = Run.objects.filter(connection=connection, steps__same_as__isnull=False).exclude(Exists(said))
    return min(filter(None, [now(), unsaid.aggregate(begins=Min("started_at"))["begins"]]))


def _shown_by(places: list[Place]) -> Iterator[tuple[int, UUID, str, str]]:
    """(place, artefact, its reference, its title) in the order of the places."""
    order = {place.control_id: number for number, place in enumerate(places)}
    links: list[tuple[int, str, UUID, str]] = []
    for ids in _parts(order):
        rows = EvidenceLink.objects.filter(requirement__control__in=ids).order_by().values_list(
            "requirement__control_id", "artefact__ref", "artefact_id", "artefact__title"
        ).distinct()  # fmt: skip
        links += [
            (order[control], ref, artefact, title) for control, ref, artefact, title in rows.iterator(chunk_size=_ASKED)
        ]
    return ((place, artefact, ref, title) for place, ref, artefact, title in sorted(links))


def _taken_off(places: list[Place]) -> Iterator[tuple[int, UUID, str, str]]:
    """Like `_shown_by`: what showed one of the controls until somebody took it off. The trail, which only grows, knows."""
    gone = Entry.objects.filter(action=UNLINKED, target_id__isnull=False).order_by("id").values_list("target_id", "before__requirement")
    taken = [(artefact, str(ref)) for artefact, ref in gone.iterator(chunk_size=_ASKED) if artefact]
    if not taken:
        return
    order = {place.control_id: number for number, place in enumerate(places)}
    asked: dict[str, int] = {}
    for ids in _parts(order):
        rows = EvidenceRequirement.objects.filter(control__in=ids).order_by().values_list("ref", "control_id")
        asked |= {ref: order[control] for ref, control in rows.iterator(chunk_size=_ASKED)}
    artefacts = Artefact.objects.in_bulk({artefact for artefact, ref in taken if ref in asked})
    for artefact, ref in taken:
        if ref in asked and artefact in artefacts:
            yield asked[ref], artefact, artefacts[artefact].ref, artefacts[artefact].title


def _parts(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """Ids in lots that one query can name."""
    waiting = iter(ids)
    while part := list(islice(waiting, _ASKED)):
        yield part


def rows_of(kind: str) -> QuerySet[Any]:
    """The rows that leaves of a type speak of, with what they are written from."""
    if kind == VERSION:
        return Version.objects.select_related("artefact")
    model = VersionDecision if kind == DECISION else Supersession
    return model._default_manager.select_related("version__artefact")


def _unlogged(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Rows of the artefacts that the log knows nothing of."""
    found = []
    for kind, field_ in (
        (VERSION, "artefact__in"),
        (DECISION, "version__artefact__in"),
        (SUPERSESSION, "version__artefact__in"),
    ):
        rows = (
            rows_of(kind)
            .filter(**{field_: ids})
            .filter(~Exists(Leaf.objects.filter(subject=OuterRef("pk"), kind=kind)))
        )
        found += [members(kind, row) for row in rows.order_by("pk")]
    return found


def members(kind: str, row: Any) -> dict[str, Any]:
    """A row as its leaf would say it, with numbers as canonical JSON has them."""
    said: dict[str, Any] = json.loads(canonical(MEMBERS[kind](row)))
    return said


def read_lot(lot: Sequence[At]) -> tuple[dict[int, Leaf], dict[UUID, Any]]:
    """The leaves of some places by index, and the rows that they speak of by id."""
    leaves = {leaf.index: leaf for leaf in Leaf.objects.filter(index__in=[at.leaf for at in lot])}
    rows: dict[UUID, Any] = {}
    for kind in {leaf.kind for leaf in leaves.values()}:
        if kind in MEMBERS:
            rows.update(rows_of(kind).in_bulk([leaf.subject for leaf in leaves.values() if leaf.kind == kind]))
    return leaves, rows
