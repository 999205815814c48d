"""What every page of an organisation knows: where it is, who reads it, and the index."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from compliance.web.navigation import entries_for


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`organization`, `membership` and `nav` (list of label, url, key, count, current); empty outside a room."""
    organization = getattr(request, "organization", None)
    membership = getattr(request, "membership", None)
    if organization is None or membership is None:
        return {"organization": organization}
    return {"organization": organization, "membership": membership, "nav": entries_for(request, organization.slug)}
