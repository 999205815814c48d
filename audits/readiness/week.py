"""What has changed within a week, from the trail: many of one kind on one day are told in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse

from compliance.tenancy.rooms import here
from compliance.trail.models import Entry

LINES = 12
_FEW = 2
#: action to (state, what one did, what many did).
_WORDS: dict[str, tuple[str, str, str]] = {
    "gaps.gap.opened": ("fail", "opened", "gaps opened"),
    "gaps.gap.reopened": ("reopened", "opened again", "gaps opened again"),
    "gaps.gap.closed": ("pass", "closed on re-test", "gaps closed on re-test"),
    "evidence.run.finished": ("pass", "finished", "collections finished"),
    "evidence.requirement.went_current": ("pass", "is current again", "pieces of evidence are current again"),
    "evidence.requirement.went_due_soon": ("due_soon", "is due soon", "pieces of evidence are due soon"),
    "evidence.requirement.went_stale": ("stale", "went stale", "pieces of evidence went stale"),
    "evidence.requirement.went_missing": ("missing", "is missing", "pieces of evidence are missing"),
    "evidence.requirement.went_not_yet_due": ("not_yet_due", "is not due yet", "pieces of evidence are not due yet"),
}
_TURNED = {"pass": "passes", "fail": "fails", "unknown": "could not look", "not_applicable": "does not apply"}
_OUTCOMES = {"ok": "pass", "partial": "partial", "failed": "failed"}


@dataclass(frozen=True)
class Line:
    """One line: what it is of leads to `url`, `what` says what became of it, `more` what else there is to say."""

    day: date
    state: str
    name: str
    url: str
    what: str
    more: str = ""


def lines_of(entries: Iterable[Entry], *, reads_trail: bool) -> list[Line]:
    """The newest twelve lines. Up to two of one kind on one day stand each by themselves; more lead to the trail."""
    zone = ZoneInfo(here().timezone)
    kinds: dict[tuple[date, str, str], list[Entry]] = {}
    for entry in entries:
        state, what, _ = _told(entry)
        kinds.setdefault((entry.at.astimezone(zone).date(), state, what), []).append(entry)
    found: list[Line] = []
    for (day, _, _), alike in kinds.items():
        found += [_single(day, each) for each in alike] if len(alike) <= _FEW else [_many(day, alike, reads_trail)]
    return found[:LINES]


def _told(entry: Entry) -> tuple[str, str, str]:
    if entry.action == "evidence.check.turned":
        outcome = str(entry.after.get("outcome", "unknown"))
        what = _TURNED.get(outcome, outcome.replace("_", " "))
        return outcome, what, f"checks turned: each now {what}"
    state, one, many = _WORDS.get(entry.action, ("unknown", entry.action, entry.action))
    if entry.action == "evidence.run.finished":
        outcome = str(entry.after.get("outcome", ""))
        state = _OUTCOMES.get(outcome, "unknown")
        if outcome != "ok":
            one, many = "could not read everything", "collections could not read everything"
    return state, one, many


def _single(day: date, entry: Entry) -> Line:
    state, what, _ = _told(entry)
    name, _, rest = entry.target_label.partition(" ")
    if not name.startswith(("GAP-", "EVR-")):
        name, rest = entry.target_label, ""
    return Line(day, state, name, _lead(entry), what, rest)


def _many(day: date, entries: list[Entry], reads_trail: bool) -> Line:
    state, _, what = _told(entries[0])
    named = ", ".join(_short(entry) for entry in entries[:3])
    rest = len(entries) - 3
    url = f"{reverse('trail:list', args=[here().slug])}?action={entries[0].action}&since={day}&until={day}"
    return Line(day, state, str(len(entries)), url if reads_trail else "", what, f"{named}{f' and {rest} more' if rest > 0 else ''}")


def _short(entry: Entry) -> str:
    name = entry.target_label.split(" ", 1)[0]
    return name if name.startswith(("GAP-", "EVR-")) else str(entry.after.get("check") or entry.target_label)


def _lead(entry: Entry) -> str:
    slug, target = here().slug, entry.target_id
    if entry.action == "evidence.check.turned" and "check" in entry.after:
        return reverse("checks:check", args=[slug, entry.after["check"]])
    names = {"gaps.gap": "gaps:detail", "evidence.evidencerequirement": "evidence:requirement", "collectors.run": "connections:run"}
    name = names.get(entry.target_type)
    return reverse(name, args=[slug, target]) if name and target else ""
