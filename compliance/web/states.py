"""What a state looks like: its colour, its tick mark and its word.

Values come from models of every floor; this table is the one place that gives them a look, so that the same word
never wears two colours. A value that is not here is drawn as unknown with its own name: never as something good.
"""

from functools import lru_cache
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from compliance.web.charts.palette import TONES
from compliance.web.marks import drawn_mark, mark
from compliance.web.words import name_of


class Look(NamedTuple):
    """How one state is shown: `tone` is the value of `data-s` in the style sheets, `glyph` a name in `marks`."""

    tone: str
    glyph: str
    word: str


def _look(tone: str, word: str, glyph: str | None = None) -> Look:
    return Look(tone, glyph or tone, word)


LOOKS: dict[str, Look] = {
    # outcomes of a check
    "pass": _look("pass", "Pass"),
    "fail": _look("fail", "Fail"),
    "unknown": _look("unknown", "Unknown"),
    "not_applicable": _look("na", "Not applicable"),
    "na": _look("na", "Not applicable"),
    "excepted": _look("accepted", "Excepted"),
    # why a check could not look
    "denied": _look("unknown", "Denied"),
    "not_licensed": _look("unknown", "Not licensed"),
    "rate_limited": _look("unknown", "Rate limited"),
    "unreachable": _look("unknown", "Unreachable"),
    "malformed": _look("unknown", "Not readable"),
    "not_collected": _look("unknown", "Not collected"),
    "unwatched": _look("unknown", "Nobody looks"),
    "empty": _look("unknown", "Empty list"),
    "too_expensive": _look("unknown", "Too expensive"),
    # freshness of evidence
    "current": _look("pass", "Current"),
    "due": _look("due", "Due soon"),
    "due_soon": _look("due", "Due soon"),
    "stale": _look("stale", "Stale"),
    "missing": _look("missing", "Missing"),
    "tocome": _look("tocome", "To come"),
    "not_yet_due": _look("tocome", "Not yet due"),
    "event_driven": _look("na", "On event", "event"),
    # what people decide on an artefact
    "exempt.asked": _look("due", "Waits for approval", "wait"),
    "exempt.to_come": _look("tocome", "Approved, to come"),
    "exempt.in_force": _look("accepted", "In force"),
    "refused": _look("na", "Refused"),
    "received": _look("run", "Received", "sent"),
    "approved": _look("pass", "Approved"),
    "returned": _look("due", "Returned", "returned"),
    # readiness of a requirement, answers of an assessment
    "ready": _look("pass", "Ready"),
    "partly": _look("due", "Partly", "half"),
    "not_assessed": _look("tocome", "Not assessed"),
    "yes": _look("pass", "Yes"),
    "no": _look("fail", "No"),
    "met": _look("pass", "Met"),
    "not_met": _look("fail", "Not met"),
    "undetermined": _look("unknown", "Undetermined"),
    # controls
    "implemented": _look("pass", "Implemented"),
    "planned": _look("tocome", "Planned"),
    "retired": _look("na", "Retired"),
    "suitable": _look("pass", "Suitable"),
    "unsuitable": _look("fail", "Not suitable"),
    "not_observed": _look("tocome", "Not observed"),
    "no_occurrences": _look("na", "No occurrences, not tested"),
    # intervals of the period
    "filled": _look("pass", "Filled"),
    "late": _look("due", "Filled late"),
    "missed": _look("missing", "Missed"),
    "interval.open": _look("due", "Open now"),
    "to_come": _look("tocome", "To come"),
    "not_expected": _look("na", "Not expected"),
    "not_in_scope": _look("na", "Nothing expected"),
    # populations and the steps of their completeness
    "population.none": _look("tocome", "Not frozen yet"),
    "population.open": _look("unknown", "Completeness open"),
    "population.ready": _look("due", "Waits for confirmation"),
    "population.fails": _look("fail", "Not complete"),
    "population.confirmed": _look("pass", "Confirmed"),
    "step.open": _look("tocome", "Open"),
    "step.holds": _look("pass", "Holds"),
    "step.fails": _look("fail", "Does not hold"),
    # reviews of a control
    "review.open": _look("tocome", "To be answered", "open"),
    "attested": _look("pass", "Attested"),
    "review.late": _look("due", "Attested late"),
    "exception": _look("fail", "Exception"),
    "skipped": _look("missing", "Skipped"),
    "withdrawn": _look("na", "Withdrawn"),
    # reviews of access: the campaign, what was decided, and what became of a removal
    "access_review.preparing": _look("tocome", "Being prepared", "half"),
    "access_review.open": _look("run", "Under way"),
    "access_review.completed": _look("pass", "Completed"),
    "access_review.late": _look("due", "Completed late"),
    "verdict.keep": _look("pass", "Keep"),
    "verdict.change": _look("due", "Change", "half"),
    "verdict.remove": _look("fail", "Remove"),
    "removal.open": _look("due", "Still there", "open"),
    "removal.back": _look("fail", "Came back", "returned"),
    "removal.gone": _look("pass", "Gone"),
    # evidence requests
    "ask.open": _look("tocome", "Open", "open"),
    "handed_in": _look("run", "Handed in", "sent"),
    "ask.accepted": _look("pass", "Accepted"),
    # gaps and actions
    "open": _look("fail", "Open", "open"),
    "reopened": _look("fail", "Reopened", "returned"),
    "in_progress": _look("run", "In progress"),
    "gap.in_progress": _look("run", "Being put right"),
    "closed": _look("pass", "Closed on re-test"),
    "exception_stands": _look("accepted", "Closed, exception stands"),
    "accepted": _look("accepted", "Risk accepted"),
    "done": _look("pass", "Done"),
    "overdue": _look("fail", "Overdue", "due"),
    "action.open": _look("tocome", "Not begun", "open"),
    # requests of an auditor
    "request.open": _look("tocome", "Open", "open"),
    "assigned": _look("tocome", "Assigned", "half"),
    "in_review": _look("due", "In internal review", "wait"),
    "submitted": _look("run", "Submitted", "sent"),
    "fulfilled": _look("pass", "Fulfilled"),
    # runs, their steps, reports under way
    "run": _look("run", "Running"),
    "running": _look("run", "Running"),
    "run.due": _look("tocome", "Waits for a worker"),
    "step.waiting": _look("tocome", "Waits its turn"),
    "waiting": _look("due", "Waiting", "wait"),
    "finished": _look("pass", "Finished"),
    "ok": _look("pass", "Everything read"),
    "partial": _look("unknown", "Partly read", "half"),
    "failed": _look("unknown", "Nothing could be read"),
    "report.due": _look("tocome", "Waits its turn"),
    "report.failed": _look("fail", "Not written"),
    "pack.due": _look("tocome", "Waits its turn"),
    "pack.running": _look("run", "Being put together"),
    "pack.failed": _look("fail", "Not made"),
    # connections
    "connection.ok": _look("pass", "Healthy"),
    "degraded": _look("unknown", "Partly readable", "half"),
    "failing": _look("unknown", "Not readable"),
    "untested": _look("tocome", "Not tested yet"),
    "paused": _look("na", "Paused", "wait"),
    "connection.retired": _look("na", "Retired"),
    # scope
    "in": _look("pass", "In scope"),
    "out": _look("na", "Out of scope"),
    "undecided": _look("unknown", "Undecided"),
    # what a system description tells, and its versions
    "disclosure.undecided": _look("unknown", "Undecided"),
    "disclosure.disclose": _look("run", "Told", "sent"),
    "disclosure.keep_out": _look("na", "Not told"),
    "draft": _look("tocome", "Draft", "half"),
    "section.lacks": _look("missing", "Lacks something"),
    "section.complete": _look("pass", "Nothing lacks"),
    # rows of a statement of applicability
    "included": _look("pass", "Included"),
    "excluded": _look("na", "Excluded"),
    "proposed": _look("unknown", "Undecided, proposed"),
    "again": _look("due", "To be looked at again", "returned"),
    # people, tokens, seats
    "active": _look("pass", "Active"),
    "invited": _look("tocome", "Invited", "sent"),
    "expired": _look("stale", "Expired"),
    "revoked": _look("na", "Revoked"),
}


