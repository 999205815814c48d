"""The rules on third parties, PTY-01 and on: each looks at one dossier and says what is wrong and what to do. Pure.

Two more, on their CUECs, stand on the floor of the controls (`controls.complements`), and register there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from compliance.intervals.words import days_of
from compliance.tenancy.months import months_after

from .cadence import OVERDUE, SKIPPED
from .coverage import Span, bridges, is_long, leaves_out
from .dossiers import Dossier

CRITICAL, SIGNIFICANT, MINOR = "critical", "significant", "minor"


@dataclass(frozen=True)
class Rule:
    """A rule by its id. `severity` is management's estimate of what an auditor would make of it."""

    id: str
    severity: str
    title: str


@dataclass(frozen=True)
class Found:
    """What a rule has to say of one party: why it is raised, and what would settle it."""

    rule: Rule
    reason: str
    todo: str


UNCOVERED = Rule("PTY-01", SIGNIFICANT, "Days of the period that no report covers")
ONLY_DESIGN = Rule("PTY-02", SIGNIFICANT, "A Type I report proves no operation")
LEFT_OUT = Rule("PTY-03", SIGNIFICANT, "A paper leaves out a service in use")
LONG_LETTER = Rule("PTY-04", MINOR, "A bridge letter longer than three months")
OLD_REPORT = Rule("PTY-05", SIGNIFICANT, "The newest report is older than a year")
MODIFIED = Rule("PTY-06", SIGNIFICANT, "A modified opinion")
NESTED = Rule("PTY-07", SIGNIFICANT, "A carve-out within their report that nobody has answered")
REVIEW_LATE = Rule("PTY-10", SIGNIFICANT, "A review is overdue or was skipped")
NO_METHOD = Rule("PTY-11", CRITICAL, "A subservice organisation without method")
NEVER_REVIEWED = Rule("PTY-12", SIGNIFICANT, "Customer data reaches a party that nobody has reviewed")
NO_CSOC = Rule("PTY-13", SIGNIFICANT, "A carve-out without expected controls")
UNSTATED = Rule("PTY-14", SIGNIFICANT, "Nobody has said which services are in use")
NO_ROLE = Rule("PTY-15", SIGNIFICANT, "A third party without a role")
SILENT_LETTER = Rule("PTY-16", MINOR, "A bridge letter that says nothing of incidents")


def uncovered(d: Dossier) -> Iterator[Found]:
    """PTY-01: days up to the day of judging; those to come can still be covered."""
    if not d.must_be_covered or d.period is None or not d.used.services or d.on < d.period.first:
        return
    known = d.covered(Span(d.period.first, min(d.period.last, d.on)))
    if known.uncovered:
        days = "; ".join(map(str, known.uncovered))
        lacking = ", ".join(service for service, spans in known.uncovered_of.items() if spans)
        yield Found(
            UNCOVERED, f"{days_of(known.days_uncovered)} of the period so far no Type II report or letter covers for "
            f"{lacking}: {days}.",
            "Ask for the report of those days or for a bridge letter, or say how we watch the party meanwhile.",
        )  # fmt: skip


def only_design(d: Dossier) -> Iterator[Found]:
    """PTY-02: a Type I is there, and no Type II."""
    kinds = {each.paper.kind for each in d.reports}
    if d.must_be_covered and "soc2_type_1" in kinds and "soc2_type_2" not in kinds:
        yield Found(
            ONLY_DESIGN, "Its only SOC 2 report is a Type I: it speaks of the design on one day and shows no day of operation.",
            "Ask when its Type II is due, and watch its controls ourselves until then.",
        )  # fmt: skip


def left_out(d: Dossier) -> Iterator[Found]:
    """PTY-03: of the newest report, and of every letter."""
    newest = [(each.label, each.paper.services) for each in (d.newest,) if each]
    for label, said in [*newest, *((each.label, each.letter.services) for each in d.letters)]:
        missing = leaves_out(said, d.used.services)
        if missing:
            yield Found(
                LEFT_OUT, f"{label} does not name {', '.join(missing)}, which we use: it covers nothing of that.",
                "Ask for a paper that names the service, or stop counting on this one.",
            )  # fmt: skip


def long_letter(d: Dossier) -> Iterator[Found]:
    """PTY-04."""
    for each in d.letters:
        if is_long(each.letter):
            span = Span(each.letter.first, each.letter.last)
            yield Found(
                LONG_LETTER, f"{each.label} spans {days_of(span.days)}. It is their management’s word, and is usually "
                "taken for three months at most.",
                "Ask for the next report. An auditor may not take the days beyond three months.",
            )  # fmt: skip


