"""The ground floor over the API: the organisation, its people, frameworks, scope, workers, programmes, trail, figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audits.readiness.figures import rebuild_figures
from compliance.access.permissions import Permission
from compliance.registers.models import System, Worker
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.api.test_read_and_write import NEW, problem
from tests.factories.gaps import make_control

ROSTER = {
    "source": "HR",
    "workers": [
        {"id": "1", "name": "Ana Sousa", "email": "Ana@acme.example", "accounts": {"github": "anas"}},
        {"id": "2", "name": "Bo Lind", "email": "bo@acme.example", "end_date": "2026-03-31"},
    ],
}


def test_a_token_knows_its_organisation(caller, acme):
    assert caller.get("organization/").json()["slug"] == "acme"
    problem(caller.patch("organization/", {"name": "x"}), 405)


def test_people_are_listed_and_found(caller, acme, ada, jonas):
    with scope(acme):
        jonas.membership.ended_at = now()
        jonas.membership.save()
    names = {row["name"] for row in caller.get("memberships/?active=true").json()["results"]}
    assert names == {"Mei-Ling Chu", "Ada Okonkwo"}
    assert [row["name"] for row in caller.get("memberships/?active=false").json()["results"]] == ["Jonas Lindqvist"]
    assert [row["role"] for row in caller.get("memberships/?email=ADA@acme.example").json()["results"]] == ["administrator"]


def test_somebody_who_has_left_is_named_owner_of_nothing(caller, acme, jonas):
    with scope(acme):
        jonas.membership.ended_at = now()
        jonas.membership.save()
    problem(caller.post("systems/", NEW | {"owner": str(jonas.membership.pk)}), 404)


def test_tokens_are_listed_without_their_secrets(caller):
    token = caller.get("tokens/?revoked=false").json()["results"][0]
    assert token["hint"] == caller.token[-4:]
    assert token["created_by"]["name"] == "Mei-Ling Chu"
    assert not {"secret_hash", "secret"} & set(token)
    problem(caller.post("tokens/", {"name": "x"}), 405)  # tokens are made by people


def test_every_framework_is_there(caller):
    frameworks = caller.get("frameworks/").json()["results"]
    assert {each["key"] for each in frameworks} >= {"soc2-tsc-2017", "iso27001-2022"}
    soc2 = next(each for each in frameworks if each["key"] == "soc2-tsc-2017")
    assert soc2["assessable"] == 61
    asked = caller.get(f"requirements/?framework={soc2['id']}&assessable=true&page_size=200").json()["results"]
    assert len(asked) == 61
    group = next(row for row in caller.get(f"requirements/?framework={soc2['id']}&ref=CC6").json()["results"])
    assert {row["series"] for row in caller.get(f"requirements/?parent={group['id']}").json()["results"]} == {"CC6"}
    related = caller.get(f"crosswalk/?requirement={asked[0]['id']}").json()["results"]
    assert all(asked[0]["id"] in (row["source"]["id"], row["target"]["id"]) for row in related)


def test_a_system_is_decided_with_its_reason(caller, acme):
    system = caller.post("systems/", NEW).json()
    assert set(problem(caller.post(f"systems/{system['id']}/decide/", {"decision": "out"}), 400)["errors"]) == {"justification"}
    for decision in ("out", "in"):
        decided = caller.post(f"systems/{system['id']}/decide/", {"decision": decision, "justification": f"Because {decision}."})
    assert decided.json()["decision"] == "in"
    kept = caller.get(f"systems/{system['id']}/decisions/").json()["results"]
    assert [(each["decision"], each["decided_by"]) for each in kept] == [("in", "Token test"), ("out", "Token test")]


def test_deciding_is_a_scope_of_its_own(caller, calls_with):
    system = caller.post("systems/", NEW).json()
    body = {"decision": "in", "justification": "x"}
    problem(calls_with(Permission.SCOPE_CHANGE).post(f"systems/{system['id']}/decide/", body), 403)


def test_a_people_list_is_taken_in_again_and_again(caller, acme):
    assert caller.post("workers/import/", ROSTER).json() == {"added": 2, "changed": 0, "unchanged": 0, "absent": 0}
    again = {"source": "HR", "workers": [{"id": "1", "name": "Ana Sousa Reis", "email": "ana@acme.example"}]}
    assert caller.post("workers/import/", again).json() == {"added": 0, "changed": 1, "unchanged": 0, "absent": 1}
    with scope(acme):
        ana = Worker.objects.get(external_id="1")
        assert Entry.objects.filter(action="registers.workers.recorded", actor_label="Token test").count() == 2
    assert (ana.name, ana.email, ana.accounts) == ("Ana Sousa Reis", "ana@acme.example", {"github": "anas"})
    assert [row["external_id"] for row in caller.get("workers/?left=true").json()["results"]] == ["2"]
    assert [row["external_id"] for row in caller.get("workers/?left=false").json()["results"]] == ["1"]


@pytest.mark.parametrize(
    "workers",
    [
        [], [{"id": "1"}], "x", [{"id": "1", "name": "A", "email": "no address"}],
        [{"id": "1", "name": "A", "email": "a@x.example"}] * 2,
        [{"id": "1", "name": "A", "email": "a@x.example", "start_date": "2026-02-01", "end_date": "2026-01-01"}],
        [{"id": "1", "name": "A", "email": "a@x.example", "accounts": {"gitlab": "a"}}],
        [{"id": "1", "name": "A", "email": "a@x.example", "salary": 1}],
    ],
)  # fmt: skip
def test_a_people_list_with_a_fault_is_not_taken_in(caller, acme, workers):
    assert set(problem(caller.post("workers/import/", {"source": "HR", "workers": workers}), 400)["errors"]) == {"workers"}
    with scope(acme):
        assert not Worker.objects.exists()


@pytest.fixture()
def programme(caller) -> dict:
    soc2 = caller.get("frameworks/?key=soc2-tsc-2017").json()["results"][0]
    day = today()
    made = caller.post("programmes/", {
        "kind": "soc2_type_2", "name": "Type II", "framework": soc2["id"], "categories": ["availability"],
        "period_start": day.isoformat(), "period_end": (day + timedelta(days=180)).isoformat(),
        "fieldwork_start": (day + timedelta(days=200)).isoformat(),
    })  # fmt: skip
    assert made.status_code == 201, made.content
    return made.json()


def test_a_programme_is_begun_with_its_phases(caller, acme, programme):
    assert [phase["kind"] for phase in programme["phases"]] == ["scoping", "assessment", "remediation", "pre_audit", "audit"]
    assert programme["framework"]["key"] == "soc2-tsc-2017"
    with scope(acme):
        assert Entry.objects.get(action="programmes.programme.created").actor_label == "Token test"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"period_end": "2020-01-01"}, "period_end"), ({"period_start": None}, "period_start"), ({"categories": ["x"]}, "categories"),
        ({"fieldwork_start": "0001-01-01"}, "fieldwork_start"), ({"kind": "pci"}, "kind"), ({"name": ""}, "name"),
    ],
)  # fmt: skip
def test_a_programme_that_does_not_hold_together_is_refused(caller, programme, change, field):
    assert field in problem(caller.patch(f"programmes/{programme['id']}/", change), 400)["errors"]


def test_a_criterion_is_left_out_with_its_reason_and_taken_in_again(caller, programme):
    criterion = caller.get("requirements/?framework_key=soc2-tsc-2017&ref=A1.3").json()["results"][0]
    address = f"programmes/{programme['id']}"
    left = caller.post(f"{address}/leave-out/", {"requirement": criterion["id"], "reason": "Tested by our host."}).json()
    assert left["not_relevant"] == {"A1.3": "Tested by our host."}
    assert caller.post(f"{address}/take-in/", {"requirement": criterion["id"]}).json()["not_relevant"] == {}
    privacy = caller.get("requirements/?framework_key=soc2-tsc-2017&ref=P1.1").json()["results"][0]
    problem(caller.post(f"{address}/leave-out/", {"requirement": privacy["id"], "reason": "x"}), 409)


def test_readiness_adds_up(caller, acme, programme):
    fresh = caller.get(f"programmes/{programme['id']}/readiness/").json()
    with scope(acme):
        rebuild_figures()
    kept = caller.get(f"programmes/{programme['id']}/readiness/").json()
    assert {**kept, "computed_at": ""} == {**fresh, "computed_at": ""}
    assert sum(kept["buckets"].values()) == kept["d"] == len(kept["requirements"]) > 33
    assert kept["percent"] == 0
    assert all(row["reasons"] for row in kept["requirements"])


def test_a_closed_programme_no_longer_counts_and_stays_readable(caller, programme):
    assert caller.post(f"programmes/{programme['id']}/close/").json()["closed_at"]
    assert caller.get("programmes/?closed=false").json()["results"] == []
    assert caller.get(f"programmes/{programme['id']}/readiness/").status_code == 200


def test_a_closed_programme_reads_as_it_last_stood_whatever_is_known_since(caller, acme, programme):
    address = f"programmes/{programme['id']}/readiness/"
    with scope(acme):
        rebuild_figures()
    stood = caller.get(address).json()
    caller.post(f"programmes/{programme['id']}/close/")
    with scope(acme):
        make_control("AC-99", meets="CC6.1")
        rebuild_figures()
        rebuild_figures()
    assert caller.get(address).json() == stood


def test_of_one_that_was_closed_before_any_figures_the_first_rebuild_is_kept(caller, acme, programme):
    caller.post(f"programmes/{programme['id']}/close/")
    with scope(acme):
        rebuild_figures()
    first = caller.get(f"programmes/{programme['id']}/readiness/").json()
    with scope(acme):
        rebuild_figures()
    assert caller.get(f"programmes/{programme['id']}/readiness/").json() == first


def test_the_figures_of_the_dashboard_are_there_once_computed(caller, acme, programme):
    problem(caller.get("dashboard/"), 404)
    with scope(acme):
        rebuild_figures()
    figures = caller.get("dashboard/").json()
    assert [each["id"] for each in figures["programmes"]] == [programme["id"]]
    assert "requirements" not in figures["programmes"][0]
    assert figures["gaps"] == {"critical": 0, "significant": 0, "minor": 0, "by_area": []}


def test_the_trail_is_read_and_never_written(caller, acme):
    system = caller.post("systems/", NEW).json()
    entry = caller.get(f"trail/?target={system['id']}").json()["results"][0]
    assert (entry["action"], entry["actor_kind"], entry["after"]["name"]) == ("registers.system.added", "token", NEW["name"])
    assert caller.get(f"trail/{entry['id']}/").json() == entry
    assert caller.get("trail/?action=registers.&actor_kind=person").json()["results"] == []
    later = (now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert caller.get(f"trail/?since={later}").json()["results"] == []
    problem(caller.post("trail/", {}), 405)
    problem(caller.delete(f"trail/{entry['id']}/"), 405)


def test_nothing_is_lost_where_two_want_the_same_reference(caller, acme):
    for number in range(3):
        caller.post("systems/", NEW | {"name": f"System {number}"})
    with scope(acme):
        assert list(System.objects.order_by("ref").values_list("ref", flat=True)) == ["SYS-001", "SYS-002", "SYS-003"]
