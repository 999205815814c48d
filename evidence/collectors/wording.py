"""What checks and collectors said, in words: their messages name facts by id and begin with the reason as a machine has it."""

from __future__ import annotations

import re
from functools import cache

from evidence.checks import catalogue
from evidence.checks.base import Reason
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.registry import vendors

_REASONS = {
    Reason.DENIED: "It may not be read",
    Reason.NOT_LICENSED: "It needs a plan that is not there",
    Reason.RATE_LIMITED: "It was held back by a rate limit",
    Reason.UNREACHABLE: "It could not be reached",
    Reason.MALFORMED: "It answered in a form that cannot be read",
    Reason.NOT_COLLECTED: "It was not collected",
    Reason.UNWATCHED: "Nobody has looked since",
    Reason.EMPTY: "It was empty, which cannot be the truth",
    Reason.TOO_EXPENSIVE: "It takes too long to judge",
}
_REASON = re.compile(rf"({'|'.join(each.value for each in Reason)})(?:: |$)")


def name_in_words(id: str) -> str:
    """What a fact kind or a check is called; what is neither stays as it is."""
    if (title := _titles().get(id)) is not None:
        return title
    check = catalogue.get(id)
    return check.title if check else id


def in_words(message: str) -> str:
    """A message of a finding or a look without words of machines: no reason by its value, no fact kind by its id. The name
    of a field stays, for it is what the vendor calls it."""
    if message in _titles():
        return f"“{_titles()[message]}” could not be looked at."
    begun = _REASON.match(message)
    if begun:
        rest = message[begun.end() :]
        message = f"{_REASONS[Reason(begun[1])]}: {rest}" if rest else f"{_REASONS[Reason(begun[1])]}."
    return _ids().sub(lambda found: f"“{_titles()[found[0]]}”", message)


def reason_in_words(reason: str) -> str:
    """Why something could not be looked at: `it may not be read`."""
    said = _REASONS.get(Reason(reason), reason) if reason in set(Reason) else reason
    return f"{said[:1].lower()}{said[1:]}"


@cache
def _titles() -> dict[str, str]:
    """What each kind of fact is called, by id."""
    kinds = [kind for vendor in vendors().values() for kind in vendor.kinds]
    return {kind.id: kind.title for kind in [*kinds, *HOUSE_KINDS.values()]}


@cache
def _ids() -> re.Pattern[str]:
    """Any id that stands by itself: not a part of an address, of a check's id or of a path."""
    longest_first = sorted(_titles(), key=len, reverse=True)
    return re.compile(rf"(?<![\w./:-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w/-]|\.\w)")
