"""What a service lets its caller set. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


def settable(given: Mapping[str, Any], names: Collection[str], what: str) -> dict[str, Any]:
    """`given` as it came, each of its fields being one of `names`; `what` says what those are: `a field of a demand`.

    Raises TypeError for another, as Python does for an argument that a function does not have: forms and serializers
    decide what a person may send, so it is a mistake in the calling code, and nobody's to put right on a page.
    """
    unknown = set(given) - set(names)
    if unknown:
        raise TypeError(f"not {what}: {', '.join(sorted(unknown))}")
    return dict(given)


def trimmed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Values with nothing around those that are text."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
