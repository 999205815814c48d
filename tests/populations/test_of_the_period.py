"""A list that was confirmed speaks of its own days: of another period's readiness it says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.readiness.programme import Controls, readiness
from compliance.tenancy.rooms import scope
from controls.models import Control, Implementation
from controls.services.change import change_control
from evidence.conditions import conditions
from evidence.populations.desk import work_for
from evidence.populations.services.freeze import freeze
from evidence.populations.services.keep import add_population
from evidence.populations.services.work_through import confirm_version
from evidence.populations.spans import Period, Reach
from evidence.populations.speaking import untold
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control, map_to

from .conftest import built

pytestmark = pytest.mark.django_db
THIS, NEXT = (date(2026, 1, 1), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def confirmed(acme, mei, control, frozen, worked):
    """Jonas's control with leavers of May 2026, confirmed."""
    version = frozen("w1")
    worked(version)
    with scope(acme):
        confirm_version(actor=mei.actor, version=version, note="Gone through with Priya.")
        Control.objects.update(implementation=Implementation.IMPLEMENTED)
        map_to(control, "CC6.1")
    return version


def of_sampling(programme) -> list[str]:
    rows = {each["ref"]: each for each in readiness(programme, Controls())["requirements"]}
    return [each for each in rows["CC6.1"]["reasons"] if "by sample" in each]


def exit_of(programme):
    return next(each for each in conditions(programme) if each.id == "populations")


def test_the_list_of_the_period_is_confirmed_for_it(acme, mei, confirmed):
    with scope(acme):
        programme = make_programme(mei.actor, period_start=THIS[0], period_end=THIS[1])
        assert of_sampling(programme) == []
        assert (exit_of(programme).met, exit_of(programme).figure) == (True, "1 of 1 sampled controls")


def test_the_list_of_last_year_leaves_this_one_unconfirmed(acme, mei, confirmed):
    with scope(acme):
        programme = make_programme(mei.actor, period_start=NEXT[0], period_end=NEXT[1])
        ref = confirmed.population.ref
        assert of_sampling(programme) == [f"AC-06 is tested by sample: no confirmed version of {ref} speaks of the period."]
        assert (exit_of(programme).met, exit_of(programme).figure) == (False, "0 of 1 sampled controls")
        assert exit_of(programme).url.endswith("/populations/")


def test_once_the_period_is_over_a_list_of_one_of_its_months_is_none_of_all_of_it(acme, mei, confirmed):
    """Until then the rest is not there to be listed; after, a sample can be drawn of May alone."""
    with scope(acme), time_machine.travel(datetime(2027, 1, 15, tzinfo=UTC), tick=False):
        Control.objects.update(starts_on=None)
        programme = make_programme(mei.actor, period_start=THIS[0], period_end=THIS[1])
        ref = confirmed.population.ref
        assert of_sampling(programme) == [
            f"AC-06 is tested by sample: no confirmed version of {ref} (1 Jan 2026 to 30 Apr 2026) speaks of the period."
        ]
        assert exit_of(programme).met is False


def test_a_start_that_is_moved_later_takes_back_no_month_of_which_a_list_has_to_speak(acme, mei, confirmed, control):
    """Whoever has a list of May alone would confirm the year by saying in January that the control stands since May."""
    with scope(acme), time_machine.travel(datetime(2027, 1, 15, tzinfo=UTC), tick=False):
        Control.objects.update(starts_on=THIS[0], created_at=datetime(2026, 1, 5, tzinfo=UTC))
        control.refresh_from_db()
        change_control(actor=mei.actor, control=control, starts_on=date(2026, 5, 1))
        programme = make_programme(mei.actor, period_start=THIS[0], period_end=THIS[1])
        ref = confirmed.population.ref
        assert of_sampling(programme) == [
            f"AC-06 is tested by sample: no confirmed version of {ref} (1 Jan 2026 to 30 Apr 2026) speaks of the period."
        ]


