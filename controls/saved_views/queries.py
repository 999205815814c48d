"""What of an address belongs to a saved view, written in one way, so that two addresses can be compared. Pure."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict

#: Where somebody stands in the matrix, not how they look at it.
PASSING = frozenset({"page", "at", "edit", "under", "mode", "view", "csrfmiddlewaretoken"})
#: A longer address is no way of looking at a matrix, and servers refuse it.
MOST = 2000


def kept(parameters: QueryDict) -> str:
    """The part of an address that says what is shown and how, its parameters in the order of the alphabet."""
    pairs = [
        (name, value)
        for name in sorted(parameters)
        if name not in PASSING
        for value in parameters.getlist(name)
        if value and "\x00" not in value
    ]
    return urlencode(pairs)


def kept_of(text: str) -> str:
    """The same, from the text of a query; empty for a text that is none."""
    try:
        return kept(QueryDict(text.lstrip("?"), mutable=False))
    except (UnicodeError, ValueError):
        return ""


def address_of(query: str) -> str:
    """The query that leads to a view: one that holds nothing says so, or the person's own view would come instead."""
    return f"?{query}" if query else "?view=all"
