"""Populations: their templates, versions, rows, and the steps by which they are seen to be complete."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.web.api import Listed, Shown, brief
from compliance.web.api_filters import FlagFilter, IdFilter, WordFilter, filters
from controls.models import Control
from evidence.collectors.api import Catalogue

from .catalogue import Template, templates
from .models import (
    Draft,
    DraftState,
    Mismatch,
    MismatchDecision,
    Population,
    PopulationControl,
    PopulationVersion,
    State,
)
from .reading import media_of
from .selectors import PAGE, rows_of
from .serializers import (
    CompletenessStepInput,
    NewPopulationInput,
    PopulationChange,
    PopulationColumnsInput,
    PopulationDifferenceSerializer,
    PopulationDraftSerializer,
    PopulationFileInput,
    PopulationNoteInput,
    PopulationPeriodInput,
    PopulationRowsSerializer,
    PopulationRulingInput,
    PopulationSerializer,
    PopulationTemplateSerializer,
    PopulationVersionSerializer,
)
from .services.bring import ask_freeze, bring_file, discard_draft, freeze_draft, map_columns
from .services.keep import add_population, change_population
from .services.work_through import answer_step, confirm_version, decide_mismatch, withdraw_confirmation
from .sources import sources_of
from .standing import standings


@dataclass(frozen=True)
class Listing:
    """A template as the API lists it."""

    template: Template

    def __getattr__(self, name: str) -> Any:
        return getattr(self.template, name)

    @property
    def id(self) -> str:
        return self.template.key

    @cached_property
    def tested(self) -> list[dict[str, str]]:
        return [{"letter": letter, "words": words} for letter, words in self.template.lettered]

    @property
    def drawn_from(self) -> list[str]:
        return [each.key for each in sources_of(self.template.key)]


class PopulationTemplateEndpoint(Catalogue):
    """The kinds of population there are, with their columns and what is tested of an item."""

    noun = "population templates"
    one = "a population template"
    serializer_class = PopulationTemplateSerializer
    scopes = {"read": Permission.EVIDENCE_VIEW}

    def entries(self) -> list[Any]:
        return [Listing(each) for each in templates()]


class PopulationFilterSet(filters.FilterSet):
    ref = WordFilter()
    template = WordFilter()
    owner = IdFilter(field_name="owner_id")
    state = filters.ChoiceFilter(choices=State.choices)
    control = IdFilter(method="serving", label="Populations that this control samples from.")

    def serving(self, found: QuerySet[Population], name: str, value: Any) -> QuerySet[Population]:
        return found.filter(pk__in=PopulationControl.objects.filter(control_id=value).values("population_id"))


class PopulationEndpoint(Listed, Shown, Endpoint):
    """Lists that samples are drawn from."""

    noun = "populations"
    one = "a population"
    queryset = Population.objects.all()
    serializer_class = PopulationSerializer
    filterset_class = PopulationFilterSet
    ordering = ("id",)
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {
        "create": NewPopulationInput, "partial_update": PopulationChange, "freeze": PopulationPeriodInput, "upload": PopulationFileInput,
    }  # fmt: skip
    outputs = {"freeze": PopulationDraftSerializer, "upload": PopulationDraftSerializer}
    statuses = {"freeze": 202, "upload": 201}

    def get_queryset(self) -> QuerySet[Population]:
        control = brief("control", Control.objects.all(), "ref", "title")
        served = PopulationControl.objects.order_by("control__ref").prefetch_related(control)
        return Population.objects.prefetch_related(person("owner"), Prefetch("served", served))

    def create(self, request: Request) -> Response:
        """State a population."""
        made = add_population(actor=self.actor, **self.input())
        return self.answer(self.fresh(made.pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is said of it. What is frozen stays as it was."""
        changed = change_population(actor=self.actor, population=self.found(), **self.input())
        return self.answer(self.fresh(changed.pk))

    @action(detail=True, methods=["post"])
    def freeze(self, request: Request, pk: str) -> Response:
        """Ask for a version that is drawn from its source. A worker draws it: `/population-drafts/` says what came of it."""
        made = ask_freeze(actor=self.actor, member=self.maker(), population=self.found(), **self.input())
        return Response(self.shown(made), 202)

    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request, pk: str) -> Response:
        """Bring a file of rows. From receipt it is evidence that nobody can change; it is looked through before it is frozen."""
        given = self.input()
        file = given.pop("file")
        made = bring_file(
            actor=self.actor, member=self.maker(), population=self.found(), content=file.chunks(), filename=file.name,
            media_type=media_of(file), **given,
        )  # fmt: skip
        return Response(self.shown(made), 201)


class DraftFilter(filters.FilterSet):
    population = IdFilter(field_name="population_id")
    state = filters.ChoiceFilter(choices=DraftState.choices)