def look_of(value: object, kind: str = "") -> Look:
    """How `value` is shown: a string, an enum member, or None, which reads as unknown.

    `kind` tells apart words that two nouns share: an open request waits, an open gap harms.
    """
    key = str(getattr(value, "value", value) or "unknown").lower()
    known = LOOKS.get(f"{kind}.{key}") or LOOKS.get(key)
    return known or Look("unknown", "unknown", key.replace("_", " ").capitalize())


@lru_cache(maxsize=2048)
def _drawn(look: Look, word: str, glyph_only: bool, on_paper: bool) -> SafeString:
    glyph = drawn_mark(look.glyph, TONES[look.tone]) if on_paper else mark(look.glyph)
    hidden = SafeString(' class="sr"') if glyph_only else ""
    return format_html('<span class="state" data-s="{}">{}<span{}>{}</span></span>', look.tone, glyph, hidden, word)


def state(
    value: object, word: str | None = None, *, kind: str = "", glyph_only: bool = False, on_paper: bool = False
) -> SafeString:
    """A state as glyph and word.

    `word` replaces the usual one, `glyph_only` leaves it to screen readers (then the table carries the key), `on_paper`
    draws the glyph in place, for documents that WeasyPrint sets.
    """
    look = look_of(value, kind)
    return _drawn(look, str(word) if word else look.word, glyph_only, on_paper)


def person(who: object, nobody: str = "Nobody named") -> SafeString:
    """A name; where there is none, a missing mark that says so."""
    name = name_of(who)
    return format_html('<span class="person">{}</span>', name) if name else state("missing", nobody)
