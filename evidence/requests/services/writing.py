"""What every change of a request has in common: it waits its turn, and is told in order."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.models import Version

from ..models import Ask, AskEvent, AskState


class NotNowError(ValidationError):
    """The request is in another state than this needs."""


def locked(ask: Ask) -> Ask:
    """The request as it stands, kept from others until the transaction ends."""
    found = Ask.objects.select_for_update(of=("self",)).select_related("requirement__control", "member", "version__artefact")
    return found.get(pk=ask.pk)


def turn(
    *, actor: Actor, ask: Ask, state: AskState, kind: str, text: str = "", version: Version | None = None, reason: str = ""
) -> None:
    """Bring a request into a state, and tell it: in its own history and in the trail."""
    before = {"state": ask.state}
    ask.state, ask.reason = state.value, reason
    ask.settled_at = now() if state in (AskState.ACCEPTED, AskState.WITHDRAWN) else None
    if version is not None:
        ask.version = version
    ask.save(update_fields=["state", "reason", "settled_at", "version"])
    tell(actor=actor, ask=ask, kind=kind, text=text, version=version)
    told = {"state": ask.state} | ({"reason": text} if text else {}) | ({"sha256": version.sha256} if version else {})
    record(actor=actor, action=f"evidence_requests.ask.{kind}", target=ask, before=before, after=told)


def tell(*, actor: Actor, ask: Ask, kind: str, text: str = "", version: Version | None = None) -> None:
    """Add to the request's history."""
    AskEvent.objects.create(ask=ask, kind=kind, by=actor.label[:254], text=text, version=version)
