"""The sample company's review of its administrators, on its Okta as it stands on that day and four weeks later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from compliance.registers.models import System
from compliance.registers.services import record_workers
from compliance.tenancy.clock import simulated
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.accessreviews.models import Campaign, Decision, Removal
from evidence.accessreviews.services.look import look_again
from evidence.collectors.base import Context, collect_all
from evidence.collectors.facts import facts_of
from evidence.collectors.okta.vendor import VENDOR
from evidence.models import Artefact
from sample import access, company
from sample.base import Clock
from sample.okta import OktaWorld
from sample.people import workers
from tests.factories.controls import make_control
from tests.factories.evidence import make_connection, make_requirement
from tests.factories.facts import collected
from tests.loopback import serve_open

KINDS = ("okta.org", "okta.users", "okta.admin_roles", "okta.group_roles")
pytestmark = pytest.mark.django_db


def _look(connection, world, url):
    context = Context(
        config={"org_url": url}, secret={"token": world.token}, now=world.clock.now, endpoint=url, sleep=lambda seconds: None
    )
    found = collect_all(VENDOR, context, KINDS)
    assert [message for _, reason, message in found.values() if reason] == []
    collected(connection, {kind: pages for kind, (pages, _, _) in found.items()})


def test_one_removal_is_seen_to_be_gone_and_one_stays():
    clock = Clock(datetime(2026, 6, 30, 6, tzinfo=UTC))
    clock.now = clock.at(access.ON)
    world = OktaWorld(clock)
    organization = company.make_organization()
    with silence(), scope(organization), serve_open(world.wsgi) as url:
        with simulated(clock.now):
            cast = company.bring_in_people()
            manager = cast.actor("compliance_manager")
            record_workers(actor=SYSTEM, rows=workers(clock), source="HR system")
            make_requirement(manager, make_control("AC-08"), key="privileged-review")
            connection = make_connection(
                manager, vendor="okta", name="Okta", slug="okta", fields={"org_url": "https://halyard.okta.example", "token": "t"}
            )
            _look(connection, world, url)
            org_id = facts_of(connection, kinds=["okta.org"]).rows("okta.org")[0]["id"]
            System.objects.create(ref="SYS-900", kind="identity_provider", name="Okta", external_id=f"okta:{org_id}", decision="in")
            access.on_day(access.ON, cast)
            done = Campaign.objects.get()
            assert (done.state, done.late) == ("completed", False)
            assert Decision.objects.count() == done.accounts.count() > 100
            assert set(Artefact.objects.filter(title__startswith=done.ref).values_list("acceptance", flat=True)) == {"approved"}
        clock.now = clock.at(2 * access.ON)
        with simulated(clock.now):
            _look(connection, world, url)
            look_again(actor=SYSTEM)
            states = dict(Removal.objects.values_list("account__name", "state"))
    assert {name.split("@")[0]: state for name, state in states.items()} == {"vasiliki.karagianni": "gone", "svc-metrics": "open"}
