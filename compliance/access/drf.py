"""The guard of the API: a token's scopes are permissions; a viewset says which each action needs."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from .permissions import Permission


class ScopePermission(BasePermission):
    """Reads `view.scopes`: a mapping of action (or "read"/"write") to the permission it needs.

    A view without it lets nobody in: forgetting is refusing.
    """

    message = "This token does not have the scope that this call needs."

    def has_permission(self, request: Request, view: Any) -> bool:
        token: Any = request.auth
        needed = needed_scope(view, request.method or "GET")
        return token is not None and needed is not None and needed.value in token.scopes


def needed_scope(view: Any, method: str) -> Permission | None:
    """The permission that a call of this view needs, or None where the view does not say."""
    scopes = getattr(view, "scopes", {})
    action = getattr(view, "action", None)
    if action in scopes:
        return scopes[action]
    return scopes.get("read" if method in {"GET", "HEAD", "OPTIONS"} else "write")
