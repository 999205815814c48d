"""A register with something in it."""

from __future__ import annotations

from typing import Any

import pytest

from gaps.models import Gap, Occurrence


@pytest.fixture()
def gaps(room: Any, mei: Any) -> list[Gap]:
    """Two open gaps out of order, one closed; the first in rank order begins like a formula and is very long."""
    return [
        Gap.objects.create(ref="GAP-002", rule="r2", subject="s", title="Restore test: stale", cause="None since March.",
                           severity="significant", rank=2, area="A", reasons=["Significant: BC-03 rests on stale evidence."]),
        _first(mei),
        Gap.objects.create(ref="GAP-003", rule="r3", subject="s", title="A branch is not protected", cause="It was open.",
                           severity="minor", state="closed", area="CC8"),
    ]  # fmt: skip


def _first(mei: Any) -> Gap:
    gap = Gap.objects.create(
        ref="GAP-001", rule="r1", subject="s", title="=HYPERLINK(\"http://evil.example\") leavers keep access", severity="critical",
        cause="-2+3 " + "Donaudampfschifffahrtsgesellschaft" * 8, rank=1, area="CC6", criteria=["CC6.2", "CC6.3"],
        owner=mei.membership, reasons=["Critical: AC-06 has a deviation.", "Always tested early (CC6.2)."],
    )  # fmt: skip
    Occurrence.objects.create(gap=gap, resource="@leaver", message="+still active")
    return gap
