"""The completeness report as a workbook and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from compliance.programmes.selectors import open_programmes
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.documents.paper import set_as_pdf
from compliance.web.words import day

from .book import Book
from .completeness import WHYS, Completeness, Told, completeness

CRITERIA_HEAD = (
    "Programme", "Criterion", "Title", "Stands", "Controls", "Evidence asked", "Evidence there", "Controls that will not survive", "Which",
)  # fmt: skip
CONTROL_HEAD = ("Programme", "Control", "Title", "Criteria", "Owner", "Survives", "Why not", "Reasons")
EVIDENCE_HEAD = (
    "Programme", "Control", "Requirement", "Title", "How often", "Owner", "What is there", "Why it will not survive", "Reasons",
)  # fmt: skip


def completeness_book() -> IO[bytes]:
    """Criteria, controls and evidence of every programme under way, a sheet each."""
    found = [completeness(each) for each in open_programmes()]
    with Book("Completeness report") as book:
        book.sheet("Criteria", CRITERIA_HEAD, _criteria(found), (26, 11, 60, 15, 10, 10, 10, 12, 40))
        book.sheet("Controls", CONTROL_HEAD, _controls(found), (26, 10, 48, 24, 22, 10, 30, 90))
        book.sheet("Evidence", EVIDENCE_HEAD, _evidence(found), (26, 10, 12, 48, 14, 22, 50, 30, 90))
    return book.file


def _criteria(found: list[Completeness]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        for criterion in each.criteria:
            yield (
                each.programme.name, criterion.requirement.ref, criterion.requirement.title, criterion.word, len(criterion.controls),
                criterion.asked, criterion.there, len(criterion.failing), ", ".join(one.control.ref for one in criterion.failing),
            )  # fmt: skip


def _controls(found: list[Completeness]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        for told in each.controls:
            owner = told.control.owner.name if told.control.owner else ""
            yield (
                each.programme.name, told.control.ref, _titled(told), ", ".join(told.criteria), owner,
                told.stands, ", ".join(WHYS[why] for why in told.whys),
                "\n".join(reason.says for reason in told.reasons),
            )  # fmt: skip


def _titled(told: Told) -> str:
    return f"{told.control.title} ({told.stood})" if told.stood else told.control.title


def _evidence(found: list[Completeness]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        for told in each.controls:
            for one in told.shown:
                owner = one.requirement.owner or told.control.owner
                yield (
                    each.programme.name, told.control.ref, one.requirement.ref, one.requirement.title,
                    one.how_often, owner.name if owner else "", one.there,
                    ", ".join(WHYS[reason.why] for reason in one.reasons), "\n".join(reason.says for reason in one.reasons),
                )  # fmt: skip


def completeness_pdf() -> bytes:
    """The report as a PDF/UA file: by criterion, then every control that will not survive and why."""
    room = Organization.objects.get(pk=here().organization_id)
    at = now()
    facts = [
        ("As at", f"{day(at.date())}, {at:%H:%M} UTC"), ("Time zone", here().timezone), ("Whose view", "Management’s view"),
    ]  # fmt: skip
    context = {
        "organization": room, "title": f"Completeness report, {room.name}", "facts": facts,
        "stamp": "Sample company, simulated clock" if room.is_sample else "",
        "found": [completeness(each) for each in open_programmes()],
    }  # fmt: skip
    return set_as_pdf("reports/completeness_paper.html", context)
