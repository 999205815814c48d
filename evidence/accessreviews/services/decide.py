"""Deciding on accounts, one or many, and signing a list."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import addresses_of
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import Actor
from compliance.trail.services import bulk_record, record

from ..accounts.base import COMMIT
from ..models import Account, AccountList, Campaign, Decision, Removal, RemovalState, Verdict
from .writing import SettledError, locked, locked_list, refuse_unopened

#: Letters that an answer has at least: “OK” is none.
SHORTEST_ANSWER = 20


@dataclass(frozen=True)
class Choice:
    """What is to be decided on an account. `take`: of a change, the entitlements that are taken away."""

    account: Account
    verdict: str
    reason: str = ""
    take: tuple[str, ...] = ()


class ChoiceError(ValidationError):
    """What is wrong with choices: by the account's id, (field, sentence)."""

    def __init__(self, faults: dict[UUID, tuple[str, str]]) -> None:
        super().__init__([sentence for _, sentence in faults.values()][:20])
        self.faults = faults


@transaction.atomic
def decide(
    *, actor: Actor, member: Membership | None, campaign: Campaign, choices: Sequence[Choice], many: bool = False
) -> list[Decision]:
    """Decide on accounts that wait for this member; all of them or none.

    Raises PermissionDenied for what is another's or about the member themselves, ChoiceError where a reason is missing,
    SettledError where the campaign is not under way or the list is signed.
    """
    campaign = locked(campaign)
    refuse_unopened(campaign)
    known_by = addresses_of(member) if member is not None else set()
    for choice in choices:
        _check_right(member, choice.account, campaign, known_by)
    assert member is not None
    if faults := {each.account.pk: fault for each in choices if (fault := _fault(each))}:
        raise ChoiceError(faults)
    moment = now()
    made = Decision.objects.bulk_create(
        [
            Decision(
                account=each.account, verdict=each.verdict, reason=each.reason.strip(), take=_taken(each), many=many,
                decided_by=member, decided_by_name=member.name, decided_at=moment,
            )
            for each in choices
        ],
        batch_size=500,
    )  # fmt: skip
    told = [(each.account, {"verdict": each.account.verdict}, _told(each, member)) for each in choices]
    for each in choices:
        each.account.verdict, each.account.decided_at = each.verdict, moment
    update_rows([each.account for each in choices], ["verdict", "decided_at"])
    _follow(campaign, choices)
    bulk_record(actor=actor, action="access_reviews.account.decided", rows=told)
    return made


def _check_right(member: Membership | None, account: Account, campaign: Campaign, known_by: Set[str]) -> None:
    if member is None or not member.may(Permission.ACCESS_REVIEW_DECIDE_OWN) or account.campaign_id != campaign.pk:
        raise PermissionDenied("Whoever reviews a list decides on its accounts.")
    if is_subject(member, account, known_by):
        raise PermissionDenied("Nobody decides on their own access.")
    if account.assignee_id != member.pk:
        raise PermissionDenied("Another reviews this account.")
    if account.account_list.signed_at is not None:
        raise SettledError("The list is signed: what was decided on it stays.")


def is_subject(member: Membership, account: Account, known_by: Set[str] | None = None) -> bool:
    """Whether an account is this member's own, by who it was frozen as and by its mail address. `known_by`: every address of
    the member (`addresses_of`), where it was read once for many accounts."""
    if account.subject_id == member.pk or not account.email:
        return account.subject_id == member.pk
    return account.email.lower() in (addresses_of(member) if known_by is None else known_by)


def _fault(choice: Choice) -> tuple[str, str] | None:
    """What is wrong with a choice: (field, sentence)."""
    account, reason = choice.account, choice.reason.strip()
    if choice.verdict not in Verdict.values:
        return "verdict", "Keep it, change it or remove it."
    if account.kind == COMMIT and choice.verdict != Verdict.KEEP:
        return "verdict", "A commit cannot be taken away. Say why it is kept, or open a gap from it."
    if choice.verdict == Verdict.CHANGE and (not choice.take or not set(choice.take) <= set(account.entitlements)):
        return "take", f"Say what {account.name} loses: choose from what it holds now."
    if reason:
        return None
    if choice.verdict == Verdict.REMOVE:
        return "reason", f"Say why {account.name} is removed."
    return ("reason", f"Say why {account.name} is kept: {marks_in_words(account)}.") if account.needs_reason else None


