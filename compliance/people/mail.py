"""Letters about people."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from compliance.access.roles import Role
from compliance.tenancy.models import Organization

from .models import Invitation


def send_invitation(invitation: Invitation, organization: Organization, invited_by: str, handed: str) -> None:
    """The letter with the link. Runs after the transaction and reads nothing from the database: the room is left."""
    link = settings.SITE_URL.rstrip("/") + reverse("accept_invitation", args=[handed])
    context = {
        "name": invitation.name, "organization": organization.name, "invited_by": invited_by,
        "role": Role(invitation.role).label, "link": link, "until": invitation.expires_at,
    }  # fmt: skip
    send_mail(
        f"{organization.name} invites you to Fieldwork",
        render_to_string("people/mail/invitation.txt", context),
        None,
        [invitation.email],
    )
