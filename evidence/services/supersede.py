"""Saying that a newer version takes the place of an older one. Nothing is removed by it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import version_decided
from ..leaves import SUPERSESSION, told
from ..log.services.append import append_leaves
from ..models import Artefact, Supersession, Version
from .decide import refuse_all_but_another


@transaction.atomic
def supersede_version(*, actor: Actor, version: Version, by: Version, reason: str) -> Supersession:
    """A newer version of the same artefact supersedes an older one. The older stays, with what was decided of it.

    Raises PermissionDenied for whoever brought the newer one or is no member, ValidationError for an empty reason, for versions of two
    artefacts, for one that is not newer, and for what was said already.
    """
    refuse_all_but_another(actor, by)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it takes the place of the older one."})
    if by.artefact_id != version.artefact_id or by.number <= version.number:
        raise ValidationError({"by": "Choose a newer version of the same artefact."})
    artefact = Artefact.objects.select_for_update().get(pk=version.artefact_id)
    if Supersession.objects.filter(version=version, by=by).exists():
        raise ValidationError({"by": f"Version {by.number} supersedes version {version.number} already."})
    made = Supersession.objects.create(
        version=version, by=by, reason=reason.strip(), decided_by=actor.label[:254], decided_by_member_id=actor.membership_id
    )
    record(
        actor=actor, action="evidence.version.superseded", target=artefact, label=f"{artefact.ref} v{version.number}",
        after={"number": version.number, "by": by.number, "reason": made.reason},
    )  # fmt: skip
    append_leaves([told(SUPERSESSION, made)])
    announce(version_decided, artefact_id=artefact.pk)
    return made
