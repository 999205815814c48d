"""The query string of the page in hand: change one parameter, keep the rest."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import QueryDict

# A page number or cursor means nothing once the rows change under it.
POSITION = ("page", "cursor")


def changed(parameters: QueryDict, changes: Mapping[str, object]) -> str:
    """`parameters` with `changes` made (None and "" remove), as `?a=b`; a changed filter returns to the first page."""
    query = dict(parameters.lists())
    if not any(name in POSITION for name in changes):
        for name in POSITION:
            query.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
    return f"?{urlencode(query, doseq=True)}"


def without(parameters: QueryDict, name: str, value: str) -> str:
    """`parameters` less one value of `name`, for the cross of a filter chip."""
    rest = [kept for kept in parameters.getlist(name) if kept != value]
    return changed(parameters, {name: rest or None})
