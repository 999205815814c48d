"""Answering a review: attested with what shows it, an exception that nobody takes back, skipped for good."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Standing
from controls.reviews.models import Answer, Notice, Review
from controls.reviews.services.answer import attest, report_exception, skip
from controls.reviews.services.writing import SettledError
from evidence.attesting.models import Backing
from evidence.judging.services.stand import refresh_standings
from evidence.models import Artefact, EvidenceLink, EvidenceRequirement, Version
from evidence.storage import store

SAID = {
    "performed_on": date(2026, 2, 10), "said": "All 40 accounts were gone through with their managers.",
    "stands": "The list is collected daily.",
}  # fmt: skip
WRONG = {
    "said": "Marketing was left out.", "consequence": "Two accounts stayed for a month.",
    "remedy": "They are closed; a check was added.",
}  # fmt: skip


@pytest.fixture()
def artefact(acme, control):
    """Evidence of the control, in its first version."""
    with scope(acme):
        requirement = EvidenceRequirement.objects.create(
            ref="EVR-001", control=control, key="review", title="Review", cadence="monthly", source="person"
        )
        artefact = Artefact.objects.create(ref="EV-0001", title="Minutes", source="person", latest_number=1, latest_effective_end=now())
        sha256, size = store(b"# Minutes\n")
        Version.objects.create(
            artefact=artefact, number=1, sha256=sha256, size=size, media_type="text/markdown", filename="m.md", received_at=now(),
            effective_start=now(), effective_end=now(), provided_by_label="Jonas",
        )
        EvidenceLink.objects.create(requirement=requirement, artefact=artefact)
        return artefact


def _attest(acme, who, review, **more):
    with scope(acme):
        return attest(actor=who.actor, member=who.membership, review=review, **SAID | more)


def test_its_owner_attests_it_with_evidence(acme, days, review, again, artefact, jonas):
    days.go(2, 10)
    page = jonas.client.get(f"/o/acme/reviews/{review.pk}/").content.decode()
    assert "EV-0001 Minutes" in page
    sent = {"performed_on": "2026-02-10", "said": SAID["said"], "evidence": [str(artefact.pk)]}
    assert jonas.client.post(f"/o/acme/reviews/{review.pk}/attest/", sent).status_code == 302
    assert again(review).state == "attested"
    with scope(acme):
        answer = Answer.objects.get()
        assert answer.performed_on == answer.recorded_on == date(2026, 2, 10)
        assert (answer.late, answer.by) == (False, "Jonas Lindqvist")
        assert Backing.objects.get().version.artefact == artefact
        assert Standing.objects.get().last_review_at == answer.recorded_at
        refresh_standings()
        assert Standing.objects.get().last_review_at == answer.recorded_at
        assert Entry.objects.filter(action="reviews.review.attested").count() == 1
        assert Entry.objects.filter(action="attesting.answer.backed").count() == 1
    panel = jonas.client.get(f"/o/acme/reviews/{review.pk}/evidence/", headers={"HX-Request": "true"}).content.decode()
    assert "EV-0001" in panel
    assert "<html" not in panel


def test_evidence_may_be_linked_to_it_later_and_what_is_not_there_is_refused(acme, days, review, artefact, jonas, priya):
    days.go(2, 10)
    link = f"/o/acme/reviews/{review.pk}/evidence/link/"
    assert jonas.client.post(link, {"ref": "EV-0001"}).status_code == 422
    _attest(acme, jonas, review)
    assert jonas.client.post(link, {"ref": "EV-7777"}).status_code == 422
    assert priya.client.post(link, {"ref": "EV-0001"}).status_code == 403
    for _ in range(2):
        assert jonas.client.post(link, {"ref": "ev-0001"}).status_code == 302
    with scope(acme):
        assert Backing.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Backing.objects.all().delete()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"performed_on": "2026-02-11"}, "before it is done"), ({"performed_on": "2026-01-14"}, "from 15 January 2026 on"),
        ({"said": " "}, "Say what was done"), ({"stands": ""}, "Choose what shows it, or say why"),
        ({"performed_on": "yesterday"}, "Write the day"), ({"performed_on": ""}, "Choose a day"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field_with_nothing_lost(acme, days, review, jonas, again, wrong, field):
    days.go(2, 10)
    sent = {"performed_on": "2026-02-10", "said": SAID["said"], "stands": SAID["stands"]} | wrong
    answer = jonas.client.post(f"/o/acme/reviews/{review.pk}/attest/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert field in page
    assert "said" in wrong or SAID["said"] in page
    assert again(review).state == "open"


def test_recorded_after_the_block_it_is_late_and_both_days_are_kept(acme, days, review, again, jonas):
    days.go(2, 21)  # the last day of grace
    answer = _attest(acme, jonas, review)
    assert again(review).state == "late"
    assert (answer.performed_on, answer.recorded_on, answer.late) == (date(2026, 2, 10), date(2026, 2, 21), True)


def test_after_its_grace_it_is_skipped_dated_with_when_that_was_found(acme, days, review, again):
    assert days.go(2, 21)["skipped"] == 0
    assert days.go(2, 25)["skipped"] == 1
    assert again(review).state == "skipped"
    with scope(acme):
        found = Answer.objects.get()
        assert (found.kind, found.given_by, found.given_by_name, found.recorded_on) == ("skipped", None, "Fieldwork", date(2026, 2, 25))
        assert "found on 25 February 2026" in found.said


def test_skipped_stays_skipped_and_a_late_attestation_stands_beside_it(acme, days, review, again, jonas):
    days.go(2, 25)
    page = jonas.client.get(f"/o/acme/reviews/{review.pk}/").content.decode()
    assert "It stays Skipped" in page
    days.go(2, 25, hour=13)
    answer = _attest(acme, jonas, review)
    assert again(review).state == "skipped"
    assert (answer.counts, answer.recorded_on) == (False, date(2026, 2, 25))
    with scope(acme):
        assert not Standing.objects.filter(last_review_at__isnull=False).exists()
        assert [each.kind for each in review.answers.all()] == ["skipped", "attested"]


@pytest.mark.parametrize("state", ["open", "attested", "late", "exception"])
def test_the_database_keeps_a_skipped_review_skipped(acme, days, review, state):
    days.go(2, 25)
    with scope(acme), pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=state)


def test_the_database_changes_no_days_deletes_no_review_and_edits_no_answer(acme, days, review, jonas):
    days.go(2, 10)
    _attest(acme, jonas, review)
    with scope(acme):
        for change in (
            lambda: Review.objects.update(covers_from=date(2026, 1, 1)), lambda: Review.objects.update(closes_on=date(2027, 1, 1)),
            lambda: Review.objects.filter(pk=review.pk)._raw_delete("default"), lambda: Answer.objects.update(said="Else."),
            lambda: Answer.objects.all()._raw_delete("default"), lambda: Notice.objects.update(told="Nobody"),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_person_skips_it_with_a_reason_and_only_once(acme, days, review, again, jonas, mei, priya):
    url = f"/o/acme/reviews/{review.pk}/skip/"
    assert priya.client.post(url, {"reason": "x"}).status_code == 403
    assert mei.client.post(url, {"reason": ""}).status_code == 422
    assert mei.client.post(url, {"reason": "The system is being replaced."}).status_code == 302
    assert again(review).state == "skipped"
    with scope(acme):
        assert Answer.objects.get().given_by_name == "Mei-Ling Chu"
        with pytest.raises(SettledError):
            skip(actor=jonas.actor, member=jonas.membership, review=review, reason="Again.")
    assert jonas.client.post(url, {"reason": "Again."}).status_code == 422


def test_an_exception_is_reported_with_consequence_and_remedy(acme, days, review, again, jonas):
    url = f"/o/acme/reviews/{review.pk}/exception/"
    for name in WRONG:
        assert jonas.client.post(url, WRONG | {name: " "}).status_code == 422
    assert jonas.client.post(url, WRONG).status_code == 302
    assert again(review).state == "exception"
    page = jonas.client.get(f"/o/acme/reviews/{review.pk}/").content.decode()
    assert all(sentence in page for sentence in WRONG.values())


def test_an_exception_stays_whatever_is_attested_after_it(acme, days, review, again, jonas):
    with scope(acme):
        report_exception(actor=jonas.actor, member=jonas.membership, review=review, **WRONG)
    days.go(2, 10)
    _attest(acme, jonas, review)
    assert again(review).state == "exception"


def test_an_exception_found_later_turns_what_was_attested(acme, days, review, again, jonas):
    days.go(2, 10)
    _attest(acme, jonas, review)
    with pytest.raises(SettledError):
        _attest(acme, jonas, review)
    with scope(acme):
        report_exception(actor=jonas.actor, member=jonas.membership, review=review, **WRONG)
    assert again(review).state == "exception"


@pytest.mark.parametrize("who", ["mei", "ada", "femi", "priya"])
def test_nobody_attests_for_the_owner_managers_neither(acme, days, review, again, request, who):
    person = request.getfixturevalue(who)
    days.go(2, 10)
    assert person.client.get(f"/o/acme/reviews/{review.pk}/").status_code == 200
    sent = {"performed_on": "2026-02-10", "said": "Done.", "stands": "Collected."}
    assert person.client.post(f"/o/acme/reviews/{review.pk}/attest/", sent).status_code == 403
    assert person.client.post(f"/o/acme/reviews/{review.pk}/exception/", WRONG).status_code == 403
    with pytest.raises(PermissionDenied):
        _attest(acme, person, review)
    assert again(review).state == "open"


def test_an_employee_and_a_stranger_see_nothing_of_it(review, noor, stranger):
    assert noor.client.get(f"/o/acme/reviews/{review.pk}/").status_code == 403
    assert stranger.client.get(f"/o/acme/reviews/{review.pk}/").status_code == 404


def test_evidence_of_another_organisation_is_not_there(acme, days, review, jonas, borealis):
    with scope(borealis):
        theirs = Artefact.objects.create(ref="EV-0001", title="Theirs", source="person", latest_number=1)
    with pytest.raises(ValidationError, match="nothing here"):
        _attest(acme, jonas, review, performed_on=date(2026, 1, 15), evidence=[theirs.pk])
    with scope(acme):
        assert not Answer.objects.exists()


def test_the_page_of_the_control_shows_the_year_the_last_and_the_next(acme, days, control, review, jonas):
    days.go(2, 10)
    _attest(acme, jonas, review)
    days.go(2, 15)
    panel = jonas.client.get(f"/o/acme/reviews/of/{control.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "REV-001" in panel
    assert "REV-002" in panel
    assert "1 expected to date, 1 filled, 0 late, 0 missed, 0 unknown, 3 to come" in panel
    assert f'hx-get="/o/acme/reviews/of/{control.pk}/"' in jonas.client.get(f"/o/acme/controls/{control.pk}/").content.decode()
