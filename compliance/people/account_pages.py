"""A person's own account, where they have a second factor: opened by a session that has shown it.

Whoever holds a session that a password alone began (another browser's, from before the factor was added), and knows the password,
would else set up a factor of their own there, or take off the owner's, and be let in everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .asking import page_that_asks
from .proofs import SecondFactor, second_factor

#: Pages of /accounts/ that show nothing of an account and change nothing of it, or ask for the factor themselves.
_OPEN = {
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate", "account_confirm_email",
    "account_email_verification_sent", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
}  # fmt: skip


class AccountPagesMiddleware:
    """Sends who has a second factor, and has not shown it in this session, to show it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if not request.path.startswith("/accounts/") or match is None or match.url_name in _OPEN:
            return None
        if not request.user.is_authenticated or second_factor(request) is not SecondFactor.MISSING:
            return None
        return redirect(page_that_asks(request, SecondFactor.MISSING, request.get_full_path()))
