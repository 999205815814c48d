"""Holding removals against newer lists: one is closed only where the access is not there any more, and reopens with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record
from evidence.models import Version

from ..accounts.base import Found
from ..models import STANDING, AccountList, CampaignState, Origin, Removal, RemovalState, Sight
from ..reading import NoListError, Taken, newest_at, newest_list
from ..selectors import lists_to_look_at
from .result import write_result
from .writing import locked_list


@transaction.atomic
def look_again(*, actor: Actor, connection_id: str | None = None) -> int:
    """Hold every removal of collected and pushed lists against the newest facts, of one connection or of all; returns how many turned.

    Idempotent: a list that is no newer than the last look is passed over, and one that cannot be read says nothing.
    """
    return sum(_look(actor, each) for each in lists_to_look_at(connection_id))


def _look(actor: Actor, account_list: AccountList) -> int:
    if account_list.origin not in (Origin.COLLECTED, Origin.PUSHED):
        return 0
    campaign, at = account_list.campaign, newest_at(account_list.reads, account_list.connection)
    if at is not None and account_list.looked_at is not None and at <= account_list.looked_at:
        return 0
    try:
        taken = newest_list(account_list.system, (campaign.covers_from, campaign.covers_to), by=account_list.connection)
    except NoListError:
        return 0
    if account_list.looked_at is not None and taken.collected_at <= account_list.looked_at:
        return 0
    if not _names_alike(account_list, taken):
        return 0
    return hold_against(
        actor=actor, account_list=locked_list(account_list), found=taken.listing.accounts, collected_at=taken.collected_at,
        proof=taken.proof.version, in_part=taken.leaves_out not in ("", account_list.leaves_out),
    )  # fmt: skip


def _names_alike(account_list: AccountList, taken: Taken) -> bool:
    """Whether a newer list calls its accounts as the reviewed one does. Where the register ties the system to something else by
    now, another kind of source or another organisation at the vendor, no account of the old list is on the new one by its key,
    and all of them would seem to be gone. Another connection counts once the list's own is retired, which is a decision."""
    own, pushed = account_list.connection, account_list.origin == Origin.PUSHED
    named = "" if pushed else account_list.named  # a source that pushes names itself and not what it speaks of
    if taken.reading.id != account_list.reads or (named and named.casefold() != taken.name[:300].casefold()):
        return False
    return own is None or own == taken.connection or own.retired_at is not None


def hold_against(
    *, actor: Actor, account_list: AccountList, found: Iterable[Found], collected_at: datetime, proof: Version, in_part: bool = False
) -> int:
    """Hold the removals of a list against a newer one; returns how many turned. A list older than a removal says nothing
    of it, and one older than the last that was looked at nothing at all. `in_part`: the newer one leaves out what the
    reviewed one had, because it could not be read; what is not on it may lie there, so nothing is gone by it."""
    if account_list.looked_at is not None and collected_at <= account_list.looked_at:
        return 0
    there = list(found)  # a login in other letters is no other account
    by_key = {each.key.casefold(): each for each in there} | {each.key: each for each in there}
    turned: list[tuple[Removal, str, list[str]]] = []
    removals = list(account_list.removals.exclude(state=RemovalState.WITHDRAWN).select_related("account", "campaign"))
    now_there = {each.pk: by_key.get(each.account.key) or by_key.get(each.account.key.casefold()) for each in removals}
    looked = [each for each in removals if each.asked_at < collected_at and (now_there[each.pk] or not in_part)]
    for removal in looked:
        held = _held(removal, now_there[removal.pk])
        state = _state(removal.state, bool(held))
        removal.seen_at = collected_at
        if state != removal.state:
            turned.append((removal, removal.state, held))
            removal.state = state
            removal.gone_at, removal.proof = (collected_at, proof) if state == RemovalState.GONE else (None, None)
    update_rows(looked, ["state", "seen_at", "gone_at", "proof"])
    account_list.looked_at = collected_at
    account_list.save(update_fields=["looked_at"])
    _tell(actor, turned, collected_at, proof)
    if turned:
        _renew(actor, account_list)
    return len(turned)


def _held(removal: Removal, now_there: Found | None) -> list[str]:
    """What of the access is still there; what cannot be read is not known to be gone."""
    if now_there is None:
        return []
    if not removal.take:
        return [now_there.name]
    if not now_there.entitlements_known:
        return list(removal.take)
    return sorted(set(removal.take) & set(now_there.entitlements)) or ([now_there.unread] if now_there.unread else [])


def _state(before: str, held: bool) -> str:
    if not held:
        return RemovalState.GONE.value
    return RemovalState.BACK.value if before == RemovalState.GONE else before


def _tell(actor: Actor, turned: list[tuple[Removal, str, list[str]]], collected_at: datetime, proof: Version) -> None:
    Sight.objects.bulk_create(
        [
            Sight(removal=removal, state=removal.state, version=proof, collected_at=collected_at, held=held)
            for removal, _, held in turned
        ]
    )
    for state, deed in ((RemovalState.GONE, "closed"), (RemovalState.BACK, "reopened")):
        rows = [
            (removal, {"state": before}, {"state": removal.state, "collected_at": collected_at, "held": held})
            for removal, before, held in turned
            if removal.state == state
        ]
        bulk_record(actor=actor, action=f"access_reviews.removal.{deed}", rows=rows)


def _renew(actor: Actor, account_list: AccountList) -> None:
    """The result of a completed review is written anew once everything that had to go is gone."""
    campaign = account_list.campaign
    if campaign.state == CampaignState.COMPLETED and not campaign.removals.filter(state__in=STANDING).exists():
        write_result(actor=actor, campaign=campaign)
