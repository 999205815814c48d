"""The register follows the facts: one gap per cause, closed only by newer evidence that passes, the same when done twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.models import Standing
from gaps.models import Gap, GapControl, Occurrence
from gaps.services.change import assign_gap, set_due_date, start_gap
from gaps.services.reconcile import reconcile
from tests.factories.compliance import make_programme
from tests.factories.gaps import CHECK, LOW, ask, judge, look, make_connection, make_control

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def github(room):
    return make_connection()


def acts(gap: Gap) -> list[str]:
    return list(Entry.objects.filter(target_id=gap.pk).order_by("id").values_list("action", flat=True))


def as_stored() -> list[tuple[Any, ...]]:
    """Everything that the register says, in its order."""
    names = [field.attname for field in Gap._meta.concrete_fields]
    rows: list[tuple[Any, ...]] = [tuple(map(str, row)) for row in Gap.objects.order_by("ref").values_list(*names)]
    rows += Occurrence.objects.order_by("gap_id", "resource").values_list("gap_id", "resource", "message", "gone_at")
    rows += GapControl.objects.order_by("gap_id", "control_id").values_list("gap_id", "control_id")
    return rows


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_failing_check_opens_one_gap_with_an_occurrence_for_each_resource(github):
    judge(github, on={f"bucket-{number:03}": "is public" for number in range(400)})
    assert reconcile() == {"opened": 1, "reopened": 0, "closed": 0, "open": 1}
    gap = Gap.objects.get()
    assert (gap.ref, gap.rule, gap.subject, gap.state) == ("GAP-001", "check.fails", CHECK, "open")
    assert gap.title.endswith(": 400 orgs fail")
    assert gap.occurrences.count() == 400
    assert gap.facts_at == github.check_states.get().facts_at
    assert acts(gap) == ["gaps.gap.opened"]


def test_the_same_failing_fact_does_not_open_twice(github):
    judge(github)
    reconcile()
    judge(github, on={"org:acme": "it is off", "org:other": "it is off"})
    assert reconcile()["opened"] == 0
    assert Gap.objects.get().occurrences.count() == 2


def test_the_same_check_on_another_connection_is_another_cause(github):
    judge(github)
    judge(make_connection("GitHub of the subsidiary"))
    assert reconcile()["opened"] == 2


def test_it_bears_on_the_controls_whose_evidence_names_the_check_and_goes_to_their_owner(github, jonas):
    control = make_control(owner=jonas.membership)
    ask(control, checks=(CHECK,))
    make_control("AC-02")
    judge(github)
    reconcile()
    gap = Gap.objects.get()
    assert [link.control.ref for link in gap.controls.all()] == ["AC-01"]
    assert (gap.control, gap.owner) == (control, jonas.membership)
    standing = Standing.objects.get(control=control)
    assert (standing.open_gaps, standing.worst_gap, standing.top_gap_ref) == (1, "critical", "GAP-001")


def test_nobody_who_has_left_is_given_a_gap(github, jonas):
    jonas.membership.ended_at = now()
    jonas.membership.save()
    ask(make_control(owner=jonas.membership), checks=(CHECK,))
    judge(github)
    reconcile()
    assert Gap.objects.get().owner is None


def test_a_check_that_fails_as_a_whole_names_no_resource(github):
    judge(github, on={})
    reconcile()
    assert Gap.objects.get().title.endswith("it fails")


def test_a_check_that_has_left_the_catalogue_opens_nothing(github):
    judge(github, "github.no.longer_there")
    assert reconcile()["opened"] == 0


@pytest.mark.parametrize(("freshness", "word"), [("stale", "stale"), ("missing", "missing")])
def test_evidence_that_is_not_fresh_opens_a_gap_of_its_requirement(room, priya, freshness, word):
    requirement = ask(
        make_control(), freshness=freshness, owner=priya.membership, effective_end=now() - 60 * DAY, stale_at=now() - 30 * DAY
    )
    reconcile()
    gap = Gap.objects.get()
    assert (gap.rule, gap.subject, gap.requirement) == ("evidence.not_fresh", requirement.ref, requirement)
    assert gap.title == f"{requirement.title}: {word}"
    assert gap.owner == priya.membership


def test_nothing_is_asked_of_a_retired_control(room):
    ask(make_control(implementation="retired"), freshness="missing")
    assert reconcile()["opened"] == 0


# --- what cannot be looked at ----------------------------------------------------------------------------------------


def test_unknown_opens_after_one_lapsed_cadence_and_not_before(github):
    look(github, "github.members", "denied", since=now() - DAY + HOUR)
    assert reconcile()["opened"] == 0
    look(github, "github.members", "denied", since=now() - DAY)
    assert reconcile()["opened"] == 1


def test_unknown_opens_one_per_connection_and_reason_never_one_per_check(github):
    old = now() - 2 * DAY
    for kind in ("github.members", "github.org", "github.repos"):
        look(github, kind, "denied", since=old)
    look(github, "github.alerts", "not_licensed", since=old)
    judge(github, CHECK, "unknown", reason="denied", since=old)  # its facts are among those that cannot be read
    judge(github, LOW, "unknown", reason="denied", since=old)  # this one's are not, so it is named by itself
    reconcile()
    found = {gap.subject: {row.resource for row in gap.occurrences.all()} for gap in Gap.objects.all()}
    assert found == {
        "denied": {"github.members", "github.org", "github.repos", LOW},
        "not_licensed": {"github.alerts"},
    }


def test_evidence_is_not_called_missing_where_the_connection_is_the_cause(github):
    ask(make_control(), checks=(CHECK,), fact_kinds=["github.members"], freshness="missing")
    look(github, "github.members", "denied", since=now() - 2 * DAY)
    reconcile()
    assert [gap.rule for gap in Gap.objects.all()] == ["connection.cannot_look"]


def test_unknown_closes_once_everything_that_it_named_was_read_again(github):
    look(github, "github.members", "denied", at=now() - DAY, since=now() - 2 * DAY)
    look(github, "github.org", "denied", at=now() - DAY, since=now() - 2 * DAY)
    reconcile()
    look(github, "github.members")
    reconcile()
    gap = Gap.objects.get()
    assert (gap.state, [row.resource for row in gap.occurrences.filter(gone_at=None)]) == ("open", ["github.org"])
    look(github, "github.org")
    reconcile()
    gap.refresh_from_db()
    assert gap.state == "closed"
    assert "could be read again" in gap.closing_note


def test_what_cannot_be_read_for_another_reason_is_still_not_read(github):
    look(github, "github.members", "denied", at=now() - DAY, since=now() - 2 * DAY)
    reconcile()
    look(github, "github.members", "unreachable", since=now() - HOUR)
    reconcile()
    assert Gap.objects.get().state == "open"


def test_pausing_a_connection_closes_nothing(github):
    look(github, "github.members", "denied", at=now() - DAY, since=now() - 2 * DAY)
    judge(github, LOW, at=now() - DAY)
    reconcile()
    github.active = False
    github.save()
    assert reconcile()["closed"] == 0
    assert set(Gap.objects.values_list("state", flat=True)) == {"open"}


# --- closing ---------------------------------------------------------------------------------------------------------


def test_it_closes_only_on_passing_evidence_that_is_newer(github):
    failed = judge(github, at=now() - DAY)
    reconcile()
    judge(github, outcome="pass", at=failed.facts_at)  # the same facts, judged by a check that was mended
    assert reconcile()["closed"] == 0
    judge(github, outcome="pass", at=failed.facts_at - HOUR)
    assert reconcile()["closed"] == 0
    judge(github, outcome="pass", at=failed.facts_at + HOUR)
    assert reconcile()["closed"] == 1
    gap = Gap.objects.get()
    assert (gap.state, gap.rank) == ("closed", None)
    assert CHECK in gap.closing_note
    assert gap.occurrences.filter(gone_at=None).count() == 0
    assert acts(gap) == ["gaps.gap.opened", "gaps.gap.closed"]


@pytest.mark.parametrize("outcome", ["unknown", "excepted"])
def test_neither_unknown_nor_an_exception_closes_a_failing_gap(github, outcome):
    judge(github, at=now() - DAY)
    reconcile()
    judge(github, outcome=outcome, reason="denied")
    reconcile()
    gap = Gap.objects.get(rule="check.fails")
    state = "accepted" if outcome == "excepted" else "open"
    assert (gap.state, gap.occurrences.filter(gone_at=None).count()) == (state, 1 if outcome == "unknown" else 0)


def test_a_complete_list_in_which_nothing_is_left_closes_it(github):
    judge(github, at=now() - DAY)
    reconcile()
    judge(github, outcome="not_applicable")
    assert reconcile()["closed"] == 1


def test_a_resource_that_was_put_right_is_gone_while_the_others_stand(github):
    judge(github, on={"a": "off", "b": "off"}, at=now() - DAY)
    reconcile()
    judge(github, on={"b": "off"})
    reconcile()
    gone = {row.resource: row.gone_at is not None for row in Occurrence.objects.all()}
    assert gone == {"a": True, "b": False}


def test_newer_evidence_closes_what_was_stale(room):
    requirement = ask(make_control(), freshness="stale", effective_end=now() - 60 * DAY, stale_at=now() - 30 * DAY)
    reconcile()
    requirement.freshness, requirement.effective_end = "current", now()
    requirement.save()
    assert reconcile()["closed"] == 1
    assert Gap.objects.get().closing_note.startswith("Newer evidence is there, of ")


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"freshness": "not_yet_due"}, "not due yet"),
        ({"freshness": "event_driven"}, "asked for on events"),
    ],
)
def test_what_is_not_asked_for_any_more_is_not_told_as_newer_evidence(room, change, note):
    requirement = ask(make_control(), freshness="missing")
    reconcile()
    for name, value in change.items():
        setattr(requirement, name, value)
    requirement.save()
    reconcile()
    assert note in Gap.objects.get().closing_note


def test_retiring_the_control_is_told_as_that(room):
    control = make_control()
    ask(control, freshness="missing")
    reconcile()
    control.implementation = "retired"
    control.save()
    reconcile()
    assert Gap.objects.get().closing_note == "It is no longer asked for: AC-01 is retired."


# --- reopening -------------------------------------------------------------------------------------------------------


def test_it_reopens_under_its_old_reference_with_a_new_due_date(github, mei):
    judge(github, at=now() - 9 * DAY)
    reconcile()
    gap = Gap.objects.get()
    set_due_date(actor=mei.actor, gap=gap, due_date=now().date() + 300 * DAY)
    judge(github, outcome="pass", at=now() - 5 * DAY)
    reconcile()
    judge(github)
    assert reconcile() == {"opened": 0, "reopened": 1, "closed": 0, "open": 1}
    gap = Gap.objects.get()
    assert (gap.ref, gap.state, gap.reopened_times, gap.closed_at, gap.closing_note) == ("GAP-001", "open", 1, None, "")
    assert (gap.due_date, gap.due_set_by_hand) == (now().date() + 14 * DAY, False)
    assert gap.rank == 1
    assert acts(gap)[-1] == "gaps.gap.reopened"


# --- idempotence, ranks, and people at the same time -----------------------------------------------------------------


def a_mixed_room(github: Any) -> None:
    for number, check in enumerate((CHECK, LOW, "github.org.default_permission"), 1):
        ask(make_control(f"AC-0{number}", meets="CC6.1"), checks=(check,))
        judge(github, check, at=now() - DAY, on={f"thing-{n}": "off" for n in range(number)})
    ask(make_control("BC-01", meets="A1.2"), freshness="stale", stale_at=now() - 40 * DAY, effective_end=now() - 80 * DAY)
    ask(make_control("BC-02"), freshness="missing")
    look(github, "github.alerts", "denied", at=now() - HOUR, since=now() - 3 * DAY)


def test_twice_is_the_same_as_once(github, mei):
    make_programme(mei.actor)
    a_mixed_room(github)
    reconcile()
    once = as_stored()
    entries = Entry.objects.count()
    assert reconcile() == {"opened": 0, "reopened": 0, "closed": 0, "open": 6}
    assert as_stored() == once
    assert Entry.objects.count() == entries


CHECKS = (CHECK, LOW, "github.org.default_permission", "github.repo.private")
DAYS_OF_FACTS = st.lists(
    st.lists(st.sampled_from(["fail", "pass", "unknown", "excepted", "not_applicable"]), min_size=4, max_size=4),
    min_size=1, max_size=4,
)  # fmt: skip


@given(days=DAYS_OF_FACTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_facts_did_twice_is_once_and_only_passing_facts_close(github, days):
    with transaction.atomic():
        for number, outcomes in enumerate(days):
            at = now() - (len(days) - number) * DAY
            for check, outcome in zip(CHECKS, outcomes, strict=True):
                judge(github, check, outcome, at=at, reason="denied" if outcome == "unknown" else "")
            reconcile()
            once = as_stored()
            reconcile()
            assert as_stored() == once
        standing = {gap.subject: gap.state for gap in Gap.objects.filter(rule="check.fails")}
        assert standing == _expected(days)
        ranks = list(Gap.objects.exclude(state="closed").order_by("rank").values_list("rank", flat=True))
        assert ranks == list(range(1, len(ranks) + 1))
        transaction.set_rollback(True)


def _expected(days: list[list[str]]) -> dict[str, str]:
    """By the definitions: a fail opens, an exception moves it to the accepted ones, only a pass or an emptied list closes,
    the rest leaves it as it was."""
    found: dict[str, str] = {}
    for outcomes in days:
        for check, outcome in zip(CHECKS, outcomes, strict=True):
            if outcome == "fail":
                found[check] = "open"
            elif outcome == "excepted":
                found[check] = "accepted"
            elif outcome in {"pass", "not_applicable"} and check in found:
                found[check] = "closed"
    return found


def test_ranks_are_one_to_n_and_a_closed_gap_has_none(github):
    a_mixed_room(github)
    reconcile()
    judge(github, outcome="pass")
    reconcile()
    assert list(Gap.objects.exclude(state="closed").order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4, 5]
    assert Gap.objects.get(state="closed").rank is None


def test_the_graver_stands_before_the_heavier(github):
    a_mixed_room(github)
    reconcile()
    weights = {"critical": 0, "significant": 1, "minor": 2}
    order = [weights[gap.severity] for gap in Gap.objects.order_by("rank")]
    assert order == sorted(order)


def test_what_people_decided_stays(github, mei, jonas):
    judge(github, at=now() - DAY)
    reconcile()
    gap = assign_gap(actor=mei.actor, gap=Gap.objects.get(), owner=jonas.membership)
    start_gap(actor=jonas.actor, gap=gap)
    set_due_date(actor=mei.actor, gap=gap, due_date=date(2099, 1, 1))
    judge(github)
    reconcile()
    gap.refresh_from_db()
    assert (gap.state, gap.owner, gap.due_date) == ("in_progress", jonas.membership, date(2099, 1, 1))


def test_a_check_counts_for_the_criteria_that_a_programme_asks(github, mei):
    make_programme(mei.actor)
    ask(make_control(meets="CC6.1"), checks=("github.repo.private",))
    judge(github, "github.repo.private")
    reconcile()
    gap = Gap.objects.get()
    assert "C1.1" not in gap.criteria  # confidentiality was not chosen
    assert (gap.area, gap.criteria) == ("CC6", ["CC6.1"])


def test_its_queries_do_not_grow_with_gaps(github):
    def queries() -> int:
        with CaptureQueriesContext(database) as captured:
            reconcile()
        return len(captured)

    a_mixed_room(github)
    reconcile()
    few = queries()
    for number in range(30):
        ask(make_control(f"VN-{number:02}"), freshness="missing")
    reconcile()
    assert queries() <= few


def test_another_room_is_not_touched(acme, borealis):
    with scope(borealis):
        judge(make_connection())
    with scope(acme):
        assert reconcile()["opened"] == 0
    with scope(borealis):
        assert Gap.objects.count() == 0
