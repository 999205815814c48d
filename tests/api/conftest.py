"""Callers of the API: a token of Acme with every scope that a token can have, and callers with fewer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from compliance.people.scopes import GRANTABLE

JSON = "application/json"


class Caller:
    """Calls with one token. Answers are Django's, with `json()`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=_named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(f"/api/v1/{path}", {} if body is None else body, JSON, headers=_named(headers))

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.patch(f"/api/v1/{path}", body, JSON, headers=_named(headers))

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/v1/{path}", headers=_named(headers))

    def upload(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"/api/v1/{path}", fields, headers=_named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture()
def caller(acme, mei, token_of: Callable[..., str]) -> Caller:
    """Acme's token with every scope, made by its compliance manager."""
    return Caller(token_of(acme, *GRANTABLE, created_by=mei.membership))


@pytest.fixture()
def calls_with(acme, mei, token_of: Callable[..., str]) -> Callable[..., Caller]:
    """A caller of Acme with the scopes that are named and no others."""
    return lambda *scopes: Caller(token_of(acme, *scopes, created_by=mei.membership))


@pytest.fixture()
def their_caller(borealis, stranger, token_of: Callable[..., str]) -> Caller:
    """Borealis's token with every scope."""
    return Caller(token_of(borealis, *GRANTABLE, created_by=stranger.membership))
