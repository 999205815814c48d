"""Coverage of a room: what its rows say follows the evidence, the scope, the collectors and the calendar, and nothing else."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.registers.models import Decision, ScopeDecision
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here, scope
from compliance.trail.models import Entry
from controls.models import Compensation, ControlSystem, Standing
from evidence.collectors.models import Connection, KindState, Run, RunStep, Snapshot
from evidence.conditions import conditions as exits
from evidence.coverage.account import account_of
from evidence.coverage.models import Coverage
from evidence.coverage.selectors import coverage_now, intervals_of, programmes_counted
from evidence.coverage.services import is_of_another_day, refresh_coverage, set_tolerance
from evidence.coverage.strips import read
from evidence.coverage.terms import period_of
from evidence.judging.services.stand import refresh_standings
from evidence.models import Acceptance
from evidence.services.decide import decide_version
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from tests.factories.compliance import make_programme, make_system
from tests.factories.controls import make_control
from tests.factories.evidence import make_connection, make_requirement

from .conftest import show, version_of

Q1, Q2, Q3 = date(2026, 2, 10), date(2026, 5, 11), date(2026, 8, 3)


def row(requirement) -> Coverage:
    refresh_coverage()
    return Coverage.objects.get(requirement=requirement)


def states(requirement) -> str:
    return " ".join(each.counted.state.value for each in intervals_of(requirement))


def test_each_interval_names_the_version_that_fills_it(review):
    (first,) = show(review, Q1)
    refresh_coverage()
    kept = [read(each) for each in Coverage.objects.get().strip]
    assert [each.state for each in kept] == ["filled", "missed", "open", "to_come"]
    assert (kept[0].ref, kept[0].number, kept[0].performed) == (first.artefact.ref, 1, Q1)
    assert (kept[1].lost, kept[1].until) == (True, None)
    assert (kept[2].lost, kept[2].until) == (False, date(2026, 10, 15))


def test_the_row_counts_what_the_intervals_are(review):
    show(review, Q1, Q3)
    found = row(review)
    assert (found.filled, found.missed, found.lost, found.to_come, found.worst) == (2, 1, 1, 1, "missed")
    assert (found.first_hole, found.closes, found.holes) == (date(2026, 4, 1), None, 1)


def test_counting_again_changes_nothing_and_says_so(review):
    assert refresh_coverage() == 1
    assert refresh_coverage() == 0


def test_a_returned_version_fills_nothing(review, mei):
    (version,) = show(review, Q1)
    decide_version(actor=mei.actor, version=version, acceptance=Acceptance.RETURNED, reason="No date can be seen.")
    assert states(review) == "missed missed open to_come"


def test_a_correction_of_the_same_day_is_no_second_performance(review, programme):
    (version,) = show(review, date(2026, 7, 2))
    version_of(version.artefact, date(2026, 7, 2))
    assert states(review) == "missed missed filled to_come"
    assert [each.counted.key.number for each in intervals_of(review) if each.counted.key] == [2]


def test_two_records_within_the_grace_fill_their_own_quarter_and_the_one_before(review):
    show(review, date(2026, 7, 2), date(2026, 7, 14))
    assert states(review) == "missed late filled to_come"


def test_several_connections_that_look_on_one_day_are_one_performance(control, mei):
    weekly = make_requirement(mei.actor, control, cadence="weekly", source="collector", key="looked")
    for number in range(3):
        show(weekly, date(2026, 8, 14), source="collector", collected_key=f"{number}:aws.iam.users")
    # 13 to 19 August is the week; the one before (6 to 12) is not late for it, since the three are one look.
    found = intervals_of(weekly)
    assert [each.counted.state.value for each in found if each.counted.block.first in (date(2026, 8, 6), date(2026, 8, 13))] == [
        "missed", "filled",
    ]  # fmt: skip


def test_days_are_those_of_the_organisation(room, control, mei):
    """23:30 UTC on 31 March is 1 April in Lisbon, where summer time began on 29 March."""
    monthly = make_requirement(mei.actor, control, cadence="monthly", key="monthly")
    artefact = add_artefact(actor=mei.actor, title="Late at night", source="person")
    link_artefact(actor=mei.actor, artefact=artefact, requirement=monthly)
    at = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    receive_version(
        actor=mei.actor, artefact=artefact, content=b"%PDF-1.7", filename="a.pdf", media_type="application/pdf",
        effective_start=at, effective_end=at, provenance={},
    )  # fmt: skip
    assert at.astimezone(ZoneInfo("Europe/Lisbon")).date() == date(2026, 4, 1)
    assert states(monthly).split()[2:4] == ["missed", "filled"]


def test_scope_that_is_left_and_entered_again_asks_nothing_in_between(august, control, review, mei):
    system = make_system(mei.actor)
    for day, decision in ((date(2026, 1, 1), Decision.IN), (date(2026, 4, 1), Decision.OUT), (date(2026, 7, 1), Decision.IN)):
        august.shift(1)  # of two decisions that hold the later made one counts, and this clock stands still
        ScopeDecision.objects.create(
            system=system, decision=decision, justification="-", decided_by="Mei", effective_on=day, decided_at=now()
        )
    ControlSystem.objects.create(control=control, system=system)
    show(review, Q1)
    found = intervals_of(review)
    assert [(each.counted.block.first, each.counted.state.value) for each in found] == [
        (date(2026, 1, 1), "filled"), (date(2026, 7, 1), "open"), (date(2026, 10, 1), "to_come"),
    ]  # fmt: skip


def test_a_control_that_began_in_the_period_is_expected_from_then(control, review):
    type(control).objects.filter(pk=control.pk).update(starts_on=date(2026, 4, 1))
    control.refresh_from_db()
    review.control = control
    assert [each.counted.block.first for each in intervals_of(review)] == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]


# --- what collectors could not see -----------------------------------------------------------------------------------


@pytest.fixture
def collected(control, mei):
    return reading(make_requirement(mei.actor, control, key="log", cadence="monthly", source="collector"), "github.org")


def reading(requirement, kind: str):
    """The requirement as one that a fact kind serves."""
    requirement.fact_kinds = [kind]
    requirement.save()
    return requirement


def refuse(github, at: datetime, reason: str = "denied", kind: str = "github.org") -> None:
    number = Run.objects.count() + 1
    run = Run.objects.create(
        connection=github, number=number, trigger="schedule", requested_by="-", state="finished", finished_at=at, outcome="failed"
    )
    RunStep.objects.create(run=run, fact_kind=kind, position=1, state="done", reason=reason, message="403 from GitHub", finished_at=at)


def test_a_step_that_was_refused_makes_its_month_unknown_until_the_grace_ends_and_missed_after(collected, mei):
    github = make_connection(mei.actor)
    refuse(github, datetime(2026, 6, 10, tzinfo=UTC))
    refuse(github, datetime(2026, 8, 3, tzinfo=UTC))
    assert states(collected).split()[5:9] == ["missed", "missed", "unknown", "to_come"]
    account = account_of(collected)
    assert account is not None
    july, august = account.rows[6], account.rows[7]
    assert (august.refusal.reason, august.refusal.message, august.until) == ("denied", "403 from GitHub", "7 Sep 2026")
    assert july.refusal is None


def test_a_kind_that_cannot_be_read_since_is_refused_on_every_day_since(collected, mei):
    github = make_connection(mei.actor)
    KindState.objects.create(
        connection=github, fact_kind="github.org", reason="denied", message="403", unreadable_since=datetime(2026, 7, 28, tzinfo=UTC),
        last_looked_at=datetime(2026, 8, 20, 6, tzinfo=UTC),
    )  # fmt: skip
    assert states(collected).split()[6:8] == ["missed", "unknown"]


def test_a_refusal_of_another_kind_says_nothing(collected, mei):
    refuse(make_connection(mei.actor), datetime(2026, 8, 3, tzinfo=UTC), kind="github.repositories")
    assert states(collected).split()[7] == "open"


def test_what_a_source_still_keeps_is_not_lost(control, mei):
    """Okta keeps its log 90 days: on 20 August that reaches back to 22 May, so what happened up to 31 May can be read back."""
    log = reading(make_requirement(mei.actor, control, key="okta", cadence="monthly", source="collector"), "okta.system_log")
    found = intervals_of(log)
    assert [each.lost for each in found[:7]] == [True, True, True, True, False, False, False]
    assert found[4].until == date(2026, 8, 29)  # 31 May + 90 days: 30 in June, 31 in July, 29 in August
    assert found[3].until is None  # 30 April + 90 days was 29 July


def test_a_back_fill_of_a_source_that_keeps_its_events_fills_the_months_that_it_read(control, mei):
    log = reading(make_requirement(mei.actor, control, key="okta", cadence="monthly", source="collector"), "okta.system_log")
    artefact = add_artefact(actor=mei.actor, title="Log", source="collector", collected_key="x:okta.system_log")
    link_artefact(actor=mei.actor, artefact=artefact, requirement=log)
    version_of(artefact, date(2026, 8, 20), start=date(2026, 5, 25))
    assert states(log).split()[4:8] == ["missed", "filled", "filled", "filled"]


def test_a_day_that_begins_at_one_is_a_whole_day(control, mei):
    """In Beirut the clocks go from midnight to one on 29 March 2026: that Sunday has no midnight, and begins all the same."""
    Organization.objects.filter(pk=here().organization_id).update(timezone="Asia/Beirut")
    weekly = reading(make_requirement(mei.actor, control, key="okta", cadence="daily", source="collector"), "okta.system_log")
    artefact = add_artefact(actor=mei.actor, title="Log", source="collector", collected_key="x:okta.system_log")
    link_artefact(actor=mei.actor, artefact=artefact, requirement=weekly)
    beirut = ZoneInfo("Asia/Beirut")
    receive_version(
        actor=mei.actor, artefact=artefact, content=b"%PDF-1.7", filename="a.pdf", media_type="application/pdf",
        effective_start=datetime(2026, 3, 29, tzinfo=beirut), effective_end=datetime(2026, 3, 31, 12, tzinfo=beirut), provenance={},
    )  # fmt: skip
    with scope(Organization.objects.get(pk=here().organization_id)):
        found = {each.counted.block.first: each.counted.state.value for each in intervals_of(weekly)}
    assert [found[date(2026, 3, day)] for day in (28, 29, 30)] == ["missed", "filled", "filled"]


def test_a_later_look_at_a_list_that_had_nothing_new_has_read_what_lies_between(control, mei):
    """Read on 25 May and, after an outage, on 20 August: June and July held nothing new, and were read."""
    log = reading(make_requirement(mei.actor, control, key="okta", cadence="monthly", source="collector"), "okta.system_log")
    artefact = add_artefact(actor=mei.actor, title="Log", source="collector", collected_key="x:okta.system_log")
    link_artefact(actor=mei.actor, artefact=artefact, requirement=log)
    okta = Connection.objects.create(slug="okta", vendor="okta", name="Okta")
    run = Run.objects.create(connection=okta, number=1, trigger="schedule", requested_by="-", state="finished")
    step = RunStep.objects.create(run=run, fact_kind="okta.system_log", position=1, state="done")
    Snapshot.objects.create(
        connection=okta, step=step, version=version_of(artefact, date(2026, 5, 25), start=date(2026, 5, 24)),
        fact_kind="okta.system_log", collected_at=datetime(2026, 5, 25, 11, tzinfo=UTC), rows=0, again=[now()],
    )  # fmt: skip
    assert states(log).split()[4:8] == ["filled"] * 4


def test_a_reading_that_broke_off_fills_nothing(control, mei):
    log = reading(make_requirement(mei.actor, control, key="log", cadence="monthly", source="collector"), "github.org")
    artefact = add_artefact(actor=mei.actor, title="Log", source="collector", collected_key="x:github.org")
    link_artefact(actor=mei.actor, artefact=artefact, requirement=log)
    version_of(artefact, date(2026, 8, 3), incomplete="rate_limited")
    assert states(log).split()[7] == "open"


# --- lost, mitigated -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "by"), [([Q1, Q2], "AC-08"), ([Q1], "")])
def test_a_control_that_stood_in_and_operated_over_the_same_interval_mitigates_it(control, review, mei, days, by):
    other = make_control("AC-08")
    stand_in = make_requirement(mei.actor, other, key="other")
    Compensation.objects.create(control=control, by=other, reason="-", starts_on=date(2026, 1, 1), made_by="Mei")
    show(review, Q1)
    show(stand_in, *days)
    found = intervals_of(review)[1]
    assert (found.counted.state.value, found.lost, found.mitigated_by) == ("missed", True, by)


def test_one_that_stood_in_for_half_of_it_does_not(control, review, mei):
    other = make_control("AC-08")
    Compensation.objects.create(control=control, by=other, reason="-", starts_on=date(2026, 5, 1), made_by="Mei")
    show(make_requirement(mei.actor, other, key="other"), Q1, Q2)
    assert intervals_of(review)[1].mitigated_by == ""


# --- programmes ------------------------------------------------------------------------------------------------------


def test_each_programme_counts_its_own_period_and_its_own_controls(control, review, programme, mei):
    second = make_programme(mei.actor, name="Next", period_start=date(2026, 7, 1), period_end=date(2027, 6, 30))
    outside = make_requirement(mei.actor, make_control("AC-09"), key="unmapped")
    refresh_coverage()
    assert not Coverage.objects.filter(requirement=outside).exists()
    assert [(each.programme_id, each.missed) for each in Coverage.objects.order_by("missed")] == [(second.pk, 0), (programme.pk, 2)]
    assert [each.pk for each, _ in programmes_counted()] == [programme.pk, second.pk]


def test_a_programme_that_is_closed_is_counted_no_more(review, programme):
    refresh_coverage()
    programme.closed_at = now()
    programme.save()
    assert refresh_coverage() == 1
    assert not Coverage.objects.exists()


def test_a_type_i_speaks_of_its_day_alone(review, programme):
    programme.kind, programme.as_of = "soc2_type_1", date(2026, 6, 30)
    programme.save()
    show(review, Q1)
    assert states(review) == "missed"
    show(review, date(2026, 4, 2))
    assert states(review) == "filled"


def test_pci_counts_days_since_the_last_and_forgives_none(review, mei, programme):
    programme.kind = "pci"
    programme.save()
    show(review, Q1, date(2026, 5, 14))  # 10 February + 92 days is 13 May
    refresh_coverage()
    found = Coverage.objects.get()
    # 1 January to 10 February is in time, 11 February to 14 May a day too late; 14 May + 92 days was 14 August.
    assert (found.filled, found.missed, found.late, found.unknown) == (1, 2, 0, 0)


def test_the_audit_firms_tolerance_is_that_of_its_programme_and_of_what_is_annual(control, mei, programme):
    test = make_requirement(mei.actor, control, key="pentest", cadence="annual")
    show(test, date(2025, 12, 1))
    assert states(test) == "open"
    set_tolerance(actor=mei.actor, programme=programme, before=45, after=60, firm="Corbel & Lyne")
    assert states(test) == "filled"
    assert intervals_of(test)[0].counted.early_by == 31
    entry = Entry.objects.get(action="coverage.tolerance.set")
    assert (entry.before["before"], entry.after["before"]) == (0, 45)


def test_a_tolerance_of_more_than_a_year_or_less_than_none_is_refused(mei, programme):
    for days in (-1, 367):
        with pytest.raises(ValidationError):
            set_tolerance(actor=mei.actor, programme=programme, before=0, after=days)


# --- the rows are exact ----------------------------------------------------------------------------------------------


def test_midnight_alone_turns_open_into_missed(review, august):
    show(review, Q1, Q2)
    refresh_coverage()
    august.move_to(datetime(2026, 10, 15, 22, 30, tzinfo=UTC))  # 23:30 in Lisbon on the last day of grace
    assert is_of_another_day(date(2026, 10, 15))
    assert row(review).missed == 0
    august.move_to(datetime(2026, 10, 15, 23, 30, tzinfo=UTC))  # half past midnight
    assert [each.missed for each in coverage_now(review_programme(), period_of(review_programme()))] == [1]
    assert row(review).missed == 1


def test_the_exit_of_the_review_counts_a_hole_that_came_at_midnight(review, august):
    show(review, Q1, Q2)
    august.move_to(datetime(2026, 10, 15, 22, 30, tzinfo=UTC))
    refresh_coverage()

    def told():
        return next(each.figure for each in exits(review_programme()) if each.id == "coverage")

    assert told() == "1 of 1 requirements without a hole"
    august.move_to(datetime(2026, 10, 15, 23, 30, tzinfo=UTC))
    assert told() == "0 of 1 requirements without a hole"
    refresh_coverage()
    with CaptureQueriesContext(connection) as counted:
        assert told() == "0 of 1 requirements without a hole"
    assert not [each for each in counted if "strip" in each["sql"]], "rows of today are not read one by one"


def review_programme():
    return programmes_counted()[0][0]


def test_what_is_kept_is_what_is_counted_live(review, control, mei):
    show(review, Q1, date(2026, 7, 2))
    make_requirement(mei.actor, control, cadence="daily", key="daily")
    refresh_coverage()
    programme, period = programmes_counted()[0]
    kept = {each.requirement_id: each.strip for each in Coverage.objects.all()}
    Coverage.objects.update(on=date(2026, 8, 19))
    assert {each.requirement_id: each.strip for each in coverage_now(programme, period)} == kept


def test_a_year_of_days_stays_small(control, mei):
    daily = make_requirement(mei.actor, control, cadence="daily", key="daily")
    show(daily, *(date(2026, 3, number) for number in range(1, 20)))
    found = row(daily)
    assert (found.filled, found.missed, len(found.strip)) == (19, 231 - 19 - 1, 5)


def test_the_standing_of_the_control_holds_the_same_sums(review, control):
    show(review, Q1)
    refresh_standings()
    standing = Standing.objects.get(control=control)
    assert standing.coverage["sums"] == {"filled": 1, "missed": 1, "open": 1, "to_come": 1}
    assert (standing.coverage["without_hole"], standing.coverage["of"]) == (0, 1)


def test_queries_do_not_grow_with_requirements(control, mei, review):
    def number() -> int:
        with CaptureQueriesContext(connection, ) as found:
            refresh_coverage()
        return len(found)

    show(review, Q1)
    refresh_coverage()
    few = number()
    for each in range(12):
        show(make_requirement(mei.actor, control, key=f"k{each}"), Q1, Q2)
    refresh_coverage()
    assert number() == few


def test_another_organisation_sees_none_of_it(review, borealis):
    refresh_coverage()
    with scope(borealis):
        assert not Coverage.objects.exists()


def test_a_requirement_without_a_cadence_or_on_events_is_not_counted(control, mei):
    make_requirement(mei.actor, control, key="event", cadence="on_event")
    refresh_coverage()
    assert not Coverage.objects.exists()


def test_a_run_survives_being_kept(room):
    from evidence.coverage.strips import Run

    run = Run(Q1, Q2, "missed", 3, None, 0, 0, date.max, False, "AC-08")
    assert read(run.kept()) == run
