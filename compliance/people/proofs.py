"""What a session has proved. That a person *has* a second factor says nothing of who holds a session that a password alone began.

Any way of signing in proves one factor; the record of a second stands in the session (allauth), with the factor by which it was
shown. It counts for as long as that factor is the person's own: taking off a key that was lost ends what was shown with it.
"""

from __future__ import annotations

from enum import Enum

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

_FACTORS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


class SecondFactor(Enum):
    """Of a session: the person has none, has not shown it in here, has shown it."""

    NONE = "none"
    MISSING = "missing"
    SHOWN = "shown"


def second_factor(request: HttpRequest) -> SecondFactor:
    """How the session of a signed-in person stands. A passkey by itself, a recovery code and a factor set up in here count as shown.

    Recovery codes alone are no factor (`selectors.second_factor_holders`): they stand in for one.
    """
    held = dict(Authenticator.objects.filter(user_id=request.user.pk).values_list("pk", "type"))
    if not _FACTORS & set(held.values()):
        return SecondFactor.NONE
    records = get_authentication_records(request, request.user)
    shown = {record.get("id") for record in records if record.get("method") == "mfa"}
    return SecondFactor.SHOWN if shown & held.keys() else SecondFactor.MISSING


def note_set_up(request: HttpRequest, authenticator: Authenticator) -> None:
    """A factor was set up in this session, which takes showing it; recovery codes that come along were shown by nobody."""
    if authenticator.type in _FACTORS:
        record_authentication(request, authenticator.user, "mfa", id=authenticator.pk, type=authenticator.type)
