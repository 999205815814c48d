"""Systems that a connection saw. What the register does not know waits there, undecided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from compliance.tenancy.clock import now
from compliance.tenancy.references import next_reference
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..events import system_discovered
from ..models import Kind, System

#: What collectors call a kind, where the register has another word for it.
_KINDS = {"account": Kind.CLOUD_ACCOUNT, "app": Kind.APPLICATION, "repo": Kind.REPOSITORY}
_PLACED_ELSEWHERE = {"vendor", "environment"}


class Sighting(Protocol):
    """One system as a connection saw it."""

    @property
    def kind(self) -> str: ...
    @property
    def external_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...


@transaction.atomic
def record_discoveries(*, actor: Actor, discovered_by: str, found: Iterable[Sighting]) -> None:
    """A connection saw all of these: what is known is noted as seen again, all at once; the rest is entered undecided."""
    sightings = {(_kind(one.kind), one.external_id): one for one in found}
    ids = {external_id for _, external_id in sightings}
    again = {
        (kind, external_id): pk
        for pk, kind, external_id in System.objects.filter(external_id__in=ids).values_list("pk", "kind", "external_id")
        if (kind, external_id) in sightings
    }
    System.objects.filter(pk__in=again.values()).update(last_seen_at=now())
    for one in (one for key, one in sightings.items() if key not in again):
        record_discovery(
            actor=actor, kind=one.kind, external_id=one.external_id, name=one.name, discovered_by=discovered_by,
            detail=one.detail,
        )  # fmt: skip


@transaction.atomic
def record_discovery(
    *, actor: Actor, kind: str, external_id: str, name: str, discovered_by: str, detail: Mapping[str, Any] | None = None
) -> System:
    """A connection saw a system: enter it undecided, or note that it was seen again. Idempotent.

    Seeing again leaves no trail entry: only the first sight tells something new. `detail` is what the collector knows
    of it; `environment` and `vendor` go to their fields, the rest into the description.
    """
    known_kind = _kind(kind)
    seen = System.objects.filter(kind=known_kind, external_id=external_id).first()
    if seen is None:
        try:
            with transaction.atomic():
                return _enter(actor, known_kind, external_id, name, discovered_by, dict(detail or {}))
        except IntegrityError:  # somebody else entered it meanwhile
            seen = System.objects.get(kind=known_kind, external_id=external_id)
    seen.last_seen_at = now()
    seen.save(update_fields=["last_seen_at"])
    return seen


def _enter(
    actor: Actor, kind: Kind, external_id: str, name: str, discovered_by: str, detail: dict[str, Any]
) -> System:
    system = System.objects.create(
        ref=next_reference("SYS"), kind=kind, external_id=external_id, name=name[:200],
        vendor=_vendor(external_id, detail), environment=str(detail.get("environment") or "")[:40],
        description=_in_words(detail), discovered_by=discovered_by[:200], last_seen_at=now(),
    )  # fmt: skip
    record(
        actor=actor, action="registers.system.discovered", target=system,
        after={"kind": kind, "external_id": external_id, "name": name, "discovered_by": discovered_by},
    )  # fmt: skip
    transaction.on_commit(
        partial(
            system_discovered.send_robust, sender=System, organization_id=here().organization_id, system_id=system.pk
        )
    )
    return system


def _kind(kind: str) -> Kind:
    """The register's word; a kind that it does not know is entered as another system rather than lost."""
    if kind in _KINDS:
        return _KINDS[kind]
    return Kind(kind) if kind in Kind.values else Kind.OTHER


def _vendor(external_id: str, detail: Mapping[str, Any]) -> str:
    prefix, colon, _ = external_id.partition(":")
    return str(detail.get("vendor") or (prefix if colon and prefix.isalnum() else ""))[:120]


def _in_words(detail: Mapping[str, Any]) -> str:
    """`Region: eu-west-1. Engine: postgres.`; what is empty is left out."""
    lines = []
    for key, value in detail.items():
        if key in _PLACED_ELSEWHERE or value in (None, "", [], {}):
            continue
        if isinstance(value, bool):
            value = "yes" if value else "no"
        elif isinstance(value, list | tuple):
            value = ", ".join(str(item) for item in value)
        lines.append(f"{str(key).replace('_', ' ').capitalize()}: {value}.")
    return " ".join(lines)
