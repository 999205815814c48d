"""Asking for a pack, and making it: claimed with a lease, made in short rooms, told on its row."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.news import announce
from compliance.tenancy.rooms import here, scope
from compliance.tenancy.turns import take_turn
from compliance.trail.actors import SYSTEM, Actor
from compliance.trail.services import record
from evidence.naming import slug
from evidence.storage import store

from .events import pack_requested
from .making import Made, make, title_of
from .models import Pack, PackState
from .stored_log import EmptyLog
from .subjects import NoSubject, Subject, subject_of

log = logging.getLogger(__name__)

#: Longer than a lot of leaves with its files takes, or than keeping the finished zip.
LEASE = timedelta(minutes=10)
#: A pack whose worker died is taken up again until this long after it was asked for; then it is given up, because one that
#: brings its worker down would otherwise do so for ever.
GIVE_UP = timedelta(hours=6)
_CHUNK = 1 << 20


class LeaseLost(Exception):
    """Another worker took the pack over; whoever meets this stops without writing."""


@transaction.atomic
def request_pack(*, actor: Actor, subject: Subject) -> Pack:
    """Ask for a pack. One of the same subject that nobody has begun yet is the answer to both who asked, at once too.

    One that is under way is not: it may have passed by what came since.
    """
    take_turn(f"packs:{subject.kind}:{subject.pk}")
    waiting = Pack.objects.filter(kind=subject.kind, subject=subject.pk, state=PackState.DUE).first()
    if waiting is not None:
        return waiting
    pack = Pack.objects.create(
        kind=subject.kind,
        subject=subject.pk,
        ref=subject.ref[:200],
        title=title_of(subject)[:300],
        requested_by=actor.label[:254],
    )
    _tell(pack, "requested", actor, kind=str(subject.kind), of=subject.ref)
    announce(pack_requested, pack_id=pack.pk)
    return pack


def make_pack(*, organization_id: UUID, pack_id: UUID) -> None:
    """Make a pack unless it is made or held by another. Made twice it changes nothing; a failure is told on the row."""
    try:
        with scope(organization_id):
            pack = _claim(pack_id)
    except Organization.DoesNotExist:
        return
    if pack is None:
        return
    try:
        _make(organization_id, pack)
    except LeaseLost:
        log.warning("Pack %s was taken over by another worker.", pack_id)
    except (EmptyLog, NoSubject) as error:
        _fail(organization_id, pack, str(error))
    except Exception as error:
        log.exception("Pack %s could not be made.", pack_id)
        _fail(organization_id, pack, f"It could not be made ({type(error).__name__}). Ask for it again; if it fails again, quote pack "
                                     f"{pack.pk} to whoever runs this installation.")  # fmt: skip


def _claim(pack_id: UUID) -> Pack | None:
    """Take a pack, or None where it is done, held by another, or locked at this moment."""
    pack = Pack.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pack_id).first()
    moment = now()
    if pack is None or pack.state in {PackState.READY, PackState.FAILED} or _is_held(pack, moment):
        return None
    if pack.state == PackState.RUNNING and pack.created_at + GIVE_UP < moment:
        _finish(
            pack,
            "failed",
            state=PackState.FAILED,
            message="Its worker stopped in the middle, again and again. Ask for it anew.",
        )
        return None
    pack.state, pack.lease_until = PackState.RUNNING, moment + LEASE
    pack.save(update_fields=["state", "lease_until"])
    return pack


def _is_held(pack: Pack, moment: datetime) -> bool:
    return pack.state == PackState.RUNNING and pack.lease_until is not None and pack.lease_until >= moment


def _make(organization_id: UUID, pack: Pack) -> None:
    with scope(organization_id):
        subject = subject_of(pack.kind, pack.subject)
    with tempfile.TemporaryFile() as file:

        def beat(done: int, total: int) -> None:
            with scope(organization_id):
                _hold(pack, done, total)

        made = make(
            file,
            organization_id=organization_id,
            pack_id=pack.pk,
            subject=subject,
            actor=SYSTEM,
            made_by=pack.requested_by,
            beat=beat,
        )
        with scope(organization_id):
            _keep(pack, file, made)


def _hold(pack: Pack, done: int, total: int) -> None:
    """Say that the worker lives, and how far it is. Raises LeaseLost where the pack is another's by now."""
    until = now() + LEASE
    held = Pack.objects.filter(pk=pack.pk, state=PackState.RUNNING, lease_until=pack.lease_until)
    if not held.update(lease_until=until, items=done, total=total):
        raise LeaseLost(str(pack.pk))
    pack.lease_until = until


def _keep(pack: Pack, file: IO[bytes], made: Made) -> None:
    file.seek(0)
    sha256, size = store(_pieces(file))
    name = file_name(pack.ref)
    values = {
        "filename": name,
        "sha256": sha256,
        "size": size,
        "log_size": made.log_size,
        "items": made.leaves,
        "total": made.leaves,
    }
    _finish(pack, "made", state=PackState.READY, message="", **values)


def file_name(ref: str) -> str:
    """What the zip is called: whose, of what, of which day."""
    sample = "-sample" if here().is_sample else ""
    return f"{here().slug}{sample}-pack-{slug(ref) or 'evidence'}-{today(here().timezone):%Y-%m-%d}.zip"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _fail(organization_id: UUID, pack: Pack, message: str) -> None:
    with scope(organization_id):
        _finish(pack, "failed", state=PackState.FAILED, message=message)


def _finish(pack: Pack, what: str, **values: Any) -> None:
    """Write the end, unless the lease was lost: the time it was claimed until is its token."""
    held = Pack.objects.filter(pk=pack.pk, state=PackState.RUNNING, lease_until=pack.lease_until)
    if held.update(lease_until=None, finished_at=now(), **values) == 1:
        _tell(
            pack,
            what,
            SYSTEM,
            **{name: values[name] for name in ("filename", "sha256", "size", "message") if values.get(name)},
        )


def _tell(pack: Pack, what: str, actor: Actor, **after: Any) -> None:
    record(actor=actor, action=f"evidence_packs.pack.{what}", target=pack, label=pack.title, after=after)
