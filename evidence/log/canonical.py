"""Canonical JSON (RFC 8785), restricted so that every verifier writes the same bytes without a rule for floats.

Objects, arrays, strings, booleans, null and integers of magnitude below 2**53. Any other number becomes the string of its
decimal digits; what cannot be written at all is refused. docs/domain/log-and-packs.md, Leaves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

#: Below this a number is exact in every reader of JSON (RFC 7493, section 2.2).
EXACT = 2**53


class NotCanonicalError(ValueError):
    """The value has no canonical form: not a JSON value, not a number, or not Unicode text."""


def canonical(value: Any) -> bytes:
    """The one way to write a value, in UTF-8. Raises NotCanonicalError."""
    try:
        return _written(value).encode()
    except UnicodeEncodeError:
        raise NotCanonicalError("A string holds half of a surrogate pair.") from None
    except RecursionError:
        raise NotCanonicalError("The value is nested too deeply.") from None


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    raise NotCanonicalError(f"A {type(value).__name__} is not a JSON value.")


def _object(value: Mapping[Any, Any]) -> str:
    if not all(isinstance(key, str) for key in value):
        raise NotCanonicalError("The keys of an object are strings.")
    members = sorted(value.items(), key=lambda member: _utf16(member[0]))
    return "{" + ",".join(f"{_written(key)}:{_written(held)}" for key, held in members) + "}"


def _utf16(text: str) -> bytes:
    """RFC 8785 sorts keys by their UTF-16 code units, which is not the order of code points."""
    return text.encode("utf-16-be")


def _number(value: float | Decimal) -> str:
    if isinstance(value, int) and abs(value) < EXACT:
        return str(int(value))
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise NotCanonicalError("Only finite numbers can be written.")
    return f'"{format(abs(exact) if exact == 0 else exact, "f")}"'  # a zero has no sign once the database has held it
