"""How long things take: defaults with the range seen and where it was seen. An organisation may set its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

_PRACTICE = "Calendars of first Type II examinations, as audit firms publish them; no standard sets it."
_SAMPLES = "Audit firms’ published sample sizes by frequency, twelve months; no body prescribes them."
_ONCE = "An auditor expects the one performance within the period; some accept one shortly before."
_PERIOD = "Attestation practice: three to twelve months; very short periods are discouraged."
_RECORDS = "Certification bodies look for records of a system that has run; each sets its own minimum."


@dataclass(frozen=True)
class Length:
    """One thing that takes time. `least` is what a date is refused by, `usual` what is advised; `low` and `high` are
    the range seen. `unit` is days, months, intervals (of a frequency) or times (performances in the period)."""

    key: str
    label: str
    unit: str
    least: int
    usual: int
    low: int
    high: int
    source: str


DEFAULTS: tuple[Length, ...] = (
    Length("phase.scoping", "Scoping", "days", 7, 28, 5, 60, _PRACTICE),
    Length("phase.assessment", "Gap assessment", "days", 14, 42, 10, 90, _PRACTICE),
    Length("phase.remediation", "Remediation", "days", 28, 120, 14, 270, _PRACTICE),
    Length("phase.pre_audit", "Pre-audit review", "days", 14, 60, 14, 90, _PRACTICE),
    Length("audit.fieldwork", "Fieldwork", "days", 14, 28, 14, 42, "Two to six weeks; four to six with the report."),
    Length("audit.report", "From the end of fieldwork to the report", "days", 14, 14, 7, 42, _PRACTICE),
    Length("window.soc2", "Shortest observation period of a Type II", "months", 3, 6, 3, 12, _PERIOD),
    Length("window.iso_stage_2", "Records before ISO 27001 stage 2", "months", 3, 3, 2, 6, _RECORDS),
    Length("window.iso_surveillance", "Records looked at in surveillance", "months", 12, 12, 12, 12, _RECORDS),
    Length("window.iso_recertification", "Records looked at in recertification", "months", 12, 12, 12, 36, _RECORDS),
    Length("window.pci", "Records looked at in a PCI DSS assessment", "months", 12, 12, 3, 12,
           "PCI DSS v4.0.1, timeframes: the last twelve months; a first assessment may have less."),
    Length("control.continuous", "Continuous control", "days", 30, 90, 1, 365,
           "One test for each configuration, with change control over it; a month shows that it stayed so."),
    Length("control.daily", "Daily control", "intervals", 20, 40, 15, 40, _SAMPLES),
    Length("control.weekly", "Weekly control", "intervals", 5, 15, 5, 15, _SAMPLES),
    Length("control.monthly", "Monthly control", "intervals", 2, 5, 2, 5, _SAMPLES),
    Length("control.quarterly", "Quarterly control", "intervals", 1, 2, 1, 4, _SAMPLES),
    Length("control.semi_annual", "Control twice a year", "times", 1, 2, 1, 2, _SAMPLES),
    Length("control.annual", "Annual control", "times", 1, 1, 1, 1, _ONCE),
    Length("control.two_years", "Control every two years", "times", 1, 1, 1, 1, _ONCE),
    Length("control.on_event", "Control that follows events", "days", 30, 90, 30, 365,
           "The population is every event since it began; a short one may hold none, and then it is not tested."),
)  # fmt: skip

PHASES: tuple[str, ...] = ("scoping", "assessment", "remediation", "pre_audit")


class Pace:
    """The lengths in force: the defaults, with what an organisation has set in their place (least, usual by key)."""

    def __init__(self, own: Mapping[str, tuple[int, int]] | None = None) -> None:
        own = own or {}
        self.lengths = {
            each.key: replace(each, least=own[each.key][0], usual=own[each.key][1]) if each.key in own else each
            for each in DEFAULTS
        }

    def __getitem__(self, key: str) -> Length:
        return self.lengths[key]

    def of_control(self, frequency: str) -> Length:
        """The length for a frequency; one that is not stated is counted as following events."""
        return self.lengths.get(f"control.{frequency}") or self.lengths["control.on_event"]

    def days(self, key: str, *, usual: bool) -> int:
        """A length in its unit, at the usual pace or at the least."""
        return self.lengths[key].usual if usual else self.lengths[key].least
