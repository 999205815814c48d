"""Testing a connection: can the role be assumed, can nobody else assume it, and which actions are missing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from evidence.collectors.aws.accounts import FROM_THE_TOP, member_context
from evidence.collectors.aws.opening import assume, needs_external_id, open_account, unguarded
from evidence.collectors.aws.organization import LIST, Member, members_of
from evidence.collectors.aws.permissions import iam_action
from evidence.collectors.base import Call, CollectionError, Context, FactKind, PermissionResult

ASSUME, CONDITION = "sts:AssumeRole", "sts:ExternalId"
_DOOR = {ASSUME, CONDITION}


#: Seconds that the member accounts' permissions are tried for while somebody waits at the page; roles are tried in all.
PATIENCE = 45.0
_AT_ONCE = 8


def test_connection(context: Context, kinds: Iterable[FactKind]) -> list[PermissionResult]:
    """What this connection may do: one line a permission of its own account, and of each member account what is missing.
    A role that can be had without its ExternalId is refused."""
    tried = list(kinds)
    results = _tested(context, tried)
    if not str(context.config.get("member_role") or "").strip() or not all(r.allowed for r in results if r.permission in _DOOR):
        return results
    try:
        home = open_account(replace(context, memo={}), probing=True)
    except CollectionError as error:
        return [*results, PermissionResult(LIST, False, error.message, error.remedy)]
    try:
        home.probing = False  # the list is needed whole
        members = members_of(home, context)
    except CollectionError as error:
        return [*results, PermissionResult(LIST, False, error.message, error.remedy)]
    finally:
        home.close()
    listed = PermissionResult(LIST, True, f"{len(members)} accounts are listed.")
    return [*results, listed, *_in_members(context, members[1:], home.partition, tried)]


def _in_members(
    context: Context, members: Iterable[Member], partition: str, kinds: list[FactKind]
) -> list[PermissionResult]:
    """The results of each member account, a few at once, in their order."""
    until = time.monotonic() + PATIENCE

    def look(member: Member) -> list[PermissionResult]:
        if member.left_out:
            return [PermissionResult(f"account {member.label}", True, member.left_out)]
        quiet = replace(member_context(context, member, partition), log=lambda call: None, memo={})
        enough = time.monotonic() > until
        asked = [] if enough else [kind for kind in kinds if kind.id not in FROM_THE_TOP]
        return _of_member(member, _tested(quiet, asked), whole=not enough)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [result for results in pool.map(look, members) for result in results]


def _of_member(member: Member, results: list[PermissionResult], *, whole: bool) -> list[PermissionResult]:
    """What is missing in an account, line by line; one line where nothing is."""
    missing = [result for result in results if not result.allowed]
    if missing:
        return [
            PermissionResult(f"{one.permission} in {member.label}", False, one.message, one.remedy) for one in missing
        ]
    said = "Everything can be read." if whole else "The role can be assumed; the first collection tries what it may read."
    return [PermissionResult(f"account {member.label}", True, said)]


def _tested(context: Context, kinds: list[FactKind]) -> list[PermissionResult]:
    """One account: its role, its ExternalId, and each action of these kinds."""
    external_id = str(context.config.get("external_id") or "")
    try:
        assume(context, external_id=external_id or None)
    except CollectionError as error:
        return [PermissionResult(ASSUME, False, error.message, error.remedy)]
    guarded = _guarded(context)
    if not (guarded.allowed and external_id):
        return [guarded]
    return [PermissionResult(ASSUME, True, "The role can be assumed."), guarded, *_actions(context, kinds)]


def _guarded(context: Context) -> PermissionResult:
    try:
        if needs_external_id(context):
            return PermissionResult(CONDITION, True, "The role cannot be assumed without the ExternalId.")
    except CollectionError as error:
        said = f"Whether the role asks for the ExternalId could not be tried: {error.message}"
        return PermissionResult(CONDITION, False, said, error.remedy or "Test the connection again.")
    refusal = unguarded()
    return PermissionResult(CONDITION, False, refusal.message, refusal.remedy)


def _actions(context: Context, kinds: list[FactKind]) -> list[PermissionResult]:
    """Try each call once, as the collectors make it: the first page of a list, the first thing in it."""
    calls: list[Call] = []
    trial = replace(context, log=calls.append, memo={}, cursor=None, next_cursor=None)
    try:
        session = open_account(trial, probing=True)
    except CollectionError as error:
        return [PermissionResult(ASSUME, False, error.message, error.remedy)]
    remedies: dict[str, str] = {}
    try:
        for kind in kinds:
            try:
                for _ in kind.collect(session, trial):
                    pass
            except CollectionError as error:
                remedies[error.call] = error.remedy
    finally:
        session.close()
    return [_result(action, calls, remedies) for action in sorted({a for kind in kinds for a in kind.permissions})]


def _result(action: str, calls: list[Call], remedies: dict[str, str]) -> PermissionResult:
    tried = [call for call in calls if iam_action(*call.call.split(":", 1)) == action]
    failed = next((call for call in tried if call.error), None)
    if failed is not None:
        remedy = remedies.get(failed.call) or f"Add {action} to the role's policy."
        return PermissionResult(action, False, failed.error, remedy)
    if not tried:
        return PermissionResult(action, True, "Not tried: there is nothing in the account to try it on yet.")
    return PermissionResult(action, True, "Allowed.")
