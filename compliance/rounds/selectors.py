"""Reading confirmations and programme reviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from compliance.programmes.models import Programme

from .models import Action, Cadence, Confirmation, Review
from .snapshot import Difference, between, of_programme


def confirmations(programme: Programme) -> QuerySet[Confirmation]:
    """Every confirmation of a programme, the newest first."""
    return Confirmation.objects.filter(programme=programme).order_by("-number")


def latest_confirmation(programme: Programme) -> Confirmation | None:
    """The one that holds."""
    return confirmations(programme).first()


def changes_since(confirmation: Confirmation, present: Mapping[str, Any] | None = None) -> list[Difference]:
    """What differs now from what was confirmed."""
    return between(confirmation.snapshot, present if present is not None else of_programme(confirmation.programme))


def reviews(programme: Programme) -> QuerySet[Review]:
    """Every review of a programme, the latest first, with the count of its actions and of those that are open."""
    counted = {"asked": Count("actions"), "open": Count("actions", filter=Q(actions__done_at__isnull=True))}
    return Review.objects.filter(programme=programme).annotate(**counted).order_by("-covers_to", "-id")


def actions(review: Review) -> QuerySet[Action]:
    """What a review asks for, in the order of the days."""
    return review.actions.select_related("owner").order_by("due_on", "id")


def next_span(programme: Programme, cadence: str, today: date) -> tuple[date, date]:
    """The days that the next review of a cadence looks back on: a calendar month or year after the one before, and for
    the first one the last whole month or year."""
    latest = Review.objects.filter(programme=programme, cadence=cadence).order_by("-covers_to").first()
    if cadence == Cadence.MONTHLY:
        first = latest.covers_to + timedelta(days=1) if latest else (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        return first, _month_end(first)
    first = latest.covers_to + timedelta(days=1) if latest else date(today.year - 1, 1, 1)
    return first, _year_end(first)


def _year_end(first: date) -> date:
    """The last day of the year that begins on a day; one that begins on 29 February ends on the 28th."""
    if (first.month, first.day) == (2, 29):
        return date(first.year + 1, 2, 28)
    return first.replace(year=first.year + 1) - timedelta(days=1)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
