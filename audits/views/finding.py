"""Finding what an address names within the room; what is not there is a 404."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from compliance.access.permissions import Permission
from compliance.access.roles import permissions_of
from compliance.people.requests import PageRequest

from ..models import Audit, Request


def audit_or_404(pk: UUID) -> Audit:
    """An audit with its programme."""
    return get_object_or_404(Audit.objects.select_related("programme__framework"), pk=pk)


def request_or_404(pk: UUID) -> Request:
    """A request with its audit, its assignee and its control."""
    return get_object_or_404(Request.objects.select_related("audit__programme", "assignee", "control"), pk=pk)


def permissions_here(request: PageRequest) -> frozenset[Permission]:
    """What the reader may do in this organisation."""
    return permissions_of(request.membership.role)


def sentences(error: ValidationError) -> str:
    """What a service refused, in its own words."""
    return " ".join(error.messages)
