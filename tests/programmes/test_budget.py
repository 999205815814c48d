"""A budget per phase: hours by department, fees with their currency, plan against actual."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from compliance.programmes.budgets import by_phase, sums_of
from compliance.programmes.models import BudgetLine
from compliance.programmes.selectors import budget_lines
from compliance.programmes.services import add_budget_line, change_budget_line
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_programme

HOURS = {"phase": "scoping", "unit": "hours", "what": "Engineering", "currency": "", "planned": "40"}
FEE = {"phase": "audit", "unit": "fee", "what": "Audit firm", "currency": "eur", "planned": "25000"}


@pytest.fixture
def programme(acme, mei):
    with scope(acme):
        return make_programme(mei.actor)


def plan(person, programme, sent):
    return person.client.post(f"/o/acme/programmes/{programme.pk}/budget/add/", sent)


def test_costs_are_planned_and_what_they_came_to_is_said(acme, mei, programme):
    assert plan(mei, programme, HOURS).status_code == 302
    assert plan(mei, programme, FEE).status_code == 302
    with scope(acme):
        fee = BudgetLine.objects.get(unit="fee")
    assert fee.currency == "EUR"
    url = f"/o/acme/programmes/{programme.pk}/budget"
    assert mei.client.post(f"{url}/{fee.pk}/change/", FEE | {"actual": "27500.50"}).status_code == 302
    shown = mei.client.get(f"{url}/").content.decode()
    assert "27,500.50" in shown or "27500.50" in shown
    assert "not known" in shown
    with scope(acme):
        entry = Entry.objects.get(action="programmes.budget.changed")
    assert (entry.before["actual"], entry.after["actual"]) == (None, "27500.50")


def test_currencies_and_hours_are_never_added_to_each_other(acme, mei, programme):
    with scope(acme):
        for each in (HOURS, HOURS | {"what": "Legal", "planned": "10"}, FEE, FEE | {"currency": "USD", "planned": "100"}):
            add_budget_line(actor=mei.actor, programme=programme, **each | {"planned": Decimal(each["planned"])})
        found = sums_of(budget_lines(programme))
        assert [(each.unit, each.planned) for each in found] == [
            ("hours", Decimal(50)), ("EUR", Decimal(25000)), ("USD", Decimal(100)),
        ]  # fmt: skip
        assert [(each.kind.value, len(each.lines)) for each in by_phase(budget_lines(programme))] == [("scoping", 2), ("audit", 2)]


def test_what_is_not_known_is_not_counted_as_nothing(acme, mei, programme):
    with scope(acme):
        one = add_budget_line(actor=mei.actor, programme=programme, **HOURS | {"planned": Decimal(40)})
        add_budget_line(actor=mei.actor, programme=programme, **HOURS | {"what": "Legal", "planned": Decimal(10)})
        change_budget_line(actor=mei.actor, line=one, actual=Decimal(60))
        (hours,) = sums_of(budget_lines(programme))
    assert (hours.planned, hours.actual, hours.known, hours.lines, hours.over) == (50, 60, 1, 2, 10)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"currency": "EUR"}, "currency"), ({"planned": "-1"}, "planned"), ({"what": ""}, "what"),
        ({"phase": "holiday"}, "phase"), ({"unit": "fee"}, "currency"), ({"unit": "fee", "currency": "E1R"}, "currency"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(acme, mei, programme, wrong, field):
    answer = plan(mei, programme, HOURS | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with scope(acme):
        assert not BudgetLine.objects.exists()


def test_a_line_is_taken_out_and_the_trail_keeps_it(acme, mei, programme):
    plan(mei, programme, FEE)
    with scope(acme):
        line = BudgetLine.objects.get()
    assert mei.client.post(f"/o/acme/programmes/{programme.pk}/budget/{line.pk}/remove/").status_code == 302
    with scope(acme):
        assert Entry.objects.get(action="programmes.budget.removed").before["planned"] == "25000.00"


def test_a_closed_programme_takes_no_more(acme, mei, programme):
    mei.client.post(f"/o/acme/programmes/{programme.pk}/close/")
    assert plan(mei, programme, HOURS).status_code == 422
    with scope(acme), pytest.raises(ValidationError):
        programme.refresh_from_db()
        add_budget_line(actor=mei.actor, programme=programme, **HOURS | {"planned": Decimal(1)})


@pytest.mark.parametrize("who", ["ada", "jonas", "femi"])
def test_other_roles_read_and_may_not_change(acme, programme, who, request):
    person = request.getfixturevalue(who)
    assert person.client.get(f"/o/acme/programmes/{programme.pk}/budget/").status_code == 200
    assert plan(person, programme, HOURS).status_code == 403


def test_the_budget_of_a_closed_programme_keeps_its_lines(acme, mei, programme):
    plan(mei, programme, HOURS)
    with scope(acme):
        line = BudgetLine.objects.get()
    mei.client.post(f"/o/acme/programmes/{programme.pk}/close/")
    mei.client.post(f"/o/acme/programmes/{programme.pk}/budget/{line.pk}/remove/")
    with scope(acme):
        assert BudgetLine.objects.filter(pk=line.pk).exists()
