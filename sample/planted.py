"""The written list: everything that is wrong with the sample company on purpose, and by what each of it is found.

What a check finds stands with the world that holds it (`sample/aws/defects*.py`, `sample/github/defects.py`,
`sample/okta/defects.py`); what people leave undone or bring in wrong stands here. `docs/planted-defects.md` is this list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sample import bounced, lists, papers, reviewing
from sample.base import Planted
from sample.okta.defects import DENIED
from sample.third_parties import BEGIN, LEFT_OUT, MINDS, RELIED

DEVIATES, DIFFERS, INCOMPLETE, NIL = "population.deviation", "population.difference", "population.incomplete", "population.nil"
NOT_FRESH, MISSED, BLIND = "evidence.not_fresh", "evidence.missed", "connection.cannot_look"
SKIPPED, EXCEPTION, LATE, REMOVAL = "review.skipped", "review.exception", "review.recorded_late", "access_review.not_removed"


@dataclass(frozen=True)
class Flaw:
    """Something wrong that is not a check's to find.

    `found`: pairs of the rule that raises it (of a gap; `lint.` and a rule of the lint; `warning.` and a rule of scope) and
    the beginning of what it names. From `day` of the story, until `until` where it is put right.
    """

    id: str
    family: str
    day: int
    title: str
    found: tuple[tuple[str, str], ...]
    until: int | None = None


def flaws() -> list[Flaw]:
    """All of them, by family."""
    return [*_rows(), *_whole_lists(), *_reviews(), *_papers(), *_bounced(), *_holes(), *_third_parties()]


def _row(id: str, name: str, claim: str, item: str, title: str) -> Flaw:
    return Flaw(id, "Rows of populations", lists.BROUGHT, title, ((DEVIATES, f"{name}: {claim}: {item}"),))


def _rows() -> list[Flaw]:
    grants, changes, devices = (lists.LISTS[place].name for place in (0, 1, 5))
    starters, training, moves, backups, incidents = (lists.LISTS[place].name for place in (2, 3, 4, 6, 7))
    late, none = (lists.worker(name) for name in (lists.SCREENED_LATE, lists.UNSIGNED))
    overdue, untrained = (lists.worker(name) for name in (lists.TRAINED_LATE, lists.UNTRAINED))
    return [
        _row("grant-no-ticket", grants, "grant.ticket", "AG-011", "A right in the back office was given without a ticket."),
        _row("grant-asked-after", grants, "grant.asked_before", "AG-019", "A right was asked for the day after it was given."),
        _row("grant-self-approved", grants, "grant.approved", "AG-027", "Somebody approved the right that they received."),
        _row("ticket-after", changes, "change.ticket_before", "IC-008", "A ticket was raised after its change was deployed."),
        _row("change-self-approved", changes, "change.approved", "IC-015", "A change of infrastructure was approved by its author."),
        _row("change-failed", changes, "change.tested", "IC-022", "A change was merged although its plan had failed."),
        _row("change-no-ticket", changes, "change.ticket", "IC-026", "A change of a database names no ticket."),
        _row("screened-late", starters, "joiner.screened", late, "An engineer was screened nine days after his first day."),
        _row("unsigned", starters, "joiner.agreement", none, "A support specialist's confidentiality agreement is not there."),
        _row("trained-late", training, "training.complete", overdue, "A training was complete a fortnight after its day."),
        _row("untrained", training, "training.complete", untrained, "A training was never completed."),
        _row("access-after-move", moves, "transfer.access", lists.moved(), "Nobody looked at the access of somebody who changed role."),
        _row("plain-laptop", devices, "device.encrypted", "HLY-1023", "The disk of a laptop is not encrypted."),
        _row("open-laptop", devices, "device.protected", "HLY-1057", "A laptop runs without protection."),
        _row("backup-forgotten", backups, "backup.followed_up", "LA-013", "A failed copy of the ledger archive was not followed up."),
        _row("incident-unclosed", incidents, "incident.closed", "INC-44", "An incident is over, and nothing says what was done."),
        Flaw("leaver-late-aws", "Rows of populations", 98, "An engineer's user in the cloud account outlived him by a fortnight.",
             ((DEVIATES, f"Leavers: leaver.in_time: {lists.worker('Piotr Zieliński')}"),)),
    ]  # fmt: skip


def _whole_lists() -> list[Flaw]:
    family, never = "Populations as a whole", lists.NEVER_BROUGHT[1]
    incidents, disposals = lists.LISTS[7].name, lists.LISTS[8].name
    return [
        Flaw("short-list", family, lists.BROUGHT, "The list of incidents holds two rows less than its source says there are.",
             ((INCOMPLETE, incidents),)),
        Flaw("never-listed", family, lists.DUE, "The list of outages was due in the spring, and never came.", ((INCOMPLETE, never),)),
        Flaw("nil-unstated", family, lists.BROUGHT, "No disposals are listed, and nobody states that there were none.",
             ((NIL, disposals), ("lint.empty", "Files of population"))),
        Flaw("people-and-accounts", family, 175, "Who left is still open in AWS, GitHub and Okta: people and accounts differ.",
             ((DIFFERS, "Leavers: "),)),
    ]  # fmt: skip


def _reviews() -> list[Flaw]:
    family = "Reviews"
    return [
        Flaw("review-skipped", family, 65, "A monthly review that nobody held.", ((SKIPPED, reviewing.NAMED["skipped"]),)),
        Flaw("review-exception", family, 90, "A monthly review that was begun and not finished, as its owner reported.",
             ((EXCEPTION, reviewing.NAMED["exception"]),)),
        Flaw("review-late", family, 65, "A monthly review attested after its month.", ((LATE, reviewing.NAMED["late"]),)),
        Flaw("review-recorded-later", family, 84, "A quarterly review recorded five weeks after the day that it states.",
             ((LATE, reviewing.NAMED["recorded later"]),)),
        Flaw("not-removed", family, 42, "A service account that a review took away is still there.", ((REMOVAL, "svc-metrics"),)),
    ]  # fmt: skip


def _papers() -> list[Flaw]:
    family = "Evidence of people"
    never = [
        Flaw(f"never-{key}", family, 14, f"{what} never came, although the first was due.", ((NOT_FRESH, key), (MISSED, key)))
        for key, what in papers.NEVER_SAID.items()
    ]
    stopped = [
        Flaw(f"stopped-{key}", family, day, what, tuple((rule, key) for rule in rules))
        for key, (day, what, rules) in papers.STOPPED_SAID.items()
    ]
    old = [
        Flaw(f"old-{key}", family, 1, what, ((NOT_FRESH, key), ("lint.outside", key))) for key, what in papers.OLD_SAID.items()
    ]
    return [*never, *stopped, *old]


_BOUNCED = {
    "environment": "A coverage report was taken from staging.", "undated": "A review shows no date.",
    "repeated": "Last month's review was brought again under a new date.", "empty": "An export of dormant accounts holds no rows.",
    "older": "A workbook was last changed two months before the day that is stated of it.",
}  # fmt: skip


def _bounced() -> list[Flaw]:
    return [
        Flaw(f"bounced-{each.rule}", "Papers that are bounced", each.day, _BOUNCED[each.rule], ((f"lint.{each.rule}", each.requirement),))
        for each in bounced.BOUNCED
    ]


def _holes() -> list[Flaw]:
    start, end = next(iter(DENIED.values()))
    return [
        Flaw("blind", "Holes in the period", start, "For two looks the policies for devices could not be read: the right was taken away.",
             ((BLIND, "okta denied"),), end),
        Flaw("blind-months", "Holes in the period", 82, "What devices were held to in two of its months is shown by nobody.",
             ((MISSED, "registered-devices"),)),
    ]  # fmt: skip


def _third_parties() -> list[Flaw]:
    return [
        Flaw(f"party-{each.trouble.lower()}", "Third parties and scope", BEGIN, f"{each.name}: {each.trouble_said}",
             ((f"warning.{each.trouble}", each.name),))
        for each in RELIED if each.trouble
    ] + [
        Flaw("left-out", "Third parties and scope", BEGIN,
             "Recordings of support calls, with what customers say in them, were left out of scope.", ((f"warning.{MINDS}", LEFT_OUT),)),
    ]  # fmt: skip


def table(planted: Iterable[Planted]) -> str:
    """The list in words, as Markdown: what checks find by connection, and the rest by family."""
    by_heading: dict[str, list[str]] = {}
    for defect in planted:
        row = _line(defect.day, defect.until, defect.title, f"`{defect.check}`")
        by_heading.setdefault(f"Found by checks: {defect.connection}", []).append(row)
    for flaw in flaws():
        found = ", ".join(f"`{rule}`" for rule in dict.fromkeys(rule for rule, _ in flaw.found))
        by_heading.setdefault(flaw.family, []).append(_line(flaw.day, flaw.until, flaw.title, found))
    head = "| day | what is wrong | found by |\n|---|---|---|"
    return "\n\n".join(f"## {heading} ({len(rows)})\n\n{head}\n" + "\n".join(rows) for heading, rows in by_heading.items()) + "\n"


def _line(day: int, until: int | None, title: str, found: str) -> str:
    return f"| {day}{f' to {until}' if until is not None else ''} | {title.rstrip('.')}. | {found} |"
