"""Reading statements of applicability, and what stands around their exclusions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.frameworks.models import Framework, Requirement
from compliance.programmes.models import ANNEX_KINDS, Programme
from compliance.programmes.selectors import programmes
from compliance.tenancy.clock import today
from compliance.tenancy.ids import NIL
from compliance.tenancy.rooms import here
from compliance.trail.models import Entry

from .models import Decision, Row, SignOff, Statement, Version
from .returning import Around, Edition, ScopeChange, wording_of

#: Acts that change what the system covers: decisions on systems, services, third parties, and what a programme covers.
SCOPE_ACTS = (
    "registers.system.decided", "registers.service.added", "registers.service.changed", "parties.party.added",
    "parties.party.changed", "programmes.services.changed",
)  # fmt: skip
#: Scope changes that are looked at, the newest first: one is enough, a few are told.
_MOST = 50


def stated_programmes() -> QuerySet[Programme]:
    """Programmes that have a statement of applicability."""
    return programmes().filter(kind__in=ANNEX_KINDS)


def rows_of(statement: Statement) -> QuerySet[Row]:
    """The rows of a statement in the publisher's order, with what they are shown with."""
    return furnished_rows().filter(statement=statement).order_by("requirement__position")


def furnished_rows() -> QuerySet[Row]:
    """Rows with the control, its framework, the owner and the party."""
    return Row.objects.select_related("requirement__framework", "owner", "party__system")


def excluded_rows() -> QuerySet[Row]:
    """Exclusions of every programme under way."""
    found = furnished_rows().select_related("statement__programme")
    return found.filter(decision=Decision.EXCLUDED, statement__programme__closed_at__isnull=True).order_by("id")


def versions_of(statement: Statement) -> QuerySet[Version]:
    """Versions, the newest first, without their rows."""
    return statement.versions.select_related("approval").defer("rows").order_by("-number")


def approved_version(programme: Programme) -> Version | None:
    """The newest version of a programme's statement that was approved."""
    found = Version.objects.filter(statement__programme=programme, approval__isnull=False)
    return found.select_related("approval", "statement__programme__framework").order_by("-number").first()


def latest_sign_offs(rows: Sequence[Row]) -> dict[UUID, SignOff]:
    """The latest sign-off of each row."""
    found = SignOff.objects.filter(row__in=[row.pk for row in rows]).order_by("row_id", "-id").distinct("row_id")
    return {each.row_id: each for each in found}


def around_of(rows: Sequence[Row]) -> dict[UUID, Around]:
    """What stands around each exclusion among rows, by the row's id. Three queries, none where nothing is excluded."""
    excluded = [row for row in rows if row.decision == Decision.EXCLUDED and row.decided_at]
    if not excluded:
        return {}
    changes = scope_changes(min(row.decided_at for row in excluded if row.decided_at))
    editions = _editions({row.requirement.framework for row in excluded}, {row.requirement.ref for row in excluded})
    day = today(here().timezone)
    return {
        row.pk: Around(
            day, wording_of(row.requirement.title, row.requirement.text), changes,
            editions.get((row.requirement.framework_id, row.requirement.ref), ()),
        )
        for row in excluded
    }  # fmt: skip


def scope_changes(since: datetime) -> list[ScopeChange]:
    """What widened or changed the scope after a moment, the newest first.

    A decision that takes a system out, or says again that it is in, asks for no control that was not asked for before: no
    exclusion is looked at again for it.
    """
    found = Entry.objects.filter(action__in=SCOPE_ACTS, at__gt=since).order_by("-at")
    found = found.exclude(
        Q(action="registers.system.decided") & (Q(after__decision="out") | Q(before__decision="in", after__decision="in"))
    )
    return [ScopeChange(at, what) for at, what in found.values_list("at", "target_label")[:_MOST]]


def _editions(frameworks: set[Framework], refs: set[str]) -> dict[tuple[UUID, str], list[Edition]]:
    """Later versions of frameworks, by framework and reference, each with what the control says there."""
    later = _later(frameworks)
    wanted = {each.pk for found in later.values() for each in found}
    if not wanted:
        return {}
    rows = Requirement.objects.filter(framework_id__in=wanted, ref__in=refs).order_by()
    found = rows.values_list("framework_id", "ref", "title", "text")
    said = {(framework, ref): wording_of(title, text) for framework, ref, title, text in found}
    return {
        (pk, ref): [_edition(each, said.get((each.pk, ref))) for each in versions]
        for pk, versions in later.items()
        for ref in refs
    }


def _edition(framework: Framework, wording: str | None) -> Edition:
    return Edition(f"{framework.short_title}, version {framework.version},", framework.loaded_at, wording)


def _later(frameworks: set[Framework]) -> dict[UUID, list[Framework]]:
    """The versions that took a framework's place, and shipped ones of the same standard that came after it. One query."""
    every = list(Framework.objects.only("organization_id", "key", "version", "short_title", "follows", "loaded_at"))
    return {one.pk: [each for each in every if each.pk != one.pk and _succeeds(each, one, every)] for one in frameworks}


def _succeeds(later: Framework, one: Framework, every: list[Framework]) -> bool:
    if later.organization_id == NIL:
        same = later.key.split("-")[0] == one.key.split("-")[0]
        return same and (later.key, later.version) > (one.key, one.version)
    follows = {each.pk: each.follows for each in every}
    at, seen = later.follows, set()
    while at is not None and at not in seen:
        if at == one.pk:
            return True
        seen.add(at)
        at = follows.get(at)
    return False
