"""Reminders in work and digest, and what nobody answers before the managers: each recorded, when and to whom."""

from __future__ import annotations

import pytest

from compliance.desk.registry import digest_for, items_for
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.reviews.models import Notice, Review
from controls.reviews.services.answer import skip
from tests.factories.controls import make_control


def _work(acme, who):
    with scope(acme):
        return [item for item in items_for(who.membership) if item.kind == "review"]


def _news(acme, who):
    with scope(acme):
        return [line for line in digest_for(who.membership) if line.kind == "review"]


def _told(acme, review):
    with scope(acme):
        return [(each.kind, each.told, each.on.day) for each in Notice.objects.filter(review=review)]


def test_it_asks_from_the_last_fifth_of_its_days_on(acme, days, review, jonas):
    days.go(2, 7)
    assert _work(acme, jonas) == _news(acme, jonas) == []
    days.go(2, 8)
    [item], [line] = _work(acme, jonas), _news(acme, jonas)
    assert (item.ref, item.state, item.due.day) == ("REV-001", "due", 14)
    assert (line.text, line.urgent) == ("1 control review is due soon: REV-001 (AC-07).", False)


def test_before_on_and_after_its_last_day_one_reminder_each_is_recorded(acme, days, review, mei):
    for day in (8, 9, 13, 14, 15, 16):
        days.go(2, day)
    name = "Jonas Lindqvist"
    assert _told(acme, review) == [("before", name, 8), ("last_day", name, 14), ("overdue", name, 15)]


def test_the_last_day_and_what_is_overdue_lead_the_digest(acme, days, review, jonas):
    days.go(2, 14)
    assert [(line.text, line.urgent) for line in _news(acme, jonas)] == [("1 control review is due today: REV-001 (AC-07).", True)]
    days.go(2, 15)
    texts = [line.text for line in _news(acme, jonas) if line.urgent]
    assert texts == ["1 control review is overdue: REV-001 (AC-07)."]
    assert _work(acme, jonas)[0].harm > 48


def test_half_of_the_grace_later_it_goes_to_the_compliance_managers(acme, days, review, again, mei, jonas, priya):
    days.go(2, 17)
    assert again(review).escalated_at is None
    assert _work(acme, mei) == []
    days.go(2, 18)  # 4 of 7 days
    assert again(review).escalated_at is not None
    assert ("escalated", "Mei-Ling Chu", 18) in _told(acme, review)
    [item] = _work(acme, mei)
    assert "Jonas Lindqvist has not answered" in item.why
    [line] = _news(acme, mei)
    assert line.urgent
    assert _work(acme, priya) == []
    with scope(acme):
        assert Entry.objects.get(action="reviews.review.escalated").after == {"told": "Mei-Ling Chu"}
    days.go(2, 19)
    assert len(_told(acme, review)) == 2  # nobody reminded before: the sweep did not run on those days
    page = mei.client.get("/o/acme/reviews/?state=escalated").content.decode()
    assert "REV-001" in page


def test_what_is_answered_asks_no_longer(acme, days, review, jonas, mei):
    days.go(2, 18)
    with scope(acme):
        skip(actor=jonas.actor, member=jonas.membership, review=review, reason="Replaced.")
    days.go(2, 19)
    assert [item.ref for item in _work(acme, jonas)] == []
    assert _work(acme, mei) == []


def test_whoever_manages_reviews_reminds_by_hand(acme, days, review, mei, jonas):
    url = f"/o/acme/reviews/{review.pk}/remind/"
    assert jonas.client.post(url).status_code == 403
    assert mei.client.post(url).status_code == 302
    assert _told(acme, review) == [("asked", "Jonas Lindqvist", 15)]
    assert [line.text for line in _news(acme, jonas) if line.urgent] == [
        "1 control review is asked for by whoever manages reviews: REV-001 (AC-07)."
    ]
    assert [item.ref for item in _work(acme, jonas)] == ["REV-001"]
    days.go(1, 16)
    assert _work(acme, jonas) == []


def test_what_nobody_is_named_for_goes_to_the_managers_too(acme, days, mei):
    with scope(acme):
        make_control("AC-08", frequency="monthly")
    days.go(1, 15)
    days.go(2, 18)
    [item] = _work(acme, mei)
    assert "Nobody is named to answer" in item.why
    with scope(acme):
        review = Review.objects.get(state="open", covers_from__month=1)
    assert [kind for kind, _, _ in _told(acme, review)] == ["escalated"]
    mei.client.post(f"/o/acme/reviews/{review.pk}/remind/")
    assert [kind for kind, _, _ in _told(acme, review)] == ["escalated"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["REV-001"]), ("state=overdue", []), ("state=skipped", []), ("state=all", ["REV-001"]), ("control=ac-07", ["REV-001"]),
        ("control=AC-99", []), ("due=month", ["REV-001"]), ("due=week", []), ("owner=none", []), ("owner=not-an-id", ["REV-001"]),
        ("state=%00", ["REV-001"]), ("cursor=rubbish", ["REV-001"]),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(days, review, mei, query, found):
    days.go(1, 16)
    page = mei.client.get(f"/o/acme/reviews/?{query}")
    assert page.status_code in (200, 400)
    assert [ref for ref in ["REV-001"] if f">{ref}</a>" in page.content.decode()] == (found if page.status_code == 200 else [])
