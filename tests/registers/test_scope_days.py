"""Which systems were in scope on a day, and on which days of a period: hand-made cases, and then the register."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.registers.models import ScopeDecision, System
from compliance.registers.selectors import in_scope_on, scope_span, scope_spans
from compliance.registers.spans import Ruling, Span, is_in, spans
from compliance.tenancy.rooms import scope
from tests.factories.compliance import make_system


def on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


START, END = on(1, 1), on(6, 30)

# entered, rulings (day, in?, made) -> spans between 1 January and 30 June
CASES = {
    "undecided from before the period: in throughout": (on(11, 3, 2025), [], [(START, END)]),
    "undecided, entered mid-period: in from that day": (on(3, 10), [], [(on(3, 10), END)]),
    "entered on the last day": (END, [], [(END, END)]),
    "entered after the period": (on(7, 1), [], []),
    "decided in on the day it entered": (on(2, 1), [(on(2, 1), True, 0)], [(on(2, 1), END)]),
    "decided out before the period": (on(11, 3, 2025), [(on(12, 1, 2025), False, 0)], []),
    "counts as in until it is decided out": (on(11, 3, 2025), [(on(4, 1), False, 0)], [(START, on(3, 31))]),
    "out and in again": (
        on(11, 3, 2025), [(on(2, 1), False, 0), (on(3, 1), True, 1)], [(START, on(1, 31)), (on(3, 1), END)],
    ),
    "in, repeated: one stretch": (on(11, 3, 2025), [(on(2, 1), True, 0), (on(3, 1), True, 1)], [(START, END)]),
    "two on one day: the later made counts": (on(11, 3, 2025), [(on(2, 1), False, 0), (on(2, 1), True, 1)], [(START, END)]),
    "said later to have been in all along": (on(3, 1), [(on(12, 1, 2025), True, 0)], [(START, END)]),
    "set back over an earlier decision": (
        on(11, 3, 2025), [(on(5, 1), True, 0), (on(2, 1), False, 1)], [(START, on(1, 31))],
    ),
    "a leap day is a day": (on(2, 28, 2025), [(on(6, 30), False, 0)], [(START, on(6, 29))]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_spans_match_the_hand_made_cases(name):
    entered, rulings, expected = CASES[name]
    found = spans(START, END, entered=entered, rulings=[Ruling(*each) for each in rulings])
    assert found == [Span(*each) for each in expected]


def test_a_leap_year_has_its_day():
    [found] = spans(on(2, 1, 2028), on(3, 31, 2028), entered=on(2, 29, 2028), rulings=[])
    assert found.days == 32


days = st.integers(0, 60).map(lambda number: START + timedelta(number))


@given(entered=days, turns=st.lists(st.tuples(days, st.booleans()), max_size=6), start=days, length=st.integers(0, 40))
def test_spans_are_exactly_the_days_that_are_in(entered, turns, start, length):
    rulings = [Ruling(day, said, made) for made, (day, said) in enumerate(turns)]
    end = start + timedelta(length)
    inside = {
        each.first + timedelta(number)
        for each in spans(start, end, entered=entered, rulings=rulings)
        for number in range(each.days)
    }
    every = [start + timedelta(number) for number in range(length + 1)]
    assert inside == {day for day in every if is_in(day, entered=entered, rulings=rulings)}


def entered(system: System, at: datetime) -> System:
    System.objects.filter(pk=system.pk).update(first_seen_at=at)
    system.refresh_from_db()
    return system


def test_the_register_answers_in_the_organisations_time_zone(acme, mei):
    acme.timezone = "Pacific/Auckland"
    acme.save()
    with scope(acme):
        system = entered(make_system(mei.actor), datetime(2026, 1, 1, 12, 0, tzinfo=UTC))  # 2 January in Auckland
        assert list(in_scope_on(on(1, 1))) == []
        assert list(in_scope_on(on(1, 2))) == [system]
        assert scope_span(system, START, END) == [Span(on(1, 2), END)]


def test_a_decision_takes_a_system_out_from_its_day(acme, mei):
    with scope(acme):
        system = entered(make_system(mei.actor), datetime(2026, 1, 10, tzinfo=UTC))
        other = entered(make_system(mei.actor, name="Other", external_id="x:2"), datetime(2026, 1, 10, tzinfo=UTC))
        ScopeDecision.objects.create(
            system=system, decision="out", justification="Switched off.", decided_by="Mei",
            decided_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        )  # fmt: skip
        assert list(in_scope_on(on(2, 28))) == [system, other]
        assert list(in_scope_on(on(3, 1))) == [other]
        assert scope_spans([system, other], START, END) == {
            system.pk: [Span(on(1, 10), on(2, 28))], other.pk: [Span(on(1, 10), END)],
        }  # fmt: skip


def test_an_effective_day_says_what_was_in_all_along(acme, mei):
    with scope(acme):
        system = entered(make_system(mei.actor), datetime(2026, 3, 1, tzinfo=UTC))
        ScopeDecision.objects.create(
            system=system, decision="in", justification="In since the company began.", decided_by="Mei",
            effective_on=on(1, 1, 2025),
        )  # fmt: skip
        assert scope_span(system, START, END) == [Span(START, END)]
