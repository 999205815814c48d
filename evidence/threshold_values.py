"""What a person or a program may write for a threshold, read in the form of its default. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LARGEST, LONGEST, MOST = 1_000_000, 200, 200


class NotAValueError(ValueError):
    """It is no value of this threshold; the message says what to write."""


def words(value: Any) -> str:
    """A threshold as a person reads and writes it: lists by commas, pairs as `critical=7`."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value) or "none"
    return str(value)


def read(text: str, default: Any) -> Any:
    """What a person wrote for a threshold, in the form of its default. Raises NotAValueError."""
    text = text.strip()
    if isinstance(default, Mapping):
        return _pairs(text, default)
    if isinstance(default, list | tuple):
        parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip() and part.strip() != "none"]
        if len(parts) > MOST:
            raise NotAValueError(f"{MOST} entries at most.")
        return [_whole(part) for part in parts] if default and isinstance(default[0], int) else [_short(part) for part in parts]
    return _whole(text) if isinstance(default, int) else _short(text)


def valid(value: Any, default: Any) -> Any:
    """A value that came as JSON, in the form of the default. Raises NotAValueError."""
    if isinstance(default, Mapping):
        whole = isinstance(value, Mapping) and all(isinstance(each, int) and not isinstance(each, bool) for each in value.values())
        if not whole:
            raise NotAValueError("Give whole numbers by name.")
        return _pairs(words(value), default)
    if isinstance(default, list | tuple):
        if not isinstance(value, list):
            raise NotAValueError("Give a list.")
        return read(", ".join(str(each) for each in value), default)
    if isinstance(default, int) and (isinstance(value, bool) or not isinstance(value, int)):
        raise NotAValueError("Give a whole number.")
    return read(str(value), default)


def _pairs(text: str, default: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, mark, number = part.partition("=")
        if not mark or name.strip() not in default:
            raise NotAValueError(f"Write it as {words(default)}.")
        found[name.strip()] = _whole(number.strip())
    if set(found) != set(default):
        raise NotAValueError(f"Say all of them: {words(default)}.")
    return found


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 7 or int(text) > LARGEST:
        raise NotAValueError(f"Write a whole number from 0 to {LARGEST:,}.")
    return int(text)


def _short(text: str) -> str:
    if not text or len(text) > LONGEST:
        raise NotAValueError(f"Write 1 to {LONGEST} characters.")
    return text
