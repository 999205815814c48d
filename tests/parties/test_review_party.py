"""Our reviews of a third party: recorded by who is named, once for each due day, skipped for good."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from compliance.desk.registry import digest_for, items_for
from compliance.parties import services
from compliance.parties.models import Party, PartyReview
from compliance.parties.selectors import dues_of
from compliance.tenancy.clock import now, simulated
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.parties.conftest import day, read

SAID = {"outcome": "satisfactory", "note": "Its report was read; nothing touches what we use."}


@pytest.fixture
def sampled(acme):
    """The clock moves in a sample organisation only."""
    acme.is_sample = True
    acme.save()
    return acme


def after(days: int) -> datetime:
    return now() + timedelta(days=days)


def states(party: Party, offset: int = 0) -> list[str]:
    return [due.state for due in dues_of(read(party), day(offset))]


def test_who_is_named_records_it(acme, jonas, cumulus):
    assert jonas.client.post(f"/o/acme/scope/parties/{cumulus.pk}/review/", SAID).status_code == 302
    with scope(acme):
        review = PartyReview.objects.get()
        assert (review.due_on, review.outcome, review.reviewed_by) == (day(5), "satisfactory", "Jonas Lindqvist")
        assert states(cumulus) == ["done", "to_come"]
        assert Entry.objects.filter(action="parties.review.recorded", target_id=review.pk).exists()


def test_another_control_owner_does_not(cumulus, priya):
    assert priya.client.post(f"/o/acme/scope/parties/{cumulus.pk}/review/", SAID).status_code == 403


def test_it_needs_an_outcome_and_words(acme, mei, cumulus):
    answer = mei.client.post(f"/o/acme/scope/parties/{cumulus.pk}/review/", {"outcome": "concerns", "note": " "})
    assert answer.status_code == 422
    with scope(acme):
        assert not PartyReview.objects.exists()


def test_skipped_cannot_be_chosen(mei, cumulus):
    wrong = SAID | {"outcome": "skipped"}
    assert mei.client.post(f"/o/acme/scope/parties/{cumulus.pk}/review/", wrong).status_code == 422


def test_one_that_was_left_is_written_down_as_skipped_when_the_next_is_recorded(sampled, mei, cumulus):
    with scope(sampled), simulated(after(100)):
        assert states(cumulus, 0) == ["skipped", "overdue"]
        services.record_review(actor=mei.actor, party=cumulus, **SAID)
        kept = list(PartyReview.objects.order_by("due_on").values_list("outcome", flat=True))
        assert kept == ["skipped", "satisfactory"]


def test_another_cadence_does_not_wash_away_what_was_skipped(sampled, mei, cumulus):
    with scope(sampled), simulated(after(100)):
        services.change_party(actor=mei.actor, party=read(cumulus), review_months=12, first_review_due=day(30))
        assert states(cumulus, 0)[0] == "skipped"
        assert PartyReview.objects.get().outcome == "skipped"


def test_a_review_cannot_be_changed_afterwards(acme, mei, cumulus):
    with scope(acme):
        services.record_review(actor=mei.actor, party=cumulus, **SAID)
        with pytest.raises(DatabaseError), transaction.atomic():
            PartyReview.objects.update(outcome="unsatisfactory")


def test_a_second_review_of_one_cadence_is_refused(acme, mei, cumulus):
    with scope(acme):
        services.record_review(actor=mei.actor, party=cumulus, **SAID)
        with pytest.raises(ValidationError, match="This review is recorded"):
            services.record_review(actor=mei.actor, party=cumulus, **SAID)
    assert "Record the review" not in mei.client.get(f"/o/acme/scope/parties/{cumulus.pk}/").content.decode()


def test_without_a_cadence_there_is_nothing_to_record(acme, mei):
    with scope(acme):
        party = services.add_party(actor=mei.actor, name="Post", role="vendor")
        with pytest.raises(ValidationError, match="how often"):
            services.record_review(actor=mei.actor, party=party, **SAID)


def test_it_waits_in_the_work_and_the_digest_of_who_is_named(acme, jonas, priya, cumulus):
    with scope(acme):
        (item,) = [each for each in items_for(jonas.membership) if each.kind == "review"]
        assert (item.due, item.state, item.url) == (day(5), "due_soon", f"/o/acme/scope/parties/{cumulus.pk}/")
        (line,) = [each for each in digest_for(jonas.membership) if each.kind == "review"]
        assert line.text == f"The review of Cumulus is due on {day(5):%-d %b %Y}."
        assert not line.urgent
        assert [each for each in items_for(priya.membership) if each.kind == "review"] == []


def test_overdue_is_urgent_and_far_ahead_is_silent(sampled, jonas, cumulus):
    with scope(sampled):
        with simulated(after(6)):
            (line,) = [each for each in digest_for(jonas.membership) if each.kind == "review"]
            assert line.urgent
            assert "was due on" in line.text
        with simulated(after(-30)):
            assert [each for each in items_for(jonas.membership) if each.kind == "review"] == []
