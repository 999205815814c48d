"""Controls to test with. Each stands in the room of its caller."""

from __future__ import annotations

from typing import Any

from compliance.frameworks.models import Framework, Requirement
from compliance.tenancy.ids import NIL
from controls.models import Control, Mapping, Standing


def make_control(ref: str = "AC-07", **fields: Any) -> Control:
    """A quarterly control that is in place, with a test, and no owner unless one is given."""
    values: dict[str, Any] = {
        "title": "Access is reviewed every quarter",
        "statement": "The owner of each system goes through its accounts every quarter and removes what is not needed.",
        "area": "Access",
        "frequency": "quarterly",
        "implementation": "implemented",
        "test_procedures": [{"type": "inspection", "text": "Inspect the review of one quarter."}],
    }
    return Control.objects.create(ref=ref, **values | fields)


def criterion(ref: str = "CC6.1", framework: str = "soc2-tsc-2017") -> Requirement:
    """A requirement of a shipped framework."""
    found = Framework.objects.get(organization_id=NIL, key=framework)
    return Requirement.objects.get(organization_id=NIL, framework=found, ref=ref)


def map_to(control: Control, *refs: str, part: str = "") -> list[Mapping]:
    """Map a control to SOC 2 criteria."""
    return [Mapping.objects.create(control=control, requirement=criterion(ref), part=part) for ref in refs]


def stand(control: Control, **fields: Any) -> Standing:
    """What the floors above know of a control: all well, unless said otherwise."""
    values: dict[str, Any] = {
        "evidence": "current", "operation": "pass", "evidence_counts": {"current": 1}, "operation_counts": {"pass": 1},
    }  # fmt: skip
    return Standing.objects.create(control=control, **values | fields)
