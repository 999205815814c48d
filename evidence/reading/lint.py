"""What an auditor would bounce. Pure: each rule looks at what was read and what is stated, and says one thing or nothing.

A *finding* is plain to see; a *suspicion* may be wrong, and says so; a *question* is what no program can see, and a person
has to answer. Nothing here refuses a file: whoever brings it may say why it is right all the same, and who judges it reads both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from .dates import shows_a_date
from .readers import Reading

FINDING, SUSPICION, QUESTION = "finding", "suspicion", "question"
#: A picture of a whole window is at least so large, and not longer than so many times its width.
_LEAST_WIDTH, _LEAST_HEIGHT, _MOST_ASPECT = 480, 240, 4
_HOST = re.compile(r"(?<![\w@.-])[A-Za-z0-9](?:[A-Za-z0-9.-]{1,252})(?![\w@])")
#: What a part of a host's name is called where it is not production.
_ELSEWHERE = frozenset({
    "staging", "stage", "dev", "develop", "development", "test", "testing", "qa", "uat", "sandbox", "preprod", "demo",
})  # fmt: skip
_HERE = frozenset({"localhost", "127.0.0.1"})
_ISO_DAY = re.compile(r"^(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Period:
    """The observation period of a programme; a Type I has no first day, and its as-of date for its last."""

    programme: str
    first: date | None
    last: date


@dataclass(frozen=True)
class Twin:
    """An earlier version with the same bytes, or with the same words."""

    name: str
    last: date
    same_bytes: bool


@dataclass(frozen=True)
class Brought:
    """What is looked at. Without `first` and `last` (local days) the rules that need a span say nothing yet."""

    reading: Reading
    capture: Mapping[str, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    periods: tuple[Period, ...] = ()
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True)
class Found:
    """One thing: by which rule, how sure, in words."""

    rule: str
    level: str
    said: str


Rule = Callable[[Brought], "Found | None"]
RULES: list[Rule] = []


def _rule(judge: Rule) -> Rule:
    RULES.append(judge)
    return judge


def lint(brought: Brought) -> list[Found]:
    """What the rules say, in their order."""
    return [found for judge in RULES if (found := judge(brought)) is not None]


@_rule
def locked(brought: Brought) -> Found | None:
    """A password keeps the auditor out."""
    if not brought.reading.facts.get("locked"):
        return None
    return Found("locked", FINDING, "It asks for a password. An auditor cannot open it: save it without one.")


@_rule
def empty(brought: Brought) -> Found | None:
    """A head without rows proves nothing: not even that there were none."""
    if not brought.reading.facts.get("empty"):
        return None
    return Found(
        "empty", FINDING,
        "It holds no rows. If there were none, show the query and the screen that say so, or it is taken for a failed export.",
    )  # fmt: skip


@_rule
def undated(brought: Brought) -> Found | None:
    """Evidence is dated by what can be seen on it."""
    facts, text = brought.reading.facts, brought.reading.text
    if text is not None and not facts.get("empty"):
        return None if shows_a_date(text) else Found("undated", FINDING, "No date can be seen in it.")
    if facts.get("picture") and facts.get("made"):
        return Found(
            "unseen", QUESTION,
            f"A picture cannot be read. It says itself that it was made on {facts['made']}: are that date and the system in sight?",
        )  # fmt: skip
    if facts.get("picture"):
        return Found("unseen", QUESTION, "A picture cannot be read: does it show the date and the system?")
    return None


@_rule
def cropped(brought: Brought) -> Found | None:
    """A cut-out hides the address bar, the account and the clock."""
    width, height = brought.reading.facts.get("width"), brought.reading.facts.get("height")
    if not isinstance(width, int) or not isinstance(height, int):
        return None
    longer, shorter = max(width, height), max(min(width, height), 1)
    if width >= _LEAST_WIDTH and height >= _LEAST_HEIGHT and longer <= _MOST_ASPECT * shorter:
        return None
    return Found(
        "cropped", SUSPICION,
        f"It is {width} by {height} pixels, which looks cut out. Take the whole window, with address and clock in sight.",
    )  # fmt: skip


@_rule
def elsewhere(brought: Brought) -> Found | None:
    """Controls operate in production."""
    stated = brought.capture.get("environment", "")
    if stated in {"staging", "test", "development"}:
        return Found("environment", FINDING, f"It was taken in {stated}. An auditor asks how it is in production.")
    named = next(_hosts(brought), "")
    if not named:
        return None
    return Found("environment", SUSPICION, f"It names {named}, which does not look like production.")


def _hosts(brought: Brought) -> Iterator[str]:
    """The hosts, in the address and in the words, that do not look like production."""
    for text in (brought.capture.get("url", ""), brought.reading.text or ""):
        for match in _HOST.finditer(text):
            host = match[0].rstrip(".-").lower()
            if host in _HERE or _is_elsewhere(host):
                yield host[:120]


def _is_elsewhere(host: str) -> bool:
    labels = host.split(".")
    if len(labels) < 3 or not labels[-1].isalpha() or not all(labels):
        return False  # a file's name, a number, the end of a sentence
    return any(word in _ELSEWHERE for label in labels[:-1] for word in label.split("-"))


@_rule
def outside(brought: Brought) -> Found | None:
    """What lies outside of every period that it serves fills nothing."""
    first, last = brought.first, brought.last
    if first is None or last is None or not brought.periods:
        return None
    if any(first <= each.last and (each.first is None or last >= each.first) for each in brought.periods):
        return None
    named = "; ".join(f"{each.programme}: {_span(each)}" for each in brought.periods[:3])
    return Found("outside", FINDING, f"The span that is stated lies outside of every period that it serves ({named}).")


def _span(period: Period) -> str:
    return f"{period.first.isoformat()} to {period.last.isoformat()}" if period.first else f"as of {period.last.isoformat()}"


@_rule
def too_old(brought: Brought) -> Found | None:
    """A file cannot show what happened after it was made."""
    made = _day(str(brought.reading.facts.get("changed") or brought.reading.facts.get("made") or ""))
    if made is None or brought.last is None or made >= brought.last - timedelta(days=1):
        return None
    return Found(
        "older", SUSPICION,
        f"The file says that it was made on {made.isoformat()}, before the end of the span that is stated ({brought.last.isoformat()}).",
    )  # fmt: skip


def _day(stated: str) -> date | None:
    match = _ISO_DAY.match(stated)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


@_rule
def repeated(brought: Brought) -> Found | None:
    """The same screen under a new date shows the old day again."""
    older = [each for each in brought.twins if brought.last is None or each.last < brought.last]
    if not older:
        return None
    newest = max(older, key=lambda each: (each.same_bytes, each.last))
    alike = "the same file" if newest.same_bytes else "the same words"
    return Found(
        "repeated", FINDING if newest.same_bytes else SUSPICION,
        f"{newest.name}, of {newest.last.isoformat()}, is {alike}. Under a new date it shows the old day again.",
    )  # fmt: skip
