"""Adopting the starter set with what each of its controls must show, and what is chosen of it before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from compliance.frameworks.catalogue import CatalogueError
from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from controls.models import AdoptionDraft, Control
from controls.services.adopt import adopt_controls
from controls.starter.reading import Evidence

from ..checks import catalogue
from ..thresholds import faults
from .require import add_requirements

SET = "soc2-iso27001"


@transaction.atomic
def adopt_starter_set(*, actor: Actor, **chosen: Any) -> list[Control]:
    """Adopt controls (see `controls.services.adopt.adopt_controls`) and their evidence requirements; returns the controls."""
    starter, controls = adopt_controls(actor=actor, **chosen)
    wanted = [
        (control, _fields(evidence)) for control in controls for evidence in starter.by_ref[control.starter_key].evidence
    ]
    add_requirements(actor=actor, wanted=wanted)
    return controls


def keep_draft(*, actor: Actor, choices: Mapping[str, Any]) -> None:
    """Keep what is chosen so far. The trail tells of the adoption, not of the way to it."""
    AdoptionDraft.objects.update_or_create(
        name=SET, defaults={"choices": choices, "saved_by": actor.label[:254], "saved_at": now()}
    )


def drop_draft(*, actor: Actor) -> None:
    """Throw away what was chosen; nothing was adopted of it."""
    AdoptionDraft.objects.filter(name=SET).delete()


def _fields(evidence: Evidence) -> dict[str, Any]:
    """A requirement's fields. Checks of vendors that this version does not judge are left out: nothing would judge them.

    Raises CatalogueError where the set states a threshold that its check does not have.
    """
    checks = [check for check in evidence.checks if catalogue.get(check) is not None]
    thresholds = {check: dict(stated) for check, stated in evidence.thresholds.items() if check in checks}
    if wrong := faults(thresholds):
        raise CatalogueError(SET, wrong)
    return {
        "key": evidence.key, "title": evidence.title, "artefact": evidence.artefact, "format": evidence.format,
        "cadence": evidence.cadence, "source": evidence.source, "span": evidence.span, "checks": checks,
        "kind": evidence.kind, "items": list(evidence.items), "naming": evidence.naming, "steps": list(evidence.steps),
        "template": evidence.template, "population_template": evidence.population_template, "thresholds": thresholds,
    }
