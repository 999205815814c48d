"""The failures of one connection at once, by the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.problems import Conflict
from compliance.web.serializers import Day, Input, Text
from evidence.collectors.models import Connection
from evidence.judging.services.exempt import AnsweredError

from .retiring import Unsettled, unsettled
from .services.except_source import approve_for_source, ask_for_source, refuse_for_source

_LONG = 5_000


class UnsettledSerializer(serializers.Serializer):
    """A failure that was neither put right nor excepted, and the exception of its whole check that waits for an answer."""

    gap = serializers.UUIDField(source="gap.pk")
    ref = serializers.CharField(source="gap.ref")
    check = serializers.CharField(source="gap.subject")
    title = serializers.CharField(source="gap.title")
    exception = serializers.SerializerMethodField(help_text="Its reference; empty where none waits.")

    @extend_schema_field(serializers.CharField())
    def get_exception(self, each: Unsettled) -> str:
        return each.waiting.ref if each.waiting else ""


class SourceFailuresSerializer(serializers.Serializer):
    """What stands in the way of retiring a connection, by rank; nothing where it may be retired."""

    failures = UnsettledSerializer(many=True)


class AskForSourceInput(Input):
    """Why all of it may fail, and until when."""

    reason = Text(max_length=_LONG)
    until = Day()


class _AnswerSourceInput(Input):
    """An answer to all of them."""

    shown = serializers.ListField(
        child=Text(max_length=12), required=False, max_length=500,
        help_text="The references of the exceptions that were read: where others wait, nothing is answered. Else: whatever waits.",
    )  # fmt: skip


class ApproveSourceInput(_AnswerSourceInput):
    """Let all of them hold."""

    note = Text(max_length=_LONG, required=False, allow_blank=True, default="")


class RefuseSourceInput(_AnswerSourceInput):
    """Why all of them are refused."""

    note = Text(max_length=_LONG)


class SourceFailuresEndpoint(Endpoint):
    """What a connection showed that was neither put right nor excepted. A token asks and answers for the member who made it;
    nobody answers what they asked."""

    noun = "the failures of a connection"
    queryset = Connection.objects.all()
    serializer_class = SourceFailuresSerializer
    scopes = {
        "read": Permission.GAP_VIEW, "ask": Permission.EXCEPTION_ASK, "approve": Permission.EXCEPTION_APPROVE,
        "refuse": Permission.EXCEPTION_APPROVE,
    }  # fmt: skip
    inputs = {"ask": AskForSourceInput, "approve": ApproveSourceInput, "refuse": RefuseSourceInput}

    def retrieve(self, request: Request, connection: str) -> Response:
        """Read what stands in the way of retiring a connection."""
        return self.read(_shown(self._connection()))

    def ask(self, request: Request, connection: str) -> Response:
        """Ask for an exception of each failure that nobody has asked for yet. All or none."""
        return self._done(ask_for_source)

    def approve(self, request: Request, connection: str) -> Response:
        """Approve every exception that waits for them. All or none."""
        return self._done(approve_for_source)

    def refuse(self, request: Request, connection: str) -> Response:
        """Refuse every exception that waits for them, and why."""
        return self._done(refuse_for_source)

    def _done(self, service: Callable[..., Any]) -> Response:
        found, given = self._connection(), self.input()
        try:
            service(actor=self.actor, member=self.maker(), connection=found, **given)
        except AnsweredError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(_shown(found))

    def _connection(self) -> Connection:
        return self.above(Connection.objects.defer("secret"), "connection")


def _shown(connection: Connection) -> dict[str, Any]:
    return {"failures": unsettled(connection)}
