"""The keys that sign: made when first needed, changed by hand."""

from __future__ import annotations

from base64 import b64decode, b64encode

from django.db import connection, transaction

from compliance.tenancy.rooms import here
from compliance.tenancy.sealing import open_sealed, seal
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import LogKey
from ..notes import Signer, new_signer
from ..selectors import log_keys, origin


@transaction.atomic
def rotate_key(*, actor: Actor) -> LogKey:
    """A new key signs from here on. What earlier ones signed still verifies under them."""
    signer = new_signer(origin())
    key = LogKey.objects.create(
        name=signer.name, public=signer.verifier.public, made_by=actor.label[:254],
        sealed=seal(b64encode(signer.private).decode(), belongs_to=_belonging()),
    )  # fmt: skip
    record(
        actor=actor, action="evidence_log.key.made", target=key, label=f"Log key {signer.verifier.key_id.hex()}",
        after={"verifier": str(signer.verifier)},
    )  # fmt: skip
    return key


def signing_key(*, actor: Actor) -> tuple[LogKey, Signer]:
    """The key that signs now, with its private half; the first is made here. Raises CannotOpen (compliance/tenancy/sealing)."""
    key = log_keys().first() or rotate_key(actor=actor)
    return key, Signer(key.name, b64decode(open_sealed(key.sealed, belongs_to=_belonging())))


def one_signer_at_a_time() -> None:
    """Wait until nobody else signs the room's log or makes its key; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [origin()])


def _belonging() -> str:
    return f"{here().organization_id}:log"
