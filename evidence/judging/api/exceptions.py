"""Exceptions of checks, and the days that they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import IdFilter, WordFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Day, Input, Output, Reference, Text
from evidence.collectors.models import Connection
from evidence.collectors.serializers import ConnectionBrief

from ..models import CheckException, Verdict
from ..selectors_of_exceptions import STATES, exceptions
from ..services import exempt

_LONG = 5_000


class ExceptionDecisionSerializer(serializers.Serializer):
    """What was decided on an exception."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    note = serializers.CharField()
    failing = serializers.IntegerField(allow_null=True, help_text="Resources that failed when all of them were excepted.")
    decided_by_name = serializers.CharField()
    decided_at = serializers.DateTimeField()


class CheckExceptionSerializer(Output):
    """That a check may fail from a day to a day. `resource` empty: all of the check. `state` is today's."""

    connection = ConnectionBrief()
    check = serializers.CharField(source="check_id")
    state = serializers.ChoiceField(choices=STATES)
    asked_by = serializers.UUIDField(source="asked_by_id", allow_null=True)
    decisions = ExceptionDecisionSerializer(many=True)

    class Meta:
        model = CheckException
        fields = [
            "id", "ref", "check", "connection", "resource", "state", "reason", "starts_on", "until", "asked_by",
            "asked_by_name", "asked_at", "decisions",
        ]  # fmt: skip


class CheckExceptionInput(Input):
    """Ask that a check may fail. Without `resource` all of its resources; without `starts_on` from today."""

    check = Text(max_length=80)
    connection = Reference(Connection.objects.filter(retired_at__isnull=True))
    resource = Text(max_length=400, required=False, allow_blank=True, default="")
    reason = Text(max_length=_LONG)
    starts_on = Day(required=False, allow_null=True, default=None)
    until = Day()


class ApproveExceptionInput(Input):
    """Let it hold."""

    note = Text(max_length=_LONG, required=False, allow_blank=True, default="")


class ExceptionNoteInput(Input):
    """Why it is refused or ends."""

    note = Text(max_length=_LONG)


class CheckExceptionFilter(filters.FilterSet):
    check = WordFilter(field_name="check_id")
    connection = IdFilter(field_name="connection_id")
    state = filters.ChoiceFilter(choices=STATES)


class CheckExceptionEndpoint(Listed, Shown, Endpoint):
    """Exceptions of checks. A token asks and answers for the member who made it; nobody answers what they asked."""

    noun = "exceptions of checks"
    one = "an exception of a check"
    queryset = CheckException.objects.all()
    serializer_class = CheckExceptionSerializer
    filterset_class = CheckExceptionFilter
    scopes = {
        "read": Permission.EVIDENCE_VIEW, "create": Permission.EXCEPTION_ASK, "approve": Permission.EXCEPTION_APPROVE,
        "refuse": Permission.EXCEPTION_APPROVE, "revoke": Permission.EXCEPTION_ASK,
    }  # fmt: skip
    inputs = {
        "create": CheckExceptionInput, "approve": ApproveExceptionInput, "refuse": ExceptionNoteInput,
        "revoke": ExceptionNoteInput,
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[CheckException]:
        return exceptions()

    def lock(self, thing: CheckException) -> None:
        """Its own row only grows, so the connection's keeps others from deciding on it."""
        exempt.locked(thing)

    def create(self, request: Request) -> Response:
        """Ask for one."""
        given = self.input()
        check_id = given.pop("check")
        made = exempt.ask_exception(actor=self.actor, member=self.maker(), check_id=check_id, **given)
        return self.answer(self.fresh(made.pk))

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Let it hold from its first day."""
        return self._decided(pk, exempt.approve_exception)

    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """It does not hold, and why."""
        return self._decided(pk, exempt.refuse_exception)

    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """End it from now on, and why."""
        return self._decided(pk, exempt.revoke_exception)

    def _decided(self, pk: str, service: Callable[..., Any]) -> Response:
        given = self.input()
        try:
            service(actor=self.actor, member=self.maker(), exception=self.found(), **given)
        except exempt.AnsweredError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(self.fresh(pk))
