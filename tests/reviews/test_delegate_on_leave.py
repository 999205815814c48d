"""On leave somebody else answers, from a day to a day, and each answer says for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from compliance.desk.registry import items_for
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.reviews.models import Delegation, Notice
from controls.reviews.services.answer import attest
from controls.reviews.services.delegate import delegate_reviews, end_delegation

SAID = {"performed_on": date(2026, 2, 10), "said": "Gone through.", "stands": "Collected daily."}


def give(acme, by, owner, to, first=(2, 9), last=(2, 13), reason="Leave."):
    with scope(acme):
        return delegate_reviews(
            actor=by.actor, member=by.membership, owner=owner.membership, delegate=to.membership,
            starts_on=date(2026, *first), ends_on=date(2026, *last), reason=reason,
        )  # fmt: skip


def _refs(acme, who):
    with scope(acme):
        return [item.ref for item in items_for(who.membership) if item.kind == "review"]


def test_open_reviews_go_to_the_delegate_in_those_days_and_the_answer_says_for_whom(acme, days, review, again, jonas, priya):
    give(acme, jonas, jonas, priya)
    days.go(2, 8)
    assert (_refs(acme, jonas), _refs(acme, priya)) == (["REV-001"], [])
    with scope(acme), pytest.raises(PermissionDenied):
        attest(actor=priya.actor, member=priya.membership, review=review, **SAID | {"performed_on": date(2026, 2, 8)})
    days.go(2, 10)
    assert (_refs(acme, jonas), _refs(acme, priya)) == ([], ["REV-001"])
    page = priya.client.get(f"/o/acme/reviews/{review.pk}/").content.decode()
    assert "For Jonas Lindqvist, on leave to" in page
    sent = SAID | {"performed_on": "2026-02-10"}
    assert priya.client.post(f"/o/acme/reviews/{review.pk}/attest/", sent).status_code == 302
    assert again(review).state == "attested"
    assert again(review).assignee == jonas.membership
    assert "Priya Raghunathan for Jonas Lindqvist, on leave" in priya.client.get(f"/o/acme/reviews/{review.pk}/").content.decode()
    with scope(acme):
        assert Entry.objects.get(action="reviews.review.attested").after["by"] == "Priya Raghunathan for Jonas Lindqvist, on leave"


def test_after_the_last_day_it_is_the_owners_again(acme, days, review, jonas, priya):
    give(acme, jonas, jonas, priya)
    days.go(2, 14)
    assert (_refs(acme, jonas), _refs(acme, priya)) == (["REV-001"], [])
    assert priya.client.post(f"/o/acme/reviews/{review.pk}/attest/", {}).status_code == 403


def test_the_reminder_goes_to_whoever_stands_in(acme, days, review, jonas, priya):
    give(acme, jonas, jonas, priya, (2, 8), (2, 20))
    days.go(2, 8)
    with scope(acme):
        assert Notice.objects.get().told == "Priya Raghunathan"


def test_a_delegate_who_leaves_hands_it_back(acme, days, review, jonas, priya):
    give(acme, jonas, jonas, priya)
    with scope(acme):
        priya.membership.ended_at = now()
        priya.membership.save()
    days.go(2, 10)
    assert _refs(acme, jonas) == ["REV-001"]


def test_who_manages_reviews_records_it_for_others_and_never_names_themselves(acme, days, jonas, priya, mei):
    give(acme, mei, jonas, priya)
    with pytest.raises(ValidationError, match="Only the owner themselves can name you"):
        give(acme, mei, jonas, mei, (3, 1), (3, 5))
    with pytest.raises(PermissionDenied):
        give(acme, priya, jonas, priya, (4, 1), (4, 5))
    give(acme, jonas, jonas, mei, (3, 1), (3, 5))


def test_a_manager_whom_the_owner_named_attests(acme, days, review, again, jonas, mei):
    give(acme, jonas, jonas, mei)
    days.go(2, 10)
    with scope(acme):
        answer = attest(actor=mei.actor, member=mei.membership, review=review, **SAID)
    assert answer.by == "Mei-Ling Chu for Jonas Lindqvist, on leave"
    assert again(review).state == "attested"


@pytest.mark.parametrize(
    ("first", "last"), [((2, 1), (2, 9)), ((2, 13), (2, 20)), ((2, 10), (2, 11)), ((1, 20), (3, 20)), ((2, 9), (2, 13))]
)
def test_spans_of_one_owner_do_not_overlap(acme, days, jonas, priya, femi, first, last):
    give(acme, jonas, jonas, priya)
    with pytest.raises(ValidationError, match="is recorded from 9 February to 13 February 2026 already"):
        give(acme, jonas, jonas, femi, first, last)
    give(acme, jonas, jonas, femi, (2, 14), (2, 15))
    give(acme, jonas, jonas, femi, (2, 8), (2, 8))


def test_nobody_is_named_who_may_not_or_is_away_themselves(acme, days, jonas, priya, femi, noor):
    for to, sentence in ((jonas, "nobody stands in for themselves"), (noor, "may not answer reviews")):
        with pytest.raises(ValidationError, match=sentence):
            give(acme, jonas, jonas, to)
    give(acme, priya, priya, femi)
    with pytest.raises(ValidationError, match="Priya Raghunathan is on leave from 9 February"):
        give(acme, jonas, jonas, priya)
    with pytest.raises(ValidationError, match="stands in for Priya Raghunathan"):
        give(acme, femi, femi, jonas)


@pytest.mark.parametrize(
    ("first", "last", "reason", "sentence"),
    [
        ((1, 14), (1, 20), "Leave.", "today or a later day"), ((2, 9), (2, 8), "Leave.", "first day or a later one"),
        ((2, 9), (2, 9), " ", "Say why"),
    ],
)  # fmt: skip
def test_it_needs_days_to_come_and_a_reason(acme, days, jonas, priya, first, last, reason, sentence):
    with pytest.raises(ValidationError, match=sentence):
        give(acme, jonas, jonas, priya, first, last, reason)
    with scope(acme):
        assert not Delegation.objects.exists()


def test_it_is_recorded_and_ended_on_the_page(acme, days, review, jonas, priya, mei):
    url = "/o/acme/reviews/leave/"
    sent = {"owner": jonas.membership.pk, "delegate": priya.membership.pk, "starts_on": "2026-01-15", "ends_on": "2026-01-20"}
    refused = jonas.client.post(f"{url}record/", sent | {"reason": ""})
    assert refused.status_code == 422
    assert "2026-01-20" in refused.content.decode()
    assert priya.client.post(f"{url}record/", sent | {"reason": "Leave."}).status_code == 422  # not hers to give
    assert jonas.client.post(f"{url}record/", sent | {"reason": "Leave."}).status_code == 302
    assert "Priya Raghunathan" in mei.client.get(url).content.decode()
    with scope(acme):
        made = Delegation.objects.get()
    assert priya.client.post(f"{url}{made.pk}/end/").status_code == 403
    assert jonas.client.post(f"{url}{made.pk}/end/").status_code == 302
    assert priya.client.post(f"/o/acme/reviews/{review.pk}/attest/", {}).status_code == 403
    with scope(acme):
        assert Delegation.objects.get().ended_by == "Jonas Lindqvist"
        assert set(Entry.objects.filter(target_id=made.pk).values_list("action", flat=True)) == {
            "reviews.delegation.recorded", "reviews.delegation.ended",
        }
        with pytest.raises(ValidationError, match="over already"):
            end_delegation(actor=jonas.actor, member=jonas.membership, delegation=made)
