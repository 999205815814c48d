"""Reading populations: the list, their versions, rows by page, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from compliance.people.models import Membership
from controls.models import Control
from evidence.storage import open_stored

from .catalogue import Template, templates
from .denied import denied
from .items import Difference, Item, differences, read_items
from .models import (
    Conclusion,
    Draft,
    DraftState,
    Mismatch,
    MismatchDecision,
    Population,
    PopulationControl,
    PopulationVersion,
)

#: Rows of a page.
PAGE = 100


def populations() -> QuerySet[Population]:
    """Populations with their owner, by reference."""
    return Population.objects.select_related("owner", "connection").defer("connection__secret").order_by("ref")


def with_controls(found: QuerySet[Population]) -> QuerySet[Population]:
    """The same, with the controls that each serves."""
    served = PopulationControl.objects.select_related("control").order_by("control__ref")
    return found.prefetch_related(Prefetch("served", served))


def populations_matching(*, template: str = "", state: str = "", owner: str = "") -> QuerySet[Population]:
    """Populations that fit; what is empty is not asked."""
    asked = {"template": template, "state": state, "owner_id": owner}
    return with_controls(populations()).filter(**{name: value for name, value in asked.items() if value})


def by_template(found: Sequence[Population]) -> list[tuple[Template, list[Population]]]:
    """Every template with the populations made from it; those without one stay, with none."""
    return [(each, [one for one in found if one.template == each.key]) for each in templates()]


def population_versions() -> QuerySet[PopulationVersion]:
    """Versions with their population and stored files, newest first, without what only their own page shows."""
    found = PopulationVersion.objects.select_related("population__owner", "rows__artefact", "raw__artefact")
    return found.order_by("-id")


def latest_of(population: Population) -> PopulationVersion | None:
    """The newest version."""
    return population_versions().filter(population=population, number=population.latest_number).first()


def confirmed_versions() -> QuerySet[PopulationVersion]:
    """Every version that is confirmed now: a list of the first half of a year stays one when the second is confirmed. None that
    fails a step, and none of which a newer list of some of its days does, until one that holds them all has followed."""
    newest = Conclusion.objects.filter(version=OuterRef("pk")).order_by("-id").values("confirmed")
    known = denied()
    held = population_versions().annotate(holds=Subquery(newest[:1])).filter(holds=True).exclude(pk__in=known.failing)
    for version in (each.version for told in known.unanswered.values() for each in told):
        held = held.exclude(
            population=version.population_id, number__lt=version.number, first__lte=version.last, last__gte=version.first
        )
    return held


def rows_of(version: PopulationVersion, start: int = 0, count: int | None = None) -> list[Item]:
    """Rows of a version from number `start`, at most `count`; only that part of the file is read."""
    with open_stored(version.rows.sha256) as stored:
        return list(read_items(stored, version.places, start, count))


def each_row(version: PopulationVersion) -> Iterator[Item]:
    """All rows, one after another."""
    with open_stored(version.rows.sha256) as stored:
        yield from read_items(stored, version.places)


def before(version: PopulationVersion) -> PopulationVersion | None:
    """The version before."""
    return population_versions().filter(population=version.population_id, number=version.number - 1).first()


def changes_between(earlier: PopulationVersion, later: PopulationVersion, start: int = 0, count: int = PAGE) -> list[Difference]:
    """What was added, removed and changed, from difference number `start`."""
    found = differences(each_row(earlier), each_row(later))
    return list(islice(found, start, start + count))


def mismatches_of(version: PopulationVersion, *, open_only: bool = False) -> QuerySet[Mismatch]:
    """Differences of the two lists, each with its decisions; those that wait come first by id order."""
    found = Mismatch.objects.filter(version=version).prefetch_related(
        Prefetch("decisions", MismatchDecision.objects.order_by("id"))
    )
    return found.filter(explained="", decisions__isnull=True) if open_only else found


def controls_served(population: Population) -> list[Control]:
    """The controls whose samples are drawn from it."""
    served = PopulationControl.objects.filter(population=population).select_related("control__owner")
    return [each.control for each in served.order_by("control__ref")]


def populations_of(control_id: UUID) -> list[Population]:
    """The populations that a control's sample is drawn from."""
    return list(Population.objects.filter(served__control=control_id).order_by("ref"))


def drafts_of(population: Population) -> QuerySet[Draft]:
    """What is on its way to become a version, newest first."""
    going = Draft.objects.filter(population=population, state__in=[DraftState.DUE, DraftState.LOOKED, DraftState.FAILED])
    return going.select_related("raw__artefact").order_by("-id")


def due_for(membership: Membership) -> QuerySet[Population]:
    """Populations that a member owns and that have a day by which they are to be frozen."""
    return Population.objects.filter(owner=membership, next_due__isnull=False).order_by("next_due", "ref")


def unequal_by_kind(version: PopulationVersion) -> Mapping[str, int]:
    """How many differences of each kind."""
    counts: Any = Mismatch.objects.filter(version=version).order_by().values_list("kind").annotate(n=Count("pk"))
    return dict(counts)
