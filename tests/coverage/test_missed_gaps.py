"""Each interval that was missed is a gap by its name, kept while it is missed, closed only by what was performed in its days."""

from datetime import UTC, date, datetime

from evidence.judging.services.stand import refresh_standings
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.evidence import make_requirement

from .conftest import show


def follow() -> dict[str, int]:
    refresh_standings()
    return reconcile()


def gaps() -> dict[str, str]:
    return dict(Gap.objects.filter(rule="evidence.missed").order_by("subject").values_list("title", "state"))


def test_a_lost_quarter_is_a_gap_by_its_name_even_where_the_newest_evidence_is_fresh(review):
    show(review, date(2026, 2, 10), date(2026, 8, 3))
    follow()
    assert gaps() == {"Q2 2026: Signed access review missing": "open"}
    gap = Gap.objects.get(rule="evidence.missed")
    assert (gap.requirement, gap.severity, gap.subject) == (review, "critical", f"{review.ref} 2026-04-01")
    assert "cannot be recovered" in gap.cause
    assert [each.resource for each in gap.occurrences.all()] == ["Q2 2026"]
    assert "from 1 Apr 2026 to 30 Jun 2026" in gap.cause


def test_every_quarter_is_a_gap_of_its_own(review):
    follow()
    assert list(gaps()) == ["Q1 2026: Signed access review missing", "Q2 2026: Signed access review missing"]


def test_a_later_performance_does_not_close_it_and_a_dated_record_does(review, august):
    show(review, date(2026, 2, 10))
    follow()
    show(review, date(2026, 8, 3))
    follow()
    assert gaps() == {"Q2 2026: Signed access review missing": "open"}
    (late,) = show(review, date(2026, 5, 20))
    follow()
    gap = Gap.objects.get(rule="evidence.missed")
    assert gap.state == "closed"
    assert gap.closing_note == f"It is filled by {late.artefact.ref} v1, with what was performed on 20 May 2026."


def test_weeks_on_end_are_one_gap_and_keep_it_while_they_grow(control, mei, august):
    weekly = make_requirement(mei.actor, control, cadence="weekly", key="weekly", title="Scan")
    weeks = [date.fromordinal(date(2026, 1, 1).toordinal() + 7 * number) for number in range(30)]
    show(weekly, *weeks)
    follow()
    # Week 31 began on 30 July; by 20 August two are over with their grace: to 5 August and to 12 August.
    assert list(gaps()) == ["30 Jul to 12 Aug 2026: Scan missing"]
    subject = Gap.objects.get(rule="evidence.missed").subject
    august.move_to(datetime(2026, 8, 23, 12, tzinfo=UTC))  # the week to 19 August, with three days of grace, is over
    follow()
    assert list(gaps()) == ["30 Jul to 19 Aug 2026: Scan missing"]
    assert Gap.objects.get(rule="evidence.missed").subject == subject


def test_what_comes_often_is_one_gap_that_names_each_stretch(control, mei):
    weekly = make_requirement(mei.actor, control, cadence="weekly", key="weekly", title="Scan")
    weeks = [date.fromordinal(date(2026, 1, 1).toordinal() + 7 * number) for number in range(33) if number not in (5, 6, 20)]
    show(weekly, *weeks)
    follow()
    gap = Gap.objects.get(rule="evidence.missed")
    # Week 6 begins on 5 February and week 7 on 12 February: one stretch of two. Week 21 begins on 21 May.
    assert gap.title == "Scan: 2 stretches missing, the first 5 to 18 Feb 2026"
    assert {each.resource for each in gap.occurrences.all()} == {"5 to 18 Feb 2026", "week of 21 May 2026"}
    assert "in 3 intervals" in gap.cause


def test_it_is_gone_once_no_period_under_way_expects_it(review, programme):
    follow()
    programme.period_start = date(2026, 7, 1)
    programme.save()
    follow()
    assert set(gaps().values()) == {"closed"}
    assert "No observation period under way expects it" in Gap.objects.filter(rule="evidence.missed")[0].closing_note


def test_twice_is_as_once(review):
    follow()
    assert follow()["opened"] == 0
