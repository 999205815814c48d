"""A push that is refused is seen later by whoever looks at its source: when, by whom, what was wrong, and nothing of what was sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from compliance.access.permissions import Permission
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.collectors.models import Connection, PushRefusal, Run
from evidence.collectors.push.refusing import said_of
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.refuse import KEPT, forget_refusals, note_refusal
from evidence.collectors.tasks import sweep_refusals
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db
SECRET = "hunter2-is-my-password"


@pytest.fixture()
def source(acme, mei) -> Connection:
    with scope(acme):
        return create_connection(actor=mei.actor, vendor="push", name="Payroll", fields={"system": "Payroll"})


@pytest.fixture()
def pusher(acme, mei, token_of) -> Caller:
    return Caller(token_of(acme, Permission.FACT_PUSH, created_by=mei.membership))


def push_of(**changed: Any) -> dict[str, Any]:
    moment = (now() - timedelta(minutes=1)).isoformat()
    rows = [{"login": "ada@acme.example", "active": True}]
    return {"source": "payroll", "kind": "push.accounts", "as_of": moment, "complete": True, "rows": rows} | changed


def kept(acme) -> list[PushRefusal]:
    with scope(acme):
        return list(PushRefusal.objects.order_by("id"))


def test_rows_that_do_not_fit_are_kept_by_number_and_field_and_never_by_content(acme, mei, source, pusher):
    rows = [{"login": "ada"}, {"login": SECRET, "active": SECRET}, {"login": "bo", "active": True, SECRET: 1}]
    with scope(acme):
        before = Entry.objects.count()
    answer = pusher.post("facts/", push_of(rows=rows))
    assert answer.status_code == 400, "the answer is the one that it always was"
    assert set(answer.json()["errors"]["rows"]) == {"0", "1", "2"}
    (one,) = kept(acme)
    assert (one.by, one.fact_kind, one.status, one.faults) == ("Token test", "push.accounts", 400, 3)
    assert one.said == [
        [0, "active", "It is missing."], [1, "active", "It has to be true or false."], [2, "", "A field that there is not."],
    ]  # fmt: skip
    assert SECRET not in json.dumps(one.said)
    with scope(acme):
        assert (Run.objects.count(), Entry.objects.count()) == (0, before)
    page = mei.client.get(reverse("connections:connection", args=["acme", source.pk])).content.decode()
    assert "Row 1, <code>active</code>: It has to be true or false." in page
    assert "Token test" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"kind": SECRET}, 400, "push"),
        ({"as_of": SECRET}, 400, "as_of"),
        ({"as_of": "2019-01-01T00:00:00Z"}, 400, "as_of"),
        ({"complete": SECRET}, 400, "complete"),
        ({"format": SECRET}, 400, "format"),
        ({SECRET: 1}, 400, ""),
    ],
)
def test_what_is_wrong_with_the_push_itself_is_kept_too(acme, source, pusher, changed, status, said):
    assert pusher.post("facts/", push_of(**changed)).status_code == status
    (one,) = kept(acme)
    assert one.status == status
    assert said in json.dumps(one.said)
    assert SECRET not in f"{one.said} {one.fact_kind}"


def test_a_body_that_is_no_json_and_rows_that_break_off_are_kept(acme, source, pusher):
    query = urlencode({"source": "payroll", "kind": "push.accounts", "as_of": now().isoformat(), "complete": "true"})
    answer = pusher.client.post(f"/api/v1/facts/?{query}", f'[{{"login": {SECRET}', content_type="application/json")
    assert answer.status_code == 400
    (one,) = kept(acme)
    assert one.said == [[0, "", "It is no JSON."]]


def test_a_body_of_no_type_that_is_read_is_kept_where_the_query_names_its_source(acme, source, pusher):
    for query in ("?source=payroll", ""):
        answer = pusher.client.post(f"/api/v1/facts/{query}", "a,b", content_type="text/csv")
        assert answer.status_code == 415
    assert [(each.status, each.fact_kind) for each in kept(acme)] == [(415, "")]


def test_a_moment_that_is_kept_already_is_a_refusal_and_a_good_push_is_none(acme, source, pusher):
    sent = push_of()
    assert pusher.post("facts/", sent).status_code == 201
    assert kept(acme) == []
    assert pusher.post("facts/", sent).status_code == 409
    assert [each.status for each in kept(acme)] == [409]


def test_what_names_no_source_or_may_not_push_is_kept_nowhere(acme, borealis, source, pusher, token_of):
    assert pusher.post("facts/", push_of(source="elsewhere")).status_code == 404
    other = Caller(token_of(acme, Permission.EVIDENCE_VIEW))
    assert other.post("facts/", push_of()).status_code == 403
    stranger = Caller(token_of(borealis, Permission.FACT_PUSH))
    assert stranger.post("facts/", push_of()).status_code == 404
    assert kept(acme) == []
    with scope(borealis):
        assert not PushRefusal.objects.exists()


def test_only_the_newest_of_each_source_stay(acme, source, mei):
    with scope(acme):
        second = create_connection(actor=mei.actor, vendor="push", name="Other", fields={"system": "Other"})
        for number in range(KEPT + 3):
            note_refusal(actor=SYSTEM, source="payroll", kind="", origin="here", status=400, problem={"detail": str(number)})
        note_refusal(actor=SYSTEM, source=second.slug, kind="", origin="here", status=400, problem={"detail": "one"})
    sweep_refusals()
    with scope(acme):
        left = PushRefusal.objects.filter(connection=source).order_by("id")
        assert (len(left), left[0].said, PushRefusal.objects.count()) == (KEPT, [[None, "", "3"]], KEPT + 1)
        assert forget_refusals() == 0


NESTED = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(NESTED)
def test_whatever_a_refusal_says_it_can_be_kept(problem):
    said = said_of({"errors": problem, "detail": "No."}, "push.accounts")
    assert all(len(each) == 3 and isinstance(each[2], str) for each in said)
