"""Whether a text shows a date, as an auditor looks for one. Pure."""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zäé]{0,8}\.?"
_DATE = re.compile(
    rf"""
    \b(?:
      (?:19|20)\d\d [-/.] (?:0?[1-9]|1[0-2]) [-/.] (?:0?[1-9]|[12]\d|3[01])            # 2026-11-30
    | (?:0?[1-9]|[12]\d|3[01]) [-/.] (?:0?[1-9]|[12]\d|3[01]) [-/.] (?:(?:19|20)\d\d|\d\d)  # 30.11.2026, 11/30/26
    | (?:0?[1-9]|[12]\d|3[01]) (?:st|nd|rd|th)? [ .-]{{1,3}} {_MONTH} [ ,.-]{{1,3}} (?:19|20)\d\d   # 30 November 2026
    | {_MONTH} [ ]? (?:0?[1-9]|[12]\d|3[01]) (?:st|nd|rd|th)? [ ,]{{1,3}} (?:19|20)\d\d             # November 30, 2026
    | (?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01]) (?:T|\b)                   # 20261130
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def shows_a_date(text: str) -> bool:
    """Whether a day is written in it somewhere, in one of the ways in which people and systems write days."""
    return _DATE.search(text) is not None
