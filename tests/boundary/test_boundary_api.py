"""The boundary over the API: nodes, edges, filters, and what cannot be read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.registers.services import add_flow
from compliance.tenancy.rooms import scope
from tests.factories.compliance import make_programme, make_system

PATH = "/api/v1/boundary/"


@pytest.fixture
def ask(acme, mei, client, token_of):
    token = token_of(acme, "compliance:scope:view")

    def get(query: str = ""):
        return client.get(PATH + query, headers={"Authorization": f"Bearer {token}"})

    return get


def test_it_gives_nodes_and_edges(ask, register):
    answer = ask()
    assert answer.status_code == 200
    found = answer.json()
    places = {node["name"]: node["place"] for node in found["nodes"]}
    assert (places["Gateway"], places["Carrier"], places["Sandpit"]) == ("inside", "party", "out")
    edge = next(edge for edge in found["edges"] if edge["ref"] == "FLW-002")
    assert edge["crosses"] is True
    assert edge["encrypted"] is None
    assert edge["source"] == str(register.systems["Gateway"].pk)
    assert "6 systems inside" in found["summary"]
    assert found["left_out"] == 0


def test_it_is_narrowed(ask, acme, mei, register):
    with scope(acme):
        programme = make_programme(mei.actor)
    assert ask(f"?programme={programme.pk}").status_code == 200
    names = {node["name"] for node in ask(f"?service={register.services['Insights'].pk}").json()["nodes"]}
    assert "Vault" not in names
    assert {node["name"] for node in ask("?environment=staging").json()["nodes"]} == {"Sandpit", "Identity"}


@pytest.mark.parametrize("query", ["?programme=x", "?service=", "?nonsense=1", "?environment=%00", f"?environment={'e' * 41}"])
def test_what_cannot_be_read_is_an_error(ask, register, query):
    assert ask(query).status_code == 400


def test_what_belongs_to_another_organisation_does_not_exist(ask, register, borealis, stranger):
    with scope(borealis):
        theirs = make_programme(stranger.actor)
    assert ask(f"?programme={theirs.pk}").status_code == 404


def test_a_held_answer_is_not_sent_again(ask, client, acme, token_of, register):
    tag = ask()["ETag"]
    token = token_of(acme, "compliance:scope:view")
    again = client.get(PATH, headers={"Authorization": f"Bearer {token}", "If-None-Match": tag})
    assert again.status_code == 304


def test_it_costs_the_same_however_many_systems_there_are(ask, acme, mei, register):
    ask()
    with CaptureQueriesContext(connection) as few:
        ask()
    with scope(acme):
        made = [make_system(mei.actor, f"System {number}", services=list(register.services.values())) for number in range(12)]
        for system in made[1:]:
            add_flow(actor=mei.actor, source=made[0], target=system)
    with CaptureQueriesContext(connection) as many:
        ask()
    assert len(few) == len(many)
