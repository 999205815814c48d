"""A membership's address is that of its account, as it is verified now. The one before is kept: it stays that person's."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from compliance.tenancy.rooms import as_user, scope
from compliance.trail.actors import SYSTEM, Actor, ActorKind
from compliance.trail.services import record

from ..models import Membership, User
from ..selectors import members, memberships_of


@transaction.atomic
def follow_addresses(*, actor: Actor = SYSTEM, user_id: UUID | None = None) -> int:
    """In the room, bring its members' addresses to those that their accounts answer to; returns how many changed.

    Idempotent: the news of one change calls it for that person, the sweep of the digests for everybody.
    """
    present = members() if user_id is None else members().filter(user_id=user_id)
    own = EmailAddress.objects.filter(primary=True, verified=True, user_id__in=present.order_by().values("user_id"))
    verified = {user: email.lower() for user, email in own.values_list("user_id", "email")}
    changed = 0
    for membership in present.filter(user_id__in=verified).select_for_update(of=("self",)):
        if membership.email.lower() != verified[membership.user_id]:
            _follow(actor, membership, verified[membership.user_id])
            changed += 1
    return changed


def follow_address(*, user: User, request_id: str = "") -> None:
    """The same for one person, in each of their organisations. Called outside any room."""
    with as_user(user.pk):
        own = list(memberships_of(user.pk))
    for membership in own:
        actor = Actor(ActorKind.PERSON, membership.name, user.pk, membership.pk, request_id)
        with scope(membership.organization):
            follow_addresses(actor=actor, user_id=user.pk)


def _follow(actor: Actor, membership: Membership, email: str) -> None:
    before = membership.email
    membership.take_address(email)
    membership.save(update_fields=["email", "former_emails"])
    record(
        actor=actor, action="people.membership.address_followed", target=membership, before={"email": before}, after={"email": email}
    )