class DraftEndpoint(Listed, Shown, Endpoint):
    """Versions on their way: freezes that were asked for, and files that are looked through."""

    noun = "versions of populations on their way"
    one = "a version of a population on its way"
    queryset = Draft.objects.all()
    serializer_class = PopulationDraftSerializer
    filterset_class = DraftFilter
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {"map": PopulationColumnsInput}

    @action(detail=True, methods=["post"])
    def map(self, request: Request, pk: str) -> Response:
        """Say which column of the file holds which attribute. It is remembered for the next file."""
        map_columns(draft=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def freeze(self, request: Request, pk: str) -> Response:
        """Freeze a file that was looked through without a fault."""
        freeze_draft(actor=self.actor, draft=self.found())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Put it aside. A file that was received stays in evidence."""
        discard_draft(actor=self.actor, draft=self.found())
        return self.answer(self.fresh(pk))


class PopulationVersionFilter(filters.FilterSet):
    population = IdFilter(field_name="population_id")


_FROM = OpenApiParameter(
    "from", {"type": "integer", "minimum": 0, "maximum": 100_000_000, "default": 0}, description="Begin after so many items."
)


class PopulationVersionEndpoint(Listed, Shown, Endpoint):
    """Frozen versions of populations, newest first."""

    noun = "versions of populations"
    one = "a version of a population"
    queryset = PopulationVersion.objects.all()
    serializer_class = PopulationVersionSerializer
    filterset_class = PopulationVersionFilter
    scopes = {
        "read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE, "confirm": Permission.EVIDENCE_REVIEW,
        "withdraw": Permission.EVIDENCE_REVIEW,
    }  # fmt: skip
    inputs = {"answer_step": CompletenessStepInput, "confirm": PopulationNoteInput, "withdraw": PopulationNoteInput}
    outputs = {"rows": PopulationRowsSerializer}
    extra_parameters = {"rows": (_FROM,)}

    def get_queryset(self) -> QuerySet[PopulationVersion]:
        return PopulationVersion.objects.select_related("population", "rows", "raw").defer("places")

    def furnish(self, rows: list[PopulationVersion]) -> None:
        """How all versions of a page stand, in a fixed number of queries."""
        for standing in standings(rows):
            standing.version.standing = standing  # type: ignore[attr-defined]

    def lock(self, thing: PopulationVersion) -> None:
        """A version never changes; what is said of it hangs on its population."""
        Population.objects.select_for_update(of=("self",)).get(pk=thing.population_id)

    def parameters(self) -> set[str]:
        return {"from"} if self.action == "rows" else super().parameters()

    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: str) -> Response:
        """The items of a version, a hundred at a time, in the order in which they are frozen."""
        version = self.get_object()
        start = _start(request.query_params.get("from", "0"))
        items = rows_of(version, start, PAGE) if start < version.row_count else []
        onward = start + PAGE if start + PAGE < version.row_count else None
        told = [
            {"number": number, "source": item.source, "id": item.id, "version": item.version, "cells": dict(item.cells)}
            for number, item in enumerate(items, start + 1)
        ]
        return Response({"next": onward, "results": told})

    @action(detail=True, methods=["post"], url_path="answer")
    def answer_step(self, request: Request, pk: str) -> Response:
        """Say how a step stands, and how that was seen. Steps that facts settle are refused."""
        answer_step(actor=self.actor, version=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm a version as complete and accurate, once every step holds.

        Refused to whoever answered for what it shows since its first day, and to who brought its file or froze it.
        """
        confirm_version(actor=self.actor, version=self.found(), **self.input())
        return self.answer(self.fresh(pk))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a confirmation back."""
        withdraw_confirmation(actor=self.actor, version=self.found(), reason=self.input()["note"])
        return self.answer(self.fresh(pk))


def _start(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValidationError({"from": ["Give a whole number from 0."]})
    return int(text)


class MismatchFilter(filters.FilterSet):
    version = IdFilter(field_name="version_id")
    undecided = FlagFilter(method="by_undecided", label="Whether it waits for a decision.")

    def by_undecided(self, found: QuerySet[Mismatch], name: str, value: bool | None) -> QuerySet[Mismatch]:
        if value is None:
            return found
        waiting = found.filter(explained="", decisions__isnull=True)
        return waiting if value else found.exclude(pk__in=waiting.values("pk"))


class MismatchEndpoint(Listed, Shown, Endpoint):
    """Differences between the people list and the accounts of systems, found when a version was frozen."""

    noun = "differences of populations"
    one = "a difference of a population"
    queryset = Mismatch.objects.all()
    serializer_class = PopulationDifferenceSerializer
    filterset_class = MismatchFilter
    ordering = ("id",)
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {"decide": PopulationRulingInput}

    def get_queryset(self) -> QuerySet[Mismatch]:
        decisions = MismatchDecision.objects.order_by("id")
        return Mismatch.objects.select_related("version__population").prefetch_related(Prefetch("decisions", decisions))

    def lock(self, thing: Mismatch) -> None:
        """A difference never changes; what is decided of it hangs on its population."""
        Population.objects.select_for_update(of=("self",)).get(pk=thing.version.population_id)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide what a difference is, and why.

        Refused to whoever answered for what the list shows since its first day, and to who brought its file.
        """
        decide_mismatch(actor=self.actor, mismatch=self.found(), **self.input())
        return self.answer(self.fresh(pk))


