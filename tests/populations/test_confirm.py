"""A version is confirmed once every step holds, by somebody who owns nothing of it; only then is it sampled."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Control
from controls.services.conclude import confirm_population
from evidence.models import Version
from evidence.populations.denied import denied
from evidence.populations.items import Item
from evidence.populations.models import Mismatch, Population, PopulationVersion, State
from evidence.populations.reconciling import Kind, Unequal
from evidence.populations.selectors import confirmed_versions
from evidence.populations.services.keep import change_population
from evidence.populations.services.work_through import (
    answer_step,
    confirm_version,
    decide_mismatch,
    withdraw_confirmation,
)
from evidence.populations.spans import Period, Reach
from evidence.populations.standing import is_sampleable, standing_of
from gaps.models import Gap
from gaps.services.reconcile import reconcile

from .conftest import MAY

pytestmark = pytest.mark.django_db
HALF, JUNE = Period(MAY.first, date(2026, 10, 31), UTC), Period(date(2026, 6, 1), date(2026, 6, 30), UTC)
LEFT = {"worker": "w7", "name": "Name w7", "last_day": "2026-06-10", "system": "Okta", "hours": 3.5, "in_time": True}
IN_JUNE = [Item("okta", "w7", LEFT)]


def test_frozen_rows_are_a_version_of_evidence_with_their_provenance(acme, population, frozen):
    version = frozen("w1", "w2")
    with scope(acme):
        stored = Version.objects.get(pk=version.rows_id)
        assert (stored.number, stored.provenance["rows"], stored.media_type) == (1, 2, "application/x-ndjson")
        assert Entry.objects.filter(action="populations.version.frozen").count() == 1
        assert (version.row_count, version.counted, version.total) == (2, 2, 2)


def test_a_version_cannot_be_changed_by_anybody(acme, frozen):
    version = frozen("w1")
    for deed in (lambda: PopulationVersion.objects.filter(pk=version.pk).update(row_count=9), lambda: version.delete()):
        with scope(acme), pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_it_is_confirmed_by_another_once_every_step_holds(acme, mei, population, control, frozen, worked):
    version = frozen("w1")
    worked(version)
    with scope(acme):
        assert standing_of(version).state == State.READY
        assert not is_sampleable(version)
        confirm_version(actor=mei.actor, version=version, note="Gone through with Priya.")
        assert is_sampleable(version)
        population.refresh_from_db()
        assert (population.state, population.confirmed_number) == ("confirmed", 1)
        control.refresh_from_db()
        assert control.population_confirmed_by == "Mei-Ling Chu"
        assert control.population_note == f"Confirmed as rows: {population.ref} version 1."


def test_an_open_step_keeps_it_from_being_confirmed(acme, mei, frozen):
    version = frozen("w1")
    with scope(acme), pytest.raises(ValidationError, match="source, out, back"):
        confirm_version(actor=mei.actor, version=version, note="It looks well.")


@pytest.mark.parametrize("who", ["priya", "jonas"])
def test_owners_never_confirm_it(acme, request, frozen, worked, who):
    version = frozen("w1")
    worked(version)
    with scope(acme), pytest.raises(PermissionDenied):
        confirm_version(actor=request.getfixturevalue(who).actor, version=version, note="Mine is well.")


def test_a_count_that_differs_fails_and_no_person_may_say_otherwise(acme, priya, mei, frozen, worked):
    version = frozen("w1", total=5)
    worked(version)
    with scope(acme):
        assert standing_of(version).state == State.FAILS
        with pytest.raises(ValidationError, match="Facts have settled"):
            answer_step(actor=priya.actor, version=version, step="count", result="holds", note="It is fine.", total=1)
        with pytest.raises(ValidationError, match="count"):
            confirm_version(actor=mei.actor, version=version, note="It is fine.")


def test_a_total_that_a_person_reads_is_compared_and_not_believed(acme, priya, frozen):
    version = frozen("w1", "w2", total=None)
    with scope(acme):
        answer = answer_step(actor=priya.actor, version=version, step="count", result="holds", note="The screen says so.", total=3)
        assert (answer.result, answer.note) == ("fails", "2 here, 3 in the source (read by a person): 1 fewer. The screen says so.")
        with pytest.raises(ValidationError, match="Enter the total"):
            answer_step(actor=priya.actor, version=version, step="count", result="holds", note="It is fine.")


def test_a_period_that_was_not_watched_cannot_be_confirmed(acme, frozen, worked):
    version = frozen("w1", covers=False)
    worked(version)
    with scope(acme):
        assert standing_of(version).verdicts["period"].result == "fails"


def test_a_newer_version_that_is_not_complete_takes_the_controls_confirmation_away(acme, mei, control, frozen, worked):
    first = frozen("w1")
    worked(first)
    with scope(acme):
        confirm_version(actor=mei.actor, version=first, note="Gone through.")
    frozen("w1", "w2", total=9)
    with scope(acme):
        control.refresh_from_db()
        assert control.population_confirmed_at is None
        assert Entry.objects.filter(action="controls.control.population_withdrawn").count() == 1


def test_a_list_of_other_days_does_not_answer_one_that_is_incomplete(acme, mei, control, frozen, worked):
    """May is confirmed, then half a year is frozen that lacks rows, then June alone that holds: nothing says May was whole."""
    first = frozen("w1")
    worked(first)
    with scope(acme):
        confirm_version(actor=mei.actor, version=first, note="Gone through.")
    frozen("w1", total=9, period=HALF, reach=Reach(HALF.starts, HALF.ends))
    later = frozen(period=JUNE, reach=Reach(JUNE.starts, JUNE.ends), items=IN_JUNE)
    worked(later)
    with scope(acme):
        confirm_version(actor=mei.actor, version=later, note="Gone through.")
        control.refresh_from_db()
        assert control.population_confirmed_at is None
        assert [each.number for each in confirmed_versions()] == [3]
        reconcile()
        assert Gap.objects.get(rule="population.incomplete").cause.startswith("Version 2 does not hold")
    frozen("w1", "w2", total=2, period=HALF, reach=Reach(HALF.starts, HALF.ends))
    with scope(acme):
        control.refresh_from_db()
        assert control.population_confirmed_at is not None
        assert [each.number for each in confirmed_versions()] == [3, 1]
        reconcile()
        assert Gap.objects.get(rule="population.incomplete").state == "closed"


def test_what_was_not_watched_over_all_its_days_is_answered_by_a_list_of_those_that_were(acme, frozen, population):
    frozen("w1", covers=False, period=HALF)
    with scope(acme):
        assert list(denied().unanswered) == [population.pk]
    frozen(period=JUNE, reach=Reach(JUNE.starts, JUNE.ends), items=IN_JUNE)
    with scope(acme):
        assert denied().unanswered == {}


def test_a_newer_version_that_is_being_worked_on_leaves_the_confirmation(acme, mei, control, frozen, worked):
    first = frozen("w1")
    worked(first)
    with scope(acme):
        confirm_version(actor=mei.actor, version=first, note="Gone through.")
    frozen("w1", "w2")
    with scope(acme):
        control.refresh_from_db()
        assert control.population_confirmed_at is not None


def test_a_confirmation_is_withdrawn_with_a_reason(acme, mei, population, control, frozen, worked):
    version = frozen("w1")
    worked(version)
    with scope(acme):
        confirm_version(actor=mei.actor, version=version, note="Gone through.")
        withdraw_confirmation(actor=mei.actor, version=version, reason="A contractor was missing.")
        population.refresh_from_db()
        control.refresh_from_db()
        assert (population.confirmed_number, control.population_confirmed_at) == (0, None)
        assert not is_sampleable(version)


def test_a_control_that_it_serves_no_more_is_confirmed_by_it_no_more(acme, mei, population, control, frozen, worked):
    version = frozen("w1")
    worked(version)
    with scope(acme):
        confirm_version(actor=mei.actor, version=version, note="Gone through.")
        change_population(actor=mei.actor, population=population, controls=[])
        control.refresh_from_db()
        assert (control.population_confirmed_at, control.population_note) == (None, "")


def test_what_is_kept_as_rows_is_not_confirmed_by_hand(acme, mei, control, population):
    with scope(acme), pytest.raises(ValidationError, match=f"Confirm a frozen version of {population.ref}"):
        confirm_population(actor=mei.actor, control=control, note="I believe so.")


def test_no_rows_are_stated_by_a_person_and_never_sampled(acme, mei, priya, population, frozen):
    version = frozen(total=None)
    with scope(acme):
        keys = [step.key for step in standing_of(version).steps]
        assert "nil" in keys
        assert "out" not in keys
        answer_step(actor=priya.actor, version=version, step="source", result="holds", note="Opened it.")
        answer_step(actor=priya.actor, version=version, step="count", result="holds", note="The screen shows none.", total=0)
        assert standing_of(version).state == State.OPEN
        answer_step(actor=priya.actor, version=version, step="nil", result="holds", note="Nobody left; I run payroll.")
        confirm_version(actor=mei.actor, version=version, note="Seen on the screen.")
        assert standing_of(version).state == State.CONFIRMED
        assert not is_sampleable(version)
    page = mei.client.get(reverse("populations:version", args=["acme", version.pk])).content.decode()
    assert "None in the period" in page


def test_differences_are_decided_one_by_one_with_a_reason(acme, mei, priya, frozen, worked):
    left = Unequal(Kind.LEFT, "okta", "ada", "Ada left 3 days before.")
    bot = Unequal(Kind.NOBODY, "okta", "bot", "Nobody goes by it.", "The scope register knows it as a service account.")
    version = frozen("w1", unequal=[left, bot])
    worked(version)
    with scope(acme):
        assert standing_of(version).undecided == 1
        mismatch = Mismatch.objects.get(version=version, explained="")
        with pytest.raises(ValidationError, match="one by one"):
            answer_step(actor=priya.actor, version=version, step="second", result="holds", note="All fine.")
        with pytest.raises(ValidationError, match="Say why"):
            decide_mismatch(actor=mei.actor, mismatch=mismatch, ruling="error", reason=" ")
        decide_mismatch(actor=mei.actor, mismatch=mismatch, ruling="error", reason="IT was not told.")
        assert standing_of(version).state == State.READY
        confirm_version(actor=mei.actor, version=version, note="The list is right; the control is not.")
        with pytest.raises(ValidationError, match="Withdraw"):
            decide_mismatch(actor=mei.actor, mismatch=mismatch, ruling="timing", reason="Changed my mind.")


def test_two_versions_are_compared_when_the_second_is_frozen(acme, mei, frozen):
    frozen("w1", "w2")
    second = frozen("w2", "w3", "w4")
    assert (second.added, second.removed, second.changed) == (2, 1, 0)
    page = mei.client.get(reverse("populations:changes", args=["acme", second.pk])).content.decode()
    assert page.count("Added") == 3  # the figure at the head, and two rows


def test_rewording_the_controls_population_leaves_what_is_confirmed_as_rows(acme, mei, control, frozen, worked):
    from controls.services.change import change_control

    version = frozen("w1")
    worked(version)
    with scope(acme):
        confirm_version(actor=mei.actor, version=version, note="Gone through.")
        change_control(actor=mei.actor, control=Control.objects.get(pk=control.pk), population="Leavers, contractors included")
        control.refresh_from_db()
        assert control.population_confirmed_at is not None


def test_the_next_freeze_falls_due_after_the_next_period(acme, mei, population, frozen):
    from datetime import date

    from evidence.populations.services.keep import change_population

    with scope(acme):
        change_population(actor=mei.actor, population=population, next_due=date(2026, 6, 2))
    frozen("w1")
    with scope(acme):
        assert Population.objects.get(pk=population.pk).next_due == date(2026, 9, 1)
