"""A framework as an OSCAL catalogue. Ids and uuids follow from the framework alone, so that two exports agree."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ..catalogue import NAMESPACE
from ..models import Framework, PointOfFocus, Requirement
from . import metadata, prop, pruned
from .tokens import prefix_of, tokens


def document_uuid(kind: str, *of: object) -> str:
    """The uuid of a document about something: the same each time."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(["oscal", kind, *map(str, of)])))


def control_ids(framework: Framework, requirements: Sequence[Requirement]) -> Mapping[str, str]:
    """The OSCAL id of each requirement, by its primary key."""
    named = ((str(row.pk), row.ref, row.external_id) for row in requirements)
    return tokens(named, prefix=prefix_of(framework.key))


def catalog(
    framework: Framework, requirements: Sequence[Requirement], points: Sequence[PointOfFocus] = (), *, moment: str
) -> dict[str, Any]:
    """The catalogue document. `requirements` are all of the framework's, in order; `points` their guidance."""
    ids = control_ids(framework, requirements)
    below: dict[Any, list[Requirement]] = {}
    for row in requirements:
        below.setdefault(row.parent_id, []).append(row)
    guidance: dict[Any, list[PointOfFocus]] = {}
    for point in points:
        guidance.setdefault(point.requirement_id, []).append(point)
    writer = _Writer(ids, below, guidance)
    props = [
        prop("key", framework.key), prop("short-title", framework.short_title),
        prop("complete", str(framework.all_clauses_loaded).lower()),
    ]  # fmt: skip
    head = metadata(
        title=framework.title, version=framework.version, moment=moment, props=props, remarks=framework.licence_note
    )
    if framework.publisher:
        party = document_uuid("party", framework.publisher)
        head["parties"] = [{"uuid": party, "type": "organization", "name": framework.publisher}]
    return {
        "catalog": {"uuid": document_uuid("catalog", framework.pk), "metadata": head, **writer.under(None, top=True)}
    }


class _Writer:
    """Groups are rows that only group and stand below none but groups; all others are controls.

    A group holds groups or controls, never both: where rows of the two kinds stand together all become controls.
    """

    def __init__(
        self, ids: Mapping[str, str], below: Mapping[Any, list[Requirement]], guidance: Mapping[Any, list[PointOfFocus]]
    ) -> None:
        self.ids, self.below, self.guidance = ids, below, guidance

    def under(self, parent: Any, *, top: bool) -> dict[str, Any]:
        rows = self.below.get(parent, [])
        grouping = [row for row in rows if top and not row.assessable and row.pk in self.below]
        if parent is not None and len(grouping) != len(rows):
            grouping = []
        groups = [self._row(row, is_group=True) for row in grouping]
        controls = [self._row(row, is_group=False) for row in rows if row not in grouping]
        return pruned({"groups": groups, "controls": controls})

    def _row(self, row: Requirement, *, is_group: bool) -> dict[str, Any]:
        id = self.ids[str(row.pk)]
        kept = {name: value for name, value in row.attributes.items() if name != "guidance"}
        props = [
            {"name": "label", "value": row.ref},
            *([{"name": "status", "value": "withdrawn"}] if row.attributes.get("withdrawn") else []),
            prop("assessable", str(row.assessable).lower()), prop("position", row.position),
            *(prop(name, value) for name in ("level", "category", "series", "theme") if (value := getattr(row, name))),
            *([prop("frequency", json.dumps(row.frequency))] if row.frequency else []),
            *([prop("attributes", json.dumps(kept))] if kept else []),
        ]  # fmt: skip
        return pruned({
            "id": id, "title": row.title, "props": props, "parts": self._parts(row, id),
            **self.under(row.pk, top=is_group),
        })  # fmt: skip

    def _parts(self, row: Requirement, id: str) -> list[dict[str, Any]]:
        parts = [{"id": f"{id}_smt", "name": "statement", "prose": row.text}]
        if text := row.attributes.get("guidance"):
            parts.append({"id": f"{id}_gdn", "name": "guidance", "prose": str(text)})
        for number, point in enumerate(self.guidance.get(row.pk, []), 1):
            parts.append({
                "id": f"{id}_pof.{number}", "name": "guidance", "class": "point-of-focus", "title": point.ref,
                "prose": point.text,
            })  # fmt: skip
        return parts
