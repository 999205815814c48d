"""Statements of applicability: rows written, versions submitted, approved by somebody else."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint
from compliance.people.models import Membership
from compliance.web.api import Listed, Shown
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters
from compliance.web.problems import Conflict
from compliance.web.serializers import Nothing

from . import services
from .models import Decision, Row, Statement, Version
from .reading import read_rows
from .selectors import furnished_rows
from .serializers import (
    ApplicabilityRowSerializer,
    ApplicabilityStatementSerializer,
    ApplicabilityVersionSerializer,
    ClimateInput,
    RowChange,
    SignInput,
    StatementInput,
    SubmitInput,
)

_SCOPES = {"read": Permission.APPLICABILITY_VIEW, "write": Permission.APPLICABILITY_CHANGE}


class StatementFilter(filters.FilterSet):
    programme = IdFilter(field_name="programme_id")


class StatementEndpoint(Listed, Shown, Endpoint):
    """Statements of applicability. One is begun on its page, or here."""

    noun = "statements of applicability"
    one = "a statement of applicability"
    queryset = Statement.objects.select_related("programme")
    serializer_class = ApplicabilityStatementSerializer
    filterset_class = StatementFilter
    scopes = _SCOPES
    inputs = {"create": StatementInput, "climate": ClimateInput, "submit": SubmitInput}
    outputs = {"submit": ApplicabilityVersionSerializer}
    statuses = {"submit": 201}

    def create(self, request: Request) -> Response:
        """Begin the statement of a programme, with a row for each control of the annex. The same one where it is begun."""
        return self.answer(services.statement_for(actor=self.actor, **self.input()))

    @action(detail=True, methods=["post"])
    def climate(self, request: Request, pk: str) -> Response:
        """Determine whether climate change is relevant (clauses 4.1 and 4.2)."""
        services.determine_climate(actor=self.actor, statement=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Submit what now stands as a version."""
        return self.answer(services.submit_statement(actor=self.actor, statement=self.found(), **self.input()))


class RowFilter(filters.FilterSet):
    statement = IdFilter(field_name="statement_id")
    programme = IdFilter(field_name="statement__programme_id")
    ref = WordFilter(field_name="requirement__ref")
    decision = filters.ChoiceFilter(choices=Decision.choices)
    owner = IdFilter(field_name="owner_id")
    unowned = FlagFilter(field_name="owner_id", lookup_expr="isnull")


class RowEndpoint(Listed, Shown, Endpoint):
    """The controls of an annex, as a statement speaks of them."""

    noun = "rows of statements of applicability"
    one = "a row of a statement of applicability"
    queryset = Row.objects.all()
    serializer_class = ApplicabilityRowSerializer
    filterset_class = RowFilter
    scopes = {**_SCOPES, "sign": Permission.APPLICABILITY_APPROVE}
    inputs = {"partial_update": RowChange, "sign": SignInput}

    def get_queryset(self) -> QuerySet[Row]:
        return furnished_rows()

    def furnish(self, rows: list[Row]) -> None:
        """What each is shown with, read for the page at once."""
        for row, shown in zip(rows, read_rows(rows), strict=True):
            row.shown = shown  # type: ignore[attr-defined]

    def get_object(self) -> Row:
        row: Row = super().get_object()
        self.furnish([row])
        return row

    def fresh(self, pk: str) -> Row:
        row: Row = super().fresh(pk)
        self.furnish([row])
        return row

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what a row says.

        An exclusion needs its scope reason, the risk considered, an owner and the day on which it is looked at again.
        """
        asked = self.input()
        if "drivers" in asked:
            asked["drivers"] = dict(asked["drivers"])
        try:
            services.write_row(actor=self.actor, row=self.found(), **asked)
        except services.RowConflict as error:
            raise Conflict(f"{error} It is at revision {error.present.revision}.") from error
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """Sign the residual risk of a row as it was read: its `revision`, or `If-Match`. Never by its owner: a token signs
        for the member who made it."""
        asked, row = self.input(), self.found()
        read = asked.pop("revision", None)
        if read is None and "If-Match" not in request.headers:
            raise ValidationError({"revision": "Say which revision was read and is signed, here or by If-Match."})
        seen = {} if read is None else {row.pk: read}
        if read is not None and read != row.revision:
            raise Conflict(f"{row.changed_by} changed it since you read it. It is at revision {row.revision}.")
        services.sign_rows(actor=self.actor, rows=[row], signer=_behind(self.maker()), seen=seen, **asked)
        return self.answer(self.fresh(pk))

    def lock(self, thing: Row) -> None:
        """As writing and signing do: they hold the statement, and then write its rows."""
        Statement.objects.select_for_update(of=("self",)).get(pk=thing.statement_id)


class VersionFilter(filters.FilterSet):
    statement = IdFilter(field_name="statement_id")
    programme = IdFilter(field_name="statement__programme_id")


class VersionEndpoint(Listed, Shown, Endpoint):
    """Versions of statements. They never change."""

    noun = "versions of statements of applicability"
    one = "a version of a statement of applicability"
    queryset = Version.objects.select_related("approval", "statement__programme")
    serializer_class = ApplicabilityVersionSerializer
    filterset_class = VersionFilter
    scopes = {"read": Permission.APPLICABILITY_VIEW, "approve": Permission.APPLICABILITY_APPROVE}
    inputs = {"approve": Nothing}

    def lock(self, thing: Version) -> None:
        """A version only grows and cannot be locked: its statement is, as in approving."""
        Statement.objects.select_for_update(of=("self",)).get(pk=thing.statement_id)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a version that the maker of the token wrote none of. What it excludes is out of scope from then on."""
        self.input()
        approver = _behind(self.maker())
        try:
            services.approve_version(actor=self.actor, version=self.found(), approver=approver)
        except ValidationError as error:
            raise Conflict(" ".join(error.messages)) from error
        return self.answer(self.fresh(pk))


def _behind(maker: Membership | None) -> Membership:
    if maker is None:
        raise PermissionDenied("A token made at the command line decides nothing: nobody stands behind it.")
    return maker
