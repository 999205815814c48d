"""What the sample company's people supply by hand: policies, reviews, reports. Some never came, some are long out of date."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from compliance.tenancy.clock import now
from controls.starter import naming
from evidence.guidance import convention_of
from evidence.models import Acceptance, Artefact, EvidenceRequirement, Source, Version
from evidence.services.decide import decide_version
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from sample.company import Cast

EVERY = {"weekly": 7, "monthly": 30, "quarterly": 91, "semi_annual": 180}
#: Planted: evidence that never came although the first was due (requirement key), in words.
NEVER_SAID = {
    "web-firewall": "The quarterly look at the web firewall", "sharing-review": "The monthly review of sharing",
    "disclosure-log": "The quarterly log of disclosures",
}  # fmt: skip
NEVER = frozenset(NEVER_SAID)
#: Planted: evidence that came and then stopped; the number of times that it still came.
STOPPED = {"access-review": 1, "badge-review": 1, "capacity-review": 3, "incident-list": 4}
#: Planted: yearly evidence that was old when the story began; days before the start of which it speaks.
OLD = {"penetration-test": 290, "restore-test": 240, "vendor-reviews": 265}
#: From which day the stopped ones are missed, in words, and by which rules of the register.
STOPPED_SAID = {
    "access-review": (104, "The quarter's signed access review is not there.", ("evidence.not_fresh", "evidence.missed")),
    "badge-review": (116, "The review of badges was held once, and not again.", ("evidence.not_fresh",)),
    "capacity-review": (106, "The review of capacity stopped after three months.", ("evidence.not_fresh", "evidence.missed")),
    "incident-list": (125, "The monthly list of incidents stopped after four.", ("evidence.not_fresh", "evidence.missed")),
}
OLD_SAID = {
    "penetration-test": "The yearly penetration test is ten months older than the period.",
    "restore-test": "The yearly restore test is eight months older than the period.",
    "vendor-reviews": "The yearly reviews of vendors are nine months older than the period.",
}
#: Provided, and nobody has approved it yet.
WAITING = {"treatment-review", "rule-review", "insurance"}


def due_on(requirement: EvidenceRequirement, day: int) -> int | None:
    """Whether a paper of this requirement arrives on a day of the story: its number, or None."""
    if requirement.source != Source.PERSON or requirement.key in NEVER:
        return None
    first = 2 + int(hashlib.sha256(requirement.key.encode()).hexdigest(), 16) % 26
    every = EVERY.get(requirement.cadence)
    if every is None:
        return 1 if day == first else None
    number, rest = divmod(day - first, every)
    if day < first or rest or number >= STOPPED.get(requirement.key, 99):
        return None
    return number + 1


def provide(cast: Cast, requirement: EvidenceRequirement, number: int, start: datetime) -> None:
    """One paper, from its owner; approved three days later by the compliance manager unless it waits."""
    owner = next(part for part, member in cast.members.items() if member.pk == requirement.owner_id)
    artefact = Artefact.objects.filter(source=Source.PERSON, links__requirement=requirement).first()
    if artefact is None:
        artefact = add_artefact(actor=cast.actor(owner), title=requirement.title, source=Source.PERSON)
        link_artefact(actor=cast.actor(owner), artefact=artefact, requirement=requirement)
    speaks_of = start - timedelta(days=OLD[requirement.key]) if requirement.key in OLD else now() - timedelta(hours=3)
    span = timedelta(days=EVERY.get(requirement.cadence, 1)) if requirement.span == "period" else timedelta()
    days = ((speaks_of - span).date(), speaks_of.date())
    name = naming.filled(convention_of(requirement), control=requirement.control.ref, key=requirement.key, span=days)
    version = receive_version(
        actor=cast.actor(owner), artefact=artefact, content=_paper(cast, owner, requirement, number, speaks_of).encode(),
        filename=f"{name}.md", media_type="text/markdown",
        effective_start=speaks_of - span, effective_end=speaks_of, provided_by=cast[owner],
        provenance={"filename": f"{name}.md", "provided_by": cast[owner].name, "note": "Sample document"},
    )
    if requirement.key not in WAITING:
        approve(cast, version)


def approve(cast: Cast, version: Version) -> None:
    decide_version(
        actor=cast.actor("compliance_manager"), version=version, acceptance=Acceptance.APPROVED,
        reason="Dated, complete, and of the right system.",
    )


def _paper(cast: Cast, owner: str, requirement: EvidenceRequirement, number: int, speaks_of: datetime) -> str:
    return (
        f"# {requirement.title}\n\nHalyard Payments (sample company) · {requirement.control.ref} · number {number}\n\n"
        f"Performed by {cast[owner].name}, {cast[owner].title}, on {speaks_of.astimezone(UTC):%d %B %Y, %H:%M} UTC.\n\n"
        f"What this is: {requirement.artefact or requirement.title}\n\n"
        f"The control: {requirement.control.statement}\n\nOutcome: performed as stated. Nothing was left open.\n"
    )
