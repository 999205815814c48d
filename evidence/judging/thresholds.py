"""The thresholds in force, where they come from, and what a person may write for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from evidence.checks.base import Check
from evidence.selectors import thresholds_stated

from .models import ThresholdSetting

LARGEST, LONGEST, MOST = 1_000_000, 200, 200


@dataclass(frozen=True)
class Threshold:
    """One threshold of a check: what counts, what counted without a setting, and the setting where there is one."""

    name: str
    value: Any
    default: Any
    setting: ThresholdSetting | None

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    @property
    def said(self) -> str:
        return words(self.value)


def thresholds_in_force() -> dict[str, dict[str, Any]]:
    """By check, what takes the place of its defaults: what a person set here, else what controls state. Two queries."""
    found: dict[str, dict[str, Any]] = defaultdict(dict, thresholds_stated())
    newest = ThresholdSetting.objects.order_by("check_id", "name", "-id").distinct("check_id", "name")
    for check_id, name, value in newest.values_list("check_id", "name", "value"):
        if value is not None:
            found[check_id][name] = value
    return dict(found)


def thresholds_of(check: Check) -> list[Threshold]:
    """Every threshold of a check, with where it comes from."""
    newest = ThresholdSetting.objects.filter(check_id=check.id).order_by("name", "-id").distinct("name")
    settings = {each.name: each for each in newest.select_related("control")}
    stated = thresholds_stated().get(check.id, {})
    found = []
    for name, usual in check.thresholds.items():
        default = stated.get(name, usual)
        setting = settings.get(name)
        held = setting if setting is not None and setting.value is not None else None
        found.append(Threshold(name, held.value if held else default, default, held))
    return found


def words(value: Any) -> str:
    """A threshold as a person reads and writes it: lists by commas, pairs as `critical=7`."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value) or "none"
    return str(value)


def read(text: str, default: Any) -> Any:
    """What a person wrote for a threshold, in the form of its default. Raises ValidationError."""
    text = text.strip()
    if isinstance(default, Mapping):
        return _pairs(text, default)
    if isinstance(default, list | tuple):
        parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip() and part.strip() != "none"]
        if len(parts) > MOST:
            raise ValidationError(f"{MOST} entries at most.")
        return [_whole(part) for part in parts] if default and isinstance(default[0], int) else [_short(part) for part in parts]
    return _whole(text) if isinstance(default, int) else _short(text)


def valid(value: Any, default: Any) -> Any:
    """A value that came as JSON, in the form of the default. Raises ValidationError."""
    if isinstance(default, Mapping):
        whole = isinstance(value, Mapping) and all(isinstance(each, int) and not isinstance(each, bool) for each in value.values())
        if not whole:
            raise ValidationError("Give whole numbers by name.")
        return _pairs(words(value), default)
    if isinstance(default, list | tuple):
        if not isinstance(value, list):
            raise ValidationError("Give a list.")
        return read(", ".join(str(each) for each in value), default)
    if isinstance(default, int) and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValidationError("Give a whole number.")
    return read(str(value), default)


def _pairs(text: str, default: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, mark, number = part.partition("=")
        if not mark or name.strip() not in default:
            raise ValidationError(f"Write it as {words(default)}.")
        found[name.strip()] = _whole(number.strip())
    if set(found) != set(default):
        raise ValidationError(f"Say all of them: {words(default)}.")
    return found


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 7 or int(text) > LARGEST:
        raise ValidationError(f"Write a whole number from 0 to {LARGEST:,}.")
    return int(text)


def _short(text: str) -> str:
    if not text or len(text) > LONGEST:
        raise ValidationError(f"Write 1 to {LONGEST} characters.")
    return text
