"""Facts are pushed by a company's own programs: who may, what is refused, and what becomes of what is taken in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from compliance.access.permissions import Permission
from compliance.people.scopes import permissions_for
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.collectors.models import Connection, KindState, Run, Snapshot
from evidence.collectors.services.connect import change_connection, create_connection
from evidence.judging.models import CheckState, ResourceInterval
from evidence.judging.services.judge import judge_connection
from evidence.log.models import Leaf
from evidence.models import Artefact, EvidenceRequirement, Version
from evidence.services.freshness import refresh_requirements
from tests.api.conftest import Caller
from tests.evidence.push.prowler import SCAN, TIME
from tests.factories.evidence import make_requirement

pytestmark = pytest.mark.django_db
ROWS = [
    {"login": "ada@acme.example", "active": True, "mfa": True},
    {"login": "bo@acme.example", "active": True, "mfa": False},
]


@pytest.fixture()
def source(acme, mei) -> Connection:
    with scope(acme):
        return create_connection(actor=mei.actor, vendor="push", name="Payroll", fields={"system": "Payroll"})


@pytest.fixture()
def pusher(acme, mei, token_of) -> Caller:
    """A token that may push facts, and nothing else."""
    return Caller(token_of(acme, Permission.FACT_PUSH, created_by=mei.membership))


def push_of(**changed: Any) -> dict[str, Any]:
    moment = (now() - timedelta(minutes=1)).isoformat()
    return {"source": "payroll", "kind": "push.accounts", "as_of": moment, "complete": True, "rows": ROWS} | changed


def test_a_push_becomes_evidence_that_says_that_it_was_pushed(acme, source, pusher):
    sent = push_of()
    answer = pusher.post("facts/", sent)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["rows"], told["complete"], told["run"]["outcome"]) == (2, True, "ok")
    with scope(acme):
        version = Version.objects.get(pk=told["version"])
        assert version.sha256 == told["sha256"]
        assert version.artefact.source == "pushed"
        said = version.provenance
        assert said["pushed"] == "push"
        assert said["by"].startswith("token ")
        assert "127.0.0.1" in said["from"]
        assert said["stated_at"] == sent["as_of"]
        assert said["received_at"] == Run.objects.get().started_at.isoformat()
        assert "collector" not in said
        assert version.effective_end.isoformat() == sent["as_of"]
        assert version.received_at > version.effective_end
        assert '"pushed":"push"' in Leaf.objects.get(subject=version.pk).body
        assert Entry.objects.filter(action="evidence.facts.pushed").get().after["rows"] >= 2


def test_its_checks_judge_it_as_of_the_moment_that_it_speaks_of(acme, source, pusher):
    sent = push_of(as_of=(now() - timedelta(days=2)).isoformat())
    assert pusher.post("facts/", sent).status_code == 201
    with scope(acme):
        outcomes = judge_connection(source)
        assert outcomes["push.accounts.second_factor"] == "fail"
        state = CheckState.objects.get(check_id="push.accounts.second_factor")
        assert state.facts_at.isoformat() == sent["as_of"]
        failing = ResourceInterval.objects.get(check_id="push.accounts.second_factor", outcome="fail")
        assert (failing.resource, failing.started_at.isoformat()) == ("account:bo@acme.example", sent["as_of"])


def test_a_requirement_that_names_its_check_takes_it_as_evidence(acme, mei, source, pusher):
    with scope(acme):
        wanted = make_requirement(mei.actor, source="collector", checks=["push.accounts.second_factor"], cadence="monthly")
        assert wanted.fact_kinds == ["push.accounts"]
    pusher.post("facts/", push_of())
    with scope(acme):
        refresh_requirements(actor=SYSTEM)
        assert EvidenceRequirement.objects.get(pk=wanted.pk).freshness == "current"


def test_a_token_without_the_scope_is_refused(acme, mei, source, token_of):
    others = permissions_for(["evidence:write", "connections:write"], set(Permission))
    answer = Caller(token_of(acme, *others, created_by=mei.membership)).post("facts/", push_of())
    assert answer.status_code == 403
    assert Caller("fw1_nobody").post("facts/", push_of()).status_code == 401


def test_its_token_can_do_nothing_else(pusher, source):
    for address in ("connections/", "evidence/", "gaps/", "fact-kinds/", "runs/", "workers/"):
        assert pusher.get(address).status_code == 403, address


def test_another_organisations_source_does_not_exist(acme, source, their_caller):
    answer = their_caller.post("facts/", push_of())
    assert answer.status_code == 404
    assert "source" in answer.json()["errors"]
    with scope(acme):
        assert not Version.objects.exists()


def test_a_connection_that_collects_is_not_pushed_to(acme, mei, pusher):
    with scope(acme):
        create_connection(actor=mei.actor, vendor="github", name="Code", fields={"organization": "acme", "token": "t"})
    answer = pusher.post("facts/", push_of(source="code"))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["source"])
    answer = pusher.post("facts/", push_of(source="code", kind="github.org"))
    assert answer.status_code == 400


def test_kinds_of_a_vendor_are_not_pushed(source, pusher):
    answer = pusher.post("facts/", push_of(kind="okta.users"))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["kind"])


def test_rows_that_do_not_fit_are_named_by_index_and_path_and_nothing_is_kept(acme, source, pusher):
    rows = [*ROWS, {"login": "cy", "active": "yes"}, {"active": True, "colour": "red"}]
    answer = pusher.post("facts/", push_of(rows=rows))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"]["rows"] == {
        "2": {"/active": ["It has to be true or false."]},
        "3": {"/login": ["It is missing."], "/colour": ["There is no such field in this kind."]},
    }
    with scope(acme):
        assert [each for each in (Run, Version, Snapshot, Artefact) if each.objects.exists()] == []
    assert pusher.post("facts/", push_of()).json()["run"]["number"] == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"as_of": "2026-11-24T09:30:00"}, "as_of"), ({"as_of": None}, "as_of"), ({"complete": "yes"}, "complete"), ({"rows": {}}, "rows"),
        ({"kind": ""}, "kind"), ({"colour": "red"}, "colour"), ({"rows": None}, "rows"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_document_is_named(source, pusher, changed, field):
    answer = pusher.post("facts/", push_of(**changed))
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_its_time_is_neither_to_come_nor_long_gone(source, pusher):
    for moment in (now() + timedelta(minutes=5), now() - timedelta(days=8)):
        answer = pusher.post("facts/", push_of(as_of=moment.isoformat()))
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["as_of"])


def test_a_clock_that_is_a_minute_ahead_is_borne_and_both_times_are_kept(acme, source, pusher):
    sent = push_of(as_of=(now() + timedelta(minutes=1)).isoformat())
    assert pusher.post("facts/", sent).status_code == 201
    with scope(acme):
        version = Version.objects.get(artefact__source="pushed")
        assert version.provenance["stated_at"] == sent["as_of"]
        assert version.effective_end <= version.received_at


def test_lists_follow_each_other(acme, source, pusher):
    first = push_of()
    assert pusher.post("facts/", first).status_code == 201
    assert pusher.post("facts/", first).status_code == 409
    older = push_of(as_of=(now() - timedelta(hours=1)).isoformat())
    assert pusher.post("facts/", older).status_code == 409
    assert pusher.post("facts/", push_of(as_of=now().isoformat())).status_code == 201
    with scope(acme):
        assert list(Version.objects.filter(artefact__source="pushed").values_list("number", flat=True)) == [2, 1]


def test_a_push_that_is_sent_twice_is_taken_in_once(acme, source, pusher):
    sent = push_of()
    first = pusher.post("facts/", sent, Idempotency_Key="nightly-1")
    again = pusher.post("facts/", sent, Idempotency_Key="nightly-1")
    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (201, 201, "true")
    assert again.json() == first.json()
    other = pusher.post("facts/", push_of(rows=ROWS[:1]), Idempotency_Key="nightly-1")
    assert other.status_code == 422
    with scope(acme):
        assert Run.objects.count() == 1


def test_a_part_is_kept_and_never_reads_as_the_whole(acme, mei, source, pusher):
    with scope(acme):
        wanted = make_requirement(mei.actor, source="collector", checks=["push.accounts.second_factor"])
    answer = pusher.post("facts/", push_of(complete=False, rows=ROWS[:1]))
    assert (answer.status_code, answer.json()["run"]["outcome"]) == (201, "partial")
    with scope(acme):
        assert judge_connection(source)["push.accounts.second_factor"] == "unknown"
        assert not Version.objects.get(artefact__source="pushed").artefact.links.exists()
        assert EvidenceRequirement.objects.get(pk=wanted.pk).freshness != "current"
        state = KindState.objects.get(fact_kind="push.accounts")
        assert (state.reason, state.last_good) == ("not_collected", None)
    pusher.post("facts/", push_of(complete=False, rows=ROWS, as_of=now().isoformat()))
    with scope(acme):
        assert judge_connection(source)["push.accounts.second_factor"] == "fail"
    pusher.post("facts/", push_of(as_of=now().isoformat(), rows=ROWS[:1]))
    with scope(acme):
        assert judge_connection(source)["push.accounts.second_factor"] == "pass"


def test_a_list_without_rows_is_no_truth_where_the_kind_cannot_be_empty(acme, source, pusher):
    assert pusher.post("facts/", push_of(rows=[])).json()["run"]["outcome"] == "partial"
    assert pusher.post("facts/", push_of(kind="push.vulnerabilities", rows=[])).json()["run"]["outcome"] == "ok"
    with scope(acme):
        outcomes = judge_connection(source)
        assert outcomes["push.accounts.second_factor"] == "unknown"
        assert outcomes["push.vulnerabilities.in_time"] == "not_applicable"


def test_a_paused_source_takes_nothing(acme, mei, source, pusher):
    with scope(acme):
        change_connection(actor=mei.actor, connection=source, active=False)
    assert list(pusher.post("facts/", push_of()).json()["errors"]) == ["source"]


def test_nothing_is_ever_collected_from_it(acme, mei, source, caller):
    with scope(acme):
        assert source.next_run_at is None
    answer = caller.post(f"connections/{source.pk}/runs/", {})
    assert answer.status_code == 409
    assert "pushed" in answer.json()["detail"]


# -- rows alone


def rows_alone(pusher: Caller, body: bytes, media: str = "application/x-ndjson", **query: str) -> Any:
    asked = {"source": "payroll", "kind": "push.accounts", "complete": "true", "as_of": (now() - timedelta(minutes=1)).isoformat()} | query
    told = urlencode({name: value for name, value in asked.items() if value})
    return pusher.client.post(f"/api/v1/facts/?{told}", body, media)


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/json"])
def test_rows_alone_may_come_as_lines_or_as_an_array(acme, source, pusher, kind):
    body = "\n".join(json.dumps(row) for row in ROWS) if kind.endswith("ndjson") else json.dumps(ROWS)
    answer = rows_alone(pusher, body.encode(), kind)
    assert (answer.status_code, answer.json()["rows"]) == (201, 2)


def test_twenty_thousand_rows_are_taken_in_and_one_that_does_not_fit_is_found(acme, source, pusher):
    lines = [json.dumps({"login": f"u{number}@acme.example", "active": True, "mfa": True}) for number in range(20_000)]
    answer = rows_alone(pusher, "\n".join([*lines, '{"login": "x"}']).encode())
    assert answer.json()["errors"]["rows"] == {"20000": {"/active": ["It is missing."]}}
    assert rows_alone(pusher, "\n".join(lines).encode()).json()["rows"] == 20_000


def test_rows_alone_need_their_head_in_the_query(source, pusher):
    assert "source" in pusher.client.post("/api/v1/facts/", b"{}", "application/x-ndjson").json()["errors"]
    assert "complete" in rows_alone(pusher, b"", complete="").json()["errors"]
    assert "as_of" in rows_alone(pusher, b"", as_of="").json()["errors"]
    assert "complete" in rows_alone(pusher, b"", complete="perhaps").json()["errors"]
    assert "colour" in rows_alone(pusher, b"", colour="red").json()["errors"]


def test_what_is_too_large_is_refused_before_it_is_read(source, pusher):
    length = {"Content-Length": str(65 * 1024 * 1024)}
    answer = pusher.client.post("/api/v1/facts/?source=payroll", b"{}", "application/x-ndjson", headers=length)
    assert answer.status_code == 413


def test_broken_lines_are_named(source, pusher):
    answer = rows_alone(pusher, b'{"login": "a", "active": true}\n{"login": "b", "act')
    assert list(answer.json()["errors"]["rows"]) == ["1"]


# -- OCSF


def test_what_prowler_wrote_is_judged_and_what_fails_is_named(acme, source, pusher):
    scan = json.loads(json.dumps(SCAN).replace(str(TIME), str(int(now().timestamp()) - 60)))
    answer = rows_alone(pusher, json.dumps(scan, indent=4).encode(), "application/json", kind="", as_of="", format="ocsf")
    assert answer.status_code == 201, answer.content
    assert (answer.json()["kind"], answer.json()["rows"]) == ("push.findings", 4)
    with scope(acme):
        assert judge_connection(source)["push.findings.open"] == "fail"
        rows = ResourceInterval.objects.filter(check_id="push.findings.open", ended_at__isnull=True).exclude(outcome="pass")
        said = {row.resource.partition(":")[0]: (row.outcome, row.message) for row in rows}
        assert said["s3_bucket_level_public_access_block"][0] == "fail"
        assert "SOC2 cc_6_1" in said["s3_bucket_level_public_access_block"][1]
        assert said["s3_bucket_server_access_logging_enabled"][0] == "fail"
        assert said["s3_bucket_server_access_logging_enabled"][1].startswith("Muted at the scanner")
        assert said["iam_root_credentials_management_enabled"][0] == "unknown"


def test_an_event_of_another_class_is_refused_with_its_path(source, pusher):
    answer = pusher.post("facts/", push_of(kind="push.findings", format="ocsf", rows=[SCAN[0], {"class_uid": 3002}]))
    assert answer.json()["errors"]["rows"] == {"1": {"/class_uid": ["It is 3002; Detection Findings are 2004."]}}


def test_ocsf_is_of_one_kind(source, pusher):
    assert list(pusher.post("facts/", push_of(format="ocsf", rows=[])).json()["errors"]) == ["kind"]


# -- the schema


def test_the_schema_is_served_and_a_collected_kind_has_none(caller):
    answer = caller.get("fact-kinds/push.accounts/schema/")
    assert answer.status_code == 200
    told = answer.json()
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert told["required"] == ["login", "active"]
    assert told["additionalProperties"] is False
    assert caller.get("fact-kinds/okta.users/schema/").status_code == 404
