"""Control reviews by the API: a token answers those of the member who made it, and nobody else's."""

from __future__ import annotations

import pytest

from compliance.access.permissions import Permission
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.reviews.models import Review
from controls.reviews.services.keep import keep_reviews
from tests.factories.controls import make_control


@pytest.fixture()
def reviews(acme, mei, jonas):
    """One of Mei's and one of Jonas's."""
    with scope(acme):
        make_control("AC-07", owner=mei.membership)
        make_control("AC-08", owner=jonas.membership)
        keep_reviews(actor=SYSTEM)
        return [Review.objects.get(control__ref=ref) for ref in ("AC-07", "AC-08")]


def said(acme):
    return {"performed_on": today(acme.timezone).isoformat(), "said": "Gone through.", "stands": "Collected daily."}


def test_its_makers_review_is_attested_once_and_shows_who_said_it(acme, caller, reviews):
    path = f"control-reviews/{reviews[0].pk}/"
    answer = caller.post(f"{path}attest/", said(acme))
    assert (answer.status_code, answer.json()["state"]) == (200, "attested")
    assert caller.post(f"{path}attest/", said(acme)).status_code == 409
    [told] = caller.get(f"{path}answers/").json()["results"]
    assert (told["given_by_name"], told["late"], told["counts"]) == ("Mei-Ling Chu", False, True)


def test_somebody_elses_review_is_refused(acme, caller, reviews):
    assert caller.post(f"control-reviews/{reviews[1].pk}/attest/", said(acme)).status_code == 403
    wrong = {"said": "x", "consequence": "x", "remedy": "x"}
    assert caller.post(f"control-reviews/{reviews[1].pk}/report-exception/", wrong).status_code == 403


def test_a_token_without_the_scope_answers_nothing(acme, calls_with, reviews):
    caller = calls_with(Permission.REVIEW_VIEW)
    assert caller.get("control-reviews/").status_code == 200
    assert caller.post(f"control-reviews/{reviews[0].pk}/attest/", said(acme)).status_code == 403
    assert caller.post(f"control-reviews/{reviews[0].pk}/remind/").status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"said": 1}, {"said": "\x00"}, {"performed_on": "2999-01-01"}, {"evidence": ["x"]}, {"stands": ""}, {"more": 1}]
)
def test_what_cannot_be_read_is_named(acme, caller, reviews, wrong):
    answer = caller.post(f"control-reviews/{reviews[0].pk}/attest/", said(acme) | wrong)
    assert answer.status_code == 400
    assert set(wrong) <= set(answer.json()["errors"])


def test_a_plan_is_chosen_and_leave_recorded_and_ended(acme, caller, reviews, mei, jonas):
    with scope(acme):
        control = reviews[0].control_id
    made = caller.post("review-plans/", {"control": str(control), "cadence": "monthly", "reason": "It changes often."})
    assert (made.status_code, made.json()["cadence"]) == (201, "monthly")
    day = today(acme.timezone).isoformat()
    leave = {"owner": str(mei.membership.pk), "delegate": str(jonas.membership.pk), "starts_on": day, "ends_on": day, "reason": "Leave."}
    recorded = caller.post("review-delegations/", leave)
    assert recorded.status_code == 201
    assert caller.post("review-delegations/", leave).status_code == 400
    end = f"review-delegations/{recorded.json()['id']}/end/"
    assert (caller.post(end).status_code, caller.post(end).status_code) == (200, 409)
