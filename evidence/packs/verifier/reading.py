"""Text of a pack, which may be hostile: made safe to print, and read as JSON without surprises."""

from __future__ import annotations

import json
import re
from typing import Any

#: What no eye sees, or what turns a line around: spelled out wherever text of the pack is printed.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class NotAPack(Exception):
    """What was given cannot be checked at all."""


class Unreadable(Exception):
    """A file of the pack that cannot be read."""


def shown(text: str, most: int = 200) -> str:
    """Text that can be printed safely, cut where it is long."""
    said = HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    return said if len(said) <= most else said[:most] + "…"


def several(number: int, noun: str) -> str:
    """`1 leaf`, `2 items`."""
    return f"{number} {noun if number == 1 else 'leaves' if noun == 'leaf' else noun + 's'}"


def canonical(value: Any) -> str:
    """RFC 8785, for the objects, arrays, texts, whole numbers, booleans and nulls that leaves are made of."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def parsed(content: bytes) -> Any:
    """JSON without fractions and without names that stand twice. Raises ValueError."""
    try:
        return json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= 2**53:
        raise ValueError("a number too large")
    return int(digits)


def _refuse(digits: str) -> int:
    raise ValueError("a fraction")
