"""A requirement that several lists show is as fresh as the stalest of them: none of them stands in for another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Connection
from evidence.models import EvidenceRequirement
from evidence.services.freshness import refresh_requirements
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact, receive_version
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_connection, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def requirement(acme, mei, jonas):
    with scope(acme):
        yield make_requirement(
            mei.actor, make_control(owner=jonas.membership), cadence="monthly", source="collector",
            checks=["aws.cloudtrail.multiregion"],
        )  # fmt: skip


def look(requirement, source: str, kind: str, *, days_ago: int) -> None:
    at = now() - timedelta(days=days_ago)
    artefact = add_artefact(actor=SYSTEM, title=kind, source="collector", collected_key=f"{source}:{kind}")
    link_artefact(actor=SYSTEM, artefact=artefact, requirement=requirement)
    receive_version(
        actor=SYSTEM, artefact=artefact, content=b"{}", filename="rows.json", media_type="application/json",
        effective_start=at, effective_end=at, provenance={},
    )  # fmt: skip


def stands(requirement) -> str:
    refresh_requirements(actor=SYSTEM)
    return str(EvidenceRequirement.objects.get(pk=requirement.pk).freshness)


def test_an_account_that_is_read_does_not_keep_one_fresh_that_is_not(requirement):
    look(requirement, "sandbox", "aws.cloudtrail.trails", days_ago=1)
    assert stands(requirement) == "current"
    look(requirement, "production", "aws.cloudtrail.trails", days_ago=80)
    assert stands(requirement) == "stale"


def test_nor_does_one_kind_of_fact_another(requirement):
    look(requirement, "production", "aws.iam.account_summary", days_ago=1)
    look(requirement, "production", "aws.cloudtrail.trails", days_ago=80)
    assert stands(requirement) == "stale"


def test_what_a_person_brought_stands_for_all_of_them(requirement, mei):
    look(requirement, "sandbox", "aws.cloudtrail.trails", days_ago=1)
    look(requirement, "production", "aws.cloudtrail.trails", days_ago=80)
    bring(mei, requirement, days_ago=2)
    assert stands(requirement) == "current"


def test_what_was_linked_by_hand_keeps_nothing_fresh_that_is_collected(requirement, mei):
    old = make_connection(mei.actor)
    look(requirement, str(old.pk), "aws.cloudtrail.trails", days_ago=80)
    look(requirement, str(old.pk), "aws.ec2.instances", days_ago=1)
    assert stands(requirement) == "stale"
    Connection.objects.filter(pk=old.pk).update(active=False, retired_at=now())
    look(requirement, "moved", "gcp.instances", days_ago=1)  # where what was collected ended, it is what there is
    assert stands(requirement) == "current"


def test_a_retired_connection_makes_nothing_stale_where_another_took_its_place(requirement, mei):
    old = make_connection(mei.actor)
    look(requirement, str(old.pk), "aws.cloudtrail.trails", days_ago=80)
    look(requirement, "new", "aws.cloudtrail.trails", days_ago=1)
    assert stands(requirement) == "stale"
    Connection.objects.filter(pk=old.pk).update(active=False, retired_at=now())
    assert stands(requirement) == "current"


def test_where_nothing_took_its_place_what_it_brought_grows_old(requirement, mei):
    old = make_connection(mei.actor)
    look(requirement, str(old.pk), "aws.cloudtrail.trails", days_ago=80)
    Connection.objects.filter(pk=old.pk).update(active=False, retired_at=now())
    assert stands(requirement) == "stale"
