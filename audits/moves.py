"""The state machine of a request, in one table: from where, to where, and by whom.

open -> assigned -> in internal review -> submitted -> fulfilled
            ^                                 |
            +---------- returned <------------+
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError

from compliance.access.permissions import Permission

from .models import Request, RequestState

S = RequestState


class Who(StrEnum):
    """Who may make a move. An answerer is a manager, or the assignee of this very request."""

    MANAGER = "manager"
    ANSWERER = "answerer"
    AUDITOR = "auditor"


class WrongState(ValidationError):
    """The request is not, or no longer, in a state from which this can be done."""


@dataclass(frozen=True)
class Move:
    sources: frozenset[RequestState]
    target: RequestState
    by: Who
    past: str


def _move(sources: Collection[RequestState], target: RequestState, by: Who, past: str) -> Move:
    return Move(frozenset(sources), target, by, past)


MOVES: dict[str, Move] = {
    # move                from                                     to            by            trail: audits.request.…
    "assign":     _move([S.OPEN, S.ASSIGNED, S.RETURNED],          S.ASSIGNED,   Who.MANAGER,  "assigned"),
    "take_up":    _move([S.RETURNED],                              S.ASSIGNED,   Who.ANSWERER, "taken_up"),
    "review":     _move([S.ASSIGNED],                              S.IN_REVIEW,  Who.ANSWERER, "put_in_review"),
    "send_back":  _move([S.IN_REVIEW],                             S.ASSIGNED,   Who.MANAGER,  "sent_back"),
    "submit":     _move([S.IN_REVIEW],                             S.SUBMITTED,  Who.MANAGER,  "submitted"),
    "withdraw":   _move([S.SUBMITTED],                             S.IN_REVIEW,  Who.MANAGER,  "withdrawn"),
    "fulfil":     _move([S.SUBMITTED],                             S.FULFILLED,  Who.AUDITOR,  "fulfilled"),
    "return":     _move([S.SUBMITTED],                             S.RETURNED,   Who.AUDITOR,  "returned"),
}  # fmt: skip

#: The states in which a request waits for the organisation, so that its due date can be missed.
WAITS_FOR_US = (S.OPEN, S.ASSIGNED, S.IN_REVIEW, S.RETURNED)


def may_manage(permissions: Collection[Permission]) -> bool:
    """Whether these permissions let a member run the request log."""
    return Permission.REQUEST_MANAGE in permissions


def may_answer(request: Request, permissions: Collection[Permission], membership_id: UUID | None) -> bool:
    """Whether a member may work on the answer of this request: any of them, or the one assigned to them."""
    if Permission.REQUEST_ANSWER in permissions or may_manage(permissions):
        return True
    own = membership_id is not None and request.assignee_id == membership_id
    return own and Permission.REQUEST_ANSWER_OWN in permissions


def may_change_evidence(request: Request, permissions: Collection[Permission], membership_id: UUID | None) -> bool:
    """Whether a member may link or unlink evidence now: before submission, and in internal review a manager only."""
    if request.state == S.IN_REVIEW:
        return may_manage(permissions)
    return request.state in WAITS_FOR_US and may_answer(request, permissions, membership_id)


def moves_for(request: Request, permissions: Collection[Permission], membership_id: UUID | None) -> set[str]:
    """The moves that a member may make now."""
    allowed = {
        Who.MANAGER: may_manage(permissions),
        Who.ANSWERER: may_answer(request, permissions, membership_id),
        Who.AUDITOR: False,
    }
    return {name for name, move in MOVES.items() if request.state in move.sources and allowed[move.by]}


def check_state(request: Request, name: str) -> Move:
    """The move, if the request's state allows it; raises WrongState."""
    move = MOVES[name]
    if request.state not in move.sources:
        raise WrongState(
            f"{request.ref} is {request.get_state_display().lower()} by now, so this was not done. Nothing was changed."
        )
    return move
