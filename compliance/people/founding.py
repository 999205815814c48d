"""Who may come in without an invitation, and found an organisation. Where sign-up is closed, the first one still has to begin."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection

from compliance.tenancy.models import Organization

_FIRST = "people:first-organization"


def may_found() -> bool:
    """Whether an organisation may be created in the browser: always the first one, others where sign-up is open."""
    return bool(settings.OPEN_SIGNUP) or not Organization.objects.tenants().exists()


def claim_founding() -> None:
    """Hold the right to found until the transaction ends. Where sign-up is closed the founders of a first organisation come one
    after another: whoever is quicker founds it, and the next is told so. Raises PermissionDenied."""
    if not settings.OPEN_SIGNUP:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_FIRST])
    if not may_found():
        raise PermissionDenied("Organisations are created by whoever runs this installation.")
