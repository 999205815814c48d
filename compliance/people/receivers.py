"""What the sign-in library tells, and what follows."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from .models import User
from .proofs import note_set_up
from .services.addresses import follow_address
from .services.mailboxes import keep_one_mailbox


@receiver(email_confirmed)
def keep_one_mailbox_on_proof(email_address: EmailAddress, request: HttpRequest, **_: Any) -> None:
    """An account's own address is proved for the first time. One that was added later is not its own yet."""
    if email_address.primary:
        keep_one_mailbox(user=email_address.user, email=email_address.email)
        follow_address(user=email_address.user, request_id=getattr(request, "request_id", ""))


@receiver(email_changed)
def follow_address_on_change(user: User, request: HttpRequest, **_: Any) -> None:
    """An account answers to another of its addresses: so do its memberships, once that one is verified."""
    follow_address(user=user, request_id=getattr(request, "request_id", ""))


@receiver(authenticator_added)
def note_set_up_on_addition(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """Who sets up a factor shows it by that, and is not asked for it at the next page."""
    note_set_up(request, authenticator)