def marks_in_words(account: Account) -> str:
    """Why an account needs a reason: `it is privileged and unused for 90 days`."""
    marks = [
        words
        for has, words in (
            (account.privileged, "it is privileged"), (account.left, "its person has left"),
            (account.orphan, "it belongs to nobody on the people list"), (account.unused, "nobody used it for 90 days"),
        )
        if has
    ]  # fmt: skip
    return " and ".join(marks)


def _taken(choice: Choice) -> list[str]:
    return sorted(set(choice.take)) if choice.verdict == Verdict.CHANGE else []


def _told(choice: Choice, member: Membership) -> dict[str, object]:
    told = {"verdict": choice.verdict, "reason": choice.reason.strip(), "take": _taken(choice), "by": member.name}
    return {name: value for name, value in told.items() if value}


def _follow(campaign: Campaign, choices: Sequence[Choice]) -> None:
    """What is to go has a removal; what is kept after all has none."""
    accounts = [each.account for each in choices]
    standing = {each.account_id: each for each in Removal.objects.filter(account__in=accounts)}
    moment, due = now(), today(here().timezone) + timedelta(days=campaign.removal_days)
    fresh, changed = [], []
    for choice in choices:
        removal = standing.get(choice.account.pk)
        if choice.verdict == Verdict.KEEP:
            if removal is not None:
                removal.state = RemovalState.WITHDRAWN
                changed.append(removal)
            continue
        if removal is None:
            removal = Removal(account=choice.account, campaign=campaign, account_list_id=choice.account.account_list_id)
            fresh.append(removal)
        else:
            changed.append(removal)
        removal.take, removal.asked_at, removal.due_on = _taken(choice), moment, due
        removal.state, removal.seen_at, removal.gone_at, removal.proof = RemovalState.OPEN, None, None, None
    Removal.objects.bulk_create(fresh, batch_size=500)
    update_rows(changed, ["take", "asked_at", "due_on", "state", "seen_at", "gone_at", "proof"])


@transaction.atomic
def sign_list(*, actor: Actor, member: Membership | None, account_list: AccountList, answer: str = "") -> AccountList:
    """Close a list once everything on it is decided: its reviewer, and nobody for them.

    Where nothing was changed or removed the reviewer answers in words how they know that nobody has too much. Raises
    PermissionDenied, SettledError, ValidationError.
    """
    account_list = locked_list(account_list)
    refuse_unopened(account_list.campaign)
    if member is None or account_list.reviewer_id != member.pk or not member.may(Permission.ACCESS_REVIEW_DECIDE_OWN):
        raise PermissionDenied("Whoever reviews a list signs it.")
    if account_list.signed_at is not None:
        raise SettledError("The list is signed already.")
    if waiting := account_list.accounts.filter(verdict="").count():
        raise ValidationError(f"{waiting} {'account waits' if waiting == 1 else 'accounts wait'} for a decision.")
    if not changes_anything(account_list) and len(answer.strip()) < SHORTEST_ANSWER:
        raise ValidationError({"answer": "Nothing was changed. Say in a sentence how you know that nobody has too much."})
    account_list.answer, account_list.signed_by, account_list.signed_at = answer.strip(), member.name[:254], now()
    account_list.save(update_fields=["answer", "signed_by", "signed_at"])
    record(
        actor=actor, action="access_reviews.list.signed", target=account_list,
        after={"rows": account_list.rows, "answer": account_list.answer},
    )  # fmt: skip
    return account_list


def changes_anything(account_list: AccountList) -> bool:
    """Whether anything on the list was changed or removed."""
    return account_list.accounts.filter(verdict__in=(Verdict.CHANGE, Verdict.REMOVE)).exists()
