"""The programmes in the menu of every page: those under way, and the way to all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from compliance.access.guards import may
from compliance.access.permissions import Permission

from .selectors import open_programmes


def programmes(request: HttpRequest) -> dict[str, Any]:
    """`programme` (the one of this page, else the first under way) and `programmes`, as base.html describes them."""
    organization = getattr(request, "organization", None)
    if organization is None or not may(request, Permission.PROGRAMME_VIEW):
        return {}
    match = request.resolver_match
    at = match.kwargs.get("programme") if match and match.namespace == "programmes" else None
    entries: Any = SimpleLazyObject(lambda: _entries(organization.slug, at))
    return {"programmes": entries, "programme": SimpleLazyObject(lambda: _present(entries))}


def _entries(slug: str, at: UUID | None) -> list[dict[str, Any]]:
    found = [
        {
            "label": programme.name, "url": reverse("programmes:programme", args=[slug, programme.pk]),
            "current": programme.pk == at, "programme": programme,
        }
        for programme in open_programmes()
    ]  # fmt: skip
    return [*found, {"label": "All programmes", "url": reverse("programmes:list", args=[slug]), "current": False}]


def _present(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    under_way = [entry for entry in entries if "programme" in entry]
    return next((entry for entry in under_way if entry["current"]), under_way[0] if under_way else None)
