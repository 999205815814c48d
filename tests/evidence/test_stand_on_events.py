"""Evidence that follows events has no freshness, only a population: approved, it shows that the control operates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from controls.models import Standing
from evidence.judging.services.stand import refresh_standings
from evidence.models import Artefact
from evidence.services.decide import decide_version
from tests.factories.compliance import framework
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def version(acme, mei, jonas):
    """What Jonas brought for an event of the last month."""
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control(owner=jonas.membership), cadence="on_event")
        return bring(jonas, requirement)


def _operation() -> str:
    refresh_standings()
    return Standing.objects.get().operation


def _observed(starts: int, ends: int) -> None:
    today, soc2 = now().date(), framework()
    Programme.objects.create(
        name="SOC 2 Type II", kind="soc2_type_2", framework=soc2, framework_owner_id=soc2.organization_id,
        period_start=today + timedelta(days=starts), period_end=today + timedelta(days=ends),
    )


def test_received_it_shows_nothing_yet_and_approved_it_does(acme, femi, version):
    with scope(acme):
        assert _operation() == "not_observed"
        decide_version(actor=femi.actor, version=version, acceptance="approved")
        assert _operation() == "pass"


def test_returned_it_shows_nothing(acme, femi, version):
    with scope(acme):
        decide_version(actor=femi.actor, version=version, acceptance="returned", reason="No dates.")
        assert _operation() == "not_observed"


@pytest.mark.parametrize(("starts", "ends", "operation"), [(-10, 90, "pass"), (-200, -100, "not_observed"), (0, 90, "not_observed")])
def test_its_span_has_to_meet_the_observation_period(acme, femi, version, starts, ends, operation):
    with scope(acme):
        decide_version(actor=femi.actor, version=version, acceptance="approved")
        _observed(starts, ends)
        assert _operation() == operation


def test_a_newer_version_that_nobody_has_judged_takes_its_place(acme, jonas, femi, version):
    with scope(acme):
        decide_version(actor=femi.actor, version=version, acceptance="approved")
        assert _operation() == "pass"
        Artefact.objects.update(acceptance="received")
        assert _operation() == "not_observed"
