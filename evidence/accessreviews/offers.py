"""Which reviews are due to be prepared: offered from the cadence of what they bring, and never made by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compliance.intervals.blocks import Block, grace_of, whole_blocks
from compliance.intervals.cadence import step_of
from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from controls.models import Implementation
from evidence.cadence import local_day, parse
from evidence.models import EvidenceRequirement, Source

from .models import Campaign

#: What the starter set calls the evidence of an access review; what a campaign served before is one too.
KEY = "access-review"
#: Days before the end of a block in which its review is offered: enough to decide on some hundred accounts.
AHEAD = 30


@dataclass(frozen=True)
class Offer:
    """A review that a requirement asks for and nobody has prepared. `late`: its block is over, and its grace runs."""

    requirement: EvidenceRequirement
    block: Block
    due_on: date
    late: bool


def offers() -> Iterator[Offer]:
    """What is due to be prepared today. A block that is over is offered until its grace has ended; then it is missed."""
    on = today(here().timezone)
    asked = list(_asked())
    held: dict[object, list[tuple[date, date]]] = {}
    for pk, first, last in Campaign.objects.filter(requirement__in=asked).values_list("requirement_id", "covers_from", "covers_to"):
        held.setdefault(pk, []).append((first, last))
    programme = _programme_start() if asked else None
    for requirement in asked:
        yield from _of(requirement, programme, held.get(requirement.pk, []), on)


def _asked() -> Iterator[EvidenceRequirement]:
    served = set(Campaign.objects.order_by().values_list("requirement_id", flat=True))
    found = EvidenceRequirement.objects.filter(source=Source.PERSON).select_related("control").order_by("ref")
    for each in found.exclude(control__implementation__in=(Implementation.PLANNED, Implementation.RETIRED)):
        if each.pk in served or KEY in each.key:
            yield each


def _of(
    requirement: EvidenceRequirement, programme: date | None, held: list[tuple[date, date]], on: date
) -> Iterator[Offer]:
    cadence = parse(requirement.cadence)
    step = step_of(cadence)
    if step is None:
        return
    for block in list(whole_blocks(programme or _begin(requirement), step, on=on))[-2:]:
        grace = timedelta(days=grace_of(cadence))
        due = block.last + grace
        ahead = min(timedelta(days=AHEAD), timedelta(days=block.days // 2))
        covered = any(first <= block.last and last >= block.first for first, last in held)
        if not covered and block.last - ahead <= on <= due:
            yield Offer(requirement, block, due, late=on > block.last)


def _programme_start() -> date | None:
    """The observation period that started first: from there blocks are counted, as coverage counts them."""
    programmes = Programme.objects.filter(closed_at__isnull=True, period_start__isnull=False)
    return programmes.order_by("period_start").values_list("period_start", flat=True).first()


def _begin(requirement: EvidenceRequirement) -> date:
    """Without a programme: the control's start, else the day on which the requirement was entered."""
    return requirement.control.starts_on or local_day(requirement.created_at, ZoneInfo(here().timezone))
