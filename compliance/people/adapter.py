"""How sign-in behaves where allauth asks."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from compliance.tenancy.sealing import open_sealed, seal

from .founding import may_found
from .proofs import SecondFactor, second_factor

_MFA = "people:second-factor"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up can be closed by one setting; whoever holds an invitation may still come in, and whoever founds the first
    organisation of an installation that has none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(request.session.get("invitation")) or may_found()

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A password proves nothing new in a session that a password began: there the second factor alone is asked for."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and second_factor(self.request) is SecondFactor.MISSING:
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods


class MfaAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are sealed at rest."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, belongs_to=_MFA)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(base64.b64decode(encrypted_text), belongs_to=_MFA)