@pytest.fixture
def year(acme, mei, confirmed):
    """A programme over 2026, in which Jonas's control operates all year; its one list is of May."""
    with scope(acme):
        Control.objects.update(starts_on=None)
        return make_programme(mei.actor, period_start=THIS[0], period_end=THIS[1])


def on_desk(member, on: date) -> list[tuple[str, date]]:
    with time_machine.travel(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), tick=False):
        return [(each.title, each.due) for each in work_for(member.membership) if "rest" in each.key]


def test_whoever_keeps_a_list_is_asked_for_the_rest_of_the_period_before_it_ends(acme, priya, jonas, year, population):
    with scope(acme):
        assert on_desk(priya, date(2026, 12, 1)) == []
        assert on_desk(priya, date(2026, 12, 20)) == [("Freeze the rest of Leavers", date(2027, 1, 1))]
        assert on_desk(jonas, date(2026, 12, 20)) == []
        population.next_due = date(2026, 12, 31)
        population.save()
        assert on_desk(priya, date(2026, 12, 20)) == []  # that day is asked for already


def test_nothing_is_asked_of_days_on_which_no_control_that_samples_it_operated(acme, priya, year):
    with scope(acme):
        Control.objects.update(starts_on=date(2026, 5, 1), implementation=Implementation.RETIRED)
        assert on_desk(priya, date(2027, 1, 5)) == []


def test_a_period_of_which_a_part_stands_on_no_list_a_month_after_is_a_critical_gap(acme, mei, priya, year, population):
    with scope(acme):
        with time_machine.travel(datetime(2027, 1, 20, tzinfo=UTC), tick=False):
            reconcile()
            assert not Gap.objects.filter(rule="population.incomplete").exists()
        with time_machine.travel(datetime(2027, 2, 20, tzinfo=UTC), tick=False):
            reconcile()
            gap = Gap.objects.get(rule="population.incomplete")
            assert (gap.severity, gap.control.ref) == ("critical", "AC-06")
            assert "no list tells of 1 Jan 2026 to 30 Apr 2026" in gap.cause
        with time_machine.travel(datetime(2027, 2, 21, tzinfo=UTC), tick=False):
            whole = Period(*THIS, UTC)
            rest = built("w1", reach=Reach(whole.starts, whole.ends))
            freeze(actor=priya.actor, population=population, built=rest, period=whole, by=priya.membership)
            reconcile()
            gap.refresh_from_db()
            assert gap.state == "closed"


MAY, REST = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("told", "left"), [
    ([], THIS), ([THIS], None), ([MAY], (THIS[0], date(2026, 4, 30))), ([REST, MAY, (THIS[0], MAY[0])], None),
    ([(THIS[0], MAY[1])], REST), ([(THIS[0], date(2026, 3, 3)), REST], (date(2026, 3, 4), MAY[1])),
    ([(date(2025, 1, 1), date(2026, 6, 30)), (date(2026, 2, 1), date(2026, 2, 2)), (date(2026, 7, 1), date(2027, 3, 1))], None),
])  # fmt: skip
def test_several_lists_together_speak_of_a_period_where_they_leave_no_day_out(told, left):
    assert untold(THIS, told) == left


def test_two_programmes_are_told_apart_in_one_reading(acme, mei, confirmed):
    with scope(acme):
        now, then = (make_programme(mei.actor, period_start=first, period_end=last) for first, last in (THIS, NEXT))
        known = Controls()
        control = next(iter(known.facts))
        assert [known.facts_in(each, control).beside for each in (now, then)] == [(), (confirmed.population.ref,)]


def test_the_reading_does_not_grow_with_lists(acme, mei, priya, confirmed):
    with scope(acme):
        with CaptureQueriesContext(connection) as few:
            Controls()
        for number in range(4):
            control = make_control(f"XX-{number:02}")
            kept = {"template": "leavers", "name": "Leavers", "source": "people.leavers", "controls": [control]}
            add_population(actor=mei.actor, owner=priya.membership, **kept)
        with CaptureQueriesContext(connection) as many:
            Controls()
        assert len(many) == len(few)
