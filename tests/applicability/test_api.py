"""Statements through the API: what a token may write, sign and approve."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from compliance.access.permissions import Permission
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from controls.applicability.services import submit_statement
from tests.applicability.conftest import WHY, complete, map_one, row_of

READ, WRITE, APPROVE = (
    Permission.APPLICABILITY_VIEW, Permission.APPLICABILITY_CHANGE, Permission.APPLICABILITY_APPROVE,
)  # fmt: skip


@pytest.fixture()
def call(acme, mei, femi, token_of):
    """Call as a token of Mei's that reads and writes, or of Femi's that approves."""

    def send(method, path, body=None, *, by=mei, scopes=(READ, WRITE)):
        token = token_of(acme, *scopes, created_by=by.membership)
        answer = Client().generic(
            method, f"/api/v1/{path}", json.dumps(body) if body is not None else "", content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    return send


def test_rows_of_a_programme_are_listed_with_what_they_lack(acme, statement, programme, call):
    with scope(acme):
        map_one()
    status, page = call("GET", f"applicability-rows/?programme={programme.pk}&page_size=200")
    rows = {row["requirement"]["ref"]: row for row in page["results"]}
    assert (status, len(rows)) == (200, 93)
    assert rows["A.8.5"] | {"proposed": True, "in_place": "implemented", "evidence": "stale", "lacks": ["decision"]} == rows["A.8.5"]
    assert rows["A.8.4"]["proposed"] is False


def test_an_exclusion_is_written_and_refused_as_on_the_page(acme, jonas, statement, call):
    with scope(acme):
        row = row_of(statement, "A.7.4")
    body = {"decision": "excluded", **WHY, "owner": str(jonas.membership.pk), "review_on": (today() + timedelta(days=90)).isoformat()}
    status, problem = call("PATCH", f"applicability-rows/{row.pk}/", body | {"scope_reason": "N/A"})
    assert (status, list(problem["errors"])) == (400, ["scope_reason"])
    status, shown = call("PATCH", f"applicability-rows/{row.pk}/", body)
    assert (status, shown["decision"], shown["lacks"]) == (200, "excluded", ["signature"])
    status, problem = call("PATCH", f"applicability-rows/{row.pk}/", {"treatment": "x", "revision": 0})
    assert status == 409


def test_it_is_signed_and_approved_by_a_token_of_somebody_else(acme, mei, femi, jonas, statement, programme, call):
    with scope(acme):
        complete(mei, statement, femi, jonas)
        version = submit_statement(actor=mei.actor, statement=statement)
        row = row_of(statement, "A.5.1")
    assert call("POST", f"applicability-versions/{version.pk}/approve/", {})[0] == 403
    status, problem = call("POST", f"applicability-versions/{version.pk}/approve/", {}, scopes=(APPROVE, READ))
    assert (status, problem["detail"]) == (409, "You wrote in it, so somebody else has to approve it.")
    signing, as_femi = f"applicability-rows/{row.pk}/sign/", {"by": femi, "scopes": (APPROVE, READ)}
    assert call("POST", signing, {"reason": "Small."}, **as_femi)[0] == 400  # nothing is signed that was not read
    assert call("POST", signing, {"reason": "Small.", "revision": row.revision + 1}, **as_femi)[0] == 409
    status, shown = call("POST", signing, {"reason": "Small.", "revision": row.revision}, **as_femi)
    assert (status, shown["signed_by"] != "") == (200, True)
    status, shown = call("POST", f"applicability-versions/{version.pk}/approve/", {}, by=femi, scopes=(APPROVE, READ))
    assert (status, shown["approved_at"] is not None) == (200, True)
    with scope(acme):
        programme.refresh_from_db()
        assert list(programme.not_relevant) == ["A.7.4"]


def test_a_statement_is_begun_and_submitted(acme, statement, programme, call):
    status, shown = call("POST", "applicability-statements/", {"programme": str(programme.pk)})
    assert (status, shown["id"]) == (201, str(statement.pk))
    status, shown = call("POST", f"applicability-statements/{statement.pk}/climate/", {"issue": True, "parties": False, "reason": "Heat."})
    assert (status, shown["climate_issue"], shown["climate_parties"]) == (200, True, False)
    status, shown = call("POST", f"applicability-statements/{statement.pk}/submit/", {"note": "First."})
    assert (status, shown["number"], len(shown["lacks"])) == (201, 1, 93)
