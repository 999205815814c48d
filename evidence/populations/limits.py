"""The limits that a population's rows are judged by: hours to end access, days to mend.

A number that a control states is its promise (definitions, Evidence), and there is one for each promise: where a control that
samples from the population states it for a check, rows are judged by the same number as the check. The population's own
setting holds where no control states one, and stands beside it where it says otherwise. Of several the stricter holds
(docs/decisions/0031).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evidence.checks import catalogue
from evidence.judging.models import ThresholdSetting
from evidence.selectors import requirements_asked

from .builders.findings import TARGET_DAYS
from .builders.people import HOURS
from .models import Population, PopulationControl


@dataclass(frozen=True)
class Promise:
    """A threshold of a check that promises what a limit of a population does. `times` turns its unit into the limit's."""

    limit: str
    check: str
    name: str
    part: str = ""
    times: int = 1

    def of(self, values: Mapping[str, Any]) -> int | None:
        """The number that such thresholds of the check hold for it; None where they hold none."""
        value = values.get(self.name)
        value = value.get(self.part) if self.part and isinstance(value, Mapping) else value
        return int(value) * self.times if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Limit:
    """One limit, what it is, and who says so. `own`: what the population itself was set to, None where it was not."""

    name: str
    label: str
    unit: str
    value: int
    says: str
    stated: bool = False
    own: int | None = None

    @property
    def contradicts(self) -> bool:
        """Whether the population was set to another number than a control states."""
        return self.stated and self.own is not None and self.own != self.value

    def kept(self) -> dict[str, Any]:
        """As it is stored with a version."""
        return {"name": self.name, "label": self.label, "unit": self.unit, "value": self.value, "says": self.says, "own": self.own}


_SEVERE = ("critical", "high", "medium")
#: By template, which thresholds promise its limits.
PROMISES: Mapping[str, Sequence[Promise]] = {
    "leavers": (
        Promise("hours", "okta.users.terminated_deactivated", "hours"),
        Promise("hours", "aws.iam.user_linked_to_worker", "grace_hours"),
        Promise("hours", "github.org.members_mapped", "leaver_days", times=24),
    ),
    "vulnerabilities": (
        *(Promise(f"target_days.{each}", "aws.inspector.vuln_sla", f"{each}_days") for each in _SEVERE),
        *(
            Promise(f"target_days.{each}", check, "sla_days", each)
            for check in ("github.dependabot.sla", "github.code_scanning.alerts") for each in TARGET_DAYS
        ),
    ),
}  # fmt: skip


def limits_of(population: Population) -> list[Limit]:
    """The limits of a population, each with who says so; none of a template that has none. Two queries at most."""
    own = [replace(each, **_own(population, each)) for each in _usual(population.template)]
    if not own:
        return []
    stated: dict[str, tuple[int, str]] = {}
    for name, value, says in _stated(population):
        if name not in stated or value < stated[name][0]:
            stated[name] = (value, says)
    return [
        replace(each, value=stated[each.name][0], says=stated[each.name][1], stated=True) if each.name in stated else each
        for each in own
    ]


def in_force(population: Population, limits: Sequence[Limit]) -> dict[str, Any]:
    """The population's settings with the limits in force in their place, as builders and claims read them."""
    settings = dict(population.settings)
    for each in limits:
        name, _, severity = each.name.partition(".")
        settings[name] = {**(settings.get(name) or {}), severity: each.value} if severity else each.value
    return settings


def _usual(template: str) -> list[Limit]:
    says = "the usual number: no control states one, and nobody set it"
    if template == "leavers":
        return [Limit("hours", "Access ends within", "hours", HOURS, says)]
    if template == "vulnerabilities":
        return [Limit(f"target_days.{each}", f"Mended within, {each}", "days", days, says) for each, days in TARGET_DAYS.items()]
    return []


def _own(population: Population, limit: Limit) -> dict[str, Any]:
    name, _, severity = limit.name.partition(".")
    value = population.settings.get(name)
    value = value.get(severity) if severity and isinstance(value, Mapping) else value
    return {} if value is None else {"value": value, "own": value, "says": "set with the population: no control states one"}


def _stated(population: Population) -> Iterator[tuple[str, int, str]]:
    """(limit, number, who says so) for each requirement of a control that is sampled from it. What somebody holds a check to
    takes the place of what its requirements state, as it does for the check."""
    promises = PROMISES[population.template]
    held = _held({each.check for each in promises})
    served = PopulationControl.objects.filter(population=population).values("control")
    rows = requirements_asked().filter(control__in=served).order_by("control__ref", "ref")
    for control, ref, checks, thresholds in rows.values_list("control__ref", "ref", "checks", "thresholds"):
        for each in promises:
            if each.check in held and each.check in checks and (number := each.of(held[each.check])) is not None:
                yield each.limit, number, f"what the check “{_title(each.check)}” is held to, which {control} binds"
            elif (number := each.of(thresholds.get(each.check, {}))) is not None:
                yield each.limit, number, f"as {control} states with {ref}"


def _held(checks: set[str]) -> dict[str, dict[str, Any]]:
    """By check, what somebody set for it and did not take back."""
    found: dict[str, dict[str, Any]] = {}
    newest = ThresholdSetting.objects.filter(check_id__in=checks).order_by("check_id", "name", "-id").distinct("check_id", "name")
    for check_id, name, value in newest.values_list("check_id", "name", "value"):
        if value is not None:
            found.setdefault(check_id, {})[name] = value
    return found


def _title(check_id: str) -> str:
    check = catalogue.get(check_id)
    return check.title if check else check_id
