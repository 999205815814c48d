"""Files in parts over the API: begun, sent, completed, handed in; what is found is listed and answered; search inside."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.tenancy.rooms import scope
from evidence.models import Artefact, Version
from evidence.reading.tasks import read_unread
from evidence.storage import open_stored
from evidence.uploads import models
from tests.api.test_evidence import MINUTES, hand_in, requirement, span  # noqa: F401
from tests.api.test_read_and_write import problem

TEXT = b"As of 3 May 2026 the quarterly access review was signed.\n" * 200
SMALL = 4096


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(models, "PART_BYTES", SMALL)


def part(caller, upload, number, content, sha256=None):
    file = SimpleUploadedFile("part", content)
    told = sha256 or hashlib.sha256(content).hexdigest()
    return caller.upload(f"uploads/{upload['id']}/parts/", {"number": number, "sha256": told, "file": file})


def held(caller, content=TEXT, name="minutes.txt"):
    upload = caller.post("uploads/", {"filename": name, "size": len(content)}).json()
    for number in upload["missing"]:
        answer = part(caller, upload, number, content[(number - 1) * SMALL : number * SMALL])
        assert answer.status_code == 200, answer.content
    return caller.post(f"uploads/{upload['id']}/complete/").json()


def test_a_file_in_parts_becomes_a_version(acme, caller, requirement):  # noqa: F811
    upload = held(caller)
    assert (upload["state"], upload["missing"], upload["media_type"]) == ("held", [], "text/plain")
    stated = {"title": "Minutes", "requirements": [requirement["id"]], "capture": {"environment": "production"}, **span()}
    done = caller.post(f"uploads/{upload['id']}/hand-in/", stated).json()
    assert done["state"] == "handed_in"
    version = caller.get(f"versions/{done['version']}/").json()
    assert version["sha256"] == hashlib.sha256(TEXT).hexdigest()
    assert version["provenance"]["capture"] == {"environment": "production"}
    with scope(acme):
        with open_stored(version["sha256"]) as stored:
            assert stored.read() == TEXT
        assert Artefact.objects.get().title == "Minutes"
    problem(caller.post(f"uploads/{upload['id']}/hand-in/", stated), 409)
    problem(caller.delete(f"uploads/{upload['id']}/"), 409)


def test_what_is_missing_is_told_and_what_is_wrong_is_refused(acme, caller):
    upload = caller.post("uploads/", {"filename": "minutes.txt", "size": len(TEXT)}).json()
    assert part(caller, upload, 2, TEXT[SMALL : 2 * SMALL]).json()["missing"] == [1, 3]
    assert "Parts are missing: 1, 3." in problem(caller.post(f"uploads/{upload['id']}/complete/"), 409)["detail"]
    assert "sha256" in problem(part(caller, upload, 1, TEXT[:SMALL], "0" * 64), 400)["errors"]
    assert "size" in problem(part(caller, upload, 1, TEXT[:10]), 400)["errors"]
    assert "number" in problem(part(caller, upload, 9, TEXT[:SMALL]), 400)["errors"]
    assert "size" in problem(caller.post("uploads/", {"filename": "a.txt", "size": 2**52}), 400)["errors"]
    assert caller.delete(f"uploads/{upload['id']}/").status_code == 204
    with scope(acme):
        assert not Version.objects.exists()


def test_what_an_auditor_would_bounce_is_listed_and_answered(acme, caller):
    upload = held(caller, b"user,role\n" + b"ana,admin\n" * 500, "users.csv")
    assert [each["rule"] for each in upload["found"]] == ["undated"]
    done = caller.post(f"uploads/{upload['id']}/hand-in/", {"capture": {"environment": "staging"}, **span()}).json()
    found = caller.get(f"lint-findings/?version={done['version']}").json()["results"]
    assert {each["rule"] for each in found} == {"undated", "environment"}
    answered = caller.post(f"lint-findings/{found[0]['id']}/answer/", {"text": "The name says the day."}).json()
    assert answered["answers"][0]["answered_by"] == "Token test"
    assert len(caller.get("lint-findings/?answered=false").json()["results"]) == 1
    problem(caller.post(f"lint-findings/{found[0]['id']}/answer/", {"text": " "}), 400)


def test_documents_are_searched(acme, caller):
    hand_in(caller, title="Minutes", environment="production", url="https://example.org/minutes")
    with scope(acme):
        read_unread()
        assert Version.objects.get().provenance["capture"]["url"] == "https://example.org/minutes"
    found = caller.get("documents/?contains=leavers%20removed").json()["results"]
    assert "access of leavers" in found[0]["snippet"]
    assert caller.get("documents/?contains=nowhere").json()["results"] == []
    assert caller.get("documents/").json()["results"][0]["snippet"] == ""


def test_an_address_is_stated_and_counts_for_nothing(caller, requirement):  # noqa: F811
    told = {"title": "Users", "requirements": [requirement["id"]], "url": "https://okta.com", "shows": "All.", "as_of": "2026-10-31"}
    link = caller.post("source-links/", told).json()
    assert caller.get(f"evidence/{link['artefact']}/").json()["latest_number"] == 0
    assert caller.get(f"evidence-requirements/{requirement['id']}/").json()["freshness"] == "not_yet_due"
    assert "url" in problem(caller.post("source-links/", told | {"url": "javascript:x"}), 400)["errors"]
    assert "as_of" in problem(caller.post("source-links/", told | {"as_of": "2199-01-01"}), 400)["errors"]
