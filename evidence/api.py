"""Evidence requirements, artefacts and their versions."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from compliance.access.permissions import Permission
from compliance.people.endpoints import Endpoint, person
from compliance.trail.services import record
from compliance.web.api import Bytes, Listed, Shown, brief
from compliance.web.api_filters import ContainsFilter, IdFilter, WordFilter, filters
from controls.models import Control, Frequency

from .filing import name_of
from .guidance import make_out, template_of
from .models import (
    Acceptance,
    Artefact,
    EvidenceKind,
    EvidenceLink,
    EvidenceRequirement,
    Freshness,
    Origin,
    Source,
    SourceLink,
    Version,
)
from .serializers import (
    ArtefactInput,
    ArtefactSerializer,
    EvidenceRequirementChange,
    EvidenceRequirementInput,
    EvidenceRequirementSerializer,
    LinkInput,
    SourceLinkInput,
    SourceLinkSerializer,
    SupersedeInput,
    VersionDecisionInput,
    VersionInput,
    VersionSerializer,
    span_and_file,
)
from .services.decide import decide_version
from .services.hand_in import hand_in_artefact, hand_in_version, take_back
from .services.link import link_artefact
from .services.point import state_source
from .services.require import add_requirements, change_requirement
from .services.supersede import supersede_version
from .storage import open_stored


class EvidenceRequirementFilter(filters.FilterSet):
    ref = WordFilter()
    control = IdFilter(field_name="control_id")
    owner = IdFilter(field_name="owner_id")
    freshness = filters.ChoiceFilter(choices=Freshness.choices)
    cadence = filters.ChoiceFilter(choices=Frequency.choices)
    source = filters.ChoiceFilter(choices=Source.choices)
    kind = filters.ChoiceFilter(choices=EvidenceKind.choices)
    item = ContainsFilter(field_name="items", label="Answers this line of the request list.")
    check = ContainsFilter(field_name="checks", label="Judged by this check.")


class EvidenceRequirementEndpoint(Listed, Shown, Endpoint):
    """What each control must show, and whether it is fresh. (`/requirements/` is what frameworks ask.)"""

    noun = "evidence requirements"
    one = "an evidence requirement"
    queryset = EvidenceRequirement.objects.all()
    serializer_class = EvidenceRequirementSerializer
    filterset_class = EvidenceRequirementFilter
    ordering = ("id",)
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.CONTROL_CHANGE}
    inputs = {"create": EvidenceRequirementInput, "partial_update": EvidenceRequirementChange}
    outputs = {"template": Bytes}

    def get_queryset(self) -> QuerySet[EvidenceRequirement]:
        control = brief("control", Control.objects.all(), "ref", "title")
        return EvidenceRequirement.objects.prefetch_related(person("owner"), control, "cadences")

    def create(self, request: Request) -> Response:
        """Ask one more thing of a control.

        Without `first_due` the first evidence is due one cadence from now; without an owner it is the control's.
        """
        given = self.input()
        control = given.pop("control")
        made = add_requirements(actor=self.actor, wanted=[(control, given)])[0]
        return self.answer(self.fresh(made.pk))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is asked."""
        requirement = change_requirement(actor=self.actor, requirement=self.found(), **self.input())
        return self.answer(self.fresh(requirement.pk))


    @action(detail=True, methods=["get"], renderer_classes=[Bytes])
    def template(self, request: Request, pk: str) -> FileResponse:
        """Download the template made out for this requirement: a document as Markdown, a sheet as XLSX.

        404 where it has none.
        """
        requirement = EvidenceRequirement.objects.select_related("control").get(pk=self.get_object().pk)
        wanted = template_of(requirement)
        if wanted is None:
            raise NotFound("This requirement has no template.")
        made = make_out(requirement, wanted)
        return FileResponse(made.content, as_attachment=True, filename=made.name, content_type=Bytes.media_type)


class ArtefactFilter(filters.FilterSet):
    ref = WordFilter()
    source = filters.ChoiceFilter(choices=Origin.choices)
    acceptance = filters.ChoiceFilter(choices=Acceptance.choices)
    vendor = WordFilter()
    requirement = IdFilter(method="serving", label="Artefacts that serve this evidence requirement.")
    connection = IdFilter(method="brought_by", label="What this connection brings.")

    def serving(self, found: QuerySet[Artefact], name: str, value: Any) -> QuerySet[Artefact]:
        return found.filter(pk__in=EvidenceLink.objects.filter(requirement_id=value).values("artefact_id"))

    def brought_by(self, found: QuerySet[Artefact], name: str, value: Any) -> QuerySet[Artefact]:
        return found.filter(collected_key__startswith=f"{value}:")


