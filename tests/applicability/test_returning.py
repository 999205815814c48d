"""When an exclusion has to be looked at again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from controls.applicability.returning import Around, Edition, Exclusion, ScopeChange, why_again, wording_of

START = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24).map(lambda hours: START + timedelta(hours=hours))
DAYS = st.integers(0, 3 * 365).map(lambda days: START.date() + timedelta(days=days))
WORDINGS = st.sampled_from(["a", "b"])
EXCLUSIONS = st.builds(Exclusion, MOMENTS, DAYS, WORDINGS)
CHANGES = st.lists(st.builds(ScopeChange, MOMENTS, st.sampled_from(["SYS-1", "SYS-2", "SVC-1", "SYS-3", "SYS-4"])), max_size=6)
EDITIONS = st.lists(st.builds(Edition, st.just("ISO 27001, version 4,"), MOMENTS, st.sampled_from(["a", "b", None])), max_size=3)
SURROUNDINGS = st.builds(Around, DAYS, WORDINGS, CHANGES, EDITIONS)


@given(EXCLUSIONS, SURROUNDINGS)
def test_it_comes_back_for_one_of_four_reasons_and_for_no_other(exclusion, around):
    due = around.today >= exclusion.review_on
    scope = any(change.at > exclusion.decided_at for change in around.changes)
    reworded = around.wording != exclusion.wording
    touched = any(e.loaded_at > exclusion.decided_at and e.wording != exclusion.wording for e in around.editions)
    assert bool(why_again(exclusion, around)) == (due or scope or reworded or touched)


@given(EXCLUSIONS, SURROUNDINGS, CHANGES)
def test_a_further_scope_change_never_quiets_it(exclusion, around, more):
    later = Around(around.today, around.wording, [*around.changes, *more], around.editions)
    assert len(why_again(exclusion, later)) >= len(why_again(exclusion, around))


@given(SURROUNDINGS)
def test_decided_anew_after_everything_it_stands(around):
    moments = [datetime(2027, 1, 2, tzinfo=UTC)]
    anew = Exclusion(max(moments), around.today + timedelta(days=1), around.wording)
    assert why_again(anew, around) == ()


@given(EXCLUSIONS, SURROUNDINGS)
def test_the_order_of_changes_does_not_matter(exclusion, around):
    turned = Around(around.today, around.wording, around.changes[::-1], around.editions[::-1])
    assert set(map(len, why_again(exclusion, turned))) == set(map(len, why_again(exclusion, around)))


def test_it_says_what_changed_and_counts_the_rest():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    changes = [ScopeChange(at + timedelta(days=n), f"SYS-{n}") for n in range(1, 6)]
    (said,) = why_again(Exclusion(at, date(2026, 6, 1), "a"), Around(date(2026, 2, 1), "a", changes))
    assert said == "The scope changed after it was excluded: SYS-5, SYS-4, SYS-3 and 2 more."


def test_it_is_due_on_the_day_itself():
    exclusion = Exclusion(datetime(2026, 1, 1, tzinfo=UTC), date(2026, 6, 1), "a")
    assert why_again(exclusion, Around(date(2026, 5, 31), "a")) == ()
    assert why_again(exclusion, Around(date(2026, 6, 1), "a")) == ("Its review was due on 01 June 2026.",)


def test_white_space_is_no_change_of_wording():
    assert wording_of("Clear  desk", "It is\nclear.") == wording_of("Clear desk", "It is clear.")
    assert wording_of("Clear desk", "It is clear.") != wording_of("Clear desk", "It is cleared.")
