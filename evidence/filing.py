"""How evidence is filed: criterion over control over files, under names that sort (naming.py)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef

from compliance.frameworks.models import Requirement
from compliance.tenancy.rooms import here
from controls.models import Control, Mapping

from .models import Artefact, EvidenceLink, Version
from .naming import filed_name, filed_path


class _Named(TypedDict):
    artefact: str
    number: int
    title: str
    day: date
    extension: str


#: Files of one criterion that a page shows.
MOST_FILES = 400


@dataclass(frozen=True)
class Criterion:
    """A requirement of a framework with how many controls are filed under it."""

    pk: UUID
    framework: str
    ref: str
    title: str
    controls: int


@dataclass
class Folder:
    """A control's folder under a criterion: each file with the name that it has there."""

    control: Control
    files: list[tuple[str, Version]] = field(default_factory=list)


def criteria() -> list[Criterion]:
    """The requirements of frameworks that evidence is filed under, in their order. Two queries at most."""
    shown = EvidenceLink.objects.filter(requirement__control=OuterRef("control"), artefact__latest_number__gt=0)
    counted = Mapping.objects.filter(Exists(shown)).values("requirement_id").annotate(number=Count("control", distinct=True))
    numbers = {each["requirement_id"]: each["number"] for each in counted.order_by()}
    found = Requirement.objects.filter(pk__in=list(numbers)).select_related("framework").order_by("framework__short_title", "position")
    return [Criterion(each.pk, each.framework.short_title, each.ref, each.title, numbers[each.pk]) for each in found]


def folders_of(requirement_id: UUID) -> list[Folder]:
    """The controls under a criterion with the files of each: the newest version of every artefact. Four queries at most."""
    criterion = Requirement.objects.get(pk=requirement_id)
    controls = {each.pk: each for each in Control.objects.filter(mappings__requirement=criterion).order_by("ref").distinct()}
    pairs = EvidenceLink.objects.filter(requirement__control__in=list(controls), artefact__latest_number__gt=0)
    by_control: dict[UUID, set[UUID]] = defaultdict(set)
    for control_id, artefact_id in pairs.values_list("requirement__control_id", "artefact_id")[:MOST_FILES]:
        by_control[control_id].add(artefact_id)
    newest = _newest({each for held in by_control.values() for each in held})
    folders = [Folder(control) for pk, control in controls.items() if pk in by_control]
    for folder in folders:
        versions = [newest[each] for each in by_control[folder.control.pk] if each in newest]
        folder.files = sorted(((_path(criterion.ref, folder.control.ref, each), each) for each in versions), key=lambda file: file[0])
    return folders


def _newest(artefact_ids: set[UUID]) -> dict[UUID, Version]:
    found = Version.objects.filter(artefact_id__in=artefact_ids, number=F("artefact__latest_number")).select_related("artefact")
    return {each.artefact_id: each for each in found}


def _path(criterion: str, control: str, version: Version) -> str:
    return filed_path(criterion=criterion, control=control, **_named(version))


def name_of(version: Version) -> str:
    """What a version is called when it is downloaded (its artefact has to be loaded with it)."""
    return filed_name(**_named(version))


def _named(version: Version) -> _Named:
    artefact: Artefact = version.artefact
    return {
        "artefact": artefact.ref, "number": version.number, "title": artefact.title,
        "day": version.effective_end.astimezone(ZoneInfo(here().timezone)).date(), "extension": _ending(version.filename),
    }  # fmt: skip


def _ending(filename: str) -> str:
    """The ending, with both parts of `.json.gz`."""
    return "".join(PurePath(filename).suffixes[-2:]) if filename.endswith(".gz") else PurePath(filename).suffix
