"""Connections: made, tested, changed, paused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import changes, record

from ..base import PermissionResult, Vendor
from ..contexts import context_for
from ..models import Connection, Cursor, Health
from ..registry import vendors
from ..secrets import opened, sealed
from .guarding import refuse_retired

SHORTEST = 15
LONGEST = 31 * 24 * 60


@transaction.atomic
def create_connection(
    *, actor: Actor, vendor: str, name: str, fields: Mapping[str, str], every_minutes: int = 1440, slug: str = ""
) -> Connection:
    """Make a connection. Its plain fields are kept as they are, its secret ones sealed.

    For AWS the ExternalId is ours, made here and never chosen by the customer. Raises ValidationError by field.
    """
    known = vendors().get(vendor)
    if known is None:
        raise ValidationError({"vendor": f"No vendor is called {vendor}."})
    config, secret = _split(known, fields, whole=True)
    _refuse_faults(known, config, secret)
    if vendor == "aws":
        config["external_id"] = str(uuid4())
    connection = Connection(
        vendor=vendor, name=name.strip(), slug=slug or _free_slug(name), config=config,
        every_minutes=_cadence(every_minutes), next_run_at=_first_run(known), created_by_id=actor.membership_id,
    )
    connection.secret = sealed(connection, secret) if secret else None
    connection.full_clean(exclude=["organization", "created_by"])
    connection.save()
    record(
        actor=actor, action="evidence.connection.created", target=connection,
        after={"vendor": vendor, "name": name, "config": config, "every_minutes": every_minutes},
    )
    return connection


@transaction.atomic
def change_connection(
    *, actor: Actor, connection: Connection, name: str | None = None, fields: Mapping[str, str] | None = None,
    every_minutes: int | None = None, active: bool | None = None,
) -> Connection:
    """Change a connection. A secret field left empty keeps the one that is stored, unless it would go to another address.

    Raises ValidationError by field, and for a connection that is retired.
    """
    connection = locked(connection)
    vendor = vendors()[connection.vendor]
    config, secret = _split(vendor, fields or {}, whole=False)
    new: dict[str, Any] = {"config": {**connection.config, **config}}
    kept: dict[str, str] = {}
    if fields is not None:
        kept = _kept(vendor, connection, new["config"], secret)
        _refuse_faults(vendor, new["config"], {**kept, **secret})
    if name is not None:
        new["name"] = name.strip()
    if every_minutes is not None:
        new["every_minutes"] = _cadence(every_minutes)
    if active is not None:
        new["active"] = active
        new["health"] = Health.UNTESTED if active else Health.PAUSED
        new["next_run_at"] = _first_run(vendor) if active else None
    elsewhere = new["config"] != connection.config
    before, after = changes(connection, new)
    for field, value in new.items():
        setattr(connection, field, value)
    if secret:
        connection.secret = sealed(connection, {**kept, **secret})
        after["credentials"] = "replaced"
    if after:
        connection.full_clean(exclude=["organization", "created_by"])
        connection.save()
        record(actor=actor, action="evidence.connection.changed", target=connection, before=before, after=after)
    if elsewhere:
        _read_anew(connection)
    return connection


def locked(connection: Connection) -> Connection:
    """The connection as it is now, its row held until the transaction ends: of two changes at once the second builds on the first.

    Raises ValidationError for one that is retired: nothing is done with it any more.
    """
    connection.refresh_from_db(from_queryset=Connection.objects.select_for_update(of=("self",)))
    refuse_retired(connection)
    return connection


def _kept(
    vendor: Vendor, connection: Connection, config: Mapping[str, Any], secret: Mapping[str, str]
) -> dict[str, str]:
    """The stored secrets that stay: none goes to another address than it was written for, or whoever may change a
    connection could have it sent to a host of their own and read it there. Raises ValidationError by field."""
    stored = opened(connection)
    addresses = [field.name for field in vendor.fields if field.address]
    if not stored or all(_told(config, name) == _told(connection.config, name) for name in addresses):
        return stored
    if not secret:
        again = "Write it again: it was given for another address, and is sent to no other."
        raise ValidationError(dict.fromkeys(stored, again))
    return {}


def _told(config: Mapping[str, Any], name: str) -> str:
    return str(config.get(name) or "").rstrip("/").lower()


def _read_anew(connection: Connection) -> None:
    """It may look elsewhere now. A place in a log is a place in that one log: the next look reads another from as far back as
    its source keeps it, instead of from where the former one was left. What is told by name, a repository, stays its own."""
    logs = [kind.id for kind in vendors()[connection.vendor].kinds if kind.incremental and not kind.parts]
    Cursor.objects.filter(connection=connection, fact_kind__in=logs).delete()


def trial_of(connection: Connection) -> Callable[[], list[PermissionResult]]:
    """The vendor's test of each permission that its collectors need, ready to be called outside any transaction.

    Raises ValidationError where nothing is collected, so that there is nothing to test.
    """
    refuse_retired(connection)
    if vendors()[connection.vendor].pushed:
        raise ValidationError("There is nothing to test: nothing is collected from this source.")
    return partial(vendors()[connection.vendor].test, context_for(connection))


@transaction.atomic
def record_trial(*, actor: Actor, tried: Connection, results: list[PermissionResult]) -> Connection:
    """Remember what the test said of the connection as it was `tried`.

    Raises ValidationError where it was changed or retired meanwhile: the answers would speak of what is no longer so.
    """
    connection = Connection.objects.select_for_update(of=("self",)).get(pk=tried.pk)
    refuse_retired(connection)
    if (connection.config, _bytes(connection.secret)) != (tried.config, _bytes(tried.secret)):
        raise ValidationError("The connection was changed while it was tested. Test it again.")
    missing = [result for result in results if not result.allowed]
    connection.tested_at = now()
    connection.test_results = [asdict(result) for result in results]
    connection.health = _health_after_test(connection, results)
    connection.health_note = f"Missing: {', '.join(result.permission for result in missing)}"[:300] if missing else ""
    connection.save(update_fields=["tested_at", "test_results", "health", "health_note"])
    record(
        actor=actor, action="evidence.connection.tested", target=connection,
        after={"allowed": len(results) - len(missing), "missing": [result.permission for result in missing]},
    )
    return connection


def _bytes(sealed_secret: Any) -> bytes:
    return bytes(sealed_secret or b"")


def _health_after_test(connection: Connection, results: list[PermissionResult]) -> str:
    if not connection.active:
        return Health.PAUSED
    allowed = sum(result.allowed for result in results)
    if allowed == len(results) and results:
        return Health.OK
    return Health.DEGRADED if allowed else Health.FAILING


def _split(vendor: Vendor, fields: Mapping[str, str], *, whole: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Plain and secret fields of the vendor's form; raises ValidationError for one that is missing or unknown."""
    names = {field.name for field in vendor.fields}
    errors = {name: "This vendor has no such field." for name in fields if name not in names}
    config: dict[str, Any] = {}
    secret: dict[str, str] = {}
    for field in vendor.fields:
        value = str(fields.get(field.name, "")).strip()
        if not value:
            if field.required and whole:
                errors[field.name] = f"Enter the {field.label[:1].lower()}{field.label[1:]}."
            elif field.name in fields and not field.secret:
                config[field.name] = ""
            continue
        (secret if field.secret else config)[field.name] = value
    if errors:
        raise ValidationError(errors)
    return config, secret


def _refuse_faults(vendor: Vendor, config: Mapping[str, Any], secret: Mapping[str, str]) -> None:
    faults = vendor.faults(config, secret)
    if faults:
        raise ValidationError(faults)


def _first_run(vendor: Vendor) -> datetime | None:
    """At once; never where facts are pushed."""
    return None if vendor.pushed else now()


def _cadence(minutes: int) -> int:
    if not SHORTEST <= minutes <= LONGEST:
        raise ValidationError({"every_minutes": f"Choose between {SHORTEST} minutes and 31 days."})
    return minutes


def _free_slug(name: str) -> str:
    base = slugify(name)[:50].rstrip("-_") or "connection"
    taken = set(Connection.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := base if number == 1 else f"{base}-{number}") not in taken)