class ArtefactEndpoint(Listed, Shown, Endpoint):
    """Artefacts: what collectors brought and what people brought, newest first."""

    noun = "evidence"
    one = "an artefact"
    queryset = Artefact.objects.all()
    serializer_class = ArtefactSerializer
    filterset_class = ArtefactFilter
    parser_classes = [MultiPartParser]
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {"create": ArtefactInput, "link": LinkInput, "unlink": LinkInput}

    def get_queryset(self) -> QuerySet[Artefact]:
        links = EvidenceLink.objects.select_related("requirement").order_by("requirement__ref")
        return Artefact.objects.prefetch_related(
            brief("links", links, "artefact_id", "requirement__ref", "requirement__title")
        )

    def create(self, request: Request) -> Response:
        """Hand in a file: a new artefact with its first version.

        From receipt the version is immutable. Another person has to approve it.
        """
        given = self.input()
        artefact = hand_in_artefact(actor=self.actor, title=given["title"], requirements=given.get("requirements", []))
        hand_in_version(actor=self.actor, artefact=artefact, maker=self.maker(), **span_and_file(given))
        return self.answer(self.fresh(artefact.pk))

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def link(self, request: Request, pk: str) -> Response:
        """Let an artefact serve one more evidence requirement."""
        artefact = self.found()
        link_artefact(actor=self.actor, artefact=artefact, **self.input())
        return self.answer(self.fresh(artefact.pk))

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def unlink(self, request: Request, pk: str) -> Response:
        """An artefact no longer serves an evidence requirement; both stay."""
        artefact = self.found()
        take_back(actor=self.actor, artefact=artefact, **self.input())
        return self.answer(self.fresh(artefact.pk))


_VERSIONS = Version.objects.select_related("provided_by").prefetch_related("decisions", "superseded")


class ArtefactVersionEndpoint(Listed, Endpoint):
    """The versions of one artefact, newest first."""

    noun = "versions of an artefact"
    queryset = _VERSIONS
    serializer_class = VersionSerializer
    parser_classes = [MultiPartParser]
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {"create": VersionInput}

    def get_queryset(self) -> QuerySet[Version]:
        return _VERSIONS.filter(artefact=self.above(Artefact.objects.all(), "artefact"))

    def create(self, request: Request, artefact: str) -> Response:
        """Hand in the next version of an artefact."""
        kept = self.above(Artefact.objects.all(), "artefact")
        version = hand_in_version(actor=self.actor, artefact=kept, maker=self.maker(), **span_and_file(self.input()))
        return self.answer(self.fresh(version.pk))


class VersionEndpoint(Shown, Endpoint):
    """One version of an artefact."""

    noun = "versions"
    one = "a version"
    queryset = _VERSIONS
    serializer_class = VersionSerializer
    scopes = {
        "read": Permission.EVIDENCE_VIEW, "decide": Permission.EVIDENCE_REVIEW, "supersede": Permission.EVIDENCE_REVIEW,
    }  # fmt: skip
    inputs = {"decide": VersionDecisionInput, "supersede": SupersedeInput}
    outputs = {"content": Bytes}

    def lock(self, thing: Version) -> None:
        """A version never changes; what is decided of it hangs on its artefact."""
        Artefact.objects.select_for_update().get(pk=thing.artefact_id)

    @action(detail=True, methods=["get"], renderer_classes=[Bytes])
    def content(self, request: Request, pk: str) -> FileResponse:
        """Download the stored bytes of a version. It leaves a trail entry."""
        version = Version.objects.select_related("artefact").get(pk=self.get_object().pk)
        try:
            stored = open_stored(version.sha256)
        except FileNotFoundError:
            raise NotFound("The bytes of this version are not in the store.") from None
        name = f"{version.artefact.ref} v{version.number}"
        record(
            actor=self.actor, action="evidence.version.downloaded", target=version.artefact, label=name,
            after={"number": version.number, "sha256": version.sha256},
        )  # fmt: skip
        digest = b64encode(bytes.fromhex(version.sha256)).decode()
        return FileResponse(
            stored, as_attachment=True, filename=name_of(version), content_type=Bytes.media_type,
            headers={"Repr-Digest": f"sha-256=:{digest}:"},
        )  # fmt: skip

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Approve a version, or return it with the reason.

        A token decides for the member who made it, who must not have provided the version. One made at the command
        line speaks for nobody, and acceptance is a person's judgement: it is refused.
        """
        version = self.found()
        if self.maker() is None:
            raise PermissionDenied("Acceptance is a person's judgement, and nobody made this token.")
        decide_version(actor=self.actor, version=version, **self.input())
        return self.answer(self.fresh(version.pk))

    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, pk: str) -> Response:
        """Say that a newer version takes the place of this one, and why.

        Nothing is removed. Whoever brought the newer one may not say it, and a token that nobody made may not either.
        """
        version = self.found()
        if self.maker() is None:
            raise PermissionDenied("It is a person's judgement, and nobody made this token.")
        supersede_version(actor=self.actor, version=version, **self.input())
        return self.answer(self.fresh(version.pk))

class SourceLinkFilter(filters.FilterSet):
    artefact = IdFilter(field_name="artefact_id")


class SourceLinkEndpoint(Listed, Shown, Endpoint):
    """Where artefacts can be seen. An address by itself is no evidence. Links only grow; the newest one of an artefact holds."""

    noun = "source links"
    one = "a source link"
    queryset = SourceLink.objects.all()
    serializer_class = SourceLinkSerializer
    filterset_class = SourceLinkFilter
    scopes = {"read": Permission.EVIDENCE_VIEW, "write": Permission.EVIDENCE_PROVIDE}
    inputs = {"create": SourceLinkInput}

    def create(self, request: Request) -> Response:
        """State where an artefact can be seen, or make one that is an address until a capture of it is brought."""
        given = self.input()
        artefact = given.pop("artefact", None)
        title, requirements = given.pop("title", ""), given.pop("requirements", [])
        artefact = artefact or hand_in_artefact(actor=self.actor, title=title, requirements=requirements)
        return self.answer(self.fresh(state_source(actor=self.actor, artefact=artefact, **given).pk))
