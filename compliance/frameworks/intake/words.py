"""Values of a file as words, truths and keys. Everything arrives as text (`safe`)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_NOTHING = frozenset({"", "~", "null", "none"})
_YES, _NO = frozenset({"true", "yes", "y", "1", "on", "x"}), frozenset({"false", "no", "n", "0", "off", ""})


def text_of(value: Any) -> str:
    """A scalar as text without its outer spaces; nothing, a list or a mapping as an empty one."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        return ""
    text = str(value).replace("\x00", "").strip()
    return "" if text.lower() in _NOTHING else text


def flag_of(value: Any) -> bool | None:
    """Yes or no; None where it is neither."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower() if isinstance(value, str | int) else "?"
    return True if text in _YES else False if text in _NO else None


def listed(value: Any) -> list[Any]:
    """A list as it is, one thing as a list of one, nothing as an empty one."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def slug(text: str, most: int = 60) -> str:
    """A name as a key: small letters, digits, dots and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:most].strip("-.")


def tail(urn: str) -> str:
    """What follows the last colon of a URN."""
    return urn.rpartition(":")[2].strip()
