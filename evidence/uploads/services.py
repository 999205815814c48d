"""An upload from its first part to the version that it becomes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.tenancy.turns import take_turn
from compliance.trail.actors import Actor
from compliance.trail.services import record

from .. import storage
from ..models import Artefact, EvidenceRequirement, Version
from ..reading import lint
from ..reading.services import answer_finding, keep_findings
from ..services.hand_in import hand_in_artefact, hand_in_version
from ..services.provide import provenance_of, provide_evidence
from .joining import Checked, Whole
from .models import Upload, UploadPart, UploadState

#: How long an upload waits for its next part, or to be handed in; and for a check whose process died.
_PATIENCE, _CHECK = timedelta(hours=48), timedelta(minutes=5)
#: A stored part without its row is stray from then on: before that its request may still be under way.
_STRAY = timedelta(hours=2)
_MOST_UNDER_WAY = 500
_SPOOL = 1024 * 1024
_ONE_PERSON = "Whoever began an upload goes on with it: who brought a file may not approve it."
UNDER_WAY = (UploadState.OPEN, UploadState.CHECKING, UploadState.HELD)


class TooManyPartsError(Exception):
    """The organisation sent as much as it may in an hour. The message says so."""


def is_open_to(member: Membership | None, upload: Upload) -> bool:
    """Who may go on with an upload: whoever began it; where no member did, who provides evidence for all.

    Nobody else: who brought a file is who may not approve it, and that has to be one person.
    """
    if member is None:
        return False
    return member.pk == upload.member_id if upload.member_id else member.may(Permission.EVIDENCE_PROVIDE)


def may_be_dropped_by(member: Membership | None, upload: Upload) -> bool:
    """Who may take an upload away: whoever may go on with it, and who provides evidence for all."""
    return is_open_to(member, upload) or (member is not None and member.may(Permission.EVIDENCE_PROVIDE))


@transaction.atomic
def begin_upload(
    *, actor: Actor, filename: str, size: int, member: Membership | None, requirement: EvidenceRequirement | None = None
) -> Upload:
    """Begin to bring a file of `size` bytes. Raises ValidationError under `size` or `filename`."""
    name = filename.replace("\0", "").replace("\\", "/").rpartition("/")[2].strip()[-255:]
    if not name:
        raise ValidationError({"filename": "A file has a name."})
    if not 0 < size <= settings.UPLOAD_IN_PARTS_MAX_BYTES:
        most = settings.UPLOAD_IN_PARTS_MAX_BYTES // 1024 // 1024
        raise ValidationError({"size": "The file is empty." if size <= 0 else f"The file is larger than {most} MB."})
    take_turn("uploads")  # two that begin at once count each other
    pending = Upload.objects.filter(state__in=UNDER_WAY)
    if pending.count() >= _MOST_UNDER_WAY or (pending.aggregate(n=Sum("size"))["n"] or 0) + size > settings.UPLOAD_QUOTA_BYTES:
        raise ValidationError({"size": "Too much is under way already. Hand in or take away what waits, then go on."})
    upload = Upload.objects.create(
        filename=name, size=size, requirement=requirement, member=member, begun_by=actor.label[:254], expires_at=now() + _PATIENCE
    )
    record(actor=actor, action="uploads.upload.begun", target=upload, after={"filename": name, "size": size})
    return upload


@transaction.atomic
def take_part(*, actor: Actor, upload: Upload, number: int, content: IO[bytes], sha256: str) -> UploadPart:
    """Take in one part, read in pieces. The same part again takes its own place. A part is no news for the trail.

    Raises ValidationError for one that is not what it was said to be, TooManyPartsError over the hour's allowance.
    """
    _count_part()
    upload = _locked(upload)
    if upload.state != UploadState.OPEN:
        raise ValidationError("It has all its parts already.")
    expected = upload.size_of(number)
    if not expected:
        raise ValidationError({"number": f"There are parts 1 to {upload.part_count}."})
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
        told = _copied(content, spool, expected)
        if told != sha256.lower():
            raise ValidationError({"sha256": "What arrived is not what was sent. Send this part again."})
        spool.seek(0)
        former = UploadPart.objects.filter(upload=upload, number=number).first()
        path = storage.part_path(upload.pk, number, told)
        storage.store_part(path, spool)
    if former is not None and former.sha256 != told:
        gone = storage.part_path(upload.pk, number, former.sha256)
        transaction.on_commit(lambda: storage.forget_parts([gone]))
    part, _ = UploadPart.objects.update_or_create(upload=upload, number=number, defaults={"size": expected, "sha256": told})
    upload.expires_at = now() + _PATIENCE
    upload.save(update_fields=["expires_at"])
    return part


def _copied(content: IO[bytes], into: IO[bytes], expected: int) -> str:
    """Copy exactly so many bytes; their digest. Raises ValidationError for fewer or more."""
    digest, size = hashlib.sha256(), 0
    while size <= expected and (piece := content.read(min(64 * 1024, expected + 1 - size) or 1)):
        digest.update(piece)
        into.write(piece)
        size += len(piece)
    if size != expected:
        raise ValidationError({"size": f"This part has {expected} bytes; other than so many arrived. Send it again."})
    return digest.hexdigest()


def _count_part() -> None:
    key = f"upload-parts:{here().organization_id}:{now():%Y%m%d%H}"
    cache.add(key, 0, 7200)
    if cache.incr(key) > settings.UPLOAD_PARTS_PER_HOUR:
        raise TooManyPartsError("This organisation has sent as much as it may in one hour. Go on in the next.")


def missing_parts(upload: Upload) -> list[int]:
    """The numbers of the parts that are not here yet."""
    here_already = set(upload.parts.values_list("number", flat=True))
    return [number for number in range(1, upload.part_count + 1) if number not in here_already]


@transaction.atomic
def begin_check(*, actor: Actor, upload: Upload) -> list[tuple[str, int]]:
    """All parts are here: from now on the file is being checked. Where its parts lie, in order.

    Raises ValidationError while parts are missing, or while another check is under way.
    """
    upload = _locked(upload)
    dead = upload.state == UploadState.CHECKING and upload.checked_at and upload.checked_at < now() - _CHECK
    if upload.state != UploadState.OPEN and not dead:
        raise ValidationError("It was completed already." if upload.state != UploadState.CHECKING else "It is being checked.")
    if missing := missing_parts(upload):
        raise ValidationError(f"Parts are missing: {', '.join(map(str, missing[:20]))}.")
    upload.state, upload.checked_at = UploadState.CHECKING, now()
    upload.save(update_fields=["state", "checked_at"])
    return parts_of(upload)


@transaction.atomic
def end_check(*, actor: Actor, upload: Upload, checked: Checked) -> Upload:
    """Keep what a file turned out to be, with what the lint says before anything is stated; or refuse it, and its parts go."""
    upload = _locked(upload)
    if upload.state != UploadState.CHECKING:
        return upload
    upload.checked_at = now()
    if checked.refusal or checked.reading is None:
        upload.state, upload.refusal = UploadState.REFUSED, checked.refusal[:500]
        _forget(upload)
        record(
            actor=actor, action="uploads.upload.refused", target=upload,
            after={"filename": upload.filename, "reason": upload.refusal},
        )  # fmt: skip
    else:
        found = lint.lint(lint.Brought(checked.reading))
        upload.state, upload.sha256, upload.media_type = UploadState.HELD, checked.sha256, checked.media_type
        upload.scan, upload.facts = checked.scan, checked.reading.facts
        upload.found = [{"rule": each.rule, "level": each.level, "said": each.said} for each in found]
    upload.save()
    return upload


@dataclass(frozen=True)
class Statement:
    """What a person states of a file that they hand in. `answers`: a rule of the lint to what is answered to it."""

    effective_start: datetime
    effective_end: datetime
    title: str = ""
    note: str = ""
    capture: dict[str, str] | None = None
    answers: dict[str, str] | None = None
    artefact: Artefact | None = None
    requirements: tuple[EvidenceRequirement, ...] = ()


@transaction.atomic
def hand_in_upload(
    *, actor: Actor, upload: Upload, statement: Statement, found: Iterable[lint.Found] = (), member: Membership | None = None,
    by_program: bool = False,
) -> Version:  # fmt: skip
    """A held file becomes a version: for the requirement that a person brought it for, or for what a program states.

    Raises what `provide_evidence` and `hand_in_version` raise, ValidationError where it is not held, and PermissionDenied
    where another member began it.
    """
    upload = _locked(upload)
    refuse_anothers(member, upload)
    if upload.state != UploadState.HELD:
        raise ValidationError("It was handed in already." if upload.version_id else "It is not ready to be handed in.")
    try:
        version = _received(actor, upload, statement, member, by_program)
    except ValueError as error:
        raise ValidationError({"effective_end": str(error)}) from error
    except (storage.DamagedError, FileNotFoundError) as error:
        raise ValidationError("What was stored in parts is no longer what arrived. Take it away and bring it again.") from error
    upload.state, upload.version = UploadState.HANDED_IN, version
    upload.save(update_fields=["state", "version"])
    _forget(upload)
    kept = keep_findings(actor=actor, version=version, found=list(found))
    for finding in kept:
        if text := (statement.answers or {}).get(finding.rule, "").strip():
            answer_finding(actor=actor, finding=finding, text=text, member=member)
    return version


def _received(actor: Actor, upload: Upload, statement: Statement, member: Membership | None, by_program: bool) -> Version:
    content = Whole(tuple(parts_of(upload)), upload.sha256, upload.size)
    more = {
        "content": content, "filename": upload.filename, "media_type": upload.media_type, "note": statement.note,
        "effective_start": statement.effective_start, "effective_end": statement.effective_end,
        "extra": provenance_of(statement.capture or {}, upload.scan),
    }  # fmt: skip
    if upload.requirement is not None and not by_program:
        return provide_evidence(
            actor=actor, requirement=upload.requirement, artefact=statement.artefact, title=statement.title, **more  # type: ignore[arg-type]
        )
    wanted = statement.requirements or ((upload.requirement,) if upload.requirement else ())
    artefact = statement.artefact or hand_in_artefact(actor=actor, title=statement.title or upload.filename, requirements=wanted)
    return hand_in_version(actor=actor, artefact=artefact, maker=member, **more)  # type: ignore[arg-type]


@transaction.atomic
def drop_upload(*, actor: Actor, upload: Upload) -> None:
    """Take away what was not handed in. Raises ValidationError for what was."""
    upload = _locked(upload)
    if upload.state == UploadState.HANDED_IN:
        raise ValidationError("It was handed in: what was received stays.")
    record(actor=actor, action="uploads.upload.dropped", target=upload, before={"filename": upload.filename, "size": upload.size})
    _forget(upload)
    upload.delete()


@transaction.atomic
def sweep_uploads(*, actor: Actor) -> int:
    """Take away the room's uploads whose time is over, with their parts; how many these were."""
    over = list(Upload.objects.select_for_update(skip_locked=True).filter(expires_at__lte=now())[:200])
    for upload in over:
        if upload.state in UNDER_WAY:
            record(actor=actor, action="uploads.upload.swept", target=upload, before={"filename": upload.filename})
        _forget(upload)
        upload.delete()
    return len(over)


