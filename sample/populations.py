"""The company freezes its first populations at the end: what was merged, who left and came, who is privileged.

Two are confirmed by somebody who owns nothing of them, and what a difference is says the compliance manager, who never did.
Whoever left and still has an open account is no mistake of a list: it is called an error, and a gap names it.
"""

from __future__ import annotations

from datetime import date, timedelta

from compliance.programmes.models import Programme, ProgrammeKind
from controls.models import Control
from evidence.populations.models import Mismatch, Population, PopulationVersion, State
from evidence.populations.reconciling import Kind
from evidence.populations.services.freeze import freeze_from_source
from evidence.populations.services.keep import add_population
from evidence.populations.services.work_through import answer_step, confirm_version, decide_mismatch
from evidence.populations.standing import standing_of
from sample.base import Clock
from sample.company import TIMEZONE, Cast

#: (template, source, owner's part, controls that sample from it)
KEPT = (
    ("production_changes", "github.merged_changes", "owner_changes", ("SD-02", "SD-03")),
    ("leavers", "people.leavers", "owner_people", ("AC-06",)),
    ("joiners", "people.joiners", "owner_people", ("HR-01", "HR-02")),
    ("privileged_users", "accounts.privileged", "owner_access", ()),
)
#: Worked through and confirmed; the others wait.
CONFIRMED = ("production_changes", "joiners")
_SAID = {
    "source": "Opened the system's own screen as an administrator and saw the same list; production only.",
    "count": "Read off the system's own screen for the same query.",
    "out": "Took ten rows from all months, opened each in the source, and compared every cell.",
    "back": "Took ten items of the period from the source without looking at the list, and found each in it.",
    "cells": "What could not be read was looked up by hand and kept with the request.",
}


def freeze_all(cast: Cast, clock: Clock) -> None:
    """Freeze each for the period so far, up to yesterday, and work through what its owner has come to."""
    first, last = period_of(clock)
    for template, source, part, refs in KEPT:
        owner = cast[part]
        controls = list(Control.objects.filter(ref__in=refs, tested_by_sample=True))
        population = add_population(
            actor=cast.actor("compliance_manager"), template=template, name="", source=source, owner=owner, controls=controls,
            months=6, next_due=last + timedelta(days=20), settings={"hours": 24} if template == "leavers" else {},
        )  # fmt: skip
        version = freeze_from_source(actor=cast.actor(part), population=population, first=first, last=last, zone=TIMEZONE, by=owner)
        _decide(cast, version)
        if template in CONFIRMED:
            _confirm(cast, part, population, version)


def period_of(clock: Clock) -> tuple[date, date]:
    """The observation period so far, up to yesterday."""
    programme = Programme.objects.get(kind=ProgrammeKind.SOC2_TYPE_2)
    yesterday = clock.now.date() - timedelta(days=1)
    assert programme.period_start is not None
    return programme.period_start, min(programme.period_end or yesterday, yesterday)


def _decide(cast: Cast, version: PopulationVersion) -> None:
    """Every difference but those of the list that is still being worked on."""
    ruler = cast.actor("compliance_manager")
    for row in Mismatch.objects.filter(version=version, explained=""):
        if version.population.template == "leavers" and row.kind == Kind.LEFT:
            decide_mismatch(actor=ruler, mismatch=row, ruling="error", reason="Nobody told the system's owner of the last day.")
        elif version.population.template in CONFIRMED:
            decide_mismatch(actor=ruler, mismatch=row, ruling="timing", reason="The account was made after their first week.")


def _confirm(cast: Cast, part: str, population: Population, version: PopulationVersion) -> None:
    standing = standing_of(version)
    for step in standing.steps:
        if step.key in _SAID and step.key not in standing.verdicts:
            total = version.counted if step.key == "count" else None
            answer_step(actor=cast.actor(part), version=version, step=step.key, result="holds", note=_SAID[step.key], total=total)
    if standing_of(version).state == State.READY:
        confirm_version(actor=cast.actor("compliance_analyst"), version=version, note="Gone through with its owner, step by step.")
