"""Vendors, connections, and their runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.db.models import BooleanField, Case, Prefetch, QuerySet, Value, When
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters
from compliance.web.serializers import Nothing

from .base import FactKind, PermissionResult
from .models import Connection, Cursor, Health, Run, RunOutcome, RunState, RunStep
from .registry import NAMES, vendors
from .serializers import (
    ConnectionChange,
    ConnectionInput,
    ConnectionSerializer,
    CursorSerializer,
    FactKindSerializer,
    LoggedStepSerializer,
    RetiredInput,
    RowSchemaSerializer,
    RunInput,
    RunSerializer,
    RunWithSteps,
    VendorSerializer,
)
from .services.connect import change_connection, create_connection, record_trial, trial_of
from .services.request import request_run
from .services.retire import retire_connection

_VENDORS = [(name, name) for name in NAMES]
_OWN = frozenset({"vendor", "name", "slug", "every_minutes"})


@dataclass(frozen=True)
class ListedKind:
    """A fact kind with its vendor."""

    vendor: str
    kind: FactKind

    def __getattr__(self, name: str) -> Any:
        return getattr(self.kind, name)


class Catalogue(Listed, Endpoint):
    """What is listed in code, by its id."""

    lookup_value_converter = "str"
    filter_backends = ()
    ordering = ("id",)

    def entries(self) -> list[Any]:
        """Everything in the catalogue."""
        raise NotImplementedError

    def get_queryset(self) -> Any:
        return self.entries()

    def retrieve(self, request: Request, pk: str) -> Response:
        found = next((each for each in self.entries() if each.id == pk), None)
        if found is None:
            raise NotFound
        return self.read(found)


class VendorEndpoint(Catalogue):
    """Vendors that can be connected to, and the fields that a connection of each takes."""

    noun = "vendors"
    one = "a vendor"
    serializer_class = VendorSerializer
    scopes = {"read": Permission.CONNECTION_VIEW}

    def entries(self) -> list[Any]:
        return list(vendors().values())


class FactKindEndpoint(Catalogue):
    """Every kind of fact that can be collected, with the permissions that it needs at the vendor; and every kind that can be
    pushed, with the schema of its rows."""

    noun = "kinds of fact"
    one = "a kind of fact"
    serializer_class = FactKindSerializer
    outputs = {"schema_of": RowSchemaSerializer}
    scopes = {"read": Permission.CONNECTION_VIEW}

    def entries(self) -> list[Any]:
        return [ListedKind(vendor.id, kind) for vendor in vendors().values() for kind in vendor.kinds]

    @action(detail=True, url_path="schema")
    def schema_of(self, request: Request, pk: str) -> Response:
        """Read the JSON Schema of a row.

        Draft 2020-12. A kind that only a collector brings has none, and is not found here.
        """
        found = next((each for each in self.entries() if each.id == pk and each.kind.schema), None)
        if found is None:
            raise NotFound
        return Response(found.kind.schema)


class ConnectionFilter(filters.FilterSet):
    vendor = filters.ChoiceFilter(choices=_VENDORS)
    slug = WordFilter()
    health = filters.ChoiceFilter(choices=Health.choices)
    active = FlagFilter()


class ConnectionEndpoint(Listed, Shown, Endpoint):
    """Vendor accounts that evidence is pulled from."""

    noun = "connections"
    one = "a connection"
    queryset = Connection.objects.all()
    serializer_class = ConnectionSerializer
    filterset_class = ConnectionFilter
    ordering = ("id",)
    scopes = {"read": Permission.CONNECTION_VIEW, "write": Permission.CONNECTION_MANAGE}
    inputs = {"create": ConnectionInput, "partial_update": ConnectionChange, "test": Nothing, "retire": RetiredInput}

    def get_queryset(self) -> QuerySet[Connection]:
        has_secret = Case(When(secret__isnull=True, then=Value(False)), default=Value(True), output_field=BooleanField())
        return Connection.objects.defer("secret").select_related("created_by").annotate(has_secret=has_secret)

    def create(self, request: Request) -> Response:
        """Connect to a vendor.

        For AWS the answer's `config` holds the `external_id` that the role's trust policy has to ask for.
        """
        made = _by_field(lambda: create_connection(actor=self.actor, **self.input()))
        return self.answer(self.fresh(made.pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a connection, replace its secret, pause it or resume it."""
        connection = Connection.objects.get(pk=self.found().pk)
        _by_field(lambda: change_connection(actor=self.actor, connection=connection, **self.input()))
        return self.answer(self.fresh(connection.pk))

    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> HttpResponse:
        """Try each permission that the collectors need.

        It calls the vendor and takes some seconds. The answer says which permission is missing, and what to grant.
        """
        self.input()
        tried = Connection.objects.get(pk=self.found().pk)

        def answer(results: list[PermissionResult]) -> Response:
            record_trial(actor=self.actor, tried=tried, results=results)
            return self.answer(self.fresh(tried.pk))

        return self.outside(trial_of(tried), answer)


    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take a connection out of use for good, with the reason.

        Its checks count no more, its accepted gaps close with the reason, its secret is destroyed. What it brought stays.
        """
        connection = Connection.objects.get(pk=self.found().pk)
        return self.answer(self.fresh(retire_connection(actor=self.actor, connection=connection, **self.input()).pk))


class RunFilter(filters.FilterSet):
    connection = IdFilter(field_name="connection_id")
    state = filters.ChoiceFilter(choices=RunState.choices)
    outcome = filters.ChoiceFilter(choices=RunOutcome.choices)


class RunEndpoint(Listed, Shown, Endpoint):
    """Runs, newest first. One run shows its steps: what was called, how many rows, what went wrong."""

    noun = "runs"
    one = "a run, with its steps"
    queryset = Run.objects.all()
    serializer_class = RunWithSteps
    filterset_class = RunFilter
    outputs = {"list": RunSerializer}
    scopes = {"read": Permission.CONNECTION_VIEW}

    def get_serializer_class(self) -> type[RunSerializer]:
        return RunSerializer if self.action == "list" else RunWithSteps

    def get_queryset(self) -> QuerySet[Run]:
        found = _runs()
        steps = Prefetch("steps", RunStep.objects.defer("log").order_by("position"))
        return found if self.action == "list" else found.prefetch_related(steps)


class ConnectionRunEndpoint(Listed, Endpoint):
    """Runs of one connection, newest first."""

    noun = "runs of a connection"
    queryset = Run.objects.all()
    serializer_class = RunSerializer
    scopes = {"read": Permission.CONNECTION_VIEW, "write": Permission.RUN_START}
    inputs = {"create": RunInput}
    statuses = {"create": 202}

    def get_queryset(self) -> QuerySet[Run]:
        return _runs().filter(connection=self.above(Connection.objects.defer("secret"), "connection"))

    def create(self, request: Request, connection: str) -> Response:
        """Ask for a run.

        A worker takes it up; `/runs/{id}/` tells how it goes. Where one is unfinished already, that one is given back.
        """
        found = self.above(Connection.objects.all(), "connection")
        given = self.input()
        run = request_run(actor=self.actor, connection=found, trigger="api", kinds=given.get("kinds"))
        return self.answer(_runs().get(pk=run.pk))


class CursorEndpoint(Listed, Endpoint):
    """How far the lists of one connection that grow have been read, source by source: the next run goes on from there."""

    noun = "cursors of a connection"
    queryset = Cursor.objects.all()
    serializer_class = CursorSerializer
    ordering = ("id",)
    scopes = {"read": Permission.CONNECTION_VIEW}

    def get_queryset(self) -> QuerySet[Cursor]:
        found = Cursor.objects.filter(connection=self.above(Connection.objects.defer("secret"), "connection"))
        return found.defer("state", "ahead")


class StepEndpoint(Listed, Endpoint):
    """The steps of one run with the log of their calls, in order."""

    noun = "steps of a run"
    queryset = RunStep.objects.all()
    serializer_class = LoggedStepSerializer
    scopes = {"read": Permission.CONNECTION_VIEW}
    ordering = ("position", "id")

    def get_queryset(self) -> QuerySet[RunStep]:
        return RunStep.objects.filter(run=self.above(Run.objects.all(), "run"))


def _runs() -> QuerySet[Run]:
    return Run.objects.select_related("connection").defer("connection__secret")


def _by_field(deed: Callable[[], Connection]) -> Connection:
    """What the service says of a vendor's field is put under `fields`, where it was sent."""
    try:
        return deed()
    except Refused as error:
        if not hasattr(error, "error_dict"):
            raise
        own = {name: said for name, said in error.message_dict.items() if name in _OWN}
        theirs = {name: said for name, said in error.message_dict.items() if name not in _OWN}
        raise ValidationError(own | ({"fields": theirs} if theirs else {})) from None
