"""What has become of the items of a population: a floor above that holds reviews of lists tells it here.

A population lists; it never passes by existing. An item passes only while a completed review has kept it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from evidence.checks.base import Finding, Outcome
from evidence.collectors.models import Connection


@dataclass(frozen=True)
class Reviewed:
    """That a completed review kept an item: by whom, when, until when it counts, and what was said."""

    by: str
    on: datetime
    until: datetime
    note: str = ""


Reader = Callable[[Connection, str, Sequence[str], datetime], Mapping[str, Reviewed]]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Tell of reviews. `reader(connection, check_id, resources, at)` says which of them are kept at a time, in few queries."""
    if reader not in _readers:
        _readers.append(reader)


def unregister(reader: Reader) -> None:
    """Take a reader away again."""
    if reader in _readers:
        _readers.remove(reader)


def reviewed(connection: Connection, check_id: str, resources: Sequence[str], at: datetime) -> dict[str, Reviewed]:
    """The items that are kept at a time. Where two reviews speak of one, the later."""
    found: dict[str, Reviewed] = {}
    for reader in _readers:
        for resource, review in reader(connection, check_id, resources, at).items():
            if review.on <= at <= review.until and (resource not in found or found[resource].on < review.on):
                found[resource] = review
    return found


def by_review(findings: Iterable[Finding], kept: Mapping[str, Reviewed]) -> list[Finding]:
    """The findings of a population as reviews leave them: kept items pass, no other does. Unknown stays unknown."""
    return [_judged(finding, kept.get(finding.resource)) for finding in findings]


def _judged(finding: Finding, review: Reviewed | None) -> Finding:
    if finding.outcome is Outcome.UNKNOWN:
        return finding
    if review is not None:
        said = f"Kept by {review.by} on {review.on.date().isoformat()}, until {review.until.date().isoformat()}."
        message = " ".join(filter(None, [finding.message, said, review.note]))
        return replace(finding, outcome=Outcome.PASS, message=message)
    if finding.outcome is Outcome.PASS:
        return replace(finding, outcome=Outcome.NOT_APPLICABLE, message=finding.message or "Listed; awaits review.")
    return finding
