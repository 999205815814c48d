"""A file of facts on its way: kept as a draft with what was said of it, and the columns remembered for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from compliance.web.imports.drafts import keep_draft, map_columns
from compliance.web.imports.models import ImportDraft

from ..base import FactKind
from ..models import Connection

_COLUMNS = "columns"
_LONGEST_HEAD, _MOST_HEADS = 120, 200


@dataclass(frozen=True)
class Drop:
    """What was said of a file."""

    kind: str
    as_of: datetime
    complete: bool


def dropped_file(
    *, connection: Connection, kind: FactKind, name: str, content: bytes, by: str, as_of: datetime, complete: bool
) -> ImportDraft:
    """Keep a file as a draft. Its columns are read as those of the last file of this kind were, where they have the same
    heads. Raises ValidationError for a file that is empty or too large."""
    draft = keep_draft(noun=_noun(connection.pk), name=name, content=content, by=by)
    draft.report = {"kind": kind.id, "as_of": as_of.isoformat(), "complete": complete}
    draft.save(update_fields=["report"])
    known = connection.config.get(_COLUMNS, {}).get(kind.id)
    if known:
        map_columns(draft, known)
    return draft


def drop_settings(draft: ImportDraft, connection: Connection) -> Drop | None:
    """What was said of a file that was dropped at this source; None of any other."""
    said = draft.report
    if draft.noun != _noun(connection.pk) or "kind" not in said:
        return None
    return Drop(said["kind"], datetime.fromisoformat(said["as_of"]), bool(said["complete"]))


@transaction.atomic
def remember_columns(*, connection: Connection, kind: FactKind, mapping: Mapping[str, str]) -> None:
    """Which column of a file holds which field, for the next file of this kind. What other files held stays."""
    held = Connection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
    columns = held.config.get(_COLUMNS, {})
    short = {head: name for head, name in mapping.items() if len(head) <= _LONGEST_HEAD}
    columns = {**columns, kind.id: dict(list({**columns.get(kind.id, {}), **short}.items())[-_MOST_HEADS:])}
    held.config = {**held.config, _COLUMNS: columns}
    held.save(update_fields=["config"])


def _noun(connection: UUID) -> str:
    return f"push-{connection.hex}"