def old_report(d: Dossier) -> Iterator[Found]:
    """PTY-05: the newest paper speaks of a time more than a year ago."""
    if d.newest and months_after(d.newest.ended, 12) < d.on:
        yield Found(
            OLD_REPORT, f"Its newest report, {d.newest.label}, is older than a year.",
            "Ask for the next one. Reports are taken for about twelve months.",
        )  # fmt: skip


def modified(d: Dossier) -> Iterator[Found]:
    """PTY-06: of the newest report."""
    if d.newest and d.newest.paper.opinion in ("qualified", "adverse", "disclaimed"):
        exceptions = f" It says: {d.newest.exceptions[:300]}" if d.newest.exceptions else ""
        yield Found(
            MODIFIED, f"The opinion of {d.newest.label} is {d.newest.paper.opinion}.{exceptions}",
            "Read what it rests on, decide whether it touches what we use, and record that in the next review.",
        )  # fmt: skip


def nested(d: Dossier) -> Iterator[Found]:
    """PTY-07: of the newest report."""
    if d.newest and d.newest.nested:
        names = ", ".join(d.newest.nested)
        yield Found(
            NESTED, f"{d.newest.label} carves out {names}: nobody looked at the controls there.",
            "Read the report of that organisation too, or say why it is of no account to us.",
        )  # fmt: skip


def review_late(d: Dossier) -> Iterator[Found]:
    """PTY-10: the open one is past its day, or one within the period was skipped."""
    late = [due.due_on for due in d.dues if due.state == OVERDUE]
    since = d.period.first if d.period else months_after(d.on, -12)
    skipped = [due.due_on for due in d.dues if due.state == SKIPPED and due.due_on >= since]
    said = [f"The review due on {day:%-d %b %Y} is overdue." for day in late]
    said += [f"The review due on {day:%-d %b %Y} was skipped, and stays skipped." for day in skipped]
    if said:
        todo = "Review it now, and record the outcome." if late else "Keep the next review, and be ready to explain."
        yield Found(REVIEW_LATE, " ".join(said), todo)


def no_method(d: Dossier) -> Iterator[Found]:
    """PTY-11."""
    if d.is_subservice and not d.method:
        yield Found(
            NO_METHOD, "The system description has to say whether its controls are carved out or included.",
            "Choose a method. Carve-out is usual for large providers; inclusive needs their assertion.",
        )  # fmt: skip


def never_reviewed(d: Dossier) -> Iterator[Found]:
    """PTY-12."""
    if d.handles_data and not d.reviewed:
        yield Found(
            NEVER_REVIEWED, "Customer data reaches it, and no review of it is on record.",
            "Review it, record the outcome, and set a cadence.",
        )  # fmt: skip


def no_csoc(d: Dossier) -> Iterator[Found]:
    """PTY-13."""
    if d.is_subservice and d.method == "carve_out" and not d.expected_controls:
        yield Found(
            NO_CSOC, "A carve-out names the controls that we take the party to have, and the criteria they bear on.",
            "Enter the expected controls; its report lists the controls it tests.",
        )  # fmt: skip


def unstated(d: Dossier) -> Iterator[Found]:
    """PTY-14: without it no paper can be shown to cover anything."""
    if d.must_be_covered and not d.used.services:
        yield Found(
            UNSTATED, "Without the services in use no report can be shown to cover them.", "Enter the services that we use."
        )


def silent_letter(d: Dossier) -> Iterator[Found]:
    """PTY-16."""
    for each in d.letters:
        if each.silent:
            yield Found(
                SILENT_LETTER, f"{each.label} does not say whether there were incidents.",
                "Ask for a statement of incidents, or of none.",
            )  # fmt: skip


RULES: tuple[Callable[[Dossier], Iterator[Found]], ...] = (
    no_method, uncovered, only_design, left_out, modified, nested, old_report, review_late, never_reviewed, no_csoc,
    unstated, long_letter, silent_letter,
)  # fmt: skip


def judge(dossier: Dossier) -> list[Found]:
    """Everything that the rules have to say of a party."""
    return [found for rule in RULES for found in rule(dossier)]


def idle_letters(d: Dossier) -> list[str]:
    """Letters that carry on no Type II report and therefore cover nothing, by label."""
    papers = list(d.papers())
    return [each.label for each in d.letters if not any(bridges(each.letter, paper) for paper in papers)]
