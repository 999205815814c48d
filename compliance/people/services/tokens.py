"""API tokens: what each may do, and until when. Its secret is shown once and kept as a hash."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Membership, Token
from ..scopes import GRANTABLE
from ..secrets import issue

MOST_DAYS = 365


@transaction.atomic
def create_token(
    *, actor: Actor, name: str, scopes: Iterable[Permission | str], days: int, creator: Membership | None
) -> tuple[Token, str]:
    """A token and its secret, which is not to be had again.

    Its scopes are permissions, and never exceed its creator's role; `creator` is None for one made at the command
    line, which is bound only by what a token may have at all. Raises ValidationError, by field.
    """
    asked = {str(scope) for scope in scopes}
    allowed = {scope.value for scope in GRANTABLE}
    if creator is not None:
        allowed &= {permission.value for permission in permissions_of(creator.role)}
    if not name.strip():
        raise ValidationError({"name": "Say what the token is for."})
    if not asked:
        raise ValidationError({"scopes": "Choose at least one scope: a token without any can do nothing."})
    if asked - allowed:
        raise ValidationError({"scopes": f"Not yours to give: {', '.join(sorted(asked - allowed))}."})
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": f"A token lasts from 1 to {MOST_DAYS} days."})
    handed, kept = issue(here().organization_id)
    token = Token.objects.create(
        name=name.strip(), scopes=sorted(asked), secret_hash=kept, hint=handed[-4:], created_by=creator,
        expires_at=now() + timedelta(days=days),
    )  # fmt: skip
    record(
        actor=actor, action="people.token.created", target=token,
        after={"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at},
    )  # fmt: skip
    return token, handed


@transaction.atomic
def revoke_token(*, actor: Actor, token: Token) -> Token:
    """End a token at once. One that was revoked before stays as it was."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record(
            actor=actor, action="people.token.revoked", target=token,
            before={"revoked_at": None}, after={"revoked_at": token.revoked_at},
        )  # fmt: skip
    return token


def limit_tokens(*, actor: Actor, creator: Membership, held: frozenset[Permission]) -> None:
    """Take from somebody's tokens what they no longer hold; one that is left with nothing is revoked."""
    values = {permission.value for permission in held}
    for token in Token.objects.select_for_update().filter(created_by=creator, revoked_at__isnull=True):
        kept = [scope for scope in token.scopes if scope in values]
        if not kept:
            revoke_token(actor=actor, token=token)
        elif kept != token.scopes:
            before, token.scopes = token.scopes, kept
            token.save(update_fields=["scopes"])
            record(
                actor=actor, action="people.token.limited", target=token,
                before={"scopes": before}, after={"scopes": kept},
            )  # fmt: skip
