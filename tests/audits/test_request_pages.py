"""The pages of the request log, as members see and use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from audits.models import Audit, InternalComment, Request
from audits.services import assign_request
from audits.services.requests import fingerprint
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"audits:{name}", args=["acme", *args])


def test_a_manager_opens_an_audit(acme, mei):
    with scope(acme):
        programme = make.make_programme()
    sent = {
        "programme": programme.pk,
        "name": "Type II",
        "firm": "Corbel & Lyne LLP",
        "starts_on": "2026-05-01",
        "ends_on": "2026-06-01",
        "turnaround_days": "5",
    }
    answer = mei.client.post(at("create"), sent)
    with scope(acme):
        audit = Audit.objects.get()
    assert answer.headers["Location"] == at("show", audit.pk)
    assert audit.ref == "AUD-001"


def test_a_window_that_ends_before_it_starts_is_said_beside_the_field_and_loses_nothing(acme, mei):
    with scope(acme):
        programme = make.make_programme()
    sent = {
        "programme": programme.pk,
        "name": "Type II",
        "firm": "Corbel",
        "starts_on": "2026-05-01",
        "ends_on": "2026-04-01",
        "turnaround_days": "5",
    }
    answer = mei.client.post(at("create"), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_on"] == ["The window must end after it starts."]
    assert b'value="2026-04-01"' in answer.content


@pytest.mark.parametrize("who", ["ada", "jonas", "femi", "noor"])
def test_only_managers_open_audits(acme, request, who):
    assert request.getfixturevalue(who).client.get(at("create")).status_code == 403


def test_an_empty_list_says_what_to_do(acme, mei):
    assert b"No audit is open" in mei.client.get(at("list")).content


def test_the_audit_page_counts_by_state_and_is_loud_about_what_is_overdue(scene, mei):
    with scope(scene.organization):
        make.make_request(mei.actor, scene.audit, "Late one", due_date=today("Europe/Lisbon") - timedelta(days=3))
        make.submit(mei, scene.request)
    page = mei.client.get(at("show", scene.audit.pk))
    assert {each.state: (each.count, each.overdue) for each in page.context["counts"] if each.count} == {
        "open": (1, 1),
        "submitted": (1, 0),
    }
    assert b"1 request is overdue" in page.content


def test_the_log_is_narrowed_by_state_assignee_criterion_and_overdue(scene, mei, jonas):
    with scope(scene.organization):
        make.make_request(
            mei.actor, scene.audit, "Late one", criteria="DC1-DC9", due_date=today("UTC") - timedelta(days=3)
        )
        assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)

    def titles(**query):
        return [row.title for row in mei.client.get(at("show", scene.audit.pk), query).context["page"].rows]

    assert titles() == ["Late one", "Leavers of the period"]
    assert titles(state="assigned") == ["Leavers of the period"]
    assert titles(assignee=str(jonas.membership.pk)) == ["Leavers of the period"]
    assert titles(assignee="nobody") == ["Late one"]
    assert titles(criterion="CC6.3") == ["Leavers of the period"]
    assert titles(criterion="DC4") == ["Late one"]
    assert titles(overdue="1") == ["Late one"]
    assert titles(q="leavers") == ["Leavers of the period"]


def test_the_log_of_a_hundred_requests_asks_as_often_as_that_of_one(scene, mei, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            mei.client.get(at("show", scene.audit.pk))
        return len(captured)

    queries()
    few = queries()
    with scope(scene.organization):
        for number in range(120):
            make.make_request(
                mei.actor, scene.audit, f"Request {number}", criteria=f"CC{number % 9}.1", assignee=mei.membership
            )
    assert queries() == few


def test_pages_of_the_log_lead_on_and_back(scene, mei):
    with scope(scene.organization):
        for number in range(120):
            make.make_request(mei.actor, scene.audit, f"Request {number}")
    first = mei.client.get(at("show", scene.audit.pk)).context["page"]
    second = mei.client.get(at("show", scene.audit.pk), {"cursor": first.next_cursor}).context["page"]
    again = mei.client.get(at("show", scene.audit.pk), {"cursor": second.previous_cursor}).context["page"]
    assert (len(first.rows), len(second.rows)) == (100, 21)
    assert [row.pk for row in again.rows] == [row.pk for row in first.rows]


def test_a_request_is_answered_in_the_browser(scene, mei, jonas):
    with scope(scene.organization):
        version = make.make_version(mei.actor)
    pk = scene.request.pk
    assert mei.client.post(at("assign", pk), {"assignee": jonas.membership.pk}).status_code == 302
    found = jonas.client.get(at("request", pk), {"q": "leavers"})
    assert str(version.pk) in found.content.decode()
    assert jonas.client.post(at("link", pk), {"version": version.pk}).status_code == 302
    assert jonas.client.post(at("move", pk, "review")).status_code == 302
    assert jonas.client.post(at("move", pk, "submit")).status_code == 403
    assert mei.client.post(at("move", pk, "submit")).status_code == 302
    with scope(scene.organization):
        assert Request.objects.get(pk=pk).state == "submitted"


def test_a_control_owner_reads_the_requests_of_others_and_is_offered_nothing(scene, mei, jonas, priya):
    with scope(scene.organization):
        assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)
    page = priya.client.get(at("request", scene.request.pk))
    assert page.status_code == 200
    assert page.context["moves"] == set()
    assert not page.context["may_answer"]
    assert priya.client.post(at("comment_internally", scene.request.pk), {"internal-text": "x"}).status_code == 403


def test_a_move_that_came_too_late_is_a_conflict_that_says_so(scene, mei):
    with scope(scene.organization):
        make.submit(mei, scene.request)
    answer = mei.client.post(at("move", scene.request.pk, "review"))
    assert answer.status_code == 409
    assert "is submitted by now" in answer.context["conflict"]


def test_a_comment_goes_to_the_table_of_the_form_it_was_written_in(scene, mei):
    pk = scene.request.pk
    mei.client.post(at("comment_internally", pk), {"internal-text": "We forgot August."})
    mei.client.post(at("comment_to_auditor", pk), {"external-text": "August follows."})
    with scope(scene.organization):
        assert [each.text for each in scene.request.internal_comments.all()] == ["We forgot August."]
        assert [each.text for each in scene.request.external_comments.all()] == ["August follows."]


def test_an_empty_comment_is_refused_beside_its_field(scene, mei):
    answer = mei.client.post(at("comment_internally", scene.request.pk), {"internal-text": " "})
    assert answer.status_code == 422
    with scope(scene.organization):
        assert not InternalComment.objects.exists()


def change(request, **fields):
    values = {
        "title": request.title,
        "detail": request.detail,
        "criteria": request.criteria,
        "kind": request.kind,
        "auditor_ref": request.auditor_ref,
        "due_date": request.due_date.isoformat(),
        "control": "",
    }
    return values | fields


def test_a_change_over_somebody_elses_is_a_conflict_that_keeps_both(scene, mei):
    seen = fingerprint(scene.request)
    with scope(scene.organization):
        Request.objects.filter(pk=scene.request.pk).update(title="Leavers and movers")
    sent = change(scene.request, title="Leavers, with contractors", seen=seen)
    answer = mei.client.post(at("change_request", scene.request.pk), sent)
    assert answer.status_code == 409
    assert b"Leavers and movers" in answer.content
    assert b"Leavers, with contractors" in answer.content
    with scope(scene.organization):
        assert Request.objects.get(pk=scene.request.pk).title == "Leavers and movers"
    again = mei.client.post(
        at("change_request", scene.request.pk), sent | {"seen": answer.context["form"]["seen"].value()}
    )
    assert again.status_code == 302
    with scope(scene.organization):
        assert Request.objects.get(pk=scene.request.pk).title == "Leavers, with contractors"


def test_a_change_of_what_was_read_is_saved(scene, mei):
    sent = change(scene.request, criteria="CC6.3", seen=fingerprint(scene.request))
    assert mei.client.post(at("change_request", scene.request.pk), sent).status_code == 302
    with scope(scene.organization):
        request = Request.objects.get(pk=scene.request.pk)
        assert (request.criteria_refs, request.requirement.ref) == (["CC6.3"], "CC6.3")


def test_the_words_of_an_auditor_are_not_a_managers_to_change(scene, mei):
    from audits.services import raise_request

    with scope(scene.organization):
        asked = raise_request(
            actor=make.auditor(scene.seat), audit=scene.audit, seat=scene.seat, title="Show me", due_date=today("UTC")
        )
    page = mei.client.get(at("change_request", asked.pk))
    assert set(page.context["form"].fields) == {"control", "seen"}
    mei.client.post(at("change_request", asked.pk), {"title": "Nothing", "control": "", "seen": fingerprint(asked)})
    with scope(scene.organization):
        assert Request.objects.get(pk=asked.pk).title == "Show me"


def test_another_organisation_finds_nothing(scene, stranger):
    for address in (
        reverse("audits:show", args=["borealis", scene.audit.pk]),
        reverse("audits:request", args=["borealis", scene.request.pk]),
        at("show", scene.audit.pk),
        at("request", scene.request.pk),
    ):
        assert stranger.client.get(address).status_code == 404


def test_the_requirement_that_is_meant_is_found(room, scene, mei):
    assert scene.request.requirement is None
    assert make.make_request(mei.actor, scene.audit, criteria="cc6.1").requirement.ref == "CC6.1"
    assert make.make_request(mei.actor, scene.audit, criteria="Engagement").requirement is None
