"""The audit trail. It is written by deeds, so there is nothing to send here."""

from __future__ import annotations

from django.db.models import QuerySet

from compliance.access.permissions import Permission
from compliance.web.api import Endpoint, Listed, Shown
from compliance.web.api_filters import IdFilter, MomentFilter, WordFilter, filters

from .models import Entry
from .selectors import entries
from .serializers import EntrySerializer


class EntryFilter(filters.FilterSet):
    action = WordFilter(lookup_expr="startswith", label="Its beginning: `gaps.` or `gaps.gap.closed`.")
    actor = IdFilter(field_name="actor_id")
    actor_kind = WordFilter()
    target = IdFilter(field_name="target_id")
    target_type = WordFilter()
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")


class EntryEndpoint(Listed, Shown, Endpoint):
    """Who meant what, newest first. What an auditor does is not told before the report is issued."""

    noun = "trail entries"
    one = "a trail entry"
    queryset = Entry.objects.all()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    scopes = {"read": Permission.TRAIL_VIEW}

    def get_queryset(self) -> QuerySet[Entry]:
        return entries()
