"""Reading people of the room.

A signed-in person's own memberships of other rooms are readable too (they are theirs), so every list here says which
room it means.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from compliance.access.permissions import Permission
from compliance.access.roles import ROLES
from compliance.tenancy.clock import now
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here

from .models import Invitation, Membership, Token
from .secrets import organization_of


def organization_named_by(secret: str) -> Organization | None:
    """The organisation that a link's secret names, whether or not the secret is good; None where it names none."""
    identifier = organization_of(secret)
    return Organization.objects.tenants().filter(pk=identifier).first() if identifier else None


def members(*, text: str = "", role: str = "") -> QuerySet[Membership]:
    """Those who belong to the organisation now, with their users, by name."""
    found = Membership.objects.filter(organization_id=here().organization_id, ended_at__isnull=True)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(title__icontains=text))
    if role:
        found = found.filter(role=role)
    return found.select_related("user").order_by("name", "id")


def memberships_of(user_id: UUID) -> QuerySet[Membership]:
    """A person's memberships that have not ended, with their organisations: all of them where one asks as that person."""
    own = Membership.objects.filter(user_id=user_id, ended_at__isnull=True).exclude(organization_id=NIL)
    return own.select_related("organization")


def former_members() -> QuerySet[Membership]:
    """Those whose membership has ended, latest first."""
    found = Membership.objects.filter(organization_id=here().organization_id, ended_at__isnull=False)
    return found.order_by("-ended_at", "-id")


def members_who_may(permission: Permission) -> QuerySet[Membership]:
    """Present members whose role holds a permission: whom to name as owner, approver or contact."""
    return members().filter(role__in=[role.value for role, held in ROLES.items() if permission in held])


def is_member(email: str) -> bool:
    """Whether somebody who has this address, or had it, holds a role here now (definitions, Independence)."""
    known = Q(email__iexact=email) | Q(user__email__iexact=email) | Q(former_emails__contains=[email.lower()])
    return members().filter(known).exists()


def addresses_of(member: Membership) -> set[str]:
    """Every address that a member is known by, those beside the account's own too, in small letters: what concerns any of
    them concerns the member, who changes them at will."""
    beside = EmailAddress.objects.filter(user_id=member.user_id, verified=True).values_list("email", flat=True)
    return member.addresses | {each.lower() for each in beside}


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first."""
    waiting = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now())
    return waiting.select_related("invited_by").order_by("-id")


def lapsed_invitations() -> QuerySet[Invitation]:
    """Invitations that ran out unused, newest first."""
    lapsed = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__lte=now())
    return lapsed.order_by("-id")


def tokens() -> QuerySet[Token]:
    """Every API token, newest first."""
    return Token.objects.select_related("created_by").order_by("-id")


def tokens_with(secret_hash: str) -> QuerySet[Token]:
    """The token that was not revoked and whose secret has this digest, with its organisation; one row or none."""
    found = Token.objects.filter(secret_hash=secret_hash, revoked_at__isnull=True).exclude(organization_id=NIL)
    return found.select_related("organization")


def second_factor_holders(user_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these people can prove a second factor: an authenticator app or a key. Recovery codes are none."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=kinds)
    return set(found.values_list("user_id", flat=True))
