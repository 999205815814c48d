"""Working through completeness and accuracy: what people say of steps and differences, and the confirmation at the end."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.models import Acceptance, Version
from evidence.services.decide import decide_version

from ..checklist import STEPS, Result, compared
from ..models import Conclusion, Mismatch, MismatchDecision, Population, PopulationVersion, Ruling, State, StepAnswer
from ..standing import Standing, standing_of
from .authority import CONFIRMERS, RULERS, refuse_answerable
from .follow import follow


@transaction.atomic
def answer_step(
    *, actor: Actor, version: PopulationVersion, step: str, result: str, note: str, total: int | None = None,
    evidence: Version | None = None,
) -> StepAnswer:  # fmt: skip
    """Say how a step stands, and how that was seen. A total that was read in the source is compared, not believed.

    Raises ValidationError for a step that facts have settled or that this version does not have, and without a note.
    """
    population = _locked(version)
    standing = standing_of(version)
    _refuse_settled(standing, step)
    if result not in (Result.HOLDS, Result.FAILS):
        raise ValidationError({"result": "Say that it holds, or that it does not."})
    if not note.strip():
        raise ValidationError({"note": "Say how it was seen: what was opened, what was compared. An auditor reads this."})
    if step == "count":
        result, note = _counted(version, total, note)
    elif total is not None:
        raise ValidationError({"total": "A total belongs to the step that compares it."})
    answer = StepAnswer.objects.create(
        version=version, step=step, result=result, note=note.strip(), total=total, evidence=evidence,
        given_by=actor.label[:254], given_at=now(),
    )  # fmt: skip
    record(
        actor=actor, action="populations.step.answered", target=population, label=str(version),
        after={"step": step, "result": result, "note": note.strip(), "total": total},
    )  # fmt: skip
    follow(actor=actor, population=population)
    return answer


def _refuse_settled(standing: Standing, step: str) -> None:
    if step not in {each.key for each in standing.steps}:
        raise ValidationError({"step": "This version has no such step."})
    if step == "second":
        raise ValidationError({"step": "It holds once each difference is decided. Decide them one by one."})
    verdict = standing.verdicts.get(step)
    if verdict is not None and verdict.by_facts:
        raise ValidationError({"step": "Facts have settled this step. If they changed, freeze the population anew."})
    if standing.state == State.CONFIRMED:
        raise ValidationError({"step": "This version is confirmed. Withdraw the confirmation first."})


def _counted(version: PopulationVersion, total: int | None, note: str) -> tuple[str, str]:
    if total is None:
        raise ValidationError({"total": "Enter the total that the source itself shows for the same query."})
    verdict = compared(version.counted, total, "read by a person")
    return verdict.result, f"{verdict.note} {note.strip()}"


@transaction.atomic
def decide_mismatch(*, actor: Actor, mismatch: Mismatch, ruling: str, reason: str) -> MismatchDecision:
    """Decide what a difference is. An error stays one of the list's merits: the list is right, the control is not.

    Raises PermissionDenied for whoever answered for what the list shows, ValidationError without a reason, and once the
    version is confirmed.
    """
    version = mismatch.version
    population = _locked(version)
    refuse_answerable(actor, version, RULERS)
    if ruling not in Ruling.values:
        raise ValidationError({"ruling": "Choose what the difference is."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why. An auditor reads this beside the difference."})
    if standing_of(version).state == State.CONFIRMED:
        raise ValidationError("This version is confirmed. Withdraw the confirmation first.")
    decision = MismatchDecision.objects.create(
        mismatch=mismatch, ruling=ruling, reason=reason.strip(), decided_by=actor.label[:254], decided_at=now()
    )
    record(
        actor=actor, action="populations.mismatch.decided", target=population, label=str(version),
        after={"of": str(mismatch), "ruling": ruling, "reason": reason.strip()},
    )  # fmt: skip
    follow(actor=actor, population=population)
    return decision


@transaction.atomic
def confirm_version(*, actor: Actor, version: PopulationVersion, note: str) -> Conclusion:
    """Confirm a version as complete and accurate, once every step holds. From then on samples may be drawn from it.

    Raises PermissionDenied for whoever answered for what the list shows or froze it, ValidationError while a step is open or
    does not hold, and without a note.
    """
    population = _locked(version)
    refuse_answerable(actor, version, CONFIRMERS)
    standing = standing_of(version)
    if standing.state == State.CONFIRMED:
        raise ValidationError("This version is confirmed already.")
    if standing.result != Result.HOLDS:
        waiting = [STEPS[each.key].key for each in standing.steps if _is_wanting(standing, each.key)]
        raise ValidationError(f"It cannot be confirmed while a step is open or does not hold: {', '.join(waiting)}.")
    if not note.strip():
        raise ValidationError({"note": "Say what the confirmation rests on. An auditor reads this."})
    concluded = _conclude(actor, version, True, note)
    if version.raw is not None:
        decide_version(actor=actor, version=version.raw, acceptance=Acceptance.APPROVED, reason=f"Confirmed as {version}.")
    population.confirmed_number = max(population.confirmed_number, version.number)
    record(actor=actor, action="populations.version.confirmed", target=population, label=str(version), after={"note": note.strip()})
    follow(actor=actor, population=population)
    return concluded


def _is_wanting(standing: Standing, key: str) -> bool:
    return key not in standing.verdicts or standing.verdicts[key].result != Result.HOLDS


@transaction.atomic
def withdraw_confirmation(*, actor: Actor, version: PopulationVersion, reason: str) -> Conclusion:
    """Take a confirmation back: something came to light. The version stays, and nothing more is drawn from it.

    Raises PermissionDenied for whoever answered for what the list shows or froze it, ValidationError where it is not
    confirmed, and without a reason.
    """
    population = _locked(version)
    refuse_answerable(actor, version, CONFIRMERS)
    if standing_of(version).state != State.CONFIRMED:
        raise ValidationError("This version is not confirmed.")
    if not reason.strip():
        raise ValidationError({"note": "Say what came to light."})
    concluded = _conclude(actor, version, False, reason)
    population.confirmed_number = _confirmed_before(population, version)
    record(
        actor=actor, action="populations.version.withdrawn", target=population, label=str(version), after={"reason": reason.strip()}
    )
    follow(actor=actor, population=population)
    return concluded


def _confirmed_before(population: Population, version: PopulationVersion) -> int:
    """The newest version that is still confirmed; 0 where there is none."""
    if version.number != population.confirmed_number:
        return population.confirmed_number
    said = Conclusion.objects.filter(version__population=population).order_by("id").values_list("version__number", "confirmed")
    newest = dict(said)
    return max((number for number, confirmed in newest.items() if confirmed), default=0)


def _conclude(actor: Actor, version: PopulationVersion, confirmed: bool, note: str) -> Conclusion:
    return Conclusion.objects.create(
        version=version, confirmed=confirmed, note=note.strip(), concluded_by=actor.label[:254], concluded_at=now()
    )


def _locked(version: PopulationVersion) -> Population:
    return Population.objects.select_for_update(of=("self",)).get(pk=version.population_id)
