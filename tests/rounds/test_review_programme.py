"""Programme reviews: facts to begin with, what was said, actions with owners, and a record that stands once closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from compliance.desk.registry import items_for
from compliance.ledger.services import record_change
from compliance.registers.models import System
from compliance.rounds.facts import facts_for
from compliance.rounds.models import Action, Review
from compliance.rounds.selectors import next_span
from compliance.rounds.services import add_action, close_review, finish_action, open_review, write_review
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_programme, make_system

NOTES = {
    "held_on": date(2026, 5, 6), "attended": "Mei, Jonas", "framework_changes": "None.", "business_changes": "One.", "scope": "Same.",
    "lessons": "None.",
}  # fmt: skip


@pytest.fixture()
def review(acme, mei):
    with scope(acme):
        programme = make_programme(mei.actor)
        record_change(actor=mei.actor, kind="people", title="A new team", happened_on=date(2026, 4, 30))
        record_change(actor=mei.actor, kind="people", title="Too late", happened_on=date(2026, 5, 1))
        return open_review(
            actor=mei.actor, programme=programme, cadence="monthly", covers_from=date(2026, 4, 1), covers_to=date(2026, 4, 30)
        )


def at(review, *more):
    return f"/o/acme/programmes/{review.programme_id}/reviews/{review.pk}/" + "".join(f"{each}/" for each in more)


@pytest.mark.parametrize(("cadence", "day", "before", "first", "last"), [
    ("monthly", date(2026, 3, 15), None, date(2026, 2, 1), date(2026, 2, 28)),
    ("monthly", date(2028, 3, 1), None, date(2028, 2, 1), date(2028, 2, 29)),
    ("monthly", date(2026, 1, 1), None, date(2025, 12, 1), date(2025, 12, 31)),
    ("monthly", date(2026, 6, 9), (date(2026, 4, 1), date(2026, 4, 30)), date(2026, 5, 1), date(2026, 5, 31)),
    ("annual", date(2026, 6, 9), None, date(2025, 1, 1), date(2025, 12, 31)),
    ("annual", date(2026, 6, 9), (date(2024, 7, 1), date(2025, 6, 30)), date(2025, 7, 1), date(2026, 6, 30)),
    ("annual", date(2028, 6, 9), (date(2027, 3, 1), date(2028, 2, 28)), date(2028, 2, 29), date(2029, 2, 28)),
])  # fmt: skip
def test_the_next_review_looks_back_on_the_next_span(acme, mei, cadence, day, before, first, last):
    with scope(acme):
        programme = make_programme(mei.actor)
        if before:
            open_review(actor=mei.actor, programme=programme, cadence=cadence, covers_from=before[0], covers_to=before[1])
        assert next_span(programme, cadence, day) == (first, last)


def test_it_begins_with_the_facts_of_its_days(acme, mei, review):
    page = mei.client.get(at(review)).content.decode()
    assert "A new team" in page
    assert "Too late" not in page
    with scope(acme):
        assert [table.caption for table in facts_for(review)][:3] == ["Business changes", "Incidents", "Scope decisions"]


def test_it_is_begun_on_its_page_once(acme, mei, review):
    asked = {"cadence": "monthly", "covers_from": "2026-04-01", "covers_to": "2026-04-30"}
    url = f"/o/acme/programmes/{review.programme_id}/reviews/begin/"
    assert mei.client.post(url, asked).status_code == 422
    assert mei.client.post(url, asked | {"cadence": "annual"}).status_code == 302
    assert mei.client.post(url, asked | {"covers_from": "2026-05-02", "covers_to": "2026-05-01"}).status_code == 422


def test_it_is_not_closed_before_everything_is_said(acme, mei, review):
    answer = mei.client.post(at(review, "write"), {"lessons": "Typed already.", "close": "yes"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say on which day it was held." in page
    assert "Typed already." in page
    with scope(acme):
        assert Review.objects.get().closed_at is None


def test_closed_it_keeps_its_facts_and_changes_no_more(acme, mei, jonas, review):
    with scope(acme):
        write_review(actor=mei.actor, review=review, **NOTES)
        add_action(actor=mei.actor, review=review, text="Tell the auditor", owner=jonas.membership, due_on=date(2026, 5, 20))
        closed = close_review(actor=mei.actor, review=review)
        make_system(mei.actor, "Came after")
        with pytest.raises(ValidationError):
            write_review(actor=mei.actor, review=closed, lessons="Otherwise.")
        with pytest.raises(ValidationError):
            add_action(actor=mei.actor, review=closed, text="More", owner=jonas.membership, due_on=date(2026, 5, 20))
        with pytest.raises(ValidationError):
            close_review(actor=mei.actor, review=closed)
        assert System.objects.filter(name="Came after").exists()
    page = mei.client.get(at(review)).content.decode()
    assert "Came after" not in page
    assert "A new team" in page
    assert "<textarea class=\"in\" name=\"lessons\"" not in page
    assert mei.client.post(at(review, "write"), {"lessons": "Otherwise."}).status_code == 422
    with scope(acme):
        assert Review.objects.get().lessons == "None."


def test_an_action_waits_in_its_owners_work_and_is_done_by_them(acme, mei, jonas, priya, review):
    due = today(acme.timezone) - timedelta(days=1)
    asked = {"text": "Tell the auditor", "owner": str(jonas.membership.pk), "due_on": due.isoformat()}
    assert mei.client.post(at(review, "actions"), asked).status_code == 302
    with scope(acme):
        action = Action.objects.get()
        item = next(each for each in items_for(jonas.membership) if each.kind == "review_action")
        assert (item.due, item.state, item.title) == (due, "overdue", "Tell the auditor")
    url = at(review, "actions", action.pk, "done")
    assert priya.client.post(url).status_code == 403
    assert jonas.client.post(url, {"note": "By mail."}).status_code == 302
    with scope(acme):
        action.refresh_from_db()
        assert (action.done_by, action.done_note) == ("Jonas Lindqvist", "By mail.")
        assert not [each for each in items_for(jonas.membership) if each.kind == "review_action"]
        assert Entry.objects.filter(action="rounds.action.done").count() == 1
        with pytest.raises(ValidationError):
            finish_action(actor=mei.actor, action=action)


def test_a_control_owner_reads_and_does_not_write(acme, jonas, noor, review):
    assert jonas.client.get(at(review)).status_code == 200
    assert jonas.client.post(at(review, "write"), {"lessons": "Mine."}).status_code == 403
    assert noor.client.get(at(review)).status_code == 403
