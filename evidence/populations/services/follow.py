"""What follows from how a population stands: its own state, and whether its controls' populations are confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from compliance.tenancy.news import announce
from compliance.trail.actors import Actor
from controls.models import Control
from controls.services.conclude import follow_population

from ..denied import denied
from ..events import population_changed
from ..models import Conclusion, Population, PopulationControl, State
from ..selectors import latest_of
from ..standing import standing_of


def follow(*, actor: Actor, population: Population) -> None:
    """Bring the state of a population up to its newest version, and the controls that it serves up to it."""
    latest = latest_of(population)
    population.state = standing_of(latest).state if latest else State.NONE
    population.save(update_fields=["state", "confirmed_number", "latest_number", "next_due"])
    follow_controls(actor=actor, controls=PopulationControl.objects.filter(population=population).values_list("control", flat=True))
    announce(population_changed, population_id=population.pk)


def follow_controls(*, actor: Actor, controls: Iterable[UUID]) -> None:
    """A control's population is confirmed while each of its populations has a confirmed version and none has a version that is
    known to be incomplete, without a newer one of its days that is not. What facts and steps decide, nobody confirms by hand. A
    control that no population serves any more loses what it had by them: from then on somebody confirms it."""
    for control in Control.objects.filter(pk__in=list(controls)).order_by("ref"):
        kept = list(Population.objects.filter(served__control=control).order_by("ref"))
        holding = bool(kept) and all(each.confirmed_number for each in kept)
        holding = holding and not denied([each.pk for each in kept]).unanswered
        newest = _newest(kept) if holding else None
        follow_population(
            actor=actor, control=control, confirmed_by=newest.concluded_by if newest else "",
            confirmed_at=newest.concluded_at if newest else None, note=_note(kept) if newest else "",
        )  # fmt: skip


def _newest(kept: list[Population]) -> Conclusion | None:
    confirmed = Conclusion.objects.filter(
        confirmed=True, version__population__in=kept, version__number__in={each.confirmed_number for each in kept}
    )
    return confirmed.order_by("-id").first()


def _note(kept: list[Population]) -> str:
    return "Confirmed as rows: " + ", ".join(f"{each.ref} version {each.confirmed_number}" for each in kept) + "."
