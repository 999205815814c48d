"""Since when a control operated, and until when: what was stated on a day is counted of that day, whatever is stated later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from audits.reports.completeness import completeness
from audits.reports.completeness_files import completeness_book, completeness_pdf
from compliance.programmes.models import Programme, ProgrammeKind
from compliance.programmes.services.programmes import close_programme
from controls.models import Control
from controls.services.change import change_control, reinstate_control, retire_control
from evidence.conditions import conditions
from evidence.coverage.desk import work_for
from evidence.coverage.models import Coverage
from evidence.coverage.selectors import intervals_of
from evidence.coverage.services import refresh_coverage
from evidence.models import EvidenceRequirement
from evidence.packs.facts import Facts
from tests.factories.compliance import make_programme
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


def test_the_days_between_two_uses_count(retired, control, mei):
    show(retired, date(2026, 7, 3))
    assert months(retired, "filled") == [1, 2]  # of a retired control nothing is expected
    reinstate_control(actor=mei.actor, control=control)
    assert months(retired) == [3, 4, 5, 6]
    assert months(retired, "filled") == [1, 2, 7]  # it was performed all the same
    assert months(retired, "open") == [8]
    assert months(retired, "to_come") == [9, 10, 11, 12]


def test_a_start_that_is_said_meanwhile_or_at_the_taking_up_takes_back_none_of_them(retired, control, mei, august):
    august.move_to(datetime(2026, 6, 25, 12, tzinfo=UTC))
    move(mei, control, date(2026, 12, 1))
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    reinstate_control(actor=mei.actor, control=control)
    move(mei, control, date(2026, 11, 1))
    assert months(retired) == [3, 4, 5, 6, 7]
    assert months(retired, "open") == [8]  # up to 19 August it stood as retired; since then it says that it begins in November
    assert months(retired, "to_come") == [11, 12]


def test_to_retire_it_once_more_takes_none_back_either(retired, control, mei, august):
    reinstate_control(actor=mei.actor, control=control)
    august.move_to(datetime(2026, 8, 21, 12, tzinfo=UTC))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    august.move_to(datetime(2026, 9, 20, 12, tzinfo=UTC))
    assert months(retired) == [3, 4, 5, 6, 7, 8]  # of August twenty days


def test_days_to_the_end_count_too_once_it_is_taken_up_after_it(retired, control, mei, august):
    august.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert months(retired) == [3, 4, 5, 6]
    reinstate_control(actor=mei.actor, control=control)
    assert months(retired) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_but_not_those_of_a_programme_that_was_closed(retired, control, mei, august, programme):
    august.move_to(datetime(2027, 2, 1, 12, tzinfo=UTC))
    close_programme(actor=mei.actor, programme=programme)
    following = make_programme(mei.actor, period_start=date(2027, 1, 1), period_end=date(2027, 12, 31), name="SOC 2 of 2027")
    reinstate_control(actor=mei.actor, control=control)
    refresh_coverage()
    assert [each.programme for each in Coverage.objects.all()] == [following]
    # retired before the first use in this period, of January nothing is expected: it begins in its midst
    assert seen(retired)[0] == (date(2027, 2, 1), "open")


def test_what_was_retired_before_its_first_use_in_the_period_begins_in_its_midst(monthly, control, mei, august):
    august.move_to(datetime(2025, 12, 1, 12, tzinfo=UTC))
    Control.objects.filter(pk=control.pk).update(created_at=datetime(2025, 6, 1, tzinfo=UTC), starts_on=date(2025, 6, 1))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    august.move_to(datetime(2026, 4, 1, 12, tzinfo=UTC))
    reinstate_control(actor=mei.actor, control=control)
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    assert months(monthly) == [4, 5, 6, 7]


@pytest.mark.parametrize(("taken_up", "states"), [(None, []), (datetime(2026, 7, 5, 9, tzinfo=UTC), ["missed"])])
def test_a_day_of_type_one_between_two_uses_counts(monthly, control, mei, august, programme, taken_up, states):
    Programme.objects.filter(pk=programme.pk).update(kind=ProgrammeKind.SOC2_TYPE_1, as_of=date(2026, 6, 30))
    august.move_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    if taken_up:
        august.move_to(taken_up)
        reinstate_control(actor=mei.actor, control=control)
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    assert [state for _, state in seen(monthly)] == states


def test_where_pci_counts_the_clock_runs_on(monthly, control, mei, august, programme):
    Programme.objects.filter(pk=programme.pk).update(kind=ProgrammeKind.PCI)
    show(monthly, date(2026, 6, 1))
    august.move_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    reinstate_control(actor=mei.actor, control=control)
    # 1 June and 31 days is 2 July; taken up as if begun anew on 20 August it would be open.
    assert seen(monthly)[-1][1] != "missed"
    lost = [each for each in intervals_of(EvidenceRequirement.objects.get(pk=monthly.pk)) if each.counted.state == "missed"]
    assert (lost[-1].counted.block.first, lost[-1].counted.closes) == (date(2026, 6, 2), date(2026, 7, 2))


def test_pages_files_report_and_pack_say_that_they_count(retired, control, mei, programme):
    reinstate_control(actor=mei.actor, control=control)
    refresh_coverage()
    stood = "stood as retired from 20 Jun to 19 Aug 2026"
    page = mei.client.get(f"/o/acme/evidence/requirements/{retired.pk}/").content.decode()
    assert f"Its control {stood}, and these days count. It was in use before and was taken up again on 20 Aug 2026" in page
    year = reverse("coverage:year", args=["acme"])
    for address in (year, f"{year}?as=table", reverse("reports:completeness", args=["acme"])):
        assert stood in mei.client.get(address).content.decode()
    assert "2026-06-20 to 2026-08-19" in mei.client.get(reverse("coverage:download", args=["acme", "csv"])).content.decode()
    (told,) = completeness(programme).controls
    assert (told.retired_on, told.stood) == (None, f"{stood}, which counts")
    assert any("and 1 more" in reason.says for reason in told.reasons)  # March to June, and July
    (sentence,) = Facts([control.pk]).stood_retired(control.pk)
    assert sentence.startswith(f"It {stood}, and these days count.")


def test_it_is_said_before_one_presses(retired, control, mei):
    page = mei.client.get(f"/o/acme/controls/{control.pk}/").content.decode()
    assert "Retired on" in page
    assert "Taken up again, the days on which it stood as retired count" in page
    reinstate_control(actor=mei.actor, control=control)
    assert "the days until then count as if it had been in use" in mei.client.get(f"/o/acme/controls/{control.pk}/retire/").content.decode()


def test_a_control_that_never_was_in_use_in_these_rows_has_none(control, monthly, mei):
    Control.objects.filter(pk=control.pk).update(implementation="retired")
    refresh_coverage()
    assert not Coverage.objects.exists()
