"""The API's authentication: the middleware has entered the token's room already; this says who calls."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from .models import Token


class TokenCaller:
    """What DRF calls the user: the token itself."""

    is_authenticated = True

    def __init__(self, token: Token) -> None:
        self.token = token
        self.pk = token.pk


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer fw1_…`. Says the same of an unknown, an expired and a revoked token."""

    def authenticate(self, request: Request) -> tuple[TokenCaller, Token] | None:
        token = getattr(request._request, "api_token", None)
        if token is None:
            if request.headers.get("Authorization"):
                raise AuthenticationFailed("This token is not known, has expired or was revoked.")
            return None
        return TokenCaller(token), token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "compliance.people.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of one organisation, with scopes and an expiry."}
