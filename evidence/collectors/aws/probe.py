"""Testing a connection: can the role be assumed, can nobody else assume it, and which actions are missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evidence.collectors.aws.opening import assume, needs_external_id, open_session, unguarded
from evidence.collectors.aws.permissions import iam_action
from evidence.collectors.base import Call, CollectionError, Context, FactKind, PermissionResult

ASSUME, CONDITION = "sts:AssumeRole", "sts:ExternalId"


def test_connection(context: Context, kinds: Iterable[FactKind]) -> list[PermissionResult]:
    """What this connection may do, one line a permission. A role that can be had without its ExternalId is refused."""
    external_id = str(context.config.get("external_id") or "")
    try:
        assume(context, external_id=external_id or None)
    except CollectionError as error:
        return [PermissionResult(ASSUME, False, error.message, error.remedy)]
    guarded = _guarded(context)
    if not (guarded.allowed and external_id):
        return [guarded]
    return [PermissionResult(ASSUME, True, "The role can be assumed."), guarded, *_actions(context, list(kinds))]


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
        session = open_session(trial, probing=True)
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
