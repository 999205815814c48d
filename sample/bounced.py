"""Papers that an auditor would bounce, and that were returned: each is told by the lint as it comes in.

They are brought beside what was asked for and was there in time, so nothing is missing for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from xlsxwriter import Workbook

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from evidence.models import Acceptance, Artefact, EvidenceRequirement, Source, Version
from evidence.reading.services import read_version
from evidence.services.decide import decide_version
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from evidence.storage import open_stored
from sample.company import Cast

Content = Callable[[EvidenceRequirement, datetime], bytes]
MARKDOWN, CSV = "text/markdown", "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Bounced:
    """A paper: on which day of the story, for which evidence requirement, what is wrong with it by a rule of the lint."""

    day: int
    requirement: str
    rule: str
    filename: str
    media_type: str
    content: Content
    environment: str = "production"


def _staging(requirement: EvidenceRequirement, at: datetime) -> bytes:
    return f"# {requirement.title}\n\nRead off the scanner's own screen on {at:%d %B %Y}, all repositories and images.\n".encode()


def _undated(requirement: EvidenceRequirement, at: datetime) -> bytes:
    return f"# {requirement.title}\n\nAll runs were gone through with the team. Nothing was left open.\n".encode()


def _empty(requirement: EvidenceRequirement, at: datetime) -> bytes:
    return b"account,last used,decision\n"


def _again(requirement: EvidenceRequirement, at: datetime) -> bytes:
    """The newest paper that was brought for it, byte for byte."""
    held = Version.objects.filter(artefact__links__requirement=requirement, artefact__source=Source.PERSON).order_by("-id")[0]
    with open_stored(held.sha256) as stored:
        return stored.read()


def _old_workbook(requirement: EvidenceRequirement, at: datetime) -> bytes:
    """A workbook that was last changed two months before the day that is stated of it."""
    written = BytesIO()
    book = Workbook(written, {"in_memory": True})
    book.set_properties({"created": (at - timedelta(days=60)).replace(tzinfo=None)})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("host", "patched on", "follow-up"))
    sheet.write_row(1, 0, ("settlement-worker-2", f"{at - timedelta(days=61):%Y-%m-%d}", "done"))
    book.close()
    return written.getvalue()


BOUNCED: tuple[Bounced, ...] = (
    Bounced(84, "scan-coverage", "environment", "coverage.md", MARKDOWN, _staging, "staging"),
    Bounced(84, "processing-review", "undated", "review.md", MARKDOWN, _undated),
    Bounced(112, "bypass-review", "repeated", "bypass-review.md", MARKDOWN, _again),
    Bounced(140, "dormant-review", "empty", "dormant.csv", CSV, _empty),
    Bounced(140, "patch-follow-up", "older", "patches.xlsx", WORKBOOK, _old_workbook),
)  # fmt: skip


def on_day(day: int, cast: Cast) -> None:
    """Bring what comes on a day of the story, look into it, and return it."""
    for each in BOUNCED:
        if each.day == day:
            _bring(cast, each)


def _bring(cast: Cast, each: Bounced) -> None:
    requirement = EvidenceRequirement.objects.select_related("control").get(key=each.requirement)
    owner = next(part for part, member in cast.members.items() if member.pk == requirement.owner_id)
    at = now() - timedelta(hours=3)
    content = each.content(requirement, at)
    artefact: Artefact = add_artefact(actor=cast.actor(owner), title=f"{requirement.title}, {each.filename}", source=Source.PERSON)
    link_artefact(actor=cast.actor(owner), artefact=artefact, requirement=requirement)
    version = receive_version(
        actor=cast.actor(owner), artefact=artefact, content=content, filename=each.filename, media_type=each.media_type,
        effective_start=at, effective_end=at, provided_by=cast[owner],
        provenance={"filename": each.filename, "provided_by": cast[owner].name, "capture": {"environment": each.environment}},
    )  # fmt: skip
    read_version(actor=SYSTEM, version=version)
    decide_version(
        actor=cast.actor("compliance_manager"), version=version, acceptance=Acceptance.RETURNED,
        reason="An auditor would not take it as it is: see what was found of it, and bring it again.",
    )  # fmt: skip
