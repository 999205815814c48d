"""A statement as PDF and as XLSX. A draft says on every page that it is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.documents.paper import set_as_pdf
from compliance.web.documents.versions import file_name, stamp_of
from compliance.web.workbook import workbook

from .differing import climate_lines
from .models import Driver, Statement, Version
from .narrowing import Sums, grouped, sums_of
from .reading import Shown, climate_kept, day_of, lacks_in_words, present_rows, rows_kept


@dataclass(frozen=True)
class Edition:
    """What is exported: a version, or the draft as it stands now."""

    statement: Statement
    version: Version | None
    rows: list[Shown]
    climate: dict[str, Any]
    lacks: list[str]

    @property
    def stamp(self) -> str:
        """What every page says of its standing; empty for an approved version of a real organisation."""
        return stamp_of(self.version)

    @property
    def name(self) -> str:
        """Its file name, without an ending."""
        return file_name("statement-of-applicability", self.version)

    @property
    def framework(self) -> str:
        """What it speaks of, as it was when it was submitted."""
        present = self.statement.programme.framework
        return self.version.framework if self.version else f"{present.short_title}, {present.version}"


def draft_of(statement: Statement) -> Edition:
    """The statement as it stands now."""
    rows = present_rows(statement)
    return Edition(statement, None, rows, climate_kept(statement), lacks_in_words(statement, rows))


def edition_of(version: Version) -> Edition:
    """A version as it was submitted."""
    return Edition(version.statement, version, rows_kept(version), version.climate, version.lacks)


def as_pdf(edition: Edition) -> bytes:
    """Tagged PDF/UA-1, landscape, a bookmark for each theme. Rows are as many as the annex has, so memory is bounded."""
    organization = Organization.objects.get(pk=here().organization_id)
    return set_as_pdf("applicability/paper.html", {
        "edition": edition, "organization": organization, "programme": edition.statement.programme,
        "groups": grouped(edition.rows), "sums": sums_of(edition.rows), "stamp": edition.stamp, "facts": facts_of(edition),
        "climate": climate_lines(edition.climate), "title": f"Statement of applicability of {organization.name}",
    })  # fmt: skip


HEAD = (
    "Reference", "Control", "Theme", "Applicable", *(str(driver.label) for driver in Driver), "Treatment", "Carried out",
    "In place", "Our controls", "Evidence", "Owner", "Scope reason of an exclusion", "Risk considered", "Looked at again on",
    "Decided by", "Decided on", "Residual risk signed by", "Signed on", "Signed because", "Still lacks",
)  # fmt: skip
_WIDTHS = (10, 34, 16, 11, 26, 26, 26, 26, 50, 20, 13, 34, 13, 20, 40, 40, 12, 20, 12, 20, 12, 34, 34)
_APPLICABLE = {"included": "Yes", "excluded": "No", "undecided": "Undecided"}


def as_workbook(edition: Edition) -> IO[bytes]:
    """One sheet, a row for each control of the annex; above the head, what it is and how it stands."""
    note = ". ".join([f"{here_name()}, statement of applicability", *(f"{term}: {fact}" for term, fact in facts_of(edition))])
    climate = " Climate change: " + "; ".join(climate_lines(edition.climate)) + "."
    return workbook(HEAD, _cells(edition), sheet="Statement of applicability", widths=_WIDTHS, note=note + "." + climate)


def here_name() -> str:
    """The organisation's name."""
    return str(Organization.objects.values_list("name", flat=True).get(pk=here().organization_id))


def _cells(edition: Edition) -> Iterator[list[Any]]:
    for shown in edition.rows:
        yield [
            shown.ref, shown.title, shown.group, _APPLICABLE[shown.decision],
            *(shown.drivers.get(driver, "") if shown.is_included else "" for driver in Driver), shown.treatment,
            shown.done_by, _state(shown, shown.in_place), "; ".join(f"{each.ref} {each.title}" for each in shown.controls),
            _state(shown, shown.evidence), shown.owner, *_exclusion(shown), shown.decided_by, day_of(shown.decided_on),
            shown.signed_by, day_of(shown.signed_on), shown.signed_reason, "; ".join(lack.sentence for lack in shown.lacks),
        ]  # fmt: skip


def _state(shown: Shown, state: str) -> str:
    return state.replace("_", " ") if shown.is_included else ""


def _exclusion(shown: Shown) -> list[str]:
    return [shown.scope_reason, shown.risk_considered, shown.review_on] if shown.is_excluded else ["", "", ""]


def facts_of(edition: Edition) -> list[tuple[str, str]]:
    """What stands at its head: of what, which version, approved by whom, and how many rows stand where."""
    programme, version = edition.statement.programme, edition.version
    facts = [("Programme", f"{programme.name} ({programme.get_kind_display()})"), ("Against", edition.framework)]
    if version is None:
        facts.append(("Standing", f"Draft of {now():%d %B %Y, %H:%M} UTC, not approved"))
    else:
        facts.append(("Version", f"{version.number}, submitted on {version.submitted_at:%d %B %Y} by {version.submitted_by}"))
        approval = getattr(version, "approval", None)
        said = f"{approval.approved_by_label}, {approval.approved_at:%d %B %Y}" if approval else "Not approved"
        facts.append(("Approved by", said))
    return [*facts, ("Controls", _counted(sums_of(edition.rows)))]


def _counted(sums: Sums) -> str:
    return f"{sums.all}: {sums.included} included, {sums.excluded} excluded, {sums.undecided} undecided"
