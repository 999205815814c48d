"""Each number of the portal leads to what it counts, within what its auditor may see."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Request
from compliance.tenancy.clock import now, today
from compliance.tenancy.ids import uuid7
from compliance.tenancy.rooms import scope
from evidence.accessreviews.models import Account
from evidence.populations.models import Conclusion, Population, PopulationVersion, StepAnswer
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


def linked(page: str, start: str) -> dict[str, str]:
    """The text of each link to an address that begins so, by address."""
    found = re.findall(rf'<a[^>]*href="({re.escape(start)}[^"]*)"[^>]*>(.*?)</a>', page, re.S)
    return {unescape(address): re.sub(r"<[^>]+>", " ", text).split()[0] for address, text in found}


def listed(client: Client, address: str) -> int:
    return len(client.get(address).context["page"].rows)


def test_each_figure_of_the_log_leads_to_as_many_requests(acme, world, auditor):
    with scope(acme):
        Request.objects.update(due_date=today() - timedelta(days=3), state="open")
    page = auditor.get(at(world, "overview")).content.decode()
    log = at(world, "requests")
    figures = linked(page.split('aria-label="The log in figures"')[1], log)
    assert {f"{log}?state=open", f"{log}?state=open&due=overdue", f"{log}?due=overdue", log} <= set(figures)
    for address, number in figures.items():
        assert listed(auditor, address) == int(number), address


def test_what_is_not_overdue_is_not_in_the_list_of_what_is(acme, world, auditor):
    with scope(acme):
        Request.objects.update(due_date=today() + timedelta(days=30), state="open")
    assert listed(auditor, f"{at(world, 'requests')}?due=overdue") == 0
    assert listed(auditor, at(world, "requests")) > 0


def test_each_decision_of_a_review_leads_to_as_many_accounts(acme, world, auditor):
    url = at(world, "access_review", world["settled_campaign"].pk)
    by_list = linked(auditor.get(url).content.decode(), f"{url}?list=")
    figures = {address: number for address, number in by_list.items() if "decided=" in address}
    assert figures
    for address, number in figures.items():
        assert listed(auditor, address.removesuffix("#accounts")) == int(number), address
    with scope(acme):
        kept = Account.objects.filter(campaign=world["settled_campaign"], verdict="keep").count()
        everyone = Account.objects.filter(campaign=world["settled_campaign"]).count()
    assert listed(auditor, f"{url}?decided=keep") == kept
    assert listed(auditor, f"{url}?decided=nonsense") == everyone


def test_all_that_was_left_out_of_a_list_can_be_read(acme, world, auditor):
    with scope(acme):
        kept = world["confirmed_version"]
        fields = {f.attname: getattr(kept, f.attname) for f in PopulationVersion._meta.concrete_fields}
        excluded = [{"source": "okta", "id": f"w{number:03d}", "reason": "It is of no system in scope."} for number in range(45)]
        made = PopulationVersion.objects.create(**fields | {"id": uuid7(), "number": 2, "excluded": excluded})
        for step in ("source", "out", "back"):
            StepAnswer.objects.create(version=made, step=step, result="holds", note="Seen.", given_by="Mei")
        Conclusion.objects.create(version=made, confirmed=True, note="Seen.", concluded_by="Mei", concluded_at=now())
        Population.objects.filter(pk=made.population_id).update(confirmed_number=2, latest_number=2)
    url = at(world, "population", made.pk)
    first = auditor.get(url).content.decode()
    assert [name in first for name in ("w000", "w019", "w020")] == [True, True, False]
    assert "1 to 20 of 45" in first
    last = auditor.get(url, {"out": 40}).content.decode()
    assert [name in last for name in ("w039", "w040", "w044")] == [False, True, True]


def test_the_leaves_of_a_pack_lead_to_the_pack_that_lists_them(world, auditor):
    page = auditor.get(at(world, "packs")).content.decode()
    assert re.search(r'data-l="Leaves"><a[^>]*href="[^"]*/download/', page)
