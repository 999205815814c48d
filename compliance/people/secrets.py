"""Secrets that we hand out once and keep only as a hash: API tokens and links. Each carries its organisation's id."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

PREFIX = "fw1"


def issue(organization_id: UUID) -> tuple[str, str]:
    """A new secret for an organisation: (what to hand out, what to keep)."""
    handed = f"{PREFIX}_{organization_id.hex}_{secrets.token_urlsafe(32)}"
    return handed, digest(handed)


def digest(handed: str) -> str:
    """What is kept: the SHA-256 of a secret with 256 bits of its own, which needs no slow hash. Any bytes may come as one."""
    return hashlib.sha256(handed.encode(errors="surrogateescape")).hexdigest()


def organization_of(handed: str) -> UUID | None:
    """The organisation that a secret names, or None where it is not one of ours. Names it; proves nothing."""
    prefix, _, rest = handed.partition("_")
    identifier, _, secret = rest.partition("_")
    if prefix != PREFIX or not secret:
        return None
    try:
        return UUID(hex=identifier)
    except ValueError:
        return None
