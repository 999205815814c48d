"""What a control missed while it was in use stays in the register once it is retired; what only looks forward ends with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from audits.readiness.figures import figures_of_room, rebuild_figures
from compliance.trail.actors import SYSTEM
from controls.models import Control
from controls.reviews.models import Review
from controls.reviews.services.keep import keep_reviews
from controls.services.change import reinstate_control, retire_control
from evidence.models import EvidenceRequirement
from evidence.services.freshness import refresh_requirements
from gaps.conditions import conditions
from gaps.models import Gap
from tests.factories.controls import make_control, map_to
from tests.factories.evidence import make_requirement
from tests.factories.gaps import CHECK, judge, make_connection

from .conftest import show
from .test_missed_gaps import follow

JANUARY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def monthly(control, mei, august) -> EvidenceRequirement:
    """Of a key control in use since January; shown in January and February, and then no more. It is June."""
    Control.objects.filter(pk=control.pk).update(created_at=JANUARY, starts_on=date(2026, 1, 1))
    august.move_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    made = make_requirement(mei.actor, control, cadence="monthly", key="monthly", title="Log review")
    show(made, date(2026, 1, 20), date(2026, 2, 20))
    return made


def know() -> None:
    refresh_requirements(actor=SYSTEM)
    follow()
    rebuild_figures()


def retire(control, mei, august) -> None:
    retire_control(actor=mei.actor, control=Control.objects.get(pk=control.pk), reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    know()


def missed() -> dict[str, tuple[str, str, str]]:
    found = Gap.objects.filter(rule="evidence.missed").select_related("control").order_by("subject")
    return {gap.subject.split(" ")[1]: (gap.state, gap.effective_severity, gap.control.ref if gap.control else "") for gap in found}


def test_a_miss_stays_as_grave_as_it_was(monthly, control, mei, august):
    know()
    before = missed()
    assert before == {f"2026-0{month}-01": ("open", "critical", control.ref) for month in (3, 4, 5)}
    retire(control, mei, august)
    assert missed() == before | {"2026-06-01": ("open", "critical", control.ref)}  # of June nineteen days were asked for
    gap = Gap.objects.filter(rule="evidence.missed")[0]
    assert "was retired on 20 Jun 2026, which undoes nothing." in gap.reasons[-1]
    assert gap.owner == control.owner


def test_that_another_control_took_over_does_not_weigh_on_the_new_one(monthly, control, mei, august):
    other = make_control("AC-02", owner=control.owner)
    map_to(other, "CC6.1")
    know()
    assert {severity for _, severity, _ in missed().values()} == {"significant"}
    retire(control, mei, august)
    assert {severity for _, severity, _ in missed().values()} == {"significant"}
    assert not Gap.objects.filter(controls__control=other, rule="evidence.missed").exists()


def test_what_only_looks_forward_closes_with_the_retirement_as_its_reason(monthly, control, mei, august):
    know()
    assert Gap.objects.get(rule="evidence.not_fresh").state == "open"
    retire(control, mei, august)
    gap = Gap.objects.get(rule="evidence.not_fresh")
    assert gap.state == "closed"
    assert gap.closing_note == (
        "It is no longer asked for: AC-07 is retired. What was missed while it was in use stays in the register."
    )


def test_register_dashboard_and_api_agree(monthly, control, mei, august, programme):
    retire(control, mei, august)
    figures = figures_of_room().figures
    assert figures["gaps"]["critical"] == 4
    (counted,) = figures["programmes"]
    assert counted["coverage"] == {"of": 1, "whole": 0, "lost": 1}
    register = mei.client.get("/o/acme/gaps/").content.decode()
    assert register.count("Log review missing") == 4
    page = mei.client.get(f"/o/acme/controls/{control.pk}/").content.decode()
    assert Gap.objects.get(rank=1).ref in page
    condition = next(iter(conditions(programme)))
    assert (condition.met, condition.figure) == (False, "4 open")


def test_a_criterion_is_not_ready_while_such_a_gap_stands(monthly, control, mei, august):
    other = make_control("AC-02", owner=control.owner)
    map_to(other, "CC6.1")
    retire(control, mei, august)
    row = next(each for each in figures_of_room().figures["programmes"][0]["requirements"] if each["ref"] == "CC6.1")
    assert row["state"] == "partly"
    assert any(reason.startswith("AC-07 is retired, and what it left stands: GAP-") for reason in row["reasons"])


def test_it_ends_with_the_period_that_holds_its_days(monthly, control, mei, august, programme):
    retire(control, mei, august)
    programme.period_start = date(2026, 7, 1)
    programme.save()
    know()
    assert {state for state, *_ in missed().values()} == {"closed"}
    assert "it stays an exception of the period that did" in Gap.objects.filter(rule="evidence.missed")[0].closing_note


def test_what_was_closed_on_retirement_before_comes_back_under_its_reference(monthly, control, mei, august):
    know()
    gap = Gap.objects.filter(rule="evidence.missed").order_by("subject")[0]
    Gap.objects.filter(pk=gap.pk).update(state="closed", closing_note="It is no longer asked for: AC-07 is retired.", rank=None)
    retire(control, mei, august)
    again = Gap.objects.get(pk=gap.pk)
    assert (again.ref, again.state, again.reopened_times) == (gap.ref, "open", 1)


def test_taken_up_again_it_is_filled_by_what_was_performed(monthly, control, mei, august):
    retire(control, mei, august)
    reinstate_control(actor=mei.actor, control=Control.objects.get(pk=control.pk))
    show(monthly, date(2026, 4, 12))
    know()
    assert missed()["2026-04-01"][0] == "closed"
    assert missed()["2026-05-01"][0] == "open"


def test_a_check_that_failed_before_keeps_its_control_and_one_that_fails_after_does_not(control, mei, august):
    Control.objects.filter(pk=control.pk).update(created_at=JANUARY, starts_on=date(2026, 1, 1))
    make_requirement(mei.actor, control, key="members", checks=[CHECK], source="collector")
    august.move_to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    before, after = make_connection(), make_connection("GitHub of the subsidiary")
    judge(before, since=datetime(2026, 6, 1, tzinfo=UTC))
    retire_control(actor=mei.actor, control=control, reason="A tool does it.")
    august.move_to(datetime(2026, 8, 20, 12, tzinfo=UTC))
    judge(after, since=datetime(2026, 8, 1, tzinfo=UTC))
    know()
    borne = {gap.connection: gap.control for gap in Gap.objects.filter(rule="check.fails")}
    assert borne == {before: control, after: None}


def test_a_review_that_nobody_held_stays_too(control, mei, august):
    august.move_to(datetime(2026, 1, 15, 12, tzinfo=UTC))
    Control.objects.filter(pk=control.pk).update(frequency="monthly", created_at=JANUARY)
    keep_reviews(actor=SYSTEM)
    august.move_to(datetime(2026, 3, 1, 12, tzinfo=UTC))
    keep_reviews(actor=SYSTEM)
    know()
    gap = Gap.objects.get(rule="review.skipped")
    retire(control, mei, august)
    kept = Gap.objects.get(pk=gap.pk)
    assert (kept.state, kept.severity, kept.control) == ("open", gap.severity, control)
    assert Review.objects.filter(state="skipped").exists()
