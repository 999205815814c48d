"""An auditor reads access reviews that are over: lists, decisions, reviewers, and when what had to go was seen to be gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import PortalOpening
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from controls.models import Control
from evidence.accessreviews.models import Campaign
from tests.house.world import World, furnish


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


def one(world: World, noun: str = "settled_campaign") -> str:
    return at(world, "access_review", world[noun].pk)


def test_completed_ones_are_listed_and_what_is_under_way_is_not_there(world, auditor):
    page = auditor.get(at(world, "access_reviews")).content.decode()
    assert "ARV-903" in page
    assert "ARV-901" not in page
    assert "ARV-902" not in page
    for noun in ("campaign", "prepared_campaign"):
        assert auditor.get(one(world, noun)).status_code == 404


def test_one_that_was_skipped_is_there_with_its_reason(acme, world, auditor):
    with scope(acme):
        Campaign.objects.filter(pk=world["prepared_campaign"].pk).update(
            state="skipped", reason="The system was gone.", settled_at=now(), settled_by="Mei"
        )
    assert "ARV-902" in auditor.get(at(world, "access_reviews")).content.decode()
    assert "The system was gone." in auditor.get(one(world, "prepared_campaign")).content.decode()


def test_one_shows_accounts_decisions_reviewers_and_the_list_that_confirms_a_removal(acme, world, auditor):
    page = auditor.get(one(world)).content.decode()
    for words in ("acme keep", "acme remove", "acme reason", "Gone", "the list of", world["version"].artefact.ref):
        assert words in page, words
    assert "1 of 1" in page
    with scope(acme):
        assert PortalOpening.objects.get(item_type="access_review").act == "opened"


def test_its_result_is_downloaded_and_recorded(acme, world, auditor):
    for name in ("access_review_book", "access_review_record"):
        answer = auditor.get(at(world, name, world["settled_campaign"].pk))
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
    with scope(acme):
        assert PortalOpening.objects.filter(item_type="access_review", act="downloaded").count() == 2


def test_a_review_of_other_days_or_of_a_control_that_is_only_planned_is_not_there(acme, world, auditor):
    with scope(acme):
        programme = Programme.objects.filter(pk=world["programme"].pk)
        held = programme.values("period_start", "period_end").get()
        programme.update(period_start=today() + timedelta(days=10), period_end=today() + timedelta(days=90))
    assert auditor.get(one(world)).status_code == 404
    with scope(acme):
        programme.update(**held)
        Control.objects.filter(pk=world["settled_campaign"].requirement.control_id).update(implementation="planned")
    assert auditor.get(one(world)).status_code == 404


def test_members_and_strangers_find_nothing(world, mei, stranger, outsider):
    for who in (mei, stranger, outsider):
        assert who.client.get(one(world)).status_code == 404
