"""A whole review through the API: a token acts for the member who made it, and for nobody else."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance.access.permissions import Permission as P
from compliance.tenancy.rooms import scope
from evidence.accessreviews.models import Account, Decision

ALL = (P.ACCESS_REVIEW_VIEW, P.ACCESS_REVIEW_MANAGE, P.ACCESS_REVIEW_DECIDE_OWN)


class Api:
    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, body: dict | None = None):
        return self.client.post(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")

    def get(self, path: str):
        return self.client.get(f"/api/v1/{path}").json()


def test_a_review_from_its_lists_to_its_evidence(acme, mei, jonas, priya, systems, requirement, token_of):
    manager, reviewer, other = (Api(token_of(acme, *ALL, created_by=who.membership)) for who in (mei, jonas, priya))
    made = manager.post("access-reviews/", {
        "name": "Third quarter", "requirement": str(requirement.pk), "covers_from": "2026-07-01", "covers_to": "2026-09-30",
        "due_on": "2026-10-15", "systems": [str(systems["okta"].pk), str(systems["ledger"].pk)],
        "reviewer": str(jonas.membership.pk), "stand_in": str(priya.membership.pk),
    })  # fmt: skip
    assert made.status_code == 201, made.content
    path = f"access-reviews/{made.json()['id']}/"
    assert manager.post(f"{path}start/").status_code == 409
    lists = {each["origin"]: each for each in manager.get(f"access-lists/?access_review={made.json()['id']}")["results"]}
    assert set(lists) == {"collected", "none"}
    assert len(lists["collected"]["sources"]) == 4
    sent = {"file": SimpleUploadedFile("l.csv", b"Account\nana\n"), "drawn_on": "2026-09-19", "note": "Export."}
    brought = manager.client.post(f"/api/v1/access-lists/{lists['none']['id']}/bring/", sent)
    assert (brought.status_code, brought.json()["rows"]) == (200, 1)
    assert manager.post(f"{path}start/").json()["state"] == "open"
    assert manager.post(f"access-lists/{lists['collected']['id']}/take/").status_code == 409

    accounts = {each["name"]: each for each in reviewer.get(f"access-accounts/?access_review={made.json()['id']}")["results"]}
    ghost = f"access-accounts/{accounts['ghost@acme.example']['id']}/decide/"
    refused = reviewer.post(ghost, {"verdict": "keep"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["reason"])
    assert other.post(ghost, {"verdict": "keep", "reason": "x"}).status_code == 403
    assert reviewer.post(ghost, {"verdict": "remove", "reason": "Belongs to nobody."}).json()["verdict"] == "remove"
    for each in accounts.values():
        api = other if each["name"] == "jonas@acme.example" else reviewer
        if each["name"] != "ghost@acme.example":
            assert api.post(f"access-accounts/{each['id']}/decide/", {"verdict": "keep", "reason": "Asked."}).status_code == 200
    assert manager.post(f"access-lists/{lists['collected']['id']}/sign/").status_code == 403
    assert reviewer.post(f"access-lists/{lists['collected']['id']}/sign/").status_code == 200
    unsaid = reviewer.post(f"access-lists/{lists['none']['id']}/sign/")
    assert (unsaid.status_code, list(unsaid.json()["errors"])) == (400, ["answer"])
    assert manager.post(f"{path}complete/").status_code == 409
    said = {"answer": "It has one account, which is mine to keep."}
    assert reviewer.post(f"access-lists/{lists['none']['id']}/sign/", said).status_code == 200
    done = manager.post(f"{path}complete/").json()
    assert (done["state"], done["late"], bool(done["book"])) == ("completed", False, True)
    assert reviewer.post(ghost, {"verdict": "keep", "reason": "After all."}).status_code == 409
    assert [each["state"] for each in manager.get("access-removals/?state=open")["results"]] == ["open"]
    with scope(acme):
        assert Decision.objects.filter(many=False).count() == 7


def test_a_token_that_nobody_made_decides_nothing(acme, campaign, token_of):
    with scope(acme):
        account = Account.objects.filter(campaign=campaign).first()
    answer = Api(token_of(acme, *ALL)).post(f"access-accounts/{account.pk}/decide/", {"verdict": "keep", "reason": "x"})
    assert answer.status_code == 403


def test_a_write_that_is_sent_twice_is_done_once(acme, jonas, campaign, token_of):
    with scope(acme):
        account = Account.objects.get(campaign=campaign, name__startswith="priya")
    api = Api(token_of(acme, *ALL, created_by=jonas.membership))
    for _ in range(2):
        answer = api.client.post(
            f"/api/v1/access-accounts/{account.pk}/decide/", json.dumps({"verdict": "keep"}), content_type="application/json",
            headers={"Idempotency-Key": "once"},
        )  # fmt: skip
        assert answer.status_code == 200
    with scope(acme):
        assert Decision.objects.count() == 1
