"""The same question as a kind's JSON Schema, answered without walking the schema: a hundred thousand rows are a second, not
half a minute. A row that this refuses is asked of the schema itself, which says why. Held to agree by a property test. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from ..shapes import LARGEST, MOST_WORDS, Shape, Term

_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_MOST_OF_MOMENT = 40
Test = Callable[[Any], bool]


def test_of(shape: Shape) -> Test:
    """Whether a value is a row of the shape."""
    tests = {term.name: _of(term) for term in shape.terms}
    needed = [term.name for term in shape.terms if term.needed]

    def fits(row: Any) -> bool:
        if not isinstance(row, dict):
            return False
        for name, value in row.items():
            test = tests.get(name)
            if test is None or not test(value):
                return False
        return all(name in row for name in needed)

    return fits


def _of(term: Term) -> Test:
    test = _TESTS[term.type](term)
    return test if term.needed else lambda value: value is None or test(value)


def _text(term: Term) -> Test:
    return lambda value: isinstance(value, str) and 0 < len(value) <= term.most and "\x00" not in value and is_whole(value)


def _choice(term: Term) -> Test:
    choices = frozenset(term.choices)
    return lambda value: isinstance(value, str) and value in choices


def _words(term: Term) -> Test:
    test = _text(term)
    return lambda value: isinstance(value, list) and len(value) <= MOST_WORDS and all(map(test, value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST


def is_moment(value: Any) -> bool:
    """A time with its offset from UTC."""
    if not isinstance(value, str) or len(value) > _MOST_OF_MOMENT:
        return False
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return False
    return len(value) > 10 and value[10] in "Tt" and found.tzinfo is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR


def is_day(value: Any) -> bool:
    """A day as 2026-11-24."""
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return _FIRST_YEAR <= date.fromisoformat(value).year <= _LAST_YEAR
    except ValueError:
        return False


def is_whole(text: str) -> bool:
    """Whether a text has a form in UTF-8: half a surrogate pair has none."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_TESTS: dict[str, Callable[[Term], Test]] = {
    "text": _text, "choice": _choice, "words": _words, "number": lambda term: _is_number, "moment": lambda term: is_moment,
    "day": lambda term: is_day, "flag": lambda term: lambda value: isinstance(value, bool),
}  # fmt: skip
