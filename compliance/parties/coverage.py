"""How many days of a period a party's papers cover, for the services that we use of it. Pure: days in, spans out.

Only a SOC 2 Type II report speaks of operation over time, and a bridge letter carries it on. A Type I, a certificate and
a SOC 1 report show no day of operation. An adverse or disclaimed opinion gives no comfort either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from compliance.tenancy.months import months_after

DAY = timedelta(days=1)
#: A paper that names every service or region.
ALL = "all"
#: Three months is the longest that a letter usually bridges (audit-practice, 4.6).
LETTER_MONTHS = 3
_NO_COMFORT = ("adverse", "disclaimed")


@dataclass(frozen=True, order=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first:%-d %b %Y}" if self.first == self.last else f"{self.first:%-d %b %Y} to {self.last:%-d %b %Y}"


@dataclass(frozen=True)
class Paper:
    """A report, as far as coverage needs it. `first` is None for one that speaks of a single day."""

    key: str
    kind: str
    first: date | None
    last: date
    services: tuple[str, ...]
    regions: tuple[str, ...] = ()
    opinion: str = "unmodified"


@dataclass(frozen=True)
class Letter:
    """A bridge letter, and the key of the report that it carries on."""

    key: str
    report: str
    first: date
    last: date
    signed_on: date
    services: tuple[str, ...]


@dataclass(frozen=True)
class InUse:
    """What we use of a party."""

    services: tuple[str, ...]
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """A period, and the days of it that no paper covers for some service in use, in order.

    `unstated`: nobody has said which services are in use, so that nothing can be shown to cover them.
    """

    period: Span
    uncovered: tuple[Span, ...]
    uncovered_of: dict[str, tuple[Span, ...]]
    unstated: bool = False

    @property
    def days_uncovered(self) -> int:
        return sum(span.days for span in self.uncovered)

    @property
    def days_covered(self) -> int:
        return self.period.days - self.days_uncovered


def proves_operation(paper: Paper) -> bool:
    """Whether a report speaks of operation over a period, with an opinion that can be relied on."""
    return paper.kind == "soc2_type_2" and paper.first is not None and paper.opinion not in _NO_COMFORT


def names(said: Sequence[str], one: str) -> bool:
    """Whether a paper's list names a service or a region, whatever the case of its letters."""
    plain = {each.strip().casefold() for each in said}
    return ALL in plain or one.strip().casefold() in plain


def leaves_out(said: Sequence[str], used: Sequence[str]) -> list[str]:
    """What we use that a paper does not name."""
    return [one for one in used if not names(said, one)]


def bridges(letter: Letter, report: Paper) -> bool:
    """Whether a letter carries on this report: a Type II, with no day between the two."""
    return letter.report == report.key and proves_operation(report) and letter.first <= report.last + DAY


def said_by(letter: Letter) -> Span | None:
    """The days that a letter speaks of: what lies after its signature nobody could know yet."""
    last = min(letter.last, letter.signed_on)
    return Span(letter.first, last) if last >= letter.first else None


def is_long(letter: Letter) -> bool:
    """Whether a letter spans more than three calendar months."""
    return letter.last >= months_after(letter.first, LETTER_MONTHS)


def coverage(period: Span, used: InUse, papers: Iterable[Paper], letters: Iterable[Letter]) -> Coverage:
    """The days of a period that the papers leave uncovered. A day counts when every service in use, in every region in
    use, is covered on it."""
    papers, letters = list(papers), list(letters)
    if not used.services:
        return Coverage(period, (period,), {}, unstated=True)
    of = {
        service: merge(
            left
            for region in used.regions or (None,)
            for left in subtract(period, _spans(service, region, papers, letters))
        )
        for service in used.services
    }
    return Coverage(period, merge(span for spans in of.values() for span in spans), of)


def _spans(service: str, region: str | None, papers: list[Paper], letters: list[Letter]) -> list[Span]:
    spans = []
    for paper in papers:
        if not proves_operation(paper) or paper.first is None or not names(paper.services, service):
            continue
        if region is not None and not names(paper.regions, region):
            continue
        spans.append(Span(paper.first, paper.last))
        for letter in letters:
            if bridges(letter, paper) and names(letter.services, service) and (said := said_by(letter)):
                spans.append(said)
    return spans


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in as few spans as possible, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last + DAY:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def subtract(period: Span, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The days of a period that lie in none of the spans."""
    left, at = [], period.first
    for span in merge(spans):
        if span.last < at or span.first > period.last:
            continue
        if span.first > at:
            left.append(Span(at, span.first - DAY))
        at = span.last + DAY
    if at <= period.last:
        left.append(Span(at, period.last))
    return tuple(left)
