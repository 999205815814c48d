"""When an exclusion has to be looked at again: its review is due, the scope changed, or the control reads otherwise. Pure.

Nothing is marked and nothing has to be swept: it follows from what stands, so a lost message cannot lose it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

#: Scope changes that are told by name.
_TOLD = 3


@dataclass(frozen=True)
class Exclusion:
    """What of an exclusion decides: when it was decided, until when it holds, and what the control said then."""

    decided_at: datetime
    review_on: date
    wording: str


@dataclass(frozen=True)
class ScopeChange:
    """A decision of the scope register, and on what it was."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Edition:
    """A later version of the framework; `wording` is what the same control says there, None where it was withdrawn."""

    name: str
    loaded_at: datetime
    wording: str | None


@dataclass(frozen=True)
class Around:
    """What stands around an exclusion now."""

    today: date
    wording: str
    changes: Sequence[ScopeChange] = field(default=())
    editions: Sequence[Edition] = field(default=())


def wording_of(title: str, text: str) -> str:
    """A digest of what a control says; whitespace does not count."""
    return hashlib.sha256(" ".join(f"{title} {text}".split()).encode()).hexdigest()


def why_again(exclusion: Exclusion, around: Around) -> tuple[str, ...]:
    """Why an exclusion has to be looked at again, in sentences; empty while it stands."""
    reasons = []
    if around.today >= exclusion.review_on:
        reasons.append(f"Its review was due on {exclusion.review_on:%d %B %Y}.")
    since = [change for change in around.changes if change.at > exclusion.decided_at]
    if since:
        reasons.append(_scope(since))
    if around.wording != exclusion.wording:
        reasons.append("The catalogue words the control otherwise than when it was excluded.")
    reasons += [
        f"{edition.name} {'withdraws it' if edition.wording is None else 'words it otherwise'}."
        for edition in around.editions
        if edition.loaded_at > exclusion.decided_at and edition.wording != exclusion.wording
    ]
    return tuple(reasons)


def _scope(since: list[ScopeChange]) -> str:
    newest = sorted(since, key=lambda change: change.at, reverse=True)
    named = list(dict.fromkeys(change.what for change in newest))
    more = f" and {len(named) - _TOLD} more" if len(named) > _TOLD else ""
    return f"The scope changed after it was excluded: {', '.join(named[:_TOLD])}{more}."
