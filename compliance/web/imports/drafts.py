"""A table that somebody brought: kept, looked at, and applied whole or not at all.

The trail is written by the room whose rows are taken in (`Intake.take`): a draft by itself changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now

from .models import ImportDraft, ImportState
from .planning import Intake, Plan, plan
from .tables import MOST_BYTES


def keep_draft(*, noun: str, name: str, content: bytes, by: str) -> ImportDraft:
    """Keep a file as a draft, in place of what the same person left lying. Raises ValidationError for a file that is
    empty or too large."""
    if not content:
        raise ValidationError({"file": "The file is empty."})
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it."})
    earlier = ImportDraft.objects.filter(noun=noun, brought_by=by[:254], state=ImportState.DRAFT)
    earlier.update(state=ImportState.DISCARDED, content=b"")
    return ImportDraft.objects.create(noun=noun, file_name=name[-255:], content=content, brought_by=by[:254])


def look(draft: ImportDraft, intake: Intake) -> Plan:
    """What a draft would do now."""
    return plan(intake, bytes(draft.content), draft.mapping)


def map_columns(draft: ImportDraft, mapping: Mapping[str, str]) -> None:
    """Say which column holds which field."""
    draft.mapping = dict(mapping)
    draft.save(update_fields=["mapping"])


@transaction.atomic
def apply_draft(*, actor: Any, draft: ImportDraft, intake: Intake, seen: str) -> tuple[Plan, bool]:
    """Apply a draft as it was looked at: the plan, and whether it was applied.

    Not applied, and nothing written, where a row has faults, nothing would change, or the registers changed meanwhile
    (`seen` is the digest of what the person saw). Raises ValidationError where the draft is applied or discarded already.
    """
    draft = open_draft(draft)
    made = look(draft, intake)
    if not made.may_apply or made.digest != seen:
        return made, False
    intake.take(actor, [*made.added, *made.changed])
    draft.report = draft.report | {"added": len(made.added), "changed": len(made.changed), "same": made.same}
    draft.state, draft.applied_at, draft.content = ImportState.APPLIED, now(), b""
    draft.save(update_fields=["report", "state", "applied_at", "content"])
    return made, True


def discard_draft(draft: ImportDraft) -> None:
    """Put a draft aside; its content goes."""
    draft = open_draft(draft)
    draft.state, draft.content = ImportState.DISCARDED, b""
    draft.save(update_fields=["state", "content"])


def open_draft(draft: ImportDraft) -> ImportDraft:
    """The draft, locked. Raises ValidationError where it is applied or discarded already."""
    draft = ImportDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state != ImportState.DRAFT:
        raise ValidationError("This file was applied or discarded already. Bring it again.")
    return draft
