"""Looking over the log and the evidence that it speaks of: leaves, signed roots, rows against leaves, files against digests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from compliance.tenancy.clock import today
from compliance.tenancy.contributors import Contributors
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..leaves import DECISION, MEMBERS, SUPERSESSION, VERSION
from ..log.canonical import canonical
from ..log.inspecting import inspect_log
from ..log.models import Inspection, Leaf
from ..log.problems import Problem, Problems
from ..models import Supersession, Version, VersionDecision
from ..storage import is_whole

#: Files that one inspection reads again; the next takes the next ones, until all were read.
FILES = 50
_READ = 1000
#: What a leaf says of itself and no row holds.
_OWN = {"v", "type", "organization", "at", "entered_later"}

_ROWS: dict[str, Callable[[], QuerySet[Any]]] = {
    VERSION: lambda: Version.objects.select_related("artefact"),
    DECISION: lambda: VersionDecision.objects.select_related("version__artefact"),
    SUPERSESSION: lambda: Supersession.objects.select_related("version__artefact"),
}


#: What rooms above hold against the log, by name: each adds what does not agree and says how much it looked at.
further: Contributors[Callable[[Problems], int]] = Contributors()


@transaction.atomic
def verify_log(*, actor: Actor, all_files: bool = False) -> Inspection:
    """Compare everything, keep what was found, and write an alarm into the trail where something does not agree."""
    problems = Problems()
    size, checkpoints = inspect_log(problems)
    rows = sum(_rows(kind, problems) for kind in _ROWS) + sum(check(problems) for check in further)
    files = _files(problems, all_files)
    made = Inspection.objects.create(
        size=size, checkpoints=checkpoints, rows=rows, files=files, found=problems.found, problems=problems.plain()
    )
    action = "evidence_log.inspection.alarmed" if problems.found else "evidence_log.inspection.made"
    record(
        actor=actor, action=action, target=made, label=f"Inspection of {size} leaves",
        after={"leaves": size, "rows": rows, "files": files, "problems": problems.found, "first": list(map(str, problems.told[:3]))},
    )  # fmt: skip
    return made


def _rows(kind: str, problems: Problems) -> int:
    """Each row against its leaf, and the leaves whose row is gone; returns how many rows there are."""
    seen = 0
    for rows in _blocks(_ROWS[kind]().order_by("pk")):
        leaves = {leaf.subject: leaf for leaf in Leaf.objects.filter(kind=kind, subject__in=[row.pk for row in rows])}
        for row in rows:
            problems.take(_of_row(kind, row, leaves.get(row.pk)))
        seen += len(rows)
    gone = Leaf.objects.filter(kind=kind).exclude(subject__in=_ROWS[kind]().order_by().values("pk"))
    problems.take(_deleted(leaf) for leaf in gone.order_by("index").iterator(chunk_size=_READ))
    return seen


def _blocks(found: QuerySet[Any]) -> Iterator[Sequence[Any]]:
    block: list[Any] = []
    for row in found.iterator(chunk_size=_READ):
        block.append(row)
        if len(block) == _READ:
            yield block
            block = []
    if block:
        yield block


def _of_row(kind: str, row: Any, leaf: Leaf | None) -> Iterator[Problem]:
    version = row if kind == VERSION else row.version
    reference = f"{version.artefact.ref} v{version.number}"
    if leaf is None:
        yield Problem(f"The {kind} stands in the database and not in the log.", reference=reference)
        return
    now, logged = json.loads(canonical(MEMBERS[kind](row))), _said(leaf)
    for field in sorted(now.keys() | (logged.keys() - _OWN)):
        if now.get(field) != logged.get(field):
            yield Problem(
                f"The {kind} was changed after it was logged.", leaf.index, reference, field,
                _short(now.get(field)), _short(logged.get(field)),
            )  # fmt: skip


def _deleted(leaf: Leaf) -> Problem:
    said = _said(leaf)
    reference = f"{said.get('artefact')} v{said.get('number')}" if leaf.kind == VERSION else ""
    return Problem(f"The {leaf.kind} {leaf.subject} was deleted; the log still says what it was.", leaf.index, reference)


def _said(leaf: Leaf) -> dict[str, Any]:
    try:
        said = json.loads(leaf.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _files(problems: Problems, all_files: bool) -> int:
    """The stored bytes against the digests that they are kept under; returns how many files were read."""
    found = Version.objects.select_related("artefact").order_by("pk")
    chosen = found.iterator(chunk_size=_READ) if all_files else _of_today(found)
    read = 0
    for version in chosen:
        read += 1
        if not is_whole(version.sha256):
            leaf = Leaf.objects.filter(kind=VERSION, subject=version.pk).values_list("index", flat=True).first()
            problems.add(
                Problem("The stored file is gone, or its bytes were changed.", leaf, f"{version.artefact.ref} v{version.number}")
            )
    return read


def _of_today(found: QuerySet[Version]) -> list[Version]:
    """So many, another part each day, so that all have their turn."""
    total = found.count()
    if total <= FILES:
        return list(found)
    parts = -(-total // FILES)
    first = today().toordinal() % parts * FILES
    return list(found[first : first + FILES])
