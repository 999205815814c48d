"""Signing in with a passkey alone."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth


class PasskeyForm(LoginWebAuthnForm):
    """A passkey counts as two factors because its holder was verified by it, by finger, face or PIN: said by the key, under its signature.

    That the library asked for it is not enough. What it asked stands in the session, where a challenge of another form, which
    asks for no more than the key, takes its place (somebody's own second factor, say): by such a one a found key would open its
    owner's account.
    """

    def clean_credential(self) -> Authenticator:
        authenticator: Authenticator = super().clean_credential()
        sent: Any = self.data.get(self.add_prefix("credential"))
        credential = self.fields["credential"].clean(sent)
        if not auth.parse_authentication_response(credential).response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return authenticator
