"""A requirement that several lists show is shown where all of them are: one that could be read hides none that could not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from audits.reports.completeness import completeness
from compliance.intervals.cadence import Cadence
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Connection, KindState, Run, RunStep
from evidence.coverage.account import account_of
from evidence.coverage.ahead import ahead_of
from evidence.coverage.selectors import intervals_of
from evidence.coverage.several import Line, count_together
from evidence.coverage.showing import Item, Reading, Shown, Terms, Way
from evidence.judging.services.stand import refresh_standings
from evidence.models import Version
from evidence.services.decide import decide_version
from evidence.services.freshness import refresh_requirements
from evidence.services.link import link_artefact
from evidence.services.receive import add_artefact
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.evidence import make_connection, make_requirement

from .conftest import show, version_of

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
MONTHS = [date(2026, month, 20) for month in range(1, 8)]


def line(title: str, *days: date, since: date | None = None, ended: date | None = None) -> Line:
    return Line(title, Shown([Item(day, title) for day in days]), since or min(days), ended)


def told(lines: list[Line], *, beside: tuple[date, ...] = (), way: Way = Way.BLOCKS, on: date = date(2026, 8, 20)) -> str:
    terms = Terms(way, YEAR if way != Way.ONE_DAY else (on, on), Cadence.MONTHLY, (YEAR,))
    found = count_together(terms, Shown([Item(day, "person") for day in beside]), lines, on=on)
    return " ".join(each.state.value for each in found[:7])


def test_a_month_without_one_of_two_lists_is_a_hole_however_often_the_other_was_read():
    production = line("production", *MONTHS[:2], *MONTHS[4:])
    assert told([line("sandbox", *MONTHS), production]) == "filled filled missed missed filled filled filled"
    assert told([production, line("sandbox", *MONTHS)]) == "filled filled missed missed filled filled filled"


def test_the_hole_says_which_list_is_not_there():
    terms = Terms(Way.BLOCKS, YEAR, Cadence.MONTHLY, (YEAR,))
    lines = [line("sandbox", *MONTHS), line("production", *MONTHS[:2])]
    found = count_together(terms, Shown(), lines, on=date(2026, 8, 20))
    assert [each.lacks for each in found[:4]] == ["", "", "production", "production"]
    assert found[2].key is None
    assert found[1].key == "sandbox"


def test_a_list_that_came_later_asks_nothing_of_the_months_before_it():
    assert told([line("old", *MONTHS), line("new", *MONTHS[3:])]) == "filled filled filled filled filled filled filled"


def test_a_retired_connection_asks_nothing_after_its_end_and_what_followed_it_speaks_for_both():
    old, new = line("old", *MONTHS[:3], ended=date(2026, 3, 25)), line("new", *MONTHS[3:])
    assert told([old, new]) == "filled filled filled filled filled filled filled"


def test_what_a_person_brought_stands_for_the_list_that_was_not_read():
    production = line("production", *MONTHS[:2], *MONTHS[3:])
    assert told([line("sandbox", *MONTHS), production], beside=(date(2026, 3, 9),)) == "filled " * 6 + "filled"


def test_a_list_that_was_asked_for_and_never_had_is_a_hole_from_then_on():
    never = Line("trails", Shown(refused=[date(2026, 4, 2)]), date(2026, 4, 2))
    assert told([line("summary", *MONTHS), never], on=date(2026, 5, 3)) == "filled filled filled unknown open to_come to_come"


def test_what_another_list_read_back_speaks_for_the_days_before_a_list_was_made_and_after_its_end():
    """A connection that is made anew for the same organisation cannot read what its source no longer keeps."""
    back = Reading(YEAR[0], date(2026, 4, 30), "old")
    old = Line("old", Shown([Item(date(2026, 5, 2), "old")], [back]), date(2026, 5, 2), date(2026, 5, 25))
    new = Line("new", Shown([Item(date(2026, 6, 1), "new")], [Reading(date(2026, 6, 1), date(2026, 7, 31), "new")]), date(2026, 6, 1))
    assert told([old, new]) == "filled filled filled filled filled filled filled"
    asked = replace(new, since=date(2026, 3, 1))
    assert told([old, asked]) == "filled filled missed missed missed filled filled"


def test_a_list_that_was_linked_by_hand_speaks_only_for_days_on_which_none_was_collected():
    by_hand = replace(line("by hand", *MONTHS), needed=False)
    assert told([line("needed", *MONTHS[:4]), by_hand]) == "filled filled filled filled missed missed missed"
    assert told([line("needed", *MONTHS[:4], ended=date(2026, 4, 25)), by_hand]) == "filled " * 6 + "filled"
    assert told([line("needed", *MONTHS[3:]), by_hand]) == "filled " * 6 + "filled"
    assert told([by_hand]) == "filled " * 6 + "filled"


def test_pci_counts_the_days_since_the_list_that_is_the_longest_away():
    daily = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 200, 20)]
    assert "missed" not in told([line("one", *daily)], way=Way.GAPS, on=date(2026, 7, 1))
    assert "missed" in told([line("one", *daily), line("two", *daily[:2], *daily[6:])], way=Way.GAPS, on=date(2026, 7, 1))


def test_pci_shows_the_list_that_was_away_longest_not_the_one_that_was_away_most_often():
    weekly = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 210, 30)]
    often = line("sandbox", *(day for number, day in enumerate(weekly) if number not in (1, 4)))
    long = line("production", weekly[0], weekly[-1])
    terms = Terms(Way.GAPS, YEAR, Cadence.MONTHLY, (YEAR,))
    found = count_together(terms, Shown(), [often, long], on=date(2026, 7, 2))
    assert {each.key for each in found if each.performed} == {"production"}


def test_on_the_day_of_a_type_i_every_list_has_to_be_good():
    on = date(2026, 8, 20)
    assert told([line("one", date(2026, 8, 1)), line("two", date(2026, 8, 2))], way=Way.ONE_DAY, on=on) == "filled"
    assert told([line("one", date(2026, 8, 1)), line("two", date(2026, 6, 2))], way=Way.ONE_DAY, on=on) == "open"


@pytest.fixture
def trails(control, mei):
    return make_requirement(mei.actor, control, cadence="monthly", source="collector", key="trails",
                            checks=["aws.cloudtrail.multiregion"])  # fmt: skip


def look(requirement, connection: str, kind: str, *days: date) -> None:
    artefact = add_artefact(actor=SYSTEM, title=f"{connection[:4]}: {kind}", source="collector", collected_key=f"{connection}:{kind}")
    link_artefact(actor=SYSTEM, artefact=artefact, requirement=requirement)
    for day in days:
        version_of(artefact, day)


def refuse(connection, kind: str, at: datetime, reason: str) -> None:
    run = Run.objects.create(
        connection=connection, number=1, trigger="schedule", requested_by="-", state="finished", finished_at=at, outcome="failed"
    )
    RunStep.objects.create(run=run, fact_kind=kind, position=0, state="done", finished_at=at, reason=reason, message="403")


def states(requirement) -> list[str]:
    return [each.counted.state.value for each in intervals_of(requirement)][:7]


def test_in_a_room_one_account_hides_nothing_of_another(trails):
    look(trails, "sand", "aws.cloudtrail.trails", *MONTHS)
    look(trails, "prod", "aws.cloudtrail.trails", *MONTHS[:4], *MONTHS[6:])
    assert states(trails) == ["filled", "filled", "filled", "filled", "missed", "missed", "filled"]
    assert intervals_of(trails)[4].counted.lacks == "prod: aws.cloudtrail.trails"


def test_why_it_could_not_be_looked_at_is_said_of_the_list_that_is_not_there(trails, mei):
    sand, prod = make_connection(mei.actor, name="sand"), make_connection(mei.actor, name="prod")
    for connection, name, days in ((sand, "sand", MONTHS), (prod, "prod", MONTHS[:4])):
        key = f"{connection.pk}:aws.cloudtrail.trails"
        artefact = add_artefact(actor=SYSTEM, title=f"{name}: Trails", source="collector", collected_key=key)
        link_artefact(actor=SYSTEM, artefact=artefact, requirement=trails)
        for day in days:
            version_of(artefact, day)
    refuse(prod, "aws.cloudtrail.trails", datetime(2026, 5, 3, tzinfo=UTC), "denied")
    refuse(sand, "aws.cloudtrail.trails", datetime(2026, 5, 9, tzinfo=UTC), "rate_limited")
    account = account_of(trails)
    assert account is not None
    assert [row.refusal.connection for row in account.rows if row.run.lacks and row.refusal] == ["prod"]


def test_gap_and_report_say_which_list_does_not_show_it(trails, programme):
    look(trails, "sand", "aws.cloudtrail.trails", *MONTHS)
    look(trails, "prod", "aws.cloudtrail.trails", *MONTHS[:4], *MONTHS[5:])
    refresh_standings()
    reconcile()
    assert Gap.objects.get(rule="evidence.missed").cause.startswith("“prod: aws.cloudtrail.trails” does not show that AC-07 was performed")
    (told_of,) = completeness(programme).controls
    assert any("nothing shows May 2026, for want of “prod: aws.cloudtrail.trails”." in each.says for each in told_of.reasons)


def test_whoever_returns_a_list_is_asked_for_it_all_the_same(trails, mei):
    """A return takes away what was shown, not what is asked: else the list that fails would be the one that is returned."""
    look(trails, "sand", "aws.cloudtrail.trails", *MONTHS)
    look(trails, "prod", "aws.cloudtrail.trails", *MONTHS)
    lists = Version.objects.filter(artefact__collected_key__startswith="prod").order_by("number")
    decide_version(actor=mei.actor, version=lists[0], acceptance="returned", reason="The wrong account.")
    assert states(trails) == ["missed", *["filled"] * 6]
    for each in lists[1:]:
        decide_version(actor=mei.actor, version=each, acceptance="returned", reason="The wrong account.")
    assert states(trails) == ["missed"] * 7


def test_one_kind_of_fact_hides_nothing_of_another(trails):
    assert set(trails.fact_kinds) == {"aws.cloudtrail.trails", "aws.iam.account_summary"}
    look(trails, "prod", "aws.iam.account_summary", *MONTHS)
    look(trails, "prod", "aws.cloudtrail.trails", *MONTHS[:1])
    assert states(trails) == ["filled", *["missed"] * 6]


def test_what_was_linked_by_hand_is_no_list_that_everything_waits_for(trails):
    look(trails, "prod", "aws.cloudtrail.trails", *MONTHS)
    show(trails, date(2026, 1, 9), source="collector", collected_key="prod:aws.ec2.instances")
    assert states(trails) == ["filled"] * 7


def test_what_was_linked_by_hand_stands_in_for_nothing_that_is_needed(trails):
    """One click of whoever answers for it would fill what the collector was refused."""
    look(trails, "prod", "aws.cloudtrail.trails", *MONTHS[:4])
    look(trails, "prod", "aws.ec2.instances", *MONTHS)
    assert states(trails) == ["filled"] * 4 + ["missed"] * 3


@pytest.mark.parametrize(("reason", "said"), [("denied", "missed"), ("not_licensed", "filled")])
def test_what_could_not_be_read_at_first_stays_a_hole_when_it_can_be(trails, mei, reason, said):
    connection = make_connection(mei.actor)
    refuse(connection, "aws.cloudtrail.trails", datetime(2026, 2, 3, tzinfo=UTC), reason)
    look(trails, "sand", "aws.cloudtrail.trails", *MONTHS)
    assert states(trails) == ["filled", *[said] * 6]
    look(trails, str(connection.pk), "aws.cloudtrail.trails", *MONTHS[3:])
    assert states(trails) == ["filled", said, said, "filled", "filled", "filled", "filled"]


@pytest.mark.parametrize(("reason", "said"), [("denied", "missed"), ("not_licensed", "filled")])
def test_a_kind_that_was_refused_from_the_first_is_missed_unless_the_vendors_plan_has_none(trails, mei, reason, said):
    connection = make_connection(mei.actor)
    refuse(connection, "aws.cloudtrail.trails", datetime(2026, 2, 3, tzinfo=UTC), reason)
    look(trails, str(connection.pk), "aws.iam.account_summary", *MONTHS)
    assert states(trails) == ["filled", *[said] * 6]


def test_a_retired_connection_is_waited_for_no_more(trails, mei):
    connection = make_connection(mei.actor)
    look(trails, str(connection.pk), "aws.cloudtrail.trails", *MONTHS[:3])
    look(trails, "next", "aws.cloudtrail.trails", *MONTHS[3:])
    assert states(trails) == ["filled"] * 3 + ["missed"] * 4
    Connection.objects.filter(pk=connection.pk).update(active=False, retired_at=datetime(2026, 3, 25, tzinfo=UTC))
    assert states(trails) == ["filled"] * 7


def test_a_list_of_a_paused_connection_renews_nothing_by_itself(trails, mei, programme):
    read, paused = make_connection(mei.actor), make_connection(mei.actor, name="Production")
    for connection in (read, paused):
        look(trails, str(connection.pk), "aws.cloudtrail.trails", date(2026, 8, 1))
        KindState.objects.create(connection=connection, fact_kind="aws.cloudtrail.trails")
    refresh_requirements(actor=SYSTEM)
    assert [each.by_itself for each in ahead_of(programme, date(2026, 12, 31))] == [True]
    Connection.objects.filter(pk=paused.pk).update(active=False)
    assert [each.do for each in ahead_of(programme, date(2026, 12, 31))] == ["Put the connection right"]
