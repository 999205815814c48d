"""Evidence over the API: asked for, handed in as files, kept unchanged, approved by another, downloaded."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.models import Artefact, Version
from tests.api.conftest import Caller
from tests.api.test_controls import NEW as CONTROL
from tests.api.test_read_and_write import problem

MINUTES = b"Agreed: access of leavers is removed within a day."


@pytest.fixture()
def requirement(caller) -> dict:
    control = caller.post("controls/", CONTROL).json()
    asked = {"control": control["id"], "key": "review", "title": "Access review", "cadence": "monthly", "source": "person"}
    return caller.post("evidence-requirements/", asked).json()


def span(days: int = 1) -> dict[str, str]:
    moment = (now() - timedelta(days=days)).isoformat()
    return {"effective_start": moment, "effective_end": moment}


def hand_in(caller, path: str = "evidence/", content: bytes = MINUTES, name: str = "minutes.txt", **fields):
    return caller.upload(path, {"file": SimpleUploadedFile(name, content), **span(), **fields})


def test_a_requirement_is_asked_and_changed(caller, acme, requirement):
    assert (requirement["ref"], requirement["freshness"]) == ("EVR-001", "not_yet_due")
    changed = caller.patch(f"evidence-requirements/{requirement['id']}/", {"checks": ["github.org.2fa_required"]}).json()
    assert "github.org" in changed["fact_kinds"]
    wrong = problem(caller.patch(f"evidence-requirements/{requirement['id']}/", {"checks": ["no.such"]}), 400)
    assert "no.such" in wrong["errors"]["checks"][0]
    assert len(caller.get("evidence-requirements/?check=github.org.2fa_required").json()["results"]) == 1
    with scope(acme):
        assert Entry.objects.filter(action="evidence.requirement.changed", actor_label="Token test").exists()


def test_a_key_is_used_once_in_a_control(caller, requirement):
    again = {"control": requirement["control"]["id"], "key": "review", "title": "x", "cadence": "daily", "source": "person"}
    problem(caller.post("evidence-requirements/", again), 409)


def test_a_file_becomes_an_artefact_with_its_first_version(caller, acme, requirement):
    made = hand_in(caller, title="Minutes", requirements=[requirement["id"]])
    assert made.status_code == 201, made.content
    artefact = made.json()
    assert (artefact["latest_number"], artefact["acceptance"], artefact["source"]) == (1, "received", "person")
    assert [each["ref"] for each in artefact["requirements"]] == [requirement["ref"]]
    version = caller.get(f"evidence/{artefact['id']}/versions/").json()["results"][0]
    assert version["sha256"] == hashlib.sha256(MINUTES).hexdigest()
    assert version["provenance"]["provided_by"] == "Token test"
    assert (version["size"], version["media_type"], version["filename"]) == (len(MINUTES), "text/plain", "minutes.txt")
    assert caller.get(f"evidence-requirements/{requirement['id']}/").json()["freshness"] == "current"
    with scope(acme):
        actions = set(Entry.objects.filter(actor_label="Token test").values_list("action", flat=True))
    assert {"evidence.artefact.added", "evidence.artefact.linked", "evidence.version.received"} <= actions


def test_the_next_version_stands_beside_the_first(caller):
    artefact = hand_in(caller, title="Minutes").json()
    made = hand_in(caller, f"evidence/{artefact['id']}/versions/", b"Second.")
    assert (made.status_code, made.json()["number"]) == (201, 2)
    assert [row["number"] for row in caller.get(f"evidence/{artefact['id']}/versions/").json()["results"]] == [2, 1]


def test_what_was_handed_in_comes_back_byte_for_byte(caller, acme):
    artefact = hand_in(caller, title="Minutes").json()
    version = caller.get(f"evidence/{artefact['id']}/versions/").json()["results"][0]
    answer = caller.get(f"versions/{version['id']}/content/", Accept="application/octet-stream")
    assert b"".join(answer.streaming_content) == MINUTES
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Repr-Digest"].startswith("sha-256=:")
    with scope(acme):
        assert Entry.objects.filter(action="evidence.version.downloaded", actor_kind="token").exists()


def test_the_same_upload_with_the_same_key_is_one(caller, acme):
    fields = {"title": "Minutes", **span()}
    for _ in range(2):
        upload = {**fields, "file": SimpleUploadedFile("minutes.txt", MINUTES)}
        answer = caller.upload("evidence/", upload, Idempotency_Key="upload-1")
    assert answer["Idempotent-Replay"] == "true"
    with scope(acme):
        assert (Artefact.objects.count(), Version.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name", "more", "field"),
    [
        (b"", "a.txt", {}, "file"), (b"\x7fELF\x00\x01", "a.txt", {}, "file"), (b"%PDF-1.7", "a.txt", {}, "file"),
        (MINUTES, "a.txt", {"effective_end": "2199-01-01T00:00:00Z"}, "effective_end"),
        (MINUTES, "a.txt", {"effective_start": "2190-01-01T00:00:00Z"}, "effective_end"),
        (MINUTES, "a.txt", {"effective_start": "2026-01-01T00:00:00"}, "effective_start"),
        (MINUTES, "a.txt", {"effective_start": "yesterday"}, "effective_start"),
        (MINUTES, "a.txt", {"titel": "x"}, "titel"), (MINUTES, "a.txt", {"title": ""}, "title"),
    ],
)  # fmt: skip
def test_what_cannot_be_evidence_is_refused_by_field(caller, acme, content, name, more, field):
    body = problem(hand_in(caller, content=content, name=name, **{"title": "Minutes"} | more), 400)
    assert set(body["errors"]) == {field}
    with scope(acme):
        assert not Artefact.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(caller, settings):
    settings.UPLOAD_MAX_BYTES = 10
    problem(hand_in(caller, content=b"x" * 100, title="Minutes"), 400)
    problem(hand_in(caller, content=b"x" * 100_000, title="Minutes"), 413)


def test_it_takes_files_and_no_json(caller):
    problem(caller.post("evidence/", {"title": "Minutes"}), 415)


def test_another_approves(caller, acme, femi, token_of):
    artefact = hand_in(caller, title="Minutes").json()
    version = caller.get(f"evidence/{artefact['id']}/versions/").json()["results"][0]
    address = f"versions/{version['id']}/decide/"
    problem(caller.post(address, {"acceptance": "approved"}), 403)  # Mei's token handed it in
    problem(Caller(token_of(acme, Permission.EVIDENCE_REVIEW)).post(address, {"acceptance": "approved"}), 403)
    by_femi = Caller(token_of(acme, Permission.EVIDENCE_REVIEW, Permission.EVIDENCE_VIEW, created_by=femi.membership))
    assert set(problem(by_femi.post(address, {"acceptance": "returned"}), 400)["errors"]) == {"reason"}
    assert by_femi.post(address, {"acceptance": "approved"}).json()["decisions"][0]["acceptance"] == "approved"
    assert caller.get(f"evidence/{artefact['id']}/").json()["acceptance"] == "approved"


def test_an_artefact_is_linked_and_unlinked(caller, requirement):
    artefact = hand_in(caller, title="Minutes").json()
    body = {"requirement": requirement["id"]}
    assert len(caller.post(f"evidence/{artefact['id']}/link/", body).json()["requirements"]) == 1
    assert len(caller.get(f"evidence/?requirement={requirement['id']}").json()["results"]) == 1
    assert caller.post(f"evidence/{artefact['id']}/unlink/", body).json()["requirements"] == []


def test_what_a_collector_keeps_is_not_handed_in(caller, acme):
    with scope(acme):
        collected = Artefact.objects.create(ref="EV-9", title="Users", source="collector", collected_key="x:github.org")
    problem(hand_in(caller, f"evidence/{collected.pk}/versions/"), 409)


GUIDANCE = {
    "kind": "sample", "items": ["PBC-062"], "steps": ["Fix the list.", "Sign it."], "template": "access-review",
    "population_template": "access_reviews", "naming": "{control}_{key}_{date}_{system}",
    "thresholds": {"okta.password.policy": {"min_length": 14}},
}  # fmt: skip


def test_how_it_is_collected_is_said_and_read_and_its_template_downloaded(caller, requirement):
    address = f"evidence-requirements/{requirement['id']}/"
    assert (requirement["kind"], requirement["naming"]) == ("document", "{control}_{key}_{date}")
    assert caller.get(address + "template/").status_code == 404
    changed = caller.patch(address, GUIDANCE)
    assert changed.status_code == 200, changed.content
    assert {name: changed.json()[name] for name in GUIDANCE} == GUIDANCE
    assert caller.get("evidence-requirements/?kind=sample&item=PBC-062").json()["results"][0]["id"] == requirement["id"]
    assert caller.get("evidence-requirements/?item=PBC-063").json()["results"] == []
    answer = caller.get(address + "template/")
    assert answer.status_code == 200
    assert "access-review.xlsx" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "proof"), ("items", ["PBC-999"]), ("template", "guess"), ("naming", "{key}"), ("steps", ["x" * 500]), ("steps", "Do it."),
        ("thresholds", []), ("thresholds", {"okta.password.policy": 14}), ("thresholds", {"okta.password.policy": {"colour": 1}}),
        ("thresholds", {"no.such": {"days": 1}}), ("thresholds", {"okta.password.policy": {"min_length": 10**30}}),
        ("thresholds", {"a\u0000b": {"c": 1}}), ("population_template", "x" * 41), ("population_template", "guess"),
    ],
)  # fmt: skip
def test_guidance_that_helps_nobody_is_refused(caller, requirement, field, value):
    wrong = problem(caller.patch(f"evidence-requirements/{requirement['id']}/", {field: value}), 400)
    assert field in wrong["errors"]
