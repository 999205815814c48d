"""Finding what the address names within the room; what is not there is a 404."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today

from ..models import Review
from ..selectors import Right, reviews, right_of


def find_review(control_review: UUID) -> Review:
    """A review of this room with its control, its plan and who has to answer."""
    return get_object_or_404(reviews().select_related("plan"), pk=control_review)


def right_or_403(request: PageRequest, review: Review) -> Right:
    """By what right the reader answers it; 403 for anybody else."""
    right = right_of(request.membership, review, today(request.organization.timezone))
    if right is None:
        raise PermissionDenied("Its owner answers a review, or whom they named for their leave.")
    return right
