"""Seen again: a look that saw the very same bytes adds a moment to what is kept, and no row.

Every such moment is in the log, in one leaf for all that a run saw again: that something was looked at, and when, is as
provable as what was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compliance.trail.actors import SYSTEM
from evidence.leaves import SIGHTINGS, sighting_members
from evidence.log.services.append import append_leaf
from evidence.models import Acceptance, Artefact, EvidenceLink, EvidenceRequirement
from evidence.services.link import link_collected

from ..base import FactKind
from ..models import Run, RunStep, Snapshot, StepState

#: Moments of one row; the next look is received as a version of its own, of the same file.
MOST = 400
#: Runs of a connection whose steps all stay.
WHOLE = 30


def seen_again(*, run: Run, kind: FactKind, sha256: str, identity: str, at: datetime) -> Snapshot | None:
    """Note a look on what it saw again. None where it has to be received: other bytes, another identity, something that was
    judged by a person (who judged what was there), or too many looks for one row."""
    newest = (
        Snapshot.objects.select_for_update(of=("self", "version__artefact")).select_related("version__artefact")
        .filter(connection=run.connection, fact_kind=kind.id).order_by("-collected_at", "-id").first()
    )  # fmt: skip
    if newest is None or newest.version.sha256 != sha256 or len(newest.again) >= MOST or newest.looks[-1] >= at:
        return None
    artefact = newest.version.artefact
    said: dict[str, Any] = newest.version.provenance
    judged = artefact.acceptance != Acceptance.RECEIVED or artefact.latest_number != newest.version.number
    if judged or said.get("identity", "") != identity or "incomplete" in said or said.get("collector_version") != kind.version:
        return None
    newest.again = [*newest.again, at]
    newest.save(update_fields=["again"])
    artefact.latest_effective_end = max(filter(None, [artefact.latest_effective_end, at]))
    artefact.save(update_fields=["latest_effective_end"])
    return newest


def log_sightings(run: Run) -> None:
    """One leaf for everything that a run saw again; none where it saw nothing again."""
    steps = run.steps.filter(same_as__isnull=False).select_related("same_as__version__artefact").order_by("position")
    # One run at a time: the last moment is this run's own.
    seen = [(step.same_as.version, step.same_as.again[-1]) for step in steps if step.same_as is not None]
    if seen:
        _link({step.same_as.version.artefact: step.fact_kind for step in steps if step.same_as is not None})
        append_leaf(kind=SIGHTINGS, subject=run.pk, artefact=None, body=sighting_members(run, seen))


def _link(seen: Mapping[Artefact, str]) -> None:
    """A requirement that was added since the artefact was received is served by it too."""
    wanting = EvidenceRequirement.objects.filter(fact_kinds__overlap=list(seen.values())).values_list("pk", "fact_kinds")
    linked = set(EvidenceLink.objects.filter(artefact__in=seen).values_list("artefact_id", "requirement_id"))
    for artefact, kind in seen.items():
        if any(kind in kinds and (artefact.pk, requirement) not in linked for requirement, kinds in wanting):
            link_collected(actor=SYSTEM, artefact=artefact, fact_kind=kind)


def let_go_of_steps(run: Run) -> None:
    """The steps of an older run that saw what had been seen before: what they saw, and when, is kept without them."""
    old = Run.objects.filter(connection=run.connection, number=run.number - WHOLE).first()
    if old is None:
        return
    gone, _ = RunStep.objects.filter(
        run=old, state=StepState.DONE, reason="", snapshot__isnull=True, same_as__isnull=False
    ).delete()  # fmt: skip
    Run.objects.filter(pk=old.pk).update(let_go=gone)
