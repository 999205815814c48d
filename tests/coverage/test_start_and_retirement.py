"""Since when a control operated, and until when: what was stated on a day is counted of that day, whatever is stated later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from audits.reports.completeness import completeness
from audits.reports.completeness_files import completeness_book, completeness_pdf
from controls.models import Control
from controls.services.change import change_control, reinstate_control, retire_control
from evidence.conditions import conditions
from evidence.coverage.desk import work_for
from evidence.coverage.models import Coverage
from evidence.coverage.selectors import intervals_of
from evidence.coverage.services import refresh_coverage
from evidence.models import EvidenceRequirement
from tests.factories.evidence import make_requirement

from .conftest import show

JANUARY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def monthly(control, mei) -> EvidenceRequirement:
    """Of a control that was made in January and said to have operated since the first of the year."""
    Control.objects.filter(pk=control.pk).update(created_at=JANUARY, starts_on=date(2026, 1, 1))
    return make_requirement(mei.actor, control, cadence="monthly", key="monthly")


def seen(requirement: EvidenceRequirement) -> list[tuple[date, str]]:
    found = EvidenceRequirement.objects.select_related("control__owner", "owner").get(pk=requirement.pk)
    return [(each.counted.block.first, each.counted.state.value) for each in intervals_of(found)]


def months(requirement: EvidenceRequirement, state: str = "missed") -> list[int]:
    return [first.month for first, found in seen(requirement) if found == state]


def move(mei, control: Control, day: date | None) -> None:
    change_control(actor=mei.actor, control=control, starts_on=day)


def test_a_start_that_is_moved_later_takes_no_month_with_it(monthly, control, mei):
    assert months(monthly) == [1, 2, 3, 4, 5, 6, 7]
    move(mei, control, date(2026, 10, 1))
    assert months(monthly) == [1, 2, 3, 4, 5, 6, 7]
    assert months(monthly, "open") == [8]  # to 19 August it was said to operate
    assert months(monthly, "to_come") == [10, 11, 12]


def test_a_start_that_is_moved_earlier_asks_for_more(control, monthly, mei):
    Control.objects.filter(pk=control.pk).update(starts_on=date(2026, 5, 1))
    assert months(monthly) == [5, 6, 7]
    move(mei, control, date(2026, 3, 1))
    assert months(monthly) == [3, 4, 5, 6, 7]


def test_a_start_that_is_moved_twice_keeps_the_days_of_either(monthly, control, mei, august):
    august.move_to(datetime(2026, 4, 1, 12, tzinfo=UTC))
    move(mei, control, date(2026, 6, 1))
    august.move_to(datetime(2026, 7, 1, 12, tzinfo=UTC))  # from 1 June to 30 June it was said to operate
    move(mei, control, date(2026, 9, 1))
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    assert months(monthly) == [1, 2, 3, 6]
    assert months(monthly, "to_come") == [9, 10, 11, 12]


def test_a_slip_that_is_put_right_the_same_day_leaves_nothing(control, monthly, mei):
    Control.objects.filter(pk=control.pk).update(starts_on=date(2026, 5, 1))
    move(mei, control, date(2026, 1, 1))
    move(mei, control, date(2026, 5, 1))
    assert months(monthly) == [5, 6, 7]


@pytest.mark.parametrize("stood_as", ["planned", "partly", "implemented"])
def test_a_first_start_takes_back_no_day_since_the_control_was_made(control, monthly, mei, august, stood_as):
    """Without a start every month was expected, and seen to be missed; nobody says it away in August."""
    made = datetime(2026, 6, 1, 9, tzinfo=UTC)
    Control.objects.filter(pk=control.pk).update(starts_on=None, created_at=made, implementation=stood_as)
    august.move_to(datetime(2026, 8, 1, 12, tzinfo=UTC))
    move(mei, control, date(2026, 10, 1))
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    assert months(monthly) == [6, 7]
    assert months(monthly, "to_come") == [10, 11, 12]


def test_nor_does_one_that_lies_in_the_past_when_it_is_said(control, monthly, mei):
    Control.objects.filter(pk=control.pk).update(starts_on=None, created_at=JANUARY, implementation="planned")
    assert months(monthly) == [1, 2, 3, 4, 5, 6, 7]
    move(mei, control, date(2026, 7, 1))
    assert months(monthly) == [1, 2, 3, 4, 5, 6, 7]


def test_a_first_start_that_is_said_the_day_the_control_is_made_counts_from_itself(control, monthly, mei, august):
    Control.objects.filter(pk=control.pk).update(starts_on=None, created_at=JANUARY, implementation="planned")
    august.move_to(datetime(2026, 1, 5, 15, tzinfo=UTC))
    move(mei, control, date(2026, 4, 1))
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    assert months(monthly) == [4, 5, 6, 7]


# --- retired ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def retired(monthly, control, mei, august) -> EvidenceRequirement:
    august.move_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    show(monthly, date(2026, 1, 20), date(2026, 2, 20))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    refresh_coverage()
    return monthly


def test_the_months_until_its_retirement_stay_counted(retired):
    found = Coverage.objects.get()
    assert (found.filled, found.missed, found.to_come) == (2, 4, 0)
    assert months(retired) == [3, 4, 5, 6]  # of June 19 days


def test_it_is_seen_where_an_auditor_looks(retired, mei, programme, jonas):
    answer = mei.client.get("/o/acme/evidence/coverage/")
    assert "control retired on" in answer.content.decode()
    assert (answer.context["sums"]["all"], answer.context["sums"]["whole"]) == (1, 0)
    assert "2026-06-20" in mei.client.get(reverse("coverage:download", args=["acme", "csv"])).content.decode()
    (told,) = completeness(programme).controls
    assert (told.retired_on, told.whys) == (date(2026, 6, 20), ["hole"])
    assert "March 2026" in told.reasons[0].says
    criterion = next(each for each in completeness(programme).criteria if each.requirement.ref == "CC6.1")
    assert (criterion.state, criterion.controls, len(criterion.failing)) == ("missing", [], 1)
    page = mei.client.get(reverse("reports:completeness", args=["acme"])).content.decode()
    assert "retired on" in page
    assert completeness_book().read(2) == b"PK"
    assert completeness_pdf().startswith(b"%PDF")
    assert work_for(jonas.membership) == []
    condition = next(each for each in conditions(programme) if each.id == "coverage")
    assert condition.met is False


def test_its_requirement_says_until_when_it_is_counted(retired, mei):
    page = mei.client.get(f"/o/acme/evidence/requirements/{retired.pk}/").content.decode()
    assert "Its control was retired on" in page


def test_what_was_retired_before_the_period_is_not_counted(monthly, control, mei, august):
    august.move_to(datetime(2025, 12, 1, 12, tzinfo=UTC))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    refresh_coverage()
    assert not Coverage.objects.exists()


def test_what_is_taken_up_again_is_asked_from_then_on(retired, control, mei):
    reinstate_control(actor=mei.actor, control=control)
    assert months(retired) == [3, 4, 5, 6]
    assert months(retired, "to_come") == [9, 10, 11, 12]
    assert (date(2026, 8, 20), "not_expected") in seen(retired)


def test_a_control_that_never_was_in_use_in_these_rows_has_none(control, monthly, mei):
    Control.objects.filter(pk=control.pk).update(implementation="retired")
    refresh_coverage()
    assert not Coverage.objects.exists()
