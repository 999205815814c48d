"""Sharing an evidence pack with the auditors of one audit, for good."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.packs.models import Pack

from ..events import audit_changed
from ..models import Audit, SharedPack
from ..selectors.packs import packs_within
from .audits import must_be_running
from .authority import need

_OUTSIDE = (
    "This pack is not ready, or reaches further than the audit: share one of its programme, of a criterion that the programme "
    "asks, or of a control that meets one."
)


@transaction.atomic
def share_pack(*, actor: Actor, audit: Audit, pack: Pack) -> SharedPack:
    """Let the auditors of an audit download a finished pack. Sharing twice is once; nobody takes it back.

    Raises ValidationError where the pack is not ready or reaches further than the audit's programme, and once its report is
    issued; PermissionDenied for whoever does not manage audits.
    """
    need(actor, Permission.AUDIT_MANAGE)
    audit = Audit.objects.select_for_update(of=("self",)).select_related("programme__framework").get(pk=audit.pk)
    must_be_running(audit)
    if not packs_within(audit).filter(pk=pack.pk).exists():
        raise ValidationError({"pack": _OUTSIDE})
    shared, made = SharedPack.objects.get_or_create(audit=audit, pack=pack, defaults={"shared_by": actor.label[:254]})
    if made:
        record(
            actor=actor, action="audits.pack.shared", target=audit,
            after={"pack": pack.title, "filename": pack.filename, "sha256": pack.sha256},
        )  # fmt: skip
        announce(audit_changed, audit_id=audit.pk)
    return shared
