"""How versions stand: the verdict on each step, from facts and from what people last said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from .checklist import Result, Step, Verdict, second_list, standing, steps_of
from .models import Conclusion, Mismatch, PopulationVersion, State, StepAnswer


@dataclass(frozen=True)
class Standing:
    """A version with its steps, the verdict on each, the newest answer of a person, and its state in sum."""

    version: PopulationVersion
    steps: Sequence[Step]
    verdicts: Mapping[str, Verdict]
    answers: Mapping[str, StepAnswer]
    conclusion: Conclusion | None
    undecided: int

    @property
    def result(self) -> Result:
        return standing(self.steps, self.verdicts)

    @property
    def state(self) -> State:
        """Confirmed only while nothing is known against it."""
        if self.result == Result.FAILS:
            return State.FAILS
        if self.conclusion is not None and self.conclusion.confirmed:
            return State.CONFIRMED
        return State.READY if self.result == Result.HOLDS else State.OPEN


def undecided_counts(ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many differences of each version wait for a decision."""
    waiting = Mismatch.objects.filter(version__in=ids, explained="", decisions__isnull=True)
    return dict(waiting.order_by().values_list("version_id").annotate(waiting=Count("pk")))


def standings(versions: Sequence[PopulationVersion]) -> list[Standing]:
    """How each version stands, in three queries for all of them."""
    ids = [each.pk for each in versions]
    answers: dict[UUID, dict[str, StepAnswer]] = {}
    for answer in StepAnswer.objects.filter(version__in=ids).select_related("evidence__artefact").order_by("id"):
        answers.setdefault(answer.version_id, {})[answer.step] = answer
    concluded = {each.version_id: each for each in Conclusion.objects.filter(version__in=ids).order_by("id")}
    undecided = undecided_counts(ids)
    return [
        _standing(each, answers.get(each.pk, {}), concluded.get(each.pk), undecided.get(each.pk, 0)) for each in versions
    ]


def standing_of(version: PopulationVersion) -> Standing:
    """How one version stands."""
    return standings([version])[0]


def _standing(
    version: PopulationVersion, answers: Mapping[str, StepAnswer], conclusion: Conclusion | None, undecided: int
) -> Standing:
    verdicts = {key: Verdict(Result(each.result), each.note, each.given_by) for key, each in answers.items()}
    verdicts |= {key: Verdict(Result(told["result"]), told["note"], "facts") for key, told in version.facts.items()}
    if version.reconciled:
        verdicts["second"] = second_list(version.mismatches, undecided)
    steps = steps_of(version.row_count, version.reconciled)
    return Standing(version, steps, verdicts, answers, conclusion, undecided)


def is_sampleable(version: PopulationVersion) -> bool:
    """Whether a sample may be drawn from a version: it is confirmed, nothing is known against it, and it has rows."""
    return version.row_count > 0 and standing_of(version).state == State.CONFIRMED
