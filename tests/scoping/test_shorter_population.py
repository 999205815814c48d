"""A control whose systems entered scope within the period is expected from that day on, downstream too."""

from __future__ import annotations

from compliance.registers.models import System
from compliance.tenancy.rooms import scope
from controls.models import Control, ControlSystem, Standing
from evidence import scoping
from evidence.coverage.selectors import intervals_of
from evidence.judging.services.stand import refresh_standings
from tests.factories.gaps import ask, make_control
from tests.scoping.conftest import day, enter


def name(control: Control, system: System) -> None:
    ControlSystem.objects.create(control=control, system=system)


def expected(control) -> int:
    refresh_standings()
    return sum(Standing.objects.get(control=control).coverage["sums"].values())


def test_its_intervals_begin_on_the_first_day_in_scope(acme, mei, programme):
    with scope(acme):
        late, old = enter(mei.actor, "Warehouse", since=-10), enter(mei.actor, "Ledger", since=-150)
        control = make_control()
        requirement = ask(control, cadence="weekly", source="person")
        whole = expected(control)
        assert intervals_of(requirement)[0].counted.block.first == day(-100)

        name(control, late)
        assert intervals_of(requirement)[0].counted.block.first == day(-10)
        assert expected(control) < whole

        name(control, old)
        assert expected(control) == whole


def test_of_systems_that_were_never_in_scope_nothing_is_expected(acme, mei, programme):
    with scope(acme):
        control = make_control()
        requirement = ask(control, cadence="weekly", source="person")
        never = enter(mei.actor, "Never", since=-150, decision="out")
        name(control, never)
        assert intervals_of(requirement) == []


def test_a_control_that_names_a_system_is_what_it_costs_and_what_shows_it(acme, mei, programme):
    with scope(acme):
        system = enter(mei.actor, "Shop", kind="application")
        control = make_control()
        requirement = ask(control, cadence="quarterly", source="person")
        listed = list(System.objects.all())
        assert scoping.added(listed) == {system.pk: 0}
        assert scoping.collected(listed) == {}
        name(control, system)
        assert scoping.added(listed) == {system.pk: 4}
        type(requirement).objects.filter(pk=requirement.pk).update(effective_end=system.first_seen_at)
        assert scoping.collected(listed) == {system.pk: day(0)}
