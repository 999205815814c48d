"""The thresholds in force, and where they come from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from evidence.checks.base import Check
from evidence.selectors import thresholds_stated
from evidence.threshold_values import words

from .models import ThresholdSetting


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
