"""From open to fulfilled: each move by whom it is meant for, and by nobody else."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audits.models import Request
from audits.moves import MOVES, WrongState
from audits.services import (
    assign_request,
    comment_internally,
    comment_to_auditor,
    fulfil_request,
    link_version,
    return_request,
    send_back_request,
    submit_for_review,
    submit_request,
    take_up_request,
    unlink_version,
    withdraw_request,
)
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.services.decide import decide_version
from tests.factories import audits as make

pytestmark = pytest.mark.django_db


def test_a_request_goes_from_open_to_fulfilled(room, scene, mei, jonas):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)
    link_version(actor=jonas.actor, request=request, version=make.make_version(mei.actor))
    submit_for_review(actor=jonas.actor, request=request)
    submit_request(actor=mei.actor, request=request)
    done = fulfil_request(actor=make.auditor(scene.seat), request=request, seat=scene.seat)
    assert done.state == "fulfilled"
    acts = Entry.objects.filter(target_id=request.pk).order_by("id").values_list("action", flat=True)
    assert [act.removeprefix("audits.request.") for act in acts] == [
        "raised",
        "assigned",
        "evidence_linked",
        "put_in_review",
        "submitted",
        "fulfilled",
    ]


def test_a_returned_request_comes_back_with_its_reason_and_is_taken_up(room, scene, mei):
    request = make.submit(mei, scene.request)
    returned = return_request(actor=make.auditor(scene.seat), request=request, seat=scene.seat, reason="No row count.")
    assert (returned.state, returned.return_reason) == ("returned", "No row count.")
    assert take_up_request(actor=mei.actor, request=returned).state == "assigned"


def test_every_move_refuses_a_state_it_does_not_start_from(room, scene, mei):
    auditor = make.auditor(scene.seat)
    attempts = {
        "assign": lambda: assign_request(actor=mei.actor, request=scene.request, assignee=mei.membership),
        "take_up": lambda: take_up_request(actor=mei.actor, request=scene.request),
        "review": lambda: submit_for_review(actor=mei.actor, request=scene.request),
        "send_back": lambda: send_back_request(actor=mei.actor, request=scene.request, reason="x"),
        "submit": lambda: submit_request(actor=mei.actor, request=scene.request),
        "withdraw": lambda: withdraw_request(actor=mei.actor, request=scene.request, reason="x"),
        "fulfil": lambda: fulfil_request(actor=auditor, request=scene.request, seat=scene.seat),
        "return": lambda: return_request(actor=auditor, request=scene.request, seat=scene.seat, reason="x"),
    }
    assert set(attempts) == set(MOVES)
    for name, attempt in attempts.items():
        for state in {"open", "assigned", "in_review", "submitted", "fulfilled", "returned"} - MOVES[name].sources:
            Request.objects.filter(pk=scene.request.pk).update(state=state)
            with pytest.raises(WrongState):
                attempt()


def test_a_control_owner_is_refused_on_the_requests_of_others(room, scene, mei, jonas, priya):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)
    version = make.make_version(mei.actor)
    for attempt in (
        lambda: link_version(actor=priya.actor, request=request, version=version),
        lambda: comment_internally(actor=priya.actor, request=request, text="mine now"),
        lambda: submit_for_review(actor=priya.actor, request=request),
        lambda: assign_request(actor=priya.actor, request=request, assignee=priya.membership),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_the_assignee_cannot_submit_to_the_auditor_nor_write_to_them(room, scene, mei, jonas):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)
    link_version(actor=jonas.actor, request=request, version=make.make_version(mei.actor))
    submit_for_review(actor=jonas.actor, request=request)
    with pytest.raises(PermissionDenied):
        submit_request(actor=jonas.actor, request=request)
    with pytest.raises(PermissionDenied):
        comment_to_auditor(actor=jonas.actor, request=request, text="see attached")


def test_nobody_of_the_organisation_fulfils_or_returns(room, scene, mei):
    request = make.submit(mei, scene.request)
    with pytest.raises(PermissionDenied):
        fulfil_request(actor=mei.actor, request=request, seat=scene.seat)
    with pytest.raises(PermissionDenied):
        return_request(actor=mei.actor, request=request, seat=scene.seat, reason="x")


def test_internal_review_needs_something_to_review(room, scene, mei, jonas):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)
    with pytest.raises(ValidationError, match="Link the evidence"):
        submit_for_review(actor=jonas.actor, request=request)
    comment_internally(actor=jonas.actor, request=request, text="There were none in the period.")
    assert submit_for_review(actor=jonas.actor, request=request).state == "in_review"


def test_submitting_needs_evidence_or_words_that_the_auditor_reads(room, scene, mei):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=mei.membership)
    comment_internally(actor=mei.actor, request=request, text="There were none in the period.")
    submit_for_review(actor=mei.actor, request=request)
    with pytest.raises(ValidationError, match="nothing to submit"):
        submit_request(actor=mei.actor, request=request)
    comment_to_auditor(actor=mei.actor, request=request, text="There were none in the period.")
    assert submit_request(actor=mei.actor, request=request).state == "submitted"


def test_a_version_returned_in_our_own_review_is_not_submitted(room, scene, mei, femi):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=mei.membership)
    version = make.make_version(mei.actor)
    link_version(actor=mei.actor, request=request, version=version)
    decide_version(actor=femi.actor, version=version, acceptance="returned", reason="No date on it.")
    submit_for_review(actor=mei.actor, request=request)
    with pytest.raises(ValidationError, match="returned in your own review"):
        submit_request(actor=mei.actor, request=request)


def test_evidence_can_be_unlinked_before_submission_and_never_after(room, scene, mei):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=mei.membership)
    link = link_version(actor=mei.actor, request=request, version=make.make_version(mei.actor))
    unlink_version(actor=mei.actor, request=request, link=link)
    assert not request.evidence.exists()
    link = link_version(actor=mei.actor, request=request, version=make.make_version(mei.actor))
    submit_for_review(actor=mei.actor, request=request)
    submit_request(actor=mei.actor, request=request)
    with pytest.raises(WrongState):
        unlink_version(actor=mei.actor, request=request, link=link)
    withdraw_request(actor=mei.actor, request=request, reason="One file is missing.")
    with pytest.raises(ValidationError, match="so it stays"):
        unlink_version(actor=mei.actor, request=request, link=link)


def test_in_internal_review_the_assignee_no_longer_changes_the_evidence(room, scene, mei, jonas):
    request = assign_request(actor=mei.actor, request=scene.request, assignee=jonas.membership)
    link_version(actor=jonas.actor, request=request, version=make.make_version(mei.actor))
    submit_for_review(actor=jonas.actor, request=request)
    with pytest.raises(PermissionDenied):
        link_version(actor=jonas.actor, request=request, version=make.make_version(mei.actor))
    link_version(actor=mei.actor, request=request, version=make.make_version(mei.actor))


def test_sending_back_withdrawing_and_returning_need_a_reason(room, scene, mei):
    for attempt in (
        lambda: send_back_request(actor=mei.actor, request=scene.request, reason=" "),
        lambda: withdraw_request(actor=mei.actor, request=scene.request, reason=""),
        lambda: return_request(actor=make.auditor(scene.seat), request=scene.request, seat=scene.seat, reason=""),
    ):
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert "reason" in refused.value.message_dict


def test_a_request_is_not_assigned_to_somebody_who_may_not_answer(room, scene, mei, noor):
    with pytest.raises(ValidationError, match="may not answer"):
        assign_request(actor=mei.actor, request=scene.request, assignee=noor.membership)
    with pytest.raises(ValidationError, match="may not answer"):
        make.make_request(mei.actor, scene.audit, assignee=noor.membership)


def test_linking_the_same_version_twice_is_once(room, scene, mei):
    version = make.make_version(mei.actor)
    first = link_version(actor=mei.actor, request=scene.request, version=version)
    assert link_version(actor=mei.actor, request=scene.request, version=version) == first


def test_after_the_report_is_issued_the_log_stands_still(scene, mei):
    from audits.services import issue_audit

    with scope(scene.organization):
        issue_audit(actor=make.auditor(scene.seat), audit=scene.audit, seat=scene.seat)
        with pytest.raises(ValidationError, match="issued"):
            assign_request(actor=mei.actor, request=scene.request, assignee=mei.membership)
        with pytest.raises(ValidationError, match="issued"):
            make.make_request(mei.actor, type(scene.audit).objects.get(pk=scene.audit.pk))
