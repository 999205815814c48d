"""A file that somebody brings: kept as a draft, looked at, and then loaded whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..intake.library import Options
from ..intake.safe import MOST_BYTES
from ..models import Framework, FrameworkImport, ImportState
from .load import Loaded, load_library
from .prepare import Prepared, prepare


@transaction.atomic
def bring_file(*, actor: Actor, name: str, content: bytes, options: Mapping[str, Any] | None = None) -> FrameworkImport:
    """Keep a file as a draft. Raises ValidationError for one that is larger than any framework."""
    if len(content) > MOST_BYTES:
        raise ValidationError({"file": f"The file is larger than {MOST_BYTES // 1024 // 1024} MB."})
    if not content:
        raise ValidationError({"file": "The file is empty."})
    draft = FrameworkImport.objects.create(
        file_name=name[-255:], content=content, sha256=hashlib.sha256(content).hexdigest(), options=dict(options or {}),
        brought_by=actor.label[:254], brought_at=now(),
    )  # fmt: skip
    record(actor=actor, action="frameworks.file.brought", target=draft, after={"file": name[-255:], "sha256": draft.sha256})
    return draft


@transaction.atomic
def set_options(*, actor: Actor, draft: FrameworkImport, options: Mapping[str, Any]) -> FrameworkImport:
    """Say something else beside the file."""
    draft = _draft(draft)
    draft.options = dict(options)
    draft.save(update_fields=["options"])
    return draft


def look(draft: FrameworkImport) -> Prepared:
    """What a draft would do if it were loaded now."""
    return prepare(
        content=bytes(draft.content), name=draft.file_name, options=Options.of(draft.options),
        catalogue=_framework(draft.options.get("catalogue")), follows=_framework(draft.options.get("follows")),
    )  # fmt: skip


def _framework(pk: Any) -> Framework | None:
    return Framework.objects.filter(pk=pk).first() if pk else None


@transaction.atomic
def load_draft(*, actor: Actor, draft: FrameworkImport) -> tuple[FrameworkImport, Loaded]:
    """Load a draft. Raises ValidationError with every fault; then nothing is written."""
    draft = _draft(draft)
    prepared = look(draft)
    follows = _framework(draft.options.get("follows"))
    loaded = load_library(actor=actor, library=prepared.library, follows=follows)
    draft.report = report_of(prepared, loaded)
    draft.state, draft.loaded_at, draft.content = ImportState.LOADED, now(), b""
    draft.save()
    record(actor=actor, action="frameworks.file.loaded", target=draft, after={"file": draft.file_name})
    return draft, loaded


@transaction.atomic
def discard_draft(*, actor: Actor, draft: FrameworkImport) -> FrameworkImport:
    """Put a file aside; its content goes."""
    draft = _draft(draft)
    draft.state, draft.content = ImportState.DISCARDED, b""
    draft.save(update_fields=["state", "content"])
    record(actor=actor, action="frameworks.file.discarded", target=draft, after={"file": draft.file_name})
    return draft


def _draft(draft: FrameworkImport) -> FrameworkImport:
    draft = FrameworkImport.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state != ImportState.DRAFT:
        raise ValidationError("This file was loaded or discarded already. Bring it again.")
    return draft


def report_of(prepared: Prepared, loaded: Loaded | None) -> dict[str, Any]:
    """What became of a file, as JSON: for its row, the API and the command line alike."""
    library = prepared.library
    report: dict[str, Any] = {
        "status": "refused" if library.faults or loaded is None else "loaded" if _did(loaded) else "unchanged",
        "format": library.format, "title": library.title,
        "faults": [{"where": fault.where, "what": fault.what} for fault in library.faults], "notes": library.notes,
        "frameworks": [], "unchanged": [], "relations": [], "suggested_controls": 0,
    }  # fmt: skip
    if loaded is None:
        return report
    counts = {(each.key, each.version): each for each in library.editions}
    for name, frameworks in (("frameworks", loaded.frameworks), ("unchanged", loaded.unchanged)):
        report[name] = [
            {
                "id": str(each.pk), "key": each.key, "version": each.version, "title": each.title,
                "requirements": len(counts[each.key, each.version].entries),
                "assessable": counts[each.key, each.version].assessable,
                "points_of_focus": sum(len(row.points) for row in counts[each.key, each.version].entries),
                "follows": str(each.follows) if each.follows else None, "difference": each.difference or None,
            }
            for each in frameworks
        ]  # fmt: skip
    report["relations"] = [
        {
            "name": each.name, "loaded": each.loaded, "known": each.known, "unresolved": each.unresolved,
            "source": str(each.source.pk) if each.source else None, "target": str(each.target.pk) if each.target else None,
        }
        for each in loaded.relations
    ]  # fmt: skip
    report["suggested_controls"] = loaded.suggested
    return report


def _did(loaded: Loaded) -> bool:
    return bool(loaded.frameworks or loaded.suggested or any(each.loaded for each in loaded.relations))
