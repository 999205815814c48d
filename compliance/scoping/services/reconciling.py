"""Warnings follow the facts: raised, kept, gone and raised again. Idempotent; the event makes it prompt, the sweep true."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping

from django.db import transaction

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.tenancy.writing import update_rows
from compliance.trail.actors import SYSTEM
from compliance.trail.services import record

from ..catalogue import Found
from ..judging import judge
from ..models import ScopeWarning, State, Verdict, WarningDecision
from ..reading import room_facts
from ..selectors import latest_decisions
from ..third_parties import party_warnings
from .late import open_check_lists
from .turn import take_turn

_SAID = (
    "rule", "severity", "title", "subject", "reason", "todo", "system_id", "programme_id", "place", "place_id",
    "place_query", "basis",
)  # fmt: skip
_KEPT = (*_SAID, "state", "raised_at", "gone_at")


@transaction.atomic
def reconcile() -> Counter[str]:
    """Bring the room's warnings and check lists up to the facts; returns how many were raised, returned and went."""
    take_turn()
    open_check_lists()
    said = judge(room_facts())
    found = {each.key: each for each in [*said, *party_warnings(said)]}
    known = {each.key: each for each in ScopeWarning.objects.all()}
    decided = latest_decisions()
    counts: Counter[str] = Counter()
    changed: list[ScopeWarning] = []
    for key, warning in known.items():
        if verb := _follow(warning, found.get(key), decided.get(warning.pk)):
            changed.append(warning)
            counts[verb] += 1
    update_rows(changed, _KEPT)
    _raise([each for key, each in found.items() if key not in known], counts)
    return counts


def _raise(fresh: list[Found], counts: Counter[str]) -> None:
    made = [ScopeWarning(key=each.key, **_words(each)) for each in fresh]
    ScopeWarning.objects.bulk_create(made, batch_size=500)
    for warning in made:
        counts["raised"] += 1
        _tell("raised", warning)


def _follow(warning: ScopeWarning, found: Found | None, decision: WarningDecision | None) -> str:
    """What becomes of a known warning: the verb for what happened to it, or nothing where all is as it was."""
    before = {name: getattr(warning, name) for name in _KEPT}
    if found is None:
        if warning.state == State.GONE:
            return ""
        warning.state, warning.gone_at = State.GONE, now()
        _tell("gone", warning)
        return "gone"
    for name, value in _words(found).items():
        setattr(warning, name, value)
    was = warning.state
    warning.state = State.DECIDED if holds(decision, warning.basis) else State.OPEN
    if was == State.GONE:
        warning.raised_at, warning.gone_at = now(), None
    if warning.state == State.OPEN and was != State.OPEN:
        _tell("returned", warning)
        return "returned"
    return "kept" if before != {name: getattr(warning, name) for name in _KEPT} else ""


def holds(decision: WarningDecision | None, basis: str) -> bool:
    """Whether a decision stands: it was not taken back, the facts are those it rests on, and its day has not come."""
    return (
        decision is not None
        and decision.verdict == Verdict.STANDS
        and decision.basis == basis
        and decision.review_on is not None
        and today(here().timezone) < decision.review_on
    )


def _words(found: Found) -> dict[str, object]:
    place, place_id, query = found.place
    return {
        "rule": found.rule.id, "severity": found.severity or found.rule.severity, "title": found.rule.title[:200],
        "subject": found.subject[:300], "reason": found.reason, "todo": found.todo or found.rule.todo,
        "system_id": found.system, "programme_id": found.programme, "place": place, "place_id": place_id,
        "place_query": query, "basis": digest(found.basis),
    }  # fmt: skip


def digest(basis: Mapping[str, object]) -> str:
    """The facts of a decision in 64 characters."""
    return hashlib.sha256(json.dumps(basis, sort_keys=True, default=str).encode()).hexdigest()


def _tell(verb: str, warning: ScopeWarning) -> None:
    record(
        actor=SYSTEM, action=f"scoping.warning.{verb}", target=warning,
        after={"rule": warning.rule, "severity": warning.severity, "reason": warning.reason},
    )  # fmt: skip
