"""A statement as page, PDF, XLSX and API show it: rows as they stand now, or as a version kept them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from compliance.frameworks.models import Requirement
from compliance.tenancy.rooms import here

from .facts import Mapped, in_place, mapped_controls, worst_evidence
from .lacks import Lack, Said, lacks_of
from .models import Decision, Doer, Driver, Row, SignOff, Statement, Version
from .returning import Exclusion, why_again
from .selectors import around_of, latest_sign_offs, rows_of

CLIMATE = "Nobody has determined whether climate change is a relevant issue (clauses 4.1 and 4.2, Amendment 1:2024)."


@dataclass(frozen=True)
class Shown:
    """One row. `again` says why an exclusion has to be looked at again, `lacks` what is still missing; `row` is the live
    one, None for what a version kept. Days and moments are ISO text in a version, so they are text here."""

    ref: str
    title: str
    group: str
    decision: str
    drivers: dict[str, str]
    treatment: str
    owner: str
    implementation: str
    party: str
    scope_reason: str
    risk_considered: str
    review_on: str
    decided_by: str
    decided_on: str
    controls: tuple[Mapped, ...]
    in_place: str
    evidence: str
    signed_by: str
    signed_on: str
    signed_reason: str
    again: tuple[str, ...]
    lacks: tuple[Lack, ...]
    row: Row | None = field(default=None, compare=False, repr=False)
    sign_off: SignOff | None = field(default=None, compare=False, repr=False)

    @property
    def is_proposed(self) -> bool:
        """Undecided, and a mapped control proposes that it is included. It counts as neither until a person confirms."""
        return self.decision == Decision.UNDECIDED and bool(self.controls)

    @property
    def is_included(self) -> bool:
        return self.decision == Decision.INCLUDED

    @property
    def is_excluded(self) -> bool:
        return self.decision == Decision.EXCLUDED

    @property
    def decision_label(self) -> str:
        return str(Decision(self.decision).label)

    @property
    def signed_at(self) -> datetime | None:
        """When its residual risk was signed."""
        return moment_of(self.signed_on)

    @property
    def review_day(self) -> date | None:
        """The day on which the exclusion is looked at again."""
        return date.fromisoformat(self.review_on) if self.review_on else None

    @property
    def driver_lines(self) -> list[tuple[str, str]]:
        """Each driver in words, with its note."""
        return [(str(driver.label), self.drivers[driver]) for driver in Driver if driver in self.drivers]

    @property
    def done_by(self) -> str:
        """Who carries it out, in words; empty where nobody has said, and where it is excluded."""
        if not self.implementation or self.is_excluded:
            return ""
        label = str(Doer(self.implementation).label)
        joined = {Doer.SHARED: "with", Doer.INHERITED: "from"}.get(Doer(self.implementation), "")
        return f"{label} {joined} {self.party}" if joined and self.party else label

    def kept(self) -> dict[str, Any]:
        """As a version keeps it."""
        left = {name: value for name, value in self.__dict__.items() if name not in ("row", "sign_off", "controls")}
        return left | {
            "controls": [asdict(each) for each in self.controls], "again": list(self.again),
            "lacks": [each.value for each in self.lacks],
        }  # fmt: skip


def moment_of(text: str) -> datetime | None:
    """A moment that a version kept as text; None where there is none."""
    return datetime.fromisoformat(text) if text else None


def day_of(text: str) -> str:
    """The calendar day of such a moment in the organisation's zone, as ISO text; empty where there is none."""
    moment = moment_of(text)
    return moment.astimezone(ZoneInfo(here().timezone)).date().isoformat() if moment else ""


def group_of(requirement: Requirement) -> str:
    """The theme of a control (ISO 27001), or whom it is for (ISO 27701)."""
    return (requirement.theme or requirement.category or requirement.level).replace("-", " ").capitalize()


def present_rows(statement: Statement) -> list[Shown]:
    """Every row of a statement as it stands now, in the publisher's order."""
    return read_rows(list(rows_of(statement)))


def read_rows(rows: Sequence[Row]) -> list[Shown]:
    """Rows, of whatever statements, with facts, signatures and what stands around exclusions: six queries at most."""
    controls = mapped_controls(row.requirement_id for row in rows)
    signed = latest_sign_offs(rows)
    around = around_of(rows)
    shown = []
    for row in rows:
        again = _again(row, around.get(row.pk))
        shown.append(_shown(row, tuple(controls.get(row.requirement_id, ())), _holding(signed.get(row.pk), row), again))
    return shown


def _again(row: Row, around: Any) -> tuple[str, ...]:
    if around is None or row.decided_at is None or row.review_on is None:
        return ()
    return why_again(Exclusion(row.decided_at, row.review_on, row.wording), around)


def _holding(sign_off: SignOff | None, row: Row) -> SignOff | None:
    """A sign-off, for as long as the row says what was signed and its signer does not own it."""
    if sign_off is None or sign_off.substance != row.substance():
        return None
    return None if row.owner_id is not None and sign_off.signed_by_id == row.owner_id else sign_off


def _shown(row: Row, controls: tuple[Mapped, ...], signed: SignOff | None, again: tuple[str, ...]) -> Shown:
    owner = row.owner if row.owner is not None and row.owner.is_active else None
    said = Said(
        row.decision, bool(row.drivers), bool(row.treatment), owner is not None, row.implementation, row.party_id is not None,
        signed is not None, bool(again),
    )  # fmt: skip
    return Shown(
        ref=row.requirement.ref, title=row.requirement.title, group=group_of(row.requirement), decision=row.decision,
        drivers=dict(row.drivers), treatment=row.treatment, owner=owner.name if owner else "",
        implementation=row.implementation, party=row.party.name if row.party else "", scope_reason=row.scope_reason,
        risk_considered=row.risk_considered, review_on=_iso(row.review_on), decided_by=row.decided_by,
        decided_on=_iso(row.decided_at), controls=controls, in_place=in_place(controls), evidence=worst_evidence(controls),
        signed_by=signed.signed_by_label if signed else "", signed_on=_iso(signed.signed_at) if signed else "",
        signed_reason=signed.reason if signed else "", again=again, lacks=lacks_of(said), row=row, sign_off=signed,
    )  # fmt: skip


def _iso(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def rows_kept(version: Version) -> list[Shown]:
    """The rows that a version kept."""
    return [
        Shown(
            **each
            | {
                "controls": tuple(Mapped(**control) for control in each["controls"]), "again": tuple(each["again"]),
                "lacks": tuple(Lack(lack) for lack in each["lacks"]),
            }
        )
        for each in version.rows
    ]  # fmt: skip


def lacks_in_words(statement: Statement, rows: Sequence[Shown]) -> list[str]:
    """What a statement as a whole still lacks: nothing may be approved while there is any."""
    found = [] if statement.climate_at else [CLIMATE]
    return found + [f"{shown.ref}: {lack.sentence}." for shown in rows for lack in shown.lacks]


def climate_kept(statement: Statement) -> dict[str, Any]:
    """The answer to clauses 4.1 and 4.2 as a version keeps it; empty where there is none."""
    if statement.climate_at is None:
        return {}
    return {
        "issue": statement.climate_issue, "parties": statement.climate_parties, "reason": statement.climate_reason,
        "by": statement.climate_by, "at": statement.climate_at.isoformat(),
    }  # fmt: skip


def climate_of(version: Version) -> dict[str, Any]:
    """What a version kept of it, with its moment as one; empty where it was not determined."""
    return {**version.climate, "moment": moment_of(version.climate["at"])} if version.climate else {}
