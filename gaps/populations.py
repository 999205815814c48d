"""What populations say that ought to be a gap: a list that cannot be produced, and differences that are errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.web.words import day
from evidence.populations.models import Mismatch, Population, PopulationControl, PopulationVersion, Ruling, State
from evidence.populations.standing import Standing, standings

from .causes import Found
from .standing_cause import Wanted

INCOMPLETE = "population.incomplete"
DIFFERENCE = "population.difference"
#: A list that was due so long ago and was never frozen cannot be produced, as far as anybody can see.
NEVER = timedelta(days=31)


def causes_of_populations() -> Iterator[Wanted]:
    """Lists that are not complete or never came, and leavers or strangers whose access somebody called an error."""
    found = list(Population.objects.exclude(latest_number=0, next_due__isnull=True).order_by("ref"))
    newest = _newest(found)
    serves = _controls(found)
    for population in found:
        standing = newest.get(population.pk)
        if standing is None:
            yield from _never(population, serves[population.pk])
        elif standing.state == State.FAILS:
            yield _incomplete(population, standing, serves[population.pk])
    yield from _errors(newest, serves)


def _newest(found: list[Population]) -> dict[UUID, Standing]:
    numbers = {each.pk: each.latest_number for each in found if each.latest_number}
    versions = PopulationVersion.objects.filter(population__in=numbers).select_related("population").defer("places", "excluded")
    latest = [each for each in versions if numbers[each.population_id] == each.number]
    return {each.version.population_id: each for each in standings(latest)}


def _controls(found: list[Population]) -> dict[UUID, list[UUID]]:
    serves: dict[UUID, list[UUID]] = defaultdict(list)
    rows = PopulationControl.objects.filter(population__in=found).exclude(control__implementation="retired")
    for population_id, control_id in rows.order_by("control__ref").values_list("population_id", "control_id"):
        serves[population_id].append(control_id)
    return serves


def _never(population: Population, controls: list[UUID]) -> Iterator[Wanted]:
    due = population.next_due
    if due is None or today(here().timezone) - due <= NEVER:
        return
    yield Wanted(
        rule=INCOMPLETE, subject=population.ref, found=Found.NO_POPULATION, title=f"{population.name}: the list was never produced",
        cause=f"A version was due on {day(due)}, and none was ever frozen.", facts_at=now(),
        remedy="Freeze it, or bring it as a file with the way it was drawn.", resources={population.ref: population.name},
        control_ids=controls,
    )  # fmt: skip


def _incomplete(population: Population, standing: Standing, controls: list[UUID]) -> Wanted:
    failing = [
        f"{step.holds} {standing.verdicts[step.key].note}" for step in standing.steps
        if step.key in standing.verdicts and standing.verdicts[step.key].result == "fails"
    ]  # fmt: skip
    version = standing.version
    return Wanted(
        rule=INCOMPLETE, subject=population.ref, found=Found.NO_POPULATION, title=f"{population.name}: the list is not complete",
        cause=f"Version {version.number} does not hold: {failing[0]}", facts_at=version.frozen_at,
        remedy="See which step fails. Freeze a period for which it is complete, or bring what is missing as a file.",
        resources={f"{population.ref} version {version.number}": "; ".join(failing)}, control_ids=controls,
    )  # fmt: skip


def _errors(newest: dict[UUID, Standing], serves: dict[UUID, list[UUID]]) -> Iterator[Wanted]:
    """One gap for each population, an occurrence for each difference that was last called an error."""
    versions = {each.version.pk: each.version for each in newest.values()}
    rows = Mismatch.objects.filter(version__in=versions, decisions__ruling=Ruling.ERROR).distinct().prefetch_related("decisions")
    by_version: dict[UUID, list[Mismatch]] = defaultdict(list)
    for row in rows.order_by("id"):
        if list(row.decisions.all())[-1].ruling == Ruling.ERROR:
            by_version[row.version_id].append(row)
    for pk, wrong in by_version.items():
        version = versions[pk]
        population = version.population
        noun = "account is" if len(wrong) == 1 else "accounts are"
        yield Wanted(
            rule=DIFFERENCE, subject=population.ref, found=Found.DEVIATION,
            title=f"{population.name}: {len(wrong)} {noun} not as the people list has it",
            cause=f"Found when version {version.number} was held against the people list. {wrong[0]}: {wrong[0].detail}",
            remedy="Put the access right, find out how it came to be, and freeze the list again.", facts_at=version.frozen_at,
            resources={str(row): row.detail for row in wrong}, control_ids=serves[population.pk], population=version.row_count,
            share=min(1.0, len(wrong) / version.row_count) if version.row_count else 0.0,
        )  # fmt: skip


class ListsProved:
    """Whether what populations said of old is answered: by a newer version, or by another decision. Read once."""

    def __init__(self, refs: list[str]) -> None:
        found = list(Population.objects.filter(ref__in=refs)) if refs else []
        self._held = {each.ref for each in found}
        newest = _newest(found)
        self._newest = {each.ref: newest[each.pk] for each in found if each.pk in newest}

    def of(self, rule: str, ref: str, facts_at: datetime) -> str | None:
        """The sentence that says why, None while nothing newer shows it."""
        if ref not in self._held:
            return "The population is not kept any more."
        standing = self._newest.get(ref)
        if standing is None or standing.state == State.FAILS:
            return None
        number = standing.version.number
        if rule == DIFFERENCE and standing.version.frozen_at <= facts_at:
            return f"None of the differences of version {number} is called an error any more."
        if standing.version.frozen_at <= facts_at:
            return None
        return f"Version {number} was frozen on {day(standing.version.frozen_at.date())}, and does not have it."
