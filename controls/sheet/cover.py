"""What an export says of itself: whose matrix, of what, for which period, as at when, and what it is narrowed by."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.tenancy.models import Organization
from compliance.web.filters import Filter
from compliance.web.words import day

from ..matrix import Matrix


def facts_of(
    room: Organization, measure: Programme | Framework | None, matrix: Matrix, narrowed: Filter | None, at: datetime
) -> list[tuple[str, str]]:
    """Term and fact, in the order of a working paper's head."""
    local = at.astimezone(ZoneInfo(room.timezone))
    facts = [("Organisation", room.name), *_measured(measure)]
    facts += [
        ("As at", f"{day(local.date())}, {local:%H:%M} {local.tzname()}"),
        ("Narrowed by", "; ".join(_filters(narrowed) if narrowed else ()) or "Nothing: every control that is not retired"),
        ("Criteria", f"{len(matrix.shown)}, {matrix.without_control} of them without a control"),
        ("Controls", str(len(matrix.controls_shown))),
        ("Whose view", "Management’s own view; no opinion of an auditor"),
    ]  # fmt: skip
    return facts + ([("Sample", "Sample company, simulated clock")] if room.is_sample else [])


def _measured(measure: Programme | Framework | None) -> list[tuple[str, str]]:
    if isinstance(measure, Programme):
        facts = [("Programme", measure.name), ("Framework", str(measure.framework))]
        if measure.period_start and measure.period_end:
            facts.append(("Period", f"{day(measure.period_start)} to {day(measure.period_end)}"))
        elif measure.as_of:
            facts.append(("As of", day(measure.as_of)))
        return facts
    return [("Framework", f"{measure.title}, {measure.version}" if measure else "None is loaded")]


def _filters(narrowed: Filter) -> list[str]:
    """Each filter that is set, as its label and the word that was chosen."""
    said = []
    for name, value in narrowed.asked.items():
        field = narrowed.fields[name]
        words = {str(code): str(label) for code, label in getattr(field, "choices", ())}
        said.append(f"{field.label}: {words.get(str(value), value)}")
    return said
