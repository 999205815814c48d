"""Changing organisations, people and tokens. Each verb: one actor, one transaction, one trail entry, then the news."""

from .addresses import follow_address, follow_addresses
from .invitations import accept_invitation, invite, revoke_invitation
from .mailboxes import prove_mailbox
from .members import change_member, end_membership
from .organizations import change_settings, create_organization
from .tokens import create_token, revoke_token

__all__ = [
    "accept_invitation", "change_member", "change_settings", "create_organization", "create_token", "end_membership",
    "follow_address", "follow_addresses", "invite", "prove_mailbox", "revoke_invitation", "revoke_token",
]  # fmt: skip
