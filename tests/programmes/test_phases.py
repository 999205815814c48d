"""Working back from fieldwork: the usual pace where there is time, shorter phases where there is less."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.programmes.models import Phase, PhaseKind
from compliance.programmes.phasing import LEAST, USUAL, PhaseState, phase_state, propose, shortcomings
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.factories.compliance import make_programme

FIELDWORK = date(2027, 1, 18)
PREPARING = [PhaseKind.SCOPING, PhaseKind.ASSESSMENT, PhaseKind.REMEDIATION, PhaseKind.PRE_AUDIT]


def plan_with(days_left: int):
    return propose(fieldwork_start=FIELDWORK, fieldwork_end=None, today=FIELDWORK - timedelta(days=days_left))


def test_with_time_each_phase_has_its_usual_length():
    plan = plan_with(300)
    assert {kind: plan.spans[kind].days for kind in PREPARING} == USUAL
    assert (plan.should_begin_on, plan.shortened, plan.can_be_met) == (date(2026, 5, 13), False, True)
    assert plan.spans[PhaseKind.SCOPING].starts_on == plan.should_begin_on


def test_the_pre_audit_review_begins_sixty_days_before_fieldwork():
    assert plan_with(300).spans[PhaseKind.PRE_AUDIT].starts_on == FIELDWORK - timedelta(days=60)


def test_on_the_last_day_that_suffices_nothing_is_shortened():
    assert plan_with(250).shortened is False
    assert plan_with(249).shortened is True


def test_with_too_little_time_it_begins_in_the_past_and_says_so():
    plan = plan_with(62)
    assert plan.can_be_met is False
    assert plan.spans[PhaseKind.SCOPING].starts_on == FIELDWORK - timedelta(days=63)
    assert plan_with(63).can_be_met is True


@given(st.integers(min_value=-400, max_value=900))
def test_phases_always_follow_each_other_up_to_fieldwork(days_left):
    plan = plan_with(days_left)
    spans = [plan.spans[kind] for kind in PhaseKind]
    for earlier, later in zip(spans, spans[1:], strict=False):
        assert later.starts_on == earlier.ends_on + timedelta(days=1)
    assert spans[-1].starts_on == FIELDWORK
    assert all(plan.spans[kind].days >= LEAST[kind] for kind in PREPARING)
    if plan.can_be_met:
        assert spans[0].starts_on >= FIELDWORK - timedelta(days=days_left)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 5, 31), PhaseState.TO_COME), (date(2026, 6, 1), PhaseState.RUNNING),
        (date(2026, 6, 30), PhaseState.RUNNING), (date(2026, 7, 1), PhaseState.OVER),
    ],
)  # fmt: skip
def test_where_a_phase_stands_follows_from_its_days(day, state):
    phase = Phase(kind="scoping", starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30))
    assert phase_state(phase, day) is state


def test_dates_that_do_not_hold_together_are_said():
    short = Phase(kind="remediation", starts_on=date(2027, 1, 10), ends_on=date(2027, 1, 18))
    early = Phase(kind="scoping", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
    assert shortcomings([early, short], fieldwork_start=FIELDWORK, begun_on=date(2026, 12, 11)) == [
        "Scoping would have had to begin 10 days before the programme did.",
        "Remediation has 9 days; 28 is the least that it takes.",
        "Remediation is still running when fieldwork starts.",
    ]
    good = Phase(kind="scoping", starts_on=date(2026, 12, 11), ends_on=date(2026, 12, 31))
    assert shortcomings([good], fieldwork_start=FIELDWORK, begun_on=date(2026, 12, 11)) == []


@pytest.fixture
def programme(acme, mei):
    with scope(acme):
        return make_programme(mei.actor)


def spans_as_sent(**moved):
    sent, day = {}, date(2026, 2, 2)
    for kind in PhaseKind:
        sent[f"{kind.value}_starts_on"] = day.isoformat()
        sent[f"{kind.value}_ends_on"] = (day + timedelta(days=29)).isoformat()
        day += timedelta(days=30)
    return sent | moved


def test_they_are_moved_by_hand(acme, mei, programme):
    assert mei.client.post(f"/o/acme/programmes/{programme.pk}/phases/", spans_as_sent()).status_code == 302
    with scope(acme):
        first = programme.phases.order_by("position").first()
        entry = Entry.objects.get(action="programmes.phases.changed")
    assert (first.starts_on, first.ends_on) == (date(2026, 2, 2), date(2026, 3, 3))
    assert entry.after["scoping"] == "2026-02-02 to 2026-03-03"


def test_a_phase_cannot_end_before_it_starts(acme, mei, programme):
    wrong = spans_as_sent(remediation_ends_on="2026-01-01")
    answer = mei.client.post(f"/o/acme/programmes/{programme.pk}/phases/", wrong)
    assert answer.status_code == 422
    assert "it would end before it starts" in answer.content.decode()
    with scope(acme):
        assert not Entry.objects.filter(action="programmes.phases.changed").exists()


def test_the_proposal_can_be_asked_for_again_and_saves_nothing(acme, mei, programme):
    mei.client.post(f"/o/acme/programmes/{programme.pk}/phases/", spans_as_sent())
    page = mei.client.get(f"/o/acme/programmes/{programme.pk}/phases/?propose=1").content.decode()
    assert 'value="2027-01-17"' in page
    with scope(acme):
        assert programme.phases.get(kind="scoping").starts_on == date(2026, 2, 2)
