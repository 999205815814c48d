"""Populations as an auditor reads them: confirmed versions alone, with where they come from and how that was seen."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from evidence.populations.models import PopulationControl, PopulationVersion, State
from evidence.populations.selectors import confirmed_versions
from evidence.populations.standing import Standing, standing_of

from ..models import Seat
from .matrix import controls_for


def populations_for(seat: Seat) -> QuerySet[PopulationVersion]:
    """The confirmed versions of each population that a stated control of the programme samples from, those that meet its
    period: lists of its parts do not take each other's place. What is being worked on is a draft, and differences are
    management's own record."""
    programme = seat.audit.programme
    serves = PopulationControl.objects.filter(population=OuterRef("population"), control__in=controls_for(seat).values("pk"))
    found = confirmed_versions().filter(Exists(serves))
    if programme.period_start and programme.period_end:
        found = found.filter(first__lte=programme.period_end, last__gte=programme.period_start)
    return found


def population_for(seat: Seat, pk: UUID) -> Standing | None:
    """One of them with its steps; None where it is not this audit's, or not confirmed."""
    version = populations_for(seat).filter(pk=pk).first()
    standing = standing_of(version) if version else None
    return standing if standing is not None and standing.state == State.CONFIRMED else None
