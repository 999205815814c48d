"""Guards of pages: a stranger's object does not exist (404), a colleague's is refused (403)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from .permissions import Permission
from .roles import permissions_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether the request's membership holds a permission."""
    membership = getattr(request, "membership", None)
    return membership is not None and permission in permissions_of(membership.role)


def requires(*any_of: Permission) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let in who holds at least one of the permissions. Marks the view, so that a test can prove every view is marked."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request, "membership", None) is None:
                raise Http404
            if not any(may(request, permission) for permission in any_of):
                raise PermissionDenied("Your role does not allow this.")
            return view(request, *args, **kwargs)

        guarded.required_permissions = any_of  # type: ignore[attr-defined]
        return guarded

    return decorate
