"""Checks judge by the control as stated; where two controls state a number, by the stricter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.frameworks.catalogue import CatalogueError
from compliance.tenancy.rooms import scope
from controls.models import Implementation
from controls.starter.reading import read_starter_set
from evidence.adoption.offer import starter_set
from evidence.checks import catalogue
from evidence.checks.base import Facts, FactSet, Outcome, in_sum, run
from evidence.models import EvidenceRequirement
from evidence.selectors import thresholds_stated
from evidence.services import adopt
from evidence.thresholds import as_lines, faults, from_lines, in_force
from tests.factories.controls import make_control
from tests.factories.evidence import make_requirement

PASSWORDS = "okta.password.policy"
STATED = [dict(evidence.thresholds) for control in starter_set().controls for evidence in control.evidence if evidence.thresholds]


def test_the_set_states_only_what_its_checks_judge_by():
    assert [faults(each) for each in STATED] == [[]] * len(STATED)
    assert len(STATED) >= 18


@pytest.mark.parametrize(
    ("check_id", "name", "value"),
    [
        ("okta.users.terminated_deactivated", "hours", 24), ("okta.users.inactive", "days", 90), (PASSWORDS, "min_length", 14),
        ("okta.signon.idle", "idle_minutes", 120), ("aws.rds.backups", "days", 7), ("aws.logs.retention", "days", 365),
        ("aws.guardduty.findings_sla", "days", 15), ("aws.acm.expiry", "days", 30), ("github.org.pat_policy", "most_days", 366),
        ("github.dependabot.sla", "sla_days", {"critical": 15, "high": 30, "medium": 90, "low": 180}),
        ("github.code_scanning.alerts", "sla_days", {"critical": 15, "high": 30, "medium": 90, "low": 180}),
        ("github.secret_scanning.alerts", "sla_days", {"high": 1}),
    ],
)  # fmt: skip
def test_the_numbers_of_a_statement_are_those_that_judge(check_id: str, name: str, value: Any):
    assert in_force(STATED)[check_id][name] == value


def test_a_number_in_force_stands_in_the_statement_of_its_control():
    """Digits or words: 14 characters, two hours, one day."""
    words = {"one": 1, "two": 2, "five": 5, "seven": 7, "year": 366}
    for control in read_starter_set().controls:
        text = control.statement.lower().replace(",", " ").replace(".", " ").replace(";", " ")
        said = {int(word) for word in text.split() if word.isdigit()} | {words[word] for word in text.split() if word in words}
        said |= {number * 24 for number in said} | {number * 60 for number in said} | ({365} if "year" in text else set())
        for evidence in control.evidence:
            for values in evidence.thresholds.values():
                for value in values.values():
                    numbers = value.values() if isinstance(value, dict) else [value]
                    assert set(numbers) <= said, (control.ref, numbers, said)


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ({PASSWORDS: {"min_length": 14}}, {PASSWORDS: {"min_length": 12}}, {"min_length": 14}),
        ({PASSWORDS: {"max_attempts": 10}}, {PASSWORDS: {"max_attempts": 5}}, {"max_attempts": 5}),
        ({PASSWORDS: {"min_length": 8}}, {PASSWORDS: {"history": 3}}, {"min_length": 8, "history": 3}),
    ],
)
def test_the_stricter_of_two_holds(one: Any, other: Any, holds: Any):
    assert in_force([one, other])[PASSWORDS] == in_force([other, one])[PASSWORDS] == holds


def test_the_stricter_of_two_lists_and_of_days_by_severity():
    alerts = "github.dependabot.sla"
    found = in_force([{alerts: {"sla_days": {"critical": 15, "high": 20}}}, {alerts: {"sla_days": {"critical": 7, "high": 30}}}])
    assert found[alerts]["sla_days"] == {"critical": 7, "high": 20, "medium": 90, "low": 180}
    owners, ports = "github.org.apps_review", "aws.ec2.sg_no_admin_world"
    lists = in_force([{owners: {"approved": ["a", "b"]}, ports: {"ports": [22]}}, {owners: {"approved": ["b"]}, ports: {"ports": [3389]}}])
    assert lists == {owners: {"approved": ["b"]}, ports: {"ports": [22, 3389]}}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_whatever_several_state_a_limit_is_their_least_and_a_minimum_their_most(numbers: list[int]):
    found = in_force({"okta.users.inactive": {"days": n}, "aws.logs.retention": {"days": n}} for n in numbers)
    assert found == {"okta.users.inactive": {"days": min(numbers)}, "aws.logs.retention": {"days": max(numbers)}}


def test_every_threshold_has_a_direction_that_somebody_thought_of():
    """A new number of a check has to be looked at here: whether more or less of it is stricter."""
    numbers = {
        (check.id, name) for check in catalogue.all_checks() for name, value in check.thresholds.items() if isinstance(value, int | float)
    }
    longer = {("aws.acm.expiry", "days"), ("aws.logs.retention", "days"), ("aws.rds.backups", "days")}
    for check_id, name in numbers:
        found = in_force([{check_id: {name: 5}}, {check_id: {name: 9}}])[check_id][name]
        least = (check_id, name) in longer or name in {"min_length", "reuse", "history", "least", "fewest"}
        assert found == (9 if least else 5), (check_id, name)


@pytest.mark.parametrize(
    "stated",
    [
        {"no.such": {"days": 1}}, {PASSWORDS: {"colour": 1}}, {PASSWORDS: {"min_length": "long"}}, {PASSWORDS: {"min_length": -1}},
        {PASSWORDS: {"min_length": True}}, {"github.dependabot.sla": {"sla_days": 7}}, {"github.dependabot.sla": {"sla_days": {"dire": 1}}},
        {"github.org.apps_review": {"approved": "all"}}, {"aws.ec2.sg_no_admin_world": {"ports": ["ssh"]}}, 
        {PASSWORDS: {"min_length": 10**9}},
    ],
)  # fmt: skip
def test_what_cannot_be_judged_by_is_named(stated: Any):
    assert len(faults(stated)) == 1


def test_lines_of_a_form_read_back_as_they_were():
    assert from_lines(as_lines({"github.org.apps_review": {"approved": []}})) == {"github.org.apps_review": {"approved": []}}
    given = in_force(STATED) | {"github.org.apps_review": {"approved": ["one", "two"]}, "aws.ec2.sg_no_admin_world": {"ports": [22]}}
    assert from_lines(as_lines(given)) == given
    with pytest.raises(ValueError, match="a whole number from 0"):
        from_lines([f"{PASSWORDS} min_length long"])
    with pytest.raises(ValueError, match="is not a check, a name and a value"):
        from_lines(["okta.password.policy 14"])


@pytest.mark.django_db
def test_what_a_retired_control_states_holds_for_nothing(acme, mei):
    with scope(acme):
        strict = make_requirement(mei.actor, key="strict", thresholds={PASSWORDS: {"min_length": 20}})
        make_requirement(mei.actor, make_control("AC-02"), key="usual", thresholds={PASSWORDS: {"min_length": 14}})
        assert thresholds_stated() == {PASSWORDS: {"min_length": 20}}
        strict.control.implementation = Implementation.RETIRED
        strict.control.save()
        assert thresholds_stated() == {PASSWORDS: {"min_length": 14}}


@pytest.mark.django_db
def test_a_policy_that_meets_the_default_fails_what_the_control_states(acme, mei):
    check = catalogue.get(PASSWORDS)
    settings = {
        "complexity": {"minLength": 12, "dictionary": {"common": {"exclude": True}}, "excludeUsername": True},
        "age": {"historyCount": 24}, "lockout": {"maxAttempts": 5},
    }  # fmt: skip
    policy = {"id": "p", "name": "Default", "status": "ACTIVE", "settings": {"password": settings}}
    (kind,) = check.facts
    facts = Facts(None, {kind: FactSet(kind, [policy])})
    assert in_sum(run(check, facts)) is Outcome.PASS
    with scope(acme):
        make_requirement(mei.actor, thresholds={PASSWORDS: {"min_length": 14}})
        stated = thresholds_stated()[PASSWORDS]
    assert in_sum(run(check, replace(facts, thresholds=stated))) is Outcome.FAIL


@pytest.mark.django_db
def test_a_set_that_states_what_no_check_knows_is_not_adopted(acme, mei, monkeypatch):
    evidence = next(e for c in starter_set().controls for e in c.evidence if e.key == "okta-sign-on")
    with pytest.raises(CatalogueError, match="has no threshold colour"):
        adopt._fields(replace(evidence, thresholds={PASSWORDS: {"colour": 1}}))
    with scope(acme):
        assert not EvidenceRequirement.objects.exists()
