"""The commitments register: a promise, its clause, the criteria that bear on it, and the category that it calls for."""

from __future__ import annotations

import pytest

from compliance.commitments.models import Commitment
from compliance.commitments.selectors import promises
from compliance.registers.models import Service
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry

HOME = "/o/acme/scope/commitments/"
SAID = {
    "kind": "commitment", "promise": "uptime", "text": "The service is available 99.9% of each month.",
    "source": "Agreement, 7.2", "requirements": "A1.1, A1.2",
}  # fmt: skip


def enter(person, **fields):
    return person.client.post(f"{HOME}add/", SAID | fields)


def test_it_is_entered_with_its_clause_criteria_and_services(acme, mei):
    with scope(acme):
        service = Service.objects.create(ref="SVC-1", name="Payments")
    assert enter(mei, services=[str(service.pk)]).status_code == 302
    with scope(acme):
        made = Commitment.objects.get()
        assert made.ref == "COM-001"
        assert [each.requirement.ref for each in made.bears_on.all()] == ["A1.1", "A1.2"]
        assert [each.service for each in made.services.all()] == [service]
        entry = Entry.objects.get(action="commitments.commitment.added")
        assert entry.after["services"] == ["SVC-1"]
        assert entry.after["source"] == "Agreement, 7.2"
    page = mei.client.get(HOME).content.decode()
    assert "Agreement, 7.2" in page
    assert "availability" in page
    assert "Payments" in page


def test_a_person_chooses_the_promise_and_the_words_suggest_it(acme, mei):
    answer = enter(mei, promise="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The words suggest: Uptime, which calls for availability." in page
    assert "99.9%" in page
    with scope(acme):
        assert not Commitment.objects.exists()


def test_a_choice_against_the_words_stands_and_is_shown(acme, mei):
    assert enter(mei, promise="other").status_code == 302
    assert "The words suggest uptime." in mei.client.get(HOME).content.decode()
    with scope(acme):
        assert [(each.promise, each.category) for each in promises()] == [("other", None)]


@pytest.mark.parametrize("name", ["text", "source", "kind"])
def test_it_needs_its_words_its_clause_and_its_kind(mei, name):
    assert enter(mei, **{name: ""}).status_code == 422


def test_a_change_is_in_the_trail_with_what_it_was(acme, mei):
    enter(mei)
    with scope(acme):
        made = Commitment.objects.get()
    assert mei.client.post(f"{HOME}{made.pk}/change/", SAID | {"requirements": "A1.1"}).status_code == 302
    with scope(acme):
        entry = Entry.objects.get(action="commitments.commitment.changed")
        assert (entry.before, entry.after) == ({"bears_on": ["A1.1", "A1.2"]}, {"bears_on": ["A1.1"]})
    assert mei.client.post(f"{HOME}{made.pk}/change/", SAID | {"requirements": "A1.1"}).status_code == 302
    with scope(acme):
        assert Entry.objects.filter(action="commitments.commitment.changed").count() == 1


def test_what_is_withdrawn_stays_on_record_and_calls_for_nothing_more(acme, mei):
    enter(mei)
    with scope(acme):
        made = Commitment.objects.get()
        assert [each.category for each in promises()] == ["availability"]
    assert mei.client.post(f"{HOME}{made.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert mei.client.post(f"{HOME}{made.pk}/withdraw/", {"reason": "The plan ended."}).status_code == 302
    with scope(acme):
        assert promises() == []
    assert "Withdrawn" in mei.client.get(HOME).content.decode()


def test_it_is_narrowed_by_kind_promise_and_words(mei):
    enter(mei)
    enter(mei, text="Data are kept secret.", promise="secrecy")
    page = mei.client.get(f"{HOME}?promise=secrecy").content.decode()
    assert "kept secret" in page
    assert "99.9%" not in page
    assert "99.9%" in mei.client.get(f"{HOME}?q=available").content.decode()


def test_who_only_reads_cannot_enter_one(jonas):
    assert jonas.client.get(HOME).status_code == 200
    assert enter(jonas).status_code == 403
