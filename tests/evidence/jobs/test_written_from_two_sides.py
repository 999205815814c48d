"""Evidence and gaps write where a control stands at the same time, each its own part; neither is lost, and neither waits for ever."""

from __future__ import annotations

import threading

import pytest

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from controls.models import Control, Standing
from controls.services.standing import write_standings
from tests.evidence.jobs.conftest import at_once
from tests.factories.controls import make_control

pytestmark = pytest.mark.usefixtures("unheard")


def test_a_standing_that_both_write_first_holds_what_each_says(company: Organization) -> None:
    with scope(company):
        controls = [make_control(f"AC-{number:02}") for number in range(20)]
    met = threading.Barrier(2)

    def write(part: dict[str, object], order: list[Control]) -> None:
        with scope(company):
            Standing.objects.count()
            met.wait(10)
            write_standings({control.pk: part for control in order})

    at_once(lambda: write({"operation": "fail"}, controls), lambda: write({"open_gaps": 2}, controls[::-1]))
    with scope(company):
        assert set(Standing.objects.values_list("operation", "open_gaps")) == {("fail", 2)}
        assert Standing.objects.count() == len(controls)


def test_standings_that_both_change_in_opposite_orders_end_in_no_deadlock(company: Organization) -> None:
    with scope(company):
        controls = [make_control(f"AC-{number:02}") for number in range(20)]
        write_standings({control.pk: {"operation": "pass", "open_gaps": 0} for control in controls})

    def write(name: str, order: list[Control]) -> None:
        for turn in range(1, 20):
            with scope(company):
                write_standings({control.pk: {name: str(turn) if name == "operation" else turn} for control in order})

    at_once(lambda: write("operation", controls), lambda: write("open_gaps", controls[::-1]))
    with scope(company):
        assert set(Standing.objects.values_list("operation", "open_gaps")) == {("19", 19)}

