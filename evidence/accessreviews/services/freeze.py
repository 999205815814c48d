"""Freezing a list: the accounts of a system as they were, with what they were read from and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.people.selectors import members
from compliance.registers.models import Worker
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.models import Version

from ..accounts.base import Found, Listing
from ..accounts.marking import Person, Roster, digest_of, is_orphan, is_unused, order
from ..models import Account, AccountList, CampaignState, ListSource, Origin
from ..reading import PUSHED, NoListError, newest_list
from .writing import locked_list

Source = tuple[Version, str, datetime, int]


@transaction.atomic
def take_list(*, actor: Actor, account_list: AccountList) -> AccountList:
    """Freeze the list of a system from the newest facts, in the place of one that was taken before.

    Raises ValidationError where the review has begun, or where there is nothing to rely on.
    """
    account_list = preparing(account_list)
    span = (account_list.campaign.covers_from, account_list.campaign.covers_to)
    try:
        taken = newest_list(account_list.system, span)
    except NoListError as lack:
        raise ValidationError(str(lack)) from None
    sources = [(each.version, each.fact_kind, each.looks[-1], each.rows) for each in taken.sources]
    origin = Origin.PUSHED if taken.reading.id == PUSHED else Origin.COLLECTED
    return freeze(
        actor=actor, account_list=account_list, listing=taken.listing, sources=sources, collected_at=taken.collected_at,
        origin=origin.value, reads=taken.reading.id, named=taken.name[:300], connection=taken.connection, leaves_out=taken.leaves_out,
    )  # fmt: skip


def preparing(account_list: AccountList) -> AccountList:
    """The list, locked. Raises ValidationError where its review has begun: what is reviewed does not change."""
    account_list = locked_list(account_list)
    if account_list.campaign.state != CampaignState.PREPARING:
        raise ValidationError("The review has begun: what is reviewed does not change any more.")
    return account_list


def freeze(
    *, actor: Actor, account_list: AccountList, listing: Listing, sources: Sequence[Source], collected_at: datetime,
    origin: str, **more: Any,
) -> AccountList:  # fmt: skip
    """Write the accounts of a list, the ones that most likely have to go first."""
    account_list.accounts.all().delete()
    account_list.sources.all().delete()
    roster, subjects = roster_now(), subjects_now()
    joined = [(found, roster.of(found)) for found in listing.accounts]
    joined.sort(key=lambda pair: order(pair[0], pair[1], collected_at))
    Account.objects.bulk_create(
        [_account(account_list, place, found, person, subjects, collected_at) for place, (found, person) in enumerate(joined)],
        batch_size=500,
    )  # fmt: skip
    ListSource.objects.bulk_create(
        [
            ListSource(account_list=account_list, version=version, fact_kind=kind, collected_at=at, rows=rows)
            for version, kind, at, rows in sources
        ]
    )
    fields = {
        "origin": origin, "collected_at": collected_at, "taken_at": now(), "rows": len(joined),
        "sha256": digest_of(listing.accounts), "stands_for": dict(listing.stands_for), **more,
    }  # fmt: skip
    for name, value in fields.items():
        setattr(account_list, name, value)
    account_list.save(update_fields=list(fields))
    record(
        actor=actor, action="access_reviews.list.taken", target=account_list,
        after={"origin": origin, "rows": account_list.rows, "sha256": account_list.sha256, "collected_at": collected_at},
    )  # fmt: skip
    return account_list


def _account(
    account_list: AccountList, place: int, found: Found, person: Person[Worker] | None,
    subjects: dict[str, Membership], at: datetime,
) -> Account:  # fmt: skip
    emails = (person.email if person else "", found.email, found.name)
    return Account(
        campaign=account_list.campaign, account_list=account_list, position=place, key=found.key[:400], name=found.name[:300],
        kind=found.kind, email=found.email[:254], status=found.status[:60], person=person.who if person else None,
        person_name=person.who.name if person else "", orphan=is_orphan(found, person),
        left=person is not None and not person.active, service=found.service, privileged=found.privileged or bool(found.unread),
        unused=is_unused(found, at), use_known=found.use_known, last_used_at=found.last_used, since=found.since,
        entitlements=list(found.entitlements), unread=found.unread[:300], stands_for=dict(found.stands_for),
        subject=next((subjects[each.lower()] for each in emails if each.lower() in subjects), None),
    )  # fmt: skip


def roster_now() -> Roster[Worker]:
    """The people list of today."""
    day = today(here().timezone)
    return Roster(
        Person(each, each.email, each.accounts or {}, each.end_date is None or each.end_date >= day)
        for each in Worker.objects.order_by("id")
    )


def subjects_now() -> dict[str, Membership]:
    """Members by the mail addresses that they are known by, in small letters."""
    found: dict[str, Membership] = {}
    for member in members():
        for email in member.addresses:
            found.setdefault(email, member)
    return found
