"""What third parties show of themselves: reports with their carve-outs and CUECs, and bridge letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import BridgeLetter, NestedCarveOut, Opinion, Party, PartyReport, ReportKind, UserEntityControl
from .writing import add, change, tell

REPORT_FIELDS = (
    "kind", "issuer", "starts_on", "ends_on", "issued_on", "services", "regions", "opinion", "exceptions"
)  # fmt: skip
LETTER_FIELDS = ("report", "starts_on", "ends_on", "services", "signed_by", "signed_on", "incidents", "statement")
_OVER_A_PERIOD = (ReportKind.SOC2_TYPE_2, ReportKind.SOC1_TYPE_2)
_ON_A_DAY = (ReportKind.SOC2_TYPE_1, ReportKind.SOC1_TYPE_1)
_WITH_OPINION = (*_OVER_A_PERIOD, *_ON_A_DAY)


@transaction.atomic
def add_report(*, actor: Actor, party: Party, nested: Sequence[str] = (), **fields: Any) -> PartyReport:
    """A report or certificate of a party; `nested` names the organisations that it carves out itself.

    Raises ValidationError, by field: a Type II has a period, a Type I one day, and both an opinion.
    """
    report = PartyReport(party=party, **fields)
    _check_report(report)
    add(report, actor=actor, action="parties.report.added", party=party, after={"party": party, **fields})
    _carve_out(report, nested)
    return report


@transaction.atomic
def change_report(*, actor: Actor, report: PartyReport, nested: Sequence[str] | None = None, **fields: Any) -> PartyReport:
    """Put right what a report says. Carve-outs that are no longer named go, answered or not."""
    _check_report(PartyReport(party=report.party, **{**_present(report, REPORT_FIELDS), **fields}))
    change(report, actor=actor, action="parties.report.changed", party=report.party, fields=fields)
    if nested is not None:
        was = [each.name for each in report.nested.all()]
        wanted = [each.strip() for each in nested if each.strip()]
        if sorted(was) != sorted(wanted):
            report.nested.exclude(name__in=wanted).delete()
            _carve_out(report, [name for name in wanted if name not in was])
            action = "parties.report.changed"
            record(actor=actor, action=action, target=report, before={"nested": was}, after={"nested": wanted})
            tell(report.party)
    return report


@transaction.atomic
def answer_carve_out(*, actor: Actor, nested: NestedCarveOut, answer: str) -> NestedCarveOut:
    """Say how we deal with an organisation that a report carves out. Raises ValidationError without words."""
    if not answer.strip():
        raise ValidationError({"answer": "Say whose report was read, or why it is of no account to us."})
    fields = {"answer": answer.strip()}
    change(nested, actor=actor, action="parties.carve_out.answered", party=nested.report.party, fields=fields)
    return nested


@transaction.atomic
def add_letter(*, actor: Actor, party: Party, **fields: Any) -> BridgeLetter:
    """A bridge letter of the party's management. Raises ValidationError, by field."""
    letter = BridgeLetter(party=party, **fields)
    _check_letter(letter)
    return add(letter, actor=actor, action="parties.letter.added", party=party, after={"party": party, **fields})


@transaction.atomic
def change_letter(*, actor: Actor, letter: BridgeLetter, **fields: Any) -> BridgeLetter:
    """Put right what a letter says."""
    _check_letter(BridgeLetter(party=letter.party, **{**_present(letter, LETTER_FIELDS), **fields}))
    change(letter, actor=actor, action="parties.letter.changed", party=letter.party, fields=fields)
    return letter


@transaction.atomic
def add_cuecs(*, actor: Actor, report: PartyReport, rows: Sequence[tuple[str, str]]) -> list[UserEntityControl]:
    """The CUECs of a report, as (number, text). Raises ValidationError where none has words."""
    wanted = [(number.strip()[:20], text.strip()) for number, text in rows if text.strip()]
    if not wanted:
        raise ValidationError({"text": "Write at least one control, each on a line of its own."})
    added = UserEntityControl.objects.bulk_create(
        UserEntityControl(report=report, number=number, text=text) for number, text in wanted
    )
    record(
        actor=actor, action="parties.cuecs.added", target=report, after={"added": [str(each) for each in added]}
    )
    tell(report.party)
    return added


@transaction.atomic
def rule_out_cuec(*, actor: Actor, cuec: UserEntityControl, reason: str) -> UserEntityControl:
    """A CUEC is not applicable to us, and why; an empty reason takes that back."""
    said = reason.strip()
    fields = {"not_applicable": said, "decided_by": actor.label[:254] if said else "", "decided_at": now() if said else None}
    if said != cuec.not_applicable:
        change(cuec, actor=actor, action="parties.cuec.decided", party=cuec.report.party, fields=fields)
    return cuec


def _carve_out(report: PartyReport, names: Sequence[str]) -> None:
    wanted = dict.fromkeys(each.strip() for each in names if each.strip())
    NestedCarveOut.objects.bulk_create(NestedCarveOut(report=report, name=name[:200]) for name in wanted)


def _present(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _check_report(report: PartyReport) -> None:
    wrong: dict[str, str] = {}
    if report.kind in _OVER_A_PERIOD and not report.starts_on:
        wrong["starts_on"] = "A Type II speaks of a period: give its first day."
    if report.kind in _ON_A_DAY and report.starts_on:
        wrong["starts_on"] = "A Type I speaks of one day: leave this empty."
    if report.starts_on and report.ends_on and report.ends_on < report.starts_on:
        wrong["ends_on"] = "It ends before it starts."
    if report.issued_on and report.ends_on and report.kind in _WITH_OPINION and report.issued_on < report.ends_on:
        wrong["issued_on"] = "A report is issued after what it speaks of."
    if report.kind in _WITH_OPINION and report.opinion == Opinion.NONE:
        wrong["opinion"] = "Such a report gives an opinion: say which."
    if wrong:
        raise ValidationError(wrong)


def _check_letter(letter: BridgeLetter) -> None:
    if letter.report.party_id != letter.party_id:
        raise ValidationError({"report": "The report is another party’s."})
    if letter.ends_on < letter.starts_on:
        raise ValidationError({"ends_on": "It ends before it starts."})
