"""What populations say that ought to be a gap: a list that cannot be produced, and differences that are errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.web.words import day
from evidence.populations.denied import denied
from evidence.populations.models import Mismatch, Population, PopulationVersion, Ruling, State
from evidence.populations.rest import Rest, rests
from evidence.populations.standing import Standing, standings

from .causes import Found
from .deviations import ROWS, causes_of_rows, controls_served, proof_of
from .standing_cause import Wanted

INCOMPLETE = "population.incomplete"
DIFFERENCE = "population.difference"
NIL = "population.nil"
#: All that populations raise; a subject begins with the reference of its population.
OF_LISTS = (INCOMPLETE, DIFFERENCE, NIL, ROWS)
#: A list that was due so long ago and was never frozen cannot be produced, as far as anybody can see.
NEVER = timedelta(days=31)
#: Days in which somebody may state that there was none, once an empty list is frozen.
UNSTATED = timedelta(days=7)


def causes_of_populations() -> Iterator[Wanted]:
    """Lists that are not complete, never came, or are empty without a word; leavers or strangers whose access somebody called
    an error; rows that do not show what they should."""
    found = list(Population.objects.exclude(latest_number=0, next_due__isnull=True).order_by("ref"))
    newest, failing = _newest(found), denied([each.pk for each in found]).unanswered
    serves = controls_served([each.pk for each in found])
    left = {each.population.pk: each for each in rests(found, ending_by=today(here().timezone) - NEVER)}
    for population in found:
        standing = newest.get(population.pk)
        if standing is None:
            yield from _never(population, serves[population.pk])
        elif population.pk in failing:
            yield _incomplete(population, failing[population.pk][0], serves[population.pk])
        elif population.pk in left:
            yield _unfinished(left[population.pk], serves[population.pk])
        else:
            yield from _nil(population, standing, serves[population.pk])
    yield from _errors(newest, serves)
    yield from causes_of_rows()


def _newest(found: list[Population]) -> dict[UUID, Standing]:
    numbers = {each.pk: each.latest_number for each in found if each.latest_number}
    versions = PopulationVersion.objects.filter(population__in=numbers).select_related("population")
    versions = versions.defer("places", "excluded", "deviations")
    latest = [each for each in versions if numbers[each.population_id] == each.number]
    return {each.version.population_id: each for each in standings(latest)}


def _never(population: Population, controls: list[UUID]) -> Iterator[Wanted]:
    due = population.next_due
    if due is None or today(here().timezone) - due <= NEVER:
        return
    yield Wanted(
        rule=INCOMPLETE, subject=population.ref, found=Found.NO_POPULATION, title=f"{population.name}: the list was never produced",
        cause=f"A version was due on {day(due)}, and none was ever frozen.", facts_at=now(), began=due,
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
        cause=f"Version {version.number} does not hold: {failing[0]}", facts_at=version.frozen_at, began=version.first,
        remedy="See which step fails. Freeze a period for which it is complete, or bring what is missing as a file.",
        resources={f"{population.ref} version {version.number}": "; ".join(failing)}, control_ids=controls,
    )  # fmt: skip


def _unfinished(rest: Rest, controls: list[UUID]) -> Wanted:
    population, (first, last) = rest.population, rest.days
    return Wanted(
        rule=INCOMPLETE, subject=population.ref, found=Found.NO_POPULATION, title=f"{population.name}: no list of the whole period",
        cause=f"The period of {rest.programme.name} ended on {day(rest.due - timedelta(days=1))}, and no list tells of "
        f"{day(first)} to {day(last)}.", facts_at=now(), began=first,
        remedy="Freeze the list of those days, or bring it as a file with the way it was drawn.",
        resources={f"{population.ref} {rest.programme.name}": f"{day(first)} to {day(last)} on no list"}, control_ids=controls,
    )  # fmt: skip


def _nil(population: Population, standing: Standing, controls: list[UUID]) -> Iterator[Wanted]:
    """A list without rows, and nobody says in their own name that there was none."""
    version = standing.version
    if version.row_count or not _waits_for_word(standing) or now() - version.frozen_at < UNSTATED:
        return
    yield Wanted(
        rule=NIL, subject=population.ref, found=Found.DOCUMENTATION,
        title=f"{population.name}: empty, and nobody states that there was none",
        cause=f"Version {version.number}, frozen on {day(version.frozen_at.date())}, holds no row for {day(version.first)} to "
        f"{day(version.last)}. An empty list proves nothing by itself.", facts_at=version.frozen_at, began=version.first,
        remedy="Whoever can know it says on the version's page that there was none, and how they know.",
        resources={f"{population.ref} version {version.number}": "No row, and no statement."}, control_ids=controls,
    )  # fmt: skip


def _waits_for_word(standing: Standing) -> bool:
    verdict = standing.verdicts.get("nil")
    return verdict is None or verdict.result == "open"


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
            began=version.first,
            resources={str(row): row.detail for row in wrong}, control_ids=serves[population.pk], population=version.row_count,
            share=min(1.0, len(wrong) / version.row_count) if version.row_count else 0.0,
        )  # fmt: skip


class ListsProved:
    """Whether what populations said of old is answered: by a newer version, or by another decision. Read once."""

    def __init__(self, subjects: list[str]) -> None:
        asked = {each.partition(" ")[0] for each in subjects}
        found = list(Population.objects.filter(ref__in=asked)) if asked else []
        self._held = {each.ref for each in found}
        newest = _newest(found)
        self._newest = {each.ref: newest[each.pk] for each in found if each.pk in newest}

    def of(self, rule: str, subject: str, facts_at: datetime) -> str | None:
        """The sentence that says why, None while nothing newer shows it."""
        ref = subject.partition(" ")[0]
        if ref not in self._held:
            return "The population is not kept any more."
        standing = self._newest.get(ref)
        if rule == ROWS:
            return proof_of(standing)
        if standing is None or standing.state == State.FAILS:
            return None
        number = standing.version.number
        if rule == NIL and standing.version.frozen_at <= facts_at:
            return None if _waits_for_word(standing) else f"Somebody states of version {number}, and how they know, that there was none."
        if rule == DIFFERENCE and standing.version.frozen_at <= facts_at:
            return f"None of the differences of version {number} is called an error any more."
        if standing.version.frozen_at <= facts_at:
            return None
        return f"Version {number} was frozen on {day(standing.version.frozen_at.date())}, and does not have it."