def sweep_strays() -> int:
    """Take away the room's stored parts that no upload knows, because their request was undone; how many these were."""
    known = {
        storage.part_path(upload, number, sha256)
        for upload, number, sha256 in UploadPart.objects.values_list("upload_id", "number", "sha256")
    }
    strays = list(storage.stray_parts(known, now() - _STRAY))
    storage.forget_parts(strays)
    return len(strays)


def parts_of(upload: Upload) -> list[tuple[str, int]]:
    """Where the parts of an upload lie, and their sizes, in order."""
    return [
        (storage.part_path(upload.pk, part.number, part.sha256), part.size) for part in upload.parts.order_by("number")
    ]


def _forget(upload: Upload) -> None:
    """The parts go once the deed is committed."""
    paths = [path for path, _ in parts_of(upload)]
    upload.parts.all().delete()
    transaction.on_commit(lambda: storage.forget_parts(paths))


def _locked(upload: Upload) -> Upload:
    return Upload.objects.select_for_update(of=("self",)).select_related("requirement__control").get(pk=upload.pk)


def may_provide_or_refuse(member: Membership | None, upload: Upload) -> None:
    """Raises PermissionDenied for who may not go on with an upload."""
    if not is_open_to(member, upload):
        raise PermissionDenied(_ONE_PERSON)


def refuse_anothers(member: Membership | None, upload: Upload) -> None:
    """Raises PermissionDenied where another member began an upload: for programs, whose scope says the rest."""
    if member is not None and upload.member_id not in (None, member.pk):
        raise PermissionDenied(_ONE_PERSON)


def may_drop_or_refuse(member: Membership | None, upload: Upload) -> None:
    """Raises PermissionDenied for who may not take an upload away."""
    if not may_be_dropped_by(member, upload):
        raise PermissionDenied("Who began an upload takes it away, or who provides evidence for all.")
