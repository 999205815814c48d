"""The mailbox that an account answers to. Each address of an account can set its password anew."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from ..models import User


@transaction.atomic
def prove_mailbox(*, user: User, email: str) -> None:
    """Whoever holds this account reads this mailbox: a link that was mailed there is in their hands.

    Until the first proof anybody may have begun the account in that person's name, and put a further address of their own
    beside it, by which they would come back in after the rightful one had taken it over: such addresses go.
    """
    own = EmailAddress.objects.filter(user=user, email__iexact=email)
    if own.filter(verified=True).exists():
        return
    own.update(verified=True)
    keep_one_mailbox(user=user, email=email)


def keep_one_mailbox(*, user: User, email: str) -> None:
    """Take every other address off an account."""
    EmailAddress.objects.filter(user=user).exclude(email__iexact=email).delete()
