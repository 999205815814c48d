"""Populations over the API: stated, brought, frozen, worked through, confirmed by another's token, read by hundreds."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.tenancy.rooms import scope
from evidence.populations.services.freeze import freeze
from evidence.populations.services.keep import add_population
from tests.api.conftest import Caller
from tests.populations.conftest import MAY, built

ROWS = b"Worker,Name,First day\n" + b"".join(b"w%03d,Name %d,2026-05-04\n" % (n, n) for n in range(120))


@pytest.fixture()
def kept(caller, priya):
    body = {"template": "joiners", "name": "New hires", "source": "upload", "owner": str(priya.membership.pk)}
    return caller.post("populations/", body).json()


def bring(caller, kept, content: bytes = ROWS, **more):
    fields = {
        "file": SimpleUploadedFile("hires.csv", content), "first": "2026-05-01", "last": "2026-05-31", "zone": "Europe/Lisbon",
        "system": "HR, production", "query": "Report of new hires, no filter", "drawn_at": "2026-06-02T09:30:00Z", "total": "120",
    }  # fmt: skip
    return caller.upload(f"populations/{kept['id']}/upload/", fields | more)


def test_templates_are_listed_with_what_draws_them(caller):
    found = {each["id"]: each for each in caller.get("population-templates/").json()["results"]}
    assert len(found) == 26
    assert found["leavers"]["drawn_from"] == ["people.leavers"]
    assert found["leavers"]["tested"][0]["letter"] == "A"
    assert caller.get("population-templates/stars/").status_code == 404


def test_a_file_becomes_a_version_that_another_confirms(acme, caller, femi, token_of, kept):
    draft = bring(caller, kept)
    assert draft.status_code == 201
    assert (draft.json()["state"], draft.json()["report"]["rows"]) == ("looked", 120)
    version = caller.post(f"population-drafts/{draft.json()['id']}/freeze/").json()["frozen"]
    shown = caller.get(f"population-versions/{version}/").json()
    assert {each["step"]: each["by"] for each in shown["steps"] if each["result"] == "holds"} == {"count": "facts", "cells": "facts"}
    for step in ("source", "query", "period", "out", "back"):
        answer = caller.post(f"population-versions/{version}/answer/", {"step": step, "result": "holds", "note": "Seen."})
        assert answer.status_code == 200, answer.json()
    assert caller.get(f"population-versions/{version}/").json()["state"] == "ready"
    refused = caller.post(f"population-versions/{version}/confirm/", {"note": "Mine."})
    assert refused.status_code == 403  # Mei's token brought the file
    by_femi = Caller(token_of(acme, "evidence:evidence:review", "evidence:evidence:view", created_by=femi.membership))
    assert by_femi.post(f"population-versions/{version}/confirm/", {"note": "Gone through."}).json()["state"] == "confirmed"
    assert caller.get(f"populations/{kept['id']}/").json()["confirmed_number"] == 1


def test_who_froze_a_list_that_a_machine_drew_is_refused_and_told_who_can(acme, caller, mei, priya):
    with scope(acme):
        kept = add_population(actor=mei.actor, template="leavers", name="Leavers", source="people.leavers", owner=priya.membership)
        version = freeze(actor=mei.actor, population=kept, built=built("w1"), period=MAY, by=mei.membership)
    refused = caller.post(f"population-versions/{version.pk}/confirm/", {"note": "As I froze it."})
    assert refused.status_code == 403
    assert "You froze version 1 of it" in refused.json()["detail"]


def test_rows_come_by_hundreds(caller, kept):
    draft = bring(caller, kept).json()
    version = caller.post(f"population-drafts/{draft['id']}/freeze/").json()["frozen"]
    first = caller.get(f"population-versions/{version}/rows/").json()
    rest = caller.get(f"population-versions/{version}/rows/?from={first['next']}").json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (100, 20, None)
    assert rest["results"][0]["number"] == 101
    assert first["results"][0]["cells"]["team"] == {"$unknown": "not_collected"}
    for wrong in ("x", "-1", "99999999999"):
        assert caller.get(f"population-versions/{version}/rows/?from={wrong}").status_code == 400


def test_faults_are_told_beside_their_cells_and_nothing_is_frozen(caller, kept):
    draft = bring(caller, kept, b"Worker,Name,First day\nw1,Ada,soon\n").json()
    assert draft["report"]["faults"] == [{"line": 2, "column": "First day", "cell": "soon", "what": "Write the day as 2026-11-30."}]
    assert caller.post(f"population-drafts/{draft['id']}/freeze/").status_code == 409


@pytest.mark.parametrize("mapping", [{"a\u0000": "worker"}, {"\ud800": "worker"}, {"Worker": 7}, {"x" * 301: "worker"}, 7])
def test_hostile_mappings_are_refused(caller, kept, mapping):
    draft = bring(caller, kept).json()
    assert caller.post(f"population-drafts/{draft['id']}/map/", {"mapping": mapping}).status_code == 400


def test_a_period_that_is_not_over_and_a_total_that_facts_have_settled_are_refused(caller, kept):
    late = {"first": "2026-05-01", "last": "2199-01-01", "zone": "UTC"}
    assert bring(caller, kept, **late).status_code == 400
    draft = bring(caller, kept, total="119").json()
    version = caller.post(f"population-drafts/{draft['id']}/freeze/").json()["frozen"]
    body = {"step": "count", "result": "holds", "note": "It is fine.", "total": 120}
    assert caller.post(f"population-versions/{version}/answer/", body).status_code == 400
    assert caller.get(f"population-versions/{version}/").json()["state"] == "fails"
