"""A campaign as one document: what was reviewed, from what it was taken, who decided what and when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from .models import Account, AccountList, Campaign, Removal, RemovalState
from .selectors import ORDER, with_decisions

#: The form of the document; another number is another form.
FORM = 1


def record_of(campaign: Campaign) -> dict[str, Any]:
    """The whole campaign, in plain values. A few queries, whatever its size."""
    lists = list(campaign.lists.select_related("system", "reviewer", "stand_in").prefetch_related("sources__version"))
    found = Account.objects.filter(campaign=campaign).select_related("account_list__system", "assignee").order_by(*ORDER)
    accounts = list(with_decisions(found))
    return {
        "form": FORM, "ref": campaign.ref, "name": campaign.name, "requirement": campaign.requirement.ref,
        "control": campaign.requirement.control.ref, "covers_from": _plain(campaign.covers_from),
        "covers_to": _plain(campaign.covers_to), "due_on": _plain(campaign.due_on), "state": campaign.state,
        "started_at": _plain(campaign.started_at), "settled_at": _plain(campaign.settled_at), "settled_by": campaign.settled_by,
        "late": campaign.late, "lists": [_list(each) for each in lists], "accounts": [_account(each) for each in accounts],
        "removals": list(_removals(accounts)),
    }  # fmt: skip


def _list(each: AccountList) -> dict[str, Any]:
    sources = [
        {"kind": one.fact_kind, "collected_at": _plain(one.collected_at), "rows": one.rows, "sha256": one.version.sha256}
        for one in each.sources.all()
    ]
    return {
        "system": each.system.ref, "name": each.system.name, "origin": each.origin, "reads": each.reads,
        "collected_at": _plain(each.collected_at), "rows": each.rows, "sha256": each.sha256, "leaves_out": each.leaves_out,
        "reviewer": str(each.reviewer or ""), "stand_in": str(each.stand_in or ""), "answer": each.answer,
        "signed_by": each.signed_by, "signed_at": _plain(each.signed_at), "sources": sources,
    }  # fmt: skip


def _account(each: Account) -> dict[str, Any]:
    decided = next(iter(each.decisions.all()), None)
    return {
        "system": each.account_list.system.ref, "key": each.key, "name": each.name, "kind": each.kind, "email": each.email,
        "status": each.status, "person": each.person_name, "privileged": each.privileged, "unused": each.unused,
        "orphan": each.orphan, "left": each.left, "service": each.service, "since": _plain(each.since),
        "last_used_at": _plain(each.last_used_at), "use_known": each.use_known, "entitlements": each.entitlements,
        "unread": each.unread, "verdict": each.verdict, "reason": decided.reason if decided else "",
        "take": decided.take if decided else [], "many": decided.many if decided else False,
        "decided_by": decided.decided_by_name if decided else "", "decided_at": _plain(decided.decided_at) if decided else None,
    }  # fmt: skip


def _removals(accounts: Iterable[Account]) -> Iterable[dict[str, Any]]:
    for each in accounts:
        removal: Removal | None = getattr(each, "removal", None)
        if removal is not None and removal.state != RemovalState.WITHDRAWN:
            yield {
                "system": each.account_list.system.ref, "key": each.key, "name": each.name, "take": removal.take,
                "asked_at": _plain(removal.asked_at), "due_on": _plain(removal.due_on), "state": removal.state,
                "seen_at": _plain(removal.seen_at), "gone_at": _plain(removal.gone_at),
                "proof": removal.proof.sha256 if removal.proof else "",
            }  # fmt: skip


def _plain(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
