"""The entries of a pack, read in short rooms: a lot of leaves at a time, and their files once the room is left."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.collectors.selectors import moments_again
from evidence.leaves import MEMBERS, VERSION
from evidence.log.models import Leaf
from evidence.log.services.append import moment_text
from evidence.models import VersionDecision
from evidence.naming import filed_path
from evidence.storage import open_at, path_of

from .selection import At, Selection, members, read_lot
from .writing import Entry

#: Leaves in a lot: with their rows they are some megabytes.
LOT = 200


def entries(organization_id: UUID, selection: Selection, beat: Callable[[int], None]) -> Iterator[Entry]:
    """Every leaf of a selection, in its order. `beat` is told before each lot how many are done."""
    for first in range(0, len(selection.order), LOT):
        beat(first)
        with scope(organization_id) as room:
            made = _lot(selection, selection.order[first : first + LOT], room.timezone)
        yield from made


def organization_named(organization_id: UUID) -> dict[str, Any]:
    """The organisation as a pack names it."""
    held = Organization.objects.get(pk=organization_id)
    return {
        "id": str(held.pk),
        "name": held.name,
        "slug": held.slug,
        "timezone": held.timezone,
        "sample": held.is_sample,
    }


def _lot(selection: Selection, lot: Sequence[At], timezone: str) -> list[Entry]:
    leaves, rows = read_lot(lot)
    decided = _decided([leaf.subject for leaf in leaves.values() if leaf.kind == VERSION])
    again = moments_again([leaf.subject for leaf in leaves.values() if leaf.kind == VERSION])
    return [_entry(selection, at, leaves[at.leaf], rows, decided, again, timezone) for at in lot if at.leaf in leaves]


def _entry(
    selection: Selection,
    at: At,
    leaf: Leaf,
    rows: dict[UUID, Any],
    decided: dict[UUID, list[dict[str, str]]],
    again: dict[UUID, list[datetime]],
    timezone: str,
) -> Entry:
    row = members(leaf.kind, rows[leaf.subject]) if leaf.subject in rows else None
    body, kind = leaf.body.encode(), leaf.kind if leaf.kind in MEMBERS else "other"
    if kind != VERSION:
        return Entry(leaf.index, kind, body, row)
    said = _said(leaf.body) or row or {}
    places, seen = selection.also.get(at.artefact, []), _again(selection, at, again.get(leaf.subject, []))
    shown = {
        "place": at.place, "title": _titled(selection, at.artefact), "decisions": decided.get(leaf.subject, []),
        "is_gone": row is None, "again": _counted(seen),
    }  # fmt: skip
    return Entry(
        leaf.index, kind, body, row, path=_path(selection, at, said, timezone), size=_whole(said.get("size")),
        open=_opener(str(said.get("sha256"))), shown=shown,
        filed=_filed(selection, places) | seen,
    )  # fmt: skip


def _titled(selection: Selection, artefact: str) -> str:
    title = selection.titles.get(artefact, "")
    return f"{title} (taken off this control again)" if artefact in selection.former else title


def _again(selection: Selection, at: At, moments: Sequence[datetime]) -> dict[str, Any]:
    """When, by the database, the very bytes of a version were seen again, up to when the leaves of the pack tell of all of
    them: a verifier holds one against the other. Empty for what nobody collects."""
    until = selection.seen_until.get(at.artefact)
    if until is None:
        return {}
    return {"again": {"until": moment_text(until), "at": [moment_text(each) for each in moments if each < until]}}


def _counted(seen: dict[str, Any]) -> list[Any]:
    """How often the very bytes were seen again, and when last; empty where they were not."""
    moments = seen["again"]["at"] if seen else []
    return [len(moments), moments[-1]] if moments else []


def _said(body: str) -> dict[str, Any] | None:
    """What a leaf says; None where somebody made its bytes say nothing."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _path(selection: Selection, at: At, said: dict[str, Any], timezone: str) -> str:
    place = selection.places[at.place] if at.place < selection.lost else None
    return filed_path(
        criterion=place.criterion if place else "", control=place.control if place else "", artefact=str(said.get("artefact") or "EV"),
        number=_whole(said.get("number")), day=_day(said.get("effective_end"), timezone), title=selection.titles.get(at.artefact, ""),
        extension=PurePosixPath(str(said.get("filename") or "")).suffix,
    )  # fmt: skip


def _filed(selection: Selection, also: Sequence[int]) -> dict[str, Any]:
    """The further controls that a file serves in the pack."""
    return {"also": [selection.places[each].control for each in also]} if also else {}


def _day(moment: Any, timezone: str) -> date:
    try:
        return datetime.fromisoformat(str(moment)).astimezone(ZoneInfo(timezone)).date()
    except ValueError:
        return date.min


def _whole(number: Any) -> int:
    return number if isinstance(number, int) and number >= 0 else 0


def _opener(sha256: str) -> Callable[[], IO[bytes]] | None:
    """Opens what was received, wherever the row points to by now; its address is made out while the room is open."""
    return partial(open_at, path_of(sha256)) if re.fullmatch("[0-9a-f]{64}", sha256) else None


def _decided(versions: Sequence[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """What was decided of versions, in words for the index."""
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for made in VersionDecision.objects.filter(version__in=versions).order_by("id"):
        found[made.version_id].append({
            "what": made.get_acceptance_display(), "by": made.decided_by, "at": made.decided_at.isoformat(), "why": made.reason,
        })  # fmt: skip
    return found
