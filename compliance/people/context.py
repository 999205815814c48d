"""What every page of an organisation knows: where it is, who reads it, and the index."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from compliance.access.roles import permissions_of
from compliance.web.navigation import entries_for

from .models import Membership


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`organization`, `membership`, `nav` (list of label, url, key, count, current), `can` (names of permissions held:
    `{% if can.SCOPE_DECIDE %}`), `organizations` and `chooser_url` for the menu; only `organization` outside a room.
    """
    organization = getattr(request, "organization", None)
    membership = getattr(request, "membership", None)
    if organization is None or membership is None:
        return {"organization": organization}
    return {
        "organization": organization,
        "membership": membership,
        "nav": entries_for(request, organization.slug),
        "can": {permission.name: True for permission in permissions_of(membership.role)},
        "organizations": SimpleLazyObject(lambda: _organizations(getattr(request, "own_memberships", []), membership)),
        "chooser_url": f"{reverse('home')}?all=1",
    }


def _organizations(own: list[Membership], membership: Membership) -> list[dict[str, Any]]:
    """The person's organisations, from their own memberships, which the middleware read before it entered the room."""
    found = sorted((each.organization for each in own), key=lambda organization: organization.name.lower())
    here = membership.organization_id
    return [{"name": each.name, "url": f"/o/{each.slug}/", "current": each.pk == here} for each in found]
