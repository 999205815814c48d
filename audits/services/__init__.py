"""The verbs of audits. Each is one actor, one transaction, one trail entry, then the news."""

from .audits import change_audit, issue_audit, open_audit
from .comments import comment_as_auditor, comment_internally, comment_to_auditor, note_as_auditor
from .linking import link_version, unlink_version
from .moving import (
    assign_request,
    fulfil_request,
    return_request,
    send_back_request,
    submit_for_review,
    submit_request,
    take_up_request,
    withdraw_request,
)
from .requests import Conflict, change_request, raise_request
from .seats import accept_seat, extend_seat, invite_auditor, renew_invitation, revoke_seat
from .sharing import share_pack

__all__ = [
    "Conflict",
    "accept_seat",
    "assign_request",
    "change_audit",
    "change_request",
    "comment_as_auditor",
    "comment_internally",
    "comment_to_auditor",
    "extend_seat",
    "fulfil_request",
    "invite_auditor",
    "issue_audit",
    "link_version",
    "note_as_auditor",
    "open_audit",
    "raise_request",
    "renew_invitation",
    "return_request",
    "revoke_seat",
    "send_back_request",
    "share_pack",
    "submit_for_review",
    "submit_request",
    "take_up_request",
    "unlink_version",
    "withdraw_request",
]
