"""Asking something more or less often from a day on: what was asked before stays asked, and it is seen who changed it and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.reports.completeness import completeness
from compliance.access.permissions import Permission
from compliance.programmes.models import Programme, ProgrammeKind
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.coverage.models import Coverage
from evidence.coverage.selectors import intervals_of
from evidence.coverage.services import refresh_coverage, set_tolerance
from evidence.coverage.strips import read
from evidence.coverage.terms import period_of
from evidence.coverage.words import how_often_briefly
from evidence.coverage.year import Year
from evidence.models import EvidenceRequirement, StatedCadence
from evidence.packs.facts import Facts as PackFacts
from evidence.services.require import change_requirement
from gaps.models import Gap
from tests.factories.evidence import make_requirement

from .conftest import show
from .test_missed_gaps import follow

LETTERS = {"filled": "F", "late": "L", "missed": "M", "unknown": "U", "open": "O", "to_come": "T", "not_expected": "-"}
FORM = {
    "title": "Signed access review", "artefact": "The list with each decision.", "span": "period", "source": "person", "kind": "document",
}  # fmt: skip


@pytest.fixture
def monthly(control, mei) -> EvidenceRequirement:
    return make_requirement(mei.actor, control, cadence="monthly", key="monthly")


def states(requirement: EvidenceRequirement) -> str:
    return "".join(LETTERS[each.counted.state.value] for each in intervals_of(requirement))


def change(requirement: EvidenceRequirement, mei, cadence: str, **more) -> None:
    change_requirement(actor=mei.actor, requirement=requirement, cadence=cadence, **more)
    requirement.refresh_from_db()


def test_a_change_to_annual_keeps_every_month_that_was_missed(monthly, mei):
    """20 August: January to July are over with their grace; August is open and stays a month."""
    before = states(monthly)
    change(monthly, mei, "annual")
    assert before == "MMMMMMMOTTTT"
    assert states(monthly) == "MMMMMMMO-"  # September to December are 122 of 365 days


def test_and_so_do_the_rows_and_the_gaps(monthly, mei):
    follow()
    opened = set(Gap.objects.values_list("subject", flat=True))
    change(monthly, mei, "annual")
    follow()
    assert Coverage.objects.get().missed == 7
    assert set(Gap.objects.exclude(state="closed").values_list("subject", flat=True)) == opened
    assert len(opened) == 7


def test_weeks_that_were_missed_stay_one_gap_when_it_is_asked_quarterly(control, mei):
    weekly = make_requirement(mei.actor, control, cadence="weekly", key="weekly", title="Scan")
    follow()
    before = Gap.objects.get()
    change(weekly, mei, "quarterly")
    follow()
    assert [(each.ref, each.subject, each.state) for each in Gap.objects.all()] == [(before.ref, weekly.ref, "open")]


def test_what_is_asked_on_events_now_keeps_its_months(monthly, mei):
    change(monthly, mei, "on_event")
    refresh_coverage()
    assert states(monthly) == "MMMMMMMO"
    assert Coverage.objects.get().missed == 7


def test_a_day_before_today_needs_a_reason_and_none_may_be_to_come(monthly, mei):
    for more, field in (
        ({"cadence_since": date(2026, 8, 19)}, "cadence_reason"),
        ({"cadence_since": date(2026, 8, 21), "cadence_reason": "x"}, "cadence_since"),
    ):
        with pytest.raises(ValidationError) as refused:
            change_requirement(actor=mei.actor, requirement=monthly, cadence="annual", **more)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(ValidationError) as refused:
        change_requirement(actor=mei.actor, requirement=monthly, title="Other", cadence_since=date(2026, 8, 1), cadence_reason="x")
    assert list(refused.value.message_dict) == ["cadence_since"]
    monthly.refresh_from_db()
    assert (monthly.cadence, monthly.title, StatedCadence.objects.count()) == ("monthly", "Signed access review", 0)


def test_a_correction_with_its_reason_counts_from_its_day_and_is_told(monthly, mei):
    change(monthly, mei, "quarterly", cadence_since=date(2026, 1, 1), cadence_reason="The policy says quarterly.")
    assert states(monthly) == "MMOT"
    entry = Entry.objects.get(action="evidence.requirement.changed")
    assert (entry.after["cadence_since"], entry.after["cadence_reason"]) == ("2026-01-01", "The policy says quarterly.")
    page = mei.client.get(reverse("evidence:requirement", args=["acme", monthly.pk])).content.decode()
    assert "The policy says quarterly." in page
    assert "of days that were over" in page


def test_a_slip_that_is_put_right_the_same_day_leaves_nothing(monthly, mei):
    change(monthly, mei, "annual")
    change(monthly, mei, "monthly")
    assert states(monthly) == "MMMMMMMOTTTT"


def test_forth_and_back_over_months_loses_only_what_was_not_asked(monthly, mei, august):
    change(monthly, mei, "annual")
    august.move_to(datetime(2026, 10, 10, 12, tzinfo=UTC))
    change(monthly, mei, "monthly")
    # August is over; September and October are 61 of 365 days of a year and ask nothing; November is a month again.
    assert states(monthly) == "MMMMMMMM-TT"


def test_the_day_is_that_of_the_organisation(monthly, mei, august):
    august.move_to(datetime(2026, 8, 31, 23, 30, tzinfo=UTC))  # half past midnight of 1 September in Lisbon
    change(monthly, mei, "annual")
    assert StatedCadence.objects.get().since == date(2026, 9, 1)


def test_a_statement_cannot_be_changed_or_taken_away(monthly, mei):
    change(monthly, mei, "annual")
    for statement in ("UPDATE evidence_statedcadence SET since = '2026-01-01'", "DELETE FROM evidence_statedcadence"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert StatedCadence.objects.count() == 1


def test_another_organisation_sees_none_of_it(monthly, mei, borealis):
    change(monthly, mei, "annual")
    with scope(borealis):
        assert not StatedCadence.objects.exists()


def test_the_firms_tolerance_is_that_of_the_annual_part(monthly, mei, august, programme):
    august.move_to(datetime(2026, 6, 14, 12, tzinfo=UTC))
    change(monthly, mei, "annual")
    set_tolerance(actor=mei.actor, programme=programme, before=45, after=60)
    found = intervals_of(monthly)
    assert [each.counted.closes for each in found[-2:]] == [date(2026, 7, 7), date(2027, 3, 1)]


def test_pci_measures_from_the_last_performance_under_either(monthly, mei, august):
    Programme.objects.update(kind=ProgrammeKind.PCI)
    show(monthly, date(2026, 6, 20))
    august.move_to(datetime(2026, 7, 10, 12, tzinfo=UTC))
    change(monthly, mei, "weekly")  # monthly until the week to 15 July is over, from the 16th on seven days are too long
    august.move_to(datetime(2026, 7, 16, 12, tzinfo=UTC))
    last = [each.counted for each in intervals_of(monthly) if each.counted.state == "missed"][-1]
    assert (last.block.first, last.closes) == (date(2026, 6, 21), date(2026, 7, 15))


# --- where it is seen ------------------------------------------------------------------------------------------------


def test_the_form_takes_the_day_and_the_reason_and_loses_nothing_that_was_typed(monthly, mei):
    address = reverse("evidence:change_requirement", args=["acme", monthly.pk])
    refused = mei.client.post(address, FORM | {"cadence": "annual", "cadence_since": "2026-06-14", "title": "Typed"})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["cadence_reason"]
    assert "2026-06-14" in refused.content.decode()
    assert "Typed" in refused.content.decode()
    sent = FORM | {"cadence": "annual", "cadence_since": "2026-06-14", "cadence_reason": "Agreed in June."}
    assert mei.client.post(address, sent).status_code == 302
    with scope(mei.membership.organization):
        assert StatedCadence.objects.get().reason == "Agreed in June."
    page = mei.client.get(reverse("evidence:requirement", args=["acme", monthly.pk])).content.decode()
    assert "Annual since" in page
    assert "monthly before" in page
    assert "In this period: Monthly, annual since 1 Jul 2026" in page


def test_to_ask_for_something_new_needs_no_such_day(monthly, mei, control):
    page = mei.client.get(reverse("evidence:add_requirement", args=["acme", control.pk])).content.decode()
    assert "cadence_since" not in page


def test_the_year_its_file_and_the_completeness_report_say_that_it_turned(monthly, mei, programme, august):
    august.move_to(datetime(2026, 6, 14, 12, tzinfo=UTC))
    show(monthly, date(2026, 6, 1))
    change(monthly, mei, "annual")
    refresh_coverage()
    assert "was monthly" in mei.client.get("/o/acme/evidence/coverage/").content.decode()
    assert "annual since 1 Jul 2026" in mei.client.get(reverse("coverage:download", args=["acme", "csv"])).content.decode()
    with scope(mei.membership.organization):
        (told,) = completeness(programme).controls
        assert told.shown[0].there.endswith("Monthly, annual since 1 Jul 2026.")


def test_a_pack_says_since_when(monthly, mei, control):
    change(monthly, mei, "annual")
    assert [each.cadence for each in PackFacts([control.pk]).of(control.pk)] == ["Annual since 2026-08-20, Monthly before"]


def test_the_api_takes_and_tells_it(acme, monthly, mei, token_of):
    from rest_framework.test import APIClient

    client = APIClient()
    token = token_of(acme, Permission.EVIDENCE_VIEW, Permission.CONTROL_CHANGE)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    address = f"/api/v1/evidence-requirements/{monthly.pk}/"
    wrong = client.patch(address, {"cadence": "annual", "cadence_since": "2026-06-14"}, format="json")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["cadence_reason"])
    sent = {"cadence": "annual", "cadence_since": "2026-06-14", "cadence_reason": "Agreed in June."}
    found = client.patch(address, sent, format="json").json()
    (said,) = found["cadence_history"]
    assert (found["cadence"], said["before"], said["after"], said["since"]) == ("annual", "monthly", "annual", "2026-06-14")
    assert (said["corrects"], said["overruled"], said["reason"]) == (True, False, "Agreed in June.")


def test_queries_do_not_grow_with_what_was_stated(monthly, control, mei):
    def number() -> int:
        with CaptureQueriesContext(connection) as found:
            refresh_coverage()
        return len(found)

    change(monthly, mei, "annual")
    refresh_coverage()
    few = number()
    for each in range(5):
        other = make_requirement(mei.actor, control, key=f"k{each}", cadence="monthly")
        change(other, mei, "quarterly")
        change(other, mei, "weekly")
    refresh_coverage()
    assert number() == few


@pytest.mark.parametrize(("month", "cadence", "told"), [
    (8, "monthly", ("Monthly", "")), (8, "annual", ("Annual", "was monthly")), (8, "weekly", ("Weekly", "was monthly")),
    (12, "annual", ("Monthly", "now annual")),
])  # fmt: skip
def test_a_narrow_column_says_that_it_was_not_always_so(monthly, mei, programme, august, month, cadence, told):
    august.move_to(datetime(2026, month, 20, 12, tzinfo=UTC))
    change(monthly, mei, cadence)
    refresh_coverage()
    (line,) = Year(programme, period_of(programme), Coverage.objects.select_related("requirement__control")).lines
    assert line.briefly == told
    page = mei.client.get(reverse("coverage:year", args=["acme"])).content.decode()
    assert told[1] in page


def test_of_several_changes_it_says_how_many(monthly, mei, august):
    for day, cadence in ((date(2026, 2, 10), "weekly"), (date(2026, 5, 10), "quarterly")):
        august.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        change(monthly, mei, cadence)
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    refresh_coverage()
    row = Coverage.objects.get()
    assert how_often_briefly([read(kept) for kept in row.strip], row.requirement) == ("Quarterly", "2 changes")
