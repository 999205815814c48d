"""An auditor sees confirmed lists that a control of the programme samples from, and nothing that is being worked on."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from compliance.tenancy.rooms import scope
from controls.models import Control
from evidence.populations.models import Conclusion, Population, PopulationVersion
from tests.house.world import World, furnish

pytestmark = pytest.mark.django_db


@pytest.fixture()
def world(acme, mei) -> World:
    return furnish(acme, mei.membership, "acme")


@pytest.fixture()
def auditor(world) -> Client:
    client = Client()
    client.force_login(world.seat_user)
    return client


def at(world: World, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=["acme", world["audit"].pk, *more])


def test_confirmed_ones_are_listed_and_others_are_not_there(world, auditor):
    page = auditor.get(at(world, "populations")).content.decode()
    assert "acme confirmed leavers" in page
    assert "POP-901" not in page
    assert auditor.get(at(world, "population", world["population_version"].pk)).status_code == 404


def test_one_shows_its_query_steps_and_rows_and_not_what_was_said_of_differences(world, auditor):
    page = auditor.get(at(world, "population", world["confirmed_version"].pk)).content.decode()
    assert "acme query" in page
    assert "acme leaver" in page
    assert "acme account" not in page
    answer = auditor.get(at(world, "population_rows", world["confirmed_version"].pk))
    assert b"acme leaver" in b"".join(answer.streaming_content)


def test_what_is_withdrawn_is_gone(acme, world, auditor):
    version = world["confirmed_version"]
    with scope(acme):
        Conclusion.objects.create(version=version, confirmed=False, note="x", concluded_by="Mei")
    assert auditor.get(at(world, "population", version.pk)).status_code == 404


def test_a_list_of_the_first_half_stays_in_sight_when_the_second_is_confirmed(acme, world, auditor):
    earlier = world["confirmed_version"]
    with scope(acme):
        later = PopulationVersion.objects.get(pk=earlier.pk)
        later.pk, later.number, later._state.adding = PopulationVersion._meta.pk.get_default(), earlier.number + 1, True
        later.save()
        Conclusion.objects.create(version=later, confirmed=True, note="x", concluded_by="Mei")
        Population.objects.filter(pk=earlier.population_id).update(confirmed_number=later.number, latest_number=later.number)
    page = auditor.get(at(world, "populations")).content.decode()
    assert [f"acme confirmed leavers, version {each.number}" in page for each in (earlier, later)] == [True, True]


def test_a_list_of_a_control_that_is_only_planned_is_a_draft(acme, world, auditor):
    with scope(acme):
        Control.objects.filter(pk=world["sampled_control"].pk).update(implementation="planned")
    assert auditor.get(at(world, "population", world["confirmed_version"].pk)).status_code == 404
