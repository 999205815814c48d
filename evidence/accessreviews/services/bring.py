"""Bringing a system's list as a file: for a review that is prepared, and later to show that what had to go is gone."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.models import Artefact, Source, Version
from evidence.services.receive import add_artefact, receive_version
from evidence.spans import span_of

from ..accounts.base import Found, Listing
from ..accounts.uploaded import UnreadableListError, read_accounts
from ..models import AccountList, CampaignState, ListSource, Origin
from .freeze import freeze
from .look import hold_against
from .writing import locked_list

#: The kind that a brought file is listed under among a list's sources.
UPLOAD = "upload"


@transaction.atomic
def bring_list(
    *, actor: Actor, member: Membership | None, account_list: AccountList, content: bytes, filename: str, media_type: str,
    drawn_on: date, note: str = "",
) -> int:  # fmt: skip
    """Take a file as the system's list, kept as evidence; returns how many accounts it holds.

    Before the review has begun it is what will be reviewed. After, it is the newer list that removals are held against.
    Raises ValidationError by field.
    """
    account_list = locked_list(account_list)
    state = account_list.campaign.state
    if state != CampaignState.PREPARING and account_list.origin != Origin.UPLOADED:
        if account_list.origin == Origin.PUSHED:
            raise ValidationError("Its newer list is the next whole push of its source.")
        raise ValidationError("Its newer list comes from its connection, by itself.")
    try:
        found = read_accounts(content)
    except UnreadableListError as fault:
        raise ValidationError({"file": str(fault)}) from None
    starts, ends = _span(drawn_on)
    version = receive_version(
        actor=actor, artefact=_artefact(actor, account_list), content=content, filename=filename, media_type=media_type,
        effective_start=starts, effective_end=ends, provided_by=member,
        provenance={"filename": filename[:255], "provided_by": actor.label, "note": note.strip(), "rows": len(found)},
    )  # fmt: skip
    if state == CampaignState.PREPARING:
        _freeze(actor, account_list, found, version, ends)
    else:
        record(
            actor=actor, action="access_reviews.list.brought_anew", target=account_list,
            after={"rows": len(found), "sha256": version.sha256, "drawn_on": drawn_on},
        )  # fmt: skip
        hold_against(actor=actor, account_list=account_list, found=found, collected_at=ends, proof=version)
    return len(found)


def _freeze(actor: Actor, account_list: AccountList, found: tuple[Found, ...], version: Version, at: datetime) -> None:
    freeze(
        actor=actor, account_list=account_list, listing=Listing(found), sources=[(version, UPLOAD, at, len(found))],
        collected_at=at, origin=Origin.UPLOADED.value, reads="", connection=None, leaves_out="",
    )  # fmt: skip


def _span(drawn_on: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(here().timezone)
    if drawn_on > today(here().timezone):
        raise ValidationError({"drawn_on": "A list cannot be of a day that has not come."})
    starts, ends = span_of(drawn_on, drawn_on, zone=zone, now=now())
    return max(starts, datetime.combine(drawn_on, time(), zone)), ends


def _artefact(actor: Actor, account_list: AccountList) -> Artefact:
    """The artefact of the system's lists: the one before is its earlier version."""
    earlier = ListSource.objects.filter(account_list__system=account_list.system, fact_kind=UPLOAD).select_related("version__artefact")
    last = earlier.order_by("-id").first()
    if last is not None:
        return last.version.artefact
    return add_artefact(actor=actor, title=f"Accounts of {account_list.system.name}", source=Source.PERSON.value)
