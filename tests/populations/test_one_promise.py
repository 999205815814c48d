"""One number for one promise: rows are judged by what the control states, and it is said where the number comes from."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.tenancy.rooms import scope
from evidence.checks import catalogue
from evidence.judging.services.hold_to import set_threshold
from evidence.populations.items import Item
from evidence.populations.limits import PROMISES, in_force, limits_of
from evidence.populations.services.keep import add_population, change_population
from tests.factories.controls import make_control
from tests.factories.evidence import make_requirement

pytestmark = pytest.mark.django_db
OKTA, DEPENDABOT, INSPECTOR = "okta.users.terminated_deactivated", "github.dependabot.sla", "aws.inspector.vuln_sla"


def states(mei, control, check, **numbers):
    return make_requirement(mei.actor, control, key=check, source="collector", checks=[check], thresholds={check: numbers})


def late(hours):
    cells = {"worker": "w1", "name": "Noor", "last_day": "2026-05-10", "system": "Okta", "ended_at": "2026-05-12T10:00:00Z"}
    return [Item("okta", "w1", cells | {"hours": hours, "in_time": True})]


def found(version):
    return {each["rule"]: each for each in version.deviations}["leaver.in_time"]


def test_every_promise_is_a_threshold_of_its_check():
    for promise in (each for promises in PROMISES.values() for each in promises):
        assert promise.of(catalogue.get(promise.check).thresholds) is not None, promise


def test_what_the_control_states_takes_the_place_of_the_setting(acme, mei, control, population, frozen):
    with scope(acme):
        change_population(actor=mei.actor, population=population, settings={"hours": 72})
        population.refresh_from_db()
        assert [(each.value, each.stated) for each in limits_of(population)] == [(72, False)]
        asked = states(mei, control, OKTA, hours=24)
        (limit,) = limits_of(population)
        assert (limit.value, limit.own, limit.contradicts) == (24, 72, True)
        assert limit.says == f"as AC-06 states with {asked.ref}"
    version = frozen(items=late(48.0))
    assert found(version)["named"] == [["okta", "w1", "Access ended 48 hours after the last day; 24 are allowed."]]
    assert version.parameters["limits"][0]["says"] == f"as AC-06 states with {asked.ref}"
    page = mei.client.get(reverse("populations:population", args=["acme", population.pk])).content.decode()
    assert "This population was set to 72; the number of the control is judged by." in page
    assert "as AC-06 states with" in mei.client.get(reverse("populations:version", args=["acme", version.pk])).content.decode()


def test_a_control_that_allows_more_is_tested_as_it_states(acme, mei, control, population, frozen):
    with scope(acme):
        states(mei, control, OKTA, hours=72)
    assert found(frozen(items=late(48.0)))["count"] == 0


def test_of_two_numbers_the_stricter_holds_and_another_control_states_nothing(acme, mei, control, population):
    with scope(acme):
        states(mei, control, OKTA, hours=48)
        states(mei, control, "github.org.members_mapped", leaver_days=1)
        states(mei, make_control("AC-99"), OKTA, hours=2)
        assert [each.value for each in limits_of(population)] == [24]


def test_what_somebody_holds_the_check_to_holds_for_the_rows_too(acme, mei, control, population):
    with scope(acme):
        states(mei, control, OKTA, hours=24)
        check = catalogue.get(OKTA)
        set_threshold(actor=mei.actor, member=mei.membership, check=check, name="hours", value=8, control=None, reason="New policy.")
        (limit,) = limits_of(population)
        assert (limit.value, limit.says) == (8, f"what the check “{check.title}” is held to, which AC-06 binds")
        set_threshold(actor=mei.actor, member=mei.membership, check=check, name="hours", value=None, control=None, reason="Back.")
        assert [each.value for each in limits_of(population)] == [24]


def test_severities_are_stated_in_part(acme, mei, control):
    with scope(acme):
        kept = {"template": "vulnerabilities", "name": "Findings", "source": "findings.vulnerabilities"}
        made = add_population(actor=mei.actor, **kept, controls=[control], settings={"target_days": {"critical": 90, "medium": 60}})
        states(mei, control, DEPENDABOT, sla_days={"critical": 15, "high": 30})
        states(mei, control, INSPECTOR, critical_days=10)
        limits = {each.name: each for each in limits_of(made)}
        assert [each.value for each in limits.values()] == [10, 30, 60, 180]
        assert [each.contradicts for each in limits.values()] == [True, False, False, False]
        assert in_force(made, list(limits.values()))["target_days"] == {"critical": 10, "high": 30, "medium": 60, "low": 180}


def test_a_template_without_limits_asks_nothing(acme, mei):
    with scope(acme):
        made = add_population(actor=mei.actor, template="vendors", name="Vendors", source="room.vendors")
        with CaptureQueriesContext(connection) as asked:
            assert limits_of(made) == []
        assert not asked.captured_queries
