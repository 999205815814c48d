"""Audits over the API: opened, their requests raised, answered, reviewed and submitted; two kinds of comment apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audits.models import AuditorNote, Seat
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.api.test_evidence import hand_in
from tests.api.test_read_and_write import problem
from tests.factories.compliance import make_programme

DAY = today()


def day(days: int) -> str:
    return (DAY + timedelta(days=days)).isoformat()


@pytest.fixture()
def audit(caller, acme, mei) -> dict:
    with scope(acme):
        programme = make_programme(mei.actor)
    frame = {"name": "Type II", "firm": "Firm LLP", "starts_on": day(0), "ends_on": day(30)}
    made = caller.post("audits/", {**frame, "programme": str(programme.pk)})
    assert made.status_code == 201, made.content
    return made.json()


@pytest.fixture()
def request_(caller, audit) -> dict:
    asked = {"title": "List of users", "due_date": day(5), "criteria": "CC6.2/CC6.3", "auditor_ref": "A-1"}
    made = caller.post(f"audits/{audit['id']}/requests/", asked)
    assert made.status_code == 201, made.content
    return made.json()


def move(caller, request: dict, name: str, body=None, **headers):
    return caller.post(f"requests/{request['id']}/{name}/", body, **headers)


def version_id(caller) -> str:
    artefact = hand_in(caller, title="Users").json()
    return caller.get(f"evidence/{artefact['id']}/versions/").json()["results"][0]["id"]


def test_an_audit_is_opened_and_changed(caller, acme, audit):
    assert (audit["ref"], audit["requests"], audit["programme"]["name"]) == ("AUD-001", 0, "SOC 2 Type II, 2026")
    assert caller.patch(f"audits/{audit['id']}/", {"name": "Renamed"}).json()["firm"] == "Firm LLP"
    problem(caller.patch(f"audits/{audit['id']}/", {"ends_on": day(-1)}), 400)
    with scope(acme):
        assert Entry.objects.get(action="audits.audit.opened").actor_label == "Token test"


def test_a_request_is_raised_with_its_criteria_one_by_one(caller, acme, request_):
    assert (request_["ref"], request_["state"], request_["overdue"]) == ("REQ-001", "open", False)
    assert request_["criteria_refs"] == ["CC6.2", "CC6.3"]
    with scope(acme):
        assert Entry.objects.get(action="audits.request.raised").actor_label == "Token test"


def test_it_goes_from_open_to_submitted(caller, mei, audit, request_):
    assert move(caller, request_, "assign", {"assignee": str(mei.membership.pk)}).json()["state"] == "assigned"
    problem(move(caller, request_, "review"), 409)  # nothing answers it yet
    link = caller.post(f"requests/{request_['id']}/evidence/", {"version": version_id(caller)})
    assert link.status_code == 201, link.content
    assert move(caller, request_, "review").json()["state"] == "in_review"
    assert move(caller, request_, "send-back", {"reason": "Undated."}).json()["state"] == "assigned"
    move(caller, request_, "review")
    assert move(caller, request_, "submit").json()["submitted_at"]
    problem(caller.delete(f"requests/{request_['id']}/evidence/{link.json()['id']}/"), 409)
    assert move(caller, request_, "withdraw", {"reason": "A page is missing."}).json()["state"] == "in_review"
    assert caller.get(f"audits/{audit['id']}/").json()["requests"] == 1


@pytest.mark.parametrize("name", ["take-up", "review", "submit"])
def test_a_move_that_its_state_forbids_is_a_conflict(caller, request_, name):
    problem(move(caller, request_, name), 409)


def test_it_is_given_only_to_who_may_answer(caller, noor, request_):
    assert set(problem(move(caller, request_, "assign", {"assignee": str(noor.membership.pk)}), 400)["errors"]) == {"assignee"}


def test_a_move_on_what_was_changed_meanwhile_is_refused(caller, mei, request_):
    stale = caller.get(f"requests/{request_['id']}/")["ETag"]
    caller.patch(f"requests/{request_['id']}/", {"title": "List of all users"})
    problem(move(caller, request_, "assign", {"assignee": str(mei.membership.pk)}, If_Match=stale), 412)


def test_the_log_is_filtered(caller, acme, audit, request_):
    caller.post(f"audits/{audit['id']}/requests/", {"title": "Late", "due_date": day(-3), "kind": "population"})

    def titles(query: str) -> list[str]:
        return [row["title"] for row in caller.get(f"audits/{audit['id']}/requests/?{query}").json()["results"]]

    assert titles("state=open") == ["Late", "List of users"]
    assert titles("overdue=true") == ["Late"]
    assert titles("overdue=false") == ["List of users"]
    assert titles("criterion=CC6.3") == ["List of users"]
    assert titles("kind=population") == ["Late"]
    assert titles("auditor_ref=a-1") == ["List of users"]
    assert len(caller.get("requests/?unassigned=true").json()["results"]) == 2


def test_two_kinds_of_comment_stay_apart(caller, request_):
    caller.post(f"requests/{request_['id']}/internal-comments/", {"text": "Is it the right month?"})
    caller.post(f"requests/{request_['id']}/comments/", {"text": "It is on its way."})

    def said(kind: str) -> list[str]:
        return [row["text"] for row in caller.get(f"requests/{request_['id']}/{kind}/").json()["results"]]

    assert said("internal-comments") == ["Is it the right month?"]
    assert said("comments") == ["It is on its way."]
    problem(caller.post(f"requests/{request_['id']}/comments/", {"text": "  "}), 400)


def test_what_was_offered_may_be_taken_back_before_it_is_submitted(caller, request_):
    address = f"requests/{request_['id']}/evidence/"
    body = {"version": version_id(caller)}
    first = caller.post(address, body).json()
    assert caller.post(address, body).json()["id"] == first["id"]
    assert caller.delete(f"{address}{first['id']}/").status_code == 204
    assert caller.get(address).json()["results"] == []


def test_the_auditors_notes_are_in_no_answer(caller, acme, audit, request_):
    with scope(acme):
        seat = Seat.objects.create(audit_id=audit["id"], email="a@firm.example", name="Ines", firm="Firm", starts_on=DAY, until=DAY)
        AuditorNote.objects.create(request_id=request_["id"], seat=seat, author="Ines", text="Suspicious: ask again.")
    shown = [f"requests/{request_['id']}/{end}" for end in ("", "comments/", "internal-comments/", "evidence/")]
    assert all(b"Suspicious" not in caller.get(path).content for path in shown)
    assert caller.get(f"audits/{audit['id']}/seats/").json()["results"][0]["email"] == "a@firm.example"


def test_an_issued_audit_stands(caller, acme, audit, request_):
    from audits.models import Audit
    from compliance.tenancy.clock import now

    with scope(acme):
        Audit.objects.update(issued_at=now())
    problem(caller.patch(f"audits/{audit['id']}/", {"name": "x"}), 409)
    problem(caller.post(f"audits/{audit['id']}/requests/", {"title": "x", "due_date": day(1)}), 409)
    problem(caller.patch(f"requests/{request_['id']}/", {"title": "x"}), 409)
