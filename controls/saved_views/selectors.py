"""Reading saved views: a person's own, and those that are shared."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from compliance.people.models import Membership

from .models import DefaultView, SavedView


def views_of(member: Membership) -> QuerySet[SavedView]:
    """The views that a person may use, by name, with their owners."""
    return SavedView.objects.filter(Q(owner=member) | Q(shared=True)).select_related("owner").order_by("name", "id")


def default_of(member: Membership) -> SavedView | None:
    """The view that a person's matrix opens with, while they may still use it."""
    chosen = DefaultView.objects.filter(member=member).values("view")
    return views_of(member).filter(pk__in=chosen).first()
