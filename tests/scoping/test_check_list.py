"""A system that enters scope within a period starts a check list: settled by facts, or by a person's word where none tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from compliance.desk.registry import digest_for, items_for
from compliance.programmes.services import close_programme
from compliance.registers.models import System
from compliance.registers.selectors import scope_start
from compliance.registers.services import change_system, record_discovery
from compliance.registers.spans import Span
from compliance.scoping import above
from compliance.scoping.models import Answer, CheckList
from compliance.scoping.points import points_of
from compliance.scoping.selectors import check_lists
from compliance.scoping.services import answer_point, open_check_lists, reconcile
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from controls.models import Control, ControlSystem
from tests.factories.compliance import make_system
from tests.factories.gaps import make_control
from tests.scoping.conftest import day, enter, one, raised, settle


@pytest.fixture
def late(acme, mei, programme) -> System:
    """In scope since ten days ago: ninety days after the period began."""
    with scope(acme):
        return enter(mei.actor, "Warehouse", since=-10)


@pytest.fixture
def listed(acme, late) -> CheckList:
    with scope(acme):
        open_check_lists()
        return check_lists().get()


def states(listed: CheckList) -> dict[str, bool | None]:
    fresh = check_lists().get(pk=listed.pk)
    return {str(point.kind): point.holds for point in points_of([fresh])[listed.pk]}


def test_it_opens_once_for_a_system_that_enters_within_the_period(acme, mei, programme, late):
    with scope(acme):
        enter(mei.actor, "Old", since=-150)
        enter(mei.actor, "Left out", since=-10, decision="out")
        enter(mei.actor, "Lisbon", since=-10, kind="location")
        make_system(mei.actor, "Undecided")
        assert open_check_lists() == 1
        assert open_check_lists() == 0
        listed = CheckList.objects.get()
        assert (listed.system_id, listed.programme_id, listed.starts_on) == (late.pk, programme.pk, day(-10))


def test_it_closes_when_the_system_was_in_all_along_or_leaves_and_opens_again(acme, mei, late, listed):
    with scope(acme):
        settle(mei.actor, late, "in", effective_on=day(-150))
        open_check_lists()
        listed.refresh_from_db()
        assert listed.closed_at is not None
        settle(mei.actor, late, "out")
        assert open_check_lists() == 0
        System.objects.filter(pk=late.pk).update(first_seen_at=late.first_seen_at - timedelta(days=20))
        settle(mei.actor, late, "out", effective_on=day(-160))
        settle(mei.actor, late, "in", effective_on=day(-5))
        open_check_lists()
        listed.refresh_from_db()
        assert (listed.closed_at, listed.starts_on) == (None, day(-5))


def test_a_programme_that_is_closed_asks_nothing_more(acme, mei, programme, late):
    with scope(acme):
        assert "SCO-14" in raised()
        close_programme(actor=mei.actor, programme=programme)
        assert "SCO-14" not in raised()


def test_its_points_are_settled_by_facts_and_the_rest_by_a_persons_word(acme, mei, jonas, late, listed):
    with scope(acme):
        assert states(listed) == {"owner": False, "controls": False, "evidence": False, "start": False}
        assert "an owner; controls that name it" in one("SCO-14").reason
        change_system(actor=mei.actor, system=late, owner=jonas.membership, external_id="x:warehouse")
        record_discovery(
            actor=SYSTEM, kind="database", external_id="x:warehouse", name="Warehouse", discovered_by="AWS production"
        )
        assert states(listed) == {"owner": True, "controls": False, "evidence": True, "start": False}
        answer_point(actor=mei.actor, check_list=listed, point="controls", text="CM-01 to CM-04 name no system: they cover all.")
        answer_point(actor=mei.actor, check_list=listed, point="start", day=day(-8))
        assert set(states(listed).values()) == {True}
        assert "SCO-14" not in raised()
        change_system(actor=mei.actor, system=late, owner=None)
        assert "SCO-14" in raised()


def test_controls_that_name_it_settle_the_point_while_they_are_in_use(acme, mei, late, listed):
    with scope(acme):
        assert states(listed)["controls"] is False
        control = make_control("CM-01")
        ControlSystem.objects.create(control=control, system=late)
        assert states(listed)["controls"] is True
        Control.objects.filter(pk=control.pk).update(implementation="retired")
        assert states(listed)["controls"] is False


def test_where_nobody_knows_which_controls_name_it_the_point_is_unknown(acme, mei, late, listed, monkeypatch):
    with scope(acme):
        monkeypatch.setattr("compliance.scoping.points.named", above.Slot())
        assert states(listed)["controls"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"point": "owner", "text": "Jonas."}, "point"), ({"point": "controls", "text": " "}, "text"),
        ({"point": "start"}, "day"), ({"point": "start", "day": day(1)}, "day"), ({"point": "nothing", "text": "x"}, "point"),
    ],
)  # fmt: skip
def test_what_a_fact_settles_or_cannot_be_is_refused(acme, mei, listed, asked, field):
    with scope(acme):
        with pytest.raises(ValidationError) as refused:
            answer_point(actor=mei.actor, check_list=listed, **asked)
        assert list(refused.value.message_dict) == [field]
        assert not Answer.objects.exists()


def test_what_was_said_stays_and_the_newest_counts(acme, mei, listed):
    with scope(acme):
        answer_point(actor=mei.actor, check_list=listed, point="start", day=day(-9))
        answer_point(actor=mei.actor, check_list=listed, point="start", day=day(-7), text="First backup.")
        (point,) = [each for each in points_of([check_lists().get()])[listed.pk] if each.kind == "start"]
        assert point.answer is not None
        assert (point.answer.day, listed.answers.count()) == (day(-7), 2)
        with pytest.raises(DatabaseError), transaction.atomic():
            Answer.objects.update(text="x")


def test_it_waits_for_the_owner_and_without_one_for_whoever_decides_on_scope(acme, mei, jonas, noor, late):
    def waits(person) -> list[str]:
        return [item.ref for item in items_for(person.membership) if item.kind == "scope"]

    with scope(acme):
        reconcile()
        assert "SCO-14" in waits(mei)
        assert waits(jonas) == []
        change_system(actor=mei.actor, system=late, owner=jonas.membership)
        reconcile()
        assert "SCO-14" in waits(jonas)
        assert "SCO-14" not in waits(mei)
        assert any("check list" in line.text for line in digest_for(jonas.membership))
        assert waits(noor) == []


def test_its_population_is_as_long_as_it_was_in_scope(acme, mei, programme, late):
    with scope(acme):
        period = Span(programme.period_start, programme.period_end)
        assert scope_start(late, period) == day(-10)
        old = enter(mei.actor, "Old", since=-150)
        assert scope_start(old, period) == period.first
        never = enter(mei.actor, "Never", decision="out", since=-150)
        assert scope_start(never, period) is None


def test_nothing_is_answered_once_the_programme_has_ended(acme, mei, programme, listed):
    with scope(acme):
        close_programme(actor=mei.actor, programme=programme)
        with pytest.raises(ValidationError, match="has ended"):
            answer_point(actor=mei.actor, check_list=check_lists().get(pk=listed.pk), point="start", day=day(-10))
