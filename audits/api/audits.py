"""Audits and the seats at them."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.request import Request as Call
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, filters

from ..models import Audit, Seat, SharedPack
from ..selectors.audits import audits
from ..selectors.packs import shared_with
from ..serializers import (
    AuditChange,
    AuditInput,
    AuditSerializer,
    SeatSerializer,
    SharedPackInput,
    SharedPackSerializer,
)
from ..services import change_audit, open_audit, share_pack

_FRAME = ("name", "firm", "starts_on", "ends_on", "turnaround_days")


class AuditFilter(filters.FilterSet):
    programme = IdFilter(field_name="programme_id")
    issued = FlagFilter(field_name="issued_at", lookup_expr="isnull", exclude=True)


class AuditEndpoint(Listed, Shown, Endpoint):
    """Audits with the sums of their request logs."""

    noun = "audits"
    one = "an audit"
    queryset = Audit.objects.all()
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    scopes = {"read": Permission.AUDIT_VIEW, "write": Permission.AUDIT_MANAGE}
    inputs = {"create": AuditInput, "partial_update": AuditChange}

    def get_queryset(self) -> QuerySet[Audit]:
        return audits()

    def create(self, call: Call) -> Response:
        """Open an audit of a programme by one firm."""
        return self.answer(self.fresh(open_audit(actor=self.actor, **self.input()).pk))

    def partial_update(self, call: Call, pk: str) -> Response:
        """Change the frame of an audit. Once its report is issued it stands."""
        audit = self.found()
        frame = {name: getattr(audit, name) for name in _FRAME} | self.input()
        return self.answer(self.fresh(change_audit(actor=self.actor, audit=audit, **frame).pk))


class SeatEndpoint(Listed, Endpoint):
    """The auditors who hold a seat at one audit. They are invited by people, in the audit's page."""

    noun = "seats at an audit"
    queryset = Seat.objects.all()
    serializer_class = SeatSerializer
    scopes = {"read": Permission.AUDIT_VIEW}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Seat]:
        return Seat.objects.filter(audit=self.above(Audit.objects.all(), "audit"))


class SharedPackEndpoint(Listed, Endpoint):
    """The evidence packs that the auditors of one audit may download, the newest first."""

    noun = "packs in the portal of an audit"
    queryset = SharedPack.objects.all()
    serializer_class = SharedPackSerializer
    scopes = {"read": Permission.AUDIT_VIEW, "write": Permission.AUDIT_MANAGE}
    inputs = {"create": SharedPackInput}

    def get_queryset(self) -> QuerySet[SharedPack]:
        return shared_with(self.above(Audit.objects.all(), "audit"))

    def create(self, call: Call, audit: str) -> Response:
        """Share a finished pack with the auditors of the audit, for good.

        What reaches further than the audit's programme is refused; sharing twice is once.
        """
        found = self.above(Audit.objects.all(), "audit")
        return self.answer(self.fresh(share_pack(actor=self.actor, audit=found, pack=self.input()["pack"]).pk))
