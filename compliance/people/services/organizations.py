"""An organisation's beginning and its settings."""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from compliance.access.roles import Role
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.tenancy.settable import settable
from compliance.trail.actors import Actor, ActorKind
from compliance.trail.services import changes, record

from ..events import membership_began
from ..models import Membership, User
from ..selectors import second_factor_holders


def create_organization(
    *, actor: Actor, founder: User, name: str, slug: str, timezone: str = "UTC", role: str = Role.COMPLIANCE_MANAGER
) -> Organization:
    """An organisation with its first member, who has to be able to bring in the others.

    Enters the new room itself, so it is called outside any. Raises ValidationError, by field.
    """
    if role not in (Role.ADMINISTRATOR, Role.COMPLIANCE_MANAGER):
        raise ValidationError({"role": "The first member is an administrator or a compliance manager."})
    organization = Organization(name=name.strip(), slug=slug, timezone=timezone)
    _check(organization)
    try:
        with transaction.atomic():
            organization.save(force_insert=True)
            with scope(organization):
                _admit_founder(actor, organization, founder, role)
    except IntegrityError:
        raise ValidationError({"slug": "Another organisation has this address already."}) from None
    return organization


def _admit_founder(actor: Actor, organization: Organization, founder: User, role: str) -> None:
    membership = Membership.objects.create(
        user=founder, role=role, name=founder.name or founder.email, email=founder.email
    )
    record(
        actor=actor, action="people.organization.created", target=organization,
        after={
            "name": organization.name, "slug": organization.slug, "timezone": organization.timezone,
            "first_member": membership.name, "role": role,
        },
    )  # fmt: skip
    send = partial(membership_began.send_robust, sender=Membership)
    transaction.on_commit(partial(send, organization_id=organization.pk, membership_id=membership.pk))


@transaction.atomic
def change_settings(*, actor: Actor, organization: Organization, **fields: Any) -> Organization:
    """Change `name`, `timezone` or `requires_second_factor`.

    Nobody may require a second factor without having one: they would lock themselves out. Raises ValidationError, by
    field.
    """
    fields = settable(fields, ("name", "timezone", "requires_second_factor"), "a setting")
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    before, after = changes(organization, fields)
    if after.get("requires_second_factor") and not _has_second_factor(actor):
        raise ValidationError(
            {"requires_second_factor": "Add a second factor to your own account first, or you would be locked out."}
        )
    for name, value in after.items():
        setattr(organization, name, value)
    _check(organization)
    if after:
        organization.save(update_fields=list(after))
        record(actor=actor, action="people.organization.changed", target=organization, before=before, after=after)
    return organization


def _has_second_factor(actor: Actor) -> bool:
    return actor.kind is ActorKind.PERSON and actor.id is not None and bool(second_factor_holders([actor.id]))


def _check(organization: Organization) -> None:
    organization.clean_fields()
    if organization.timezone not in available_timezones():
        raise ValidationError({"timezone": "Choose a time zone of the list, such as Europe/Lisbon."})
    if Organization.objects.filter(slug=organization.slug).exclude(pk=organization.pk).exists():
        raise ValidationError({"slug": "Another organisation has this address already."})
