"""Six months of the sample company: what was planted is named by a gap, what was mended is not, and nothing else is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.checks.base import Outcome
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.models import Connection, RunStep
from evidence.judging.models import CheckState
from evidence.models import EvidenceRequirement
from evidence.populations.models import PopulationVersion
from evidence.populations.selectors import each_row
from evidence.reading.tasks import read_unread
from gaps.models import Gap, GapState, Occurrence
from sample import company
from sample.base import DAYS, Clock, Planted
from sample.okta.defects import SLOW_LEAVER
from sample.planted import flaws
from sample.process import vendors_process
from sample.story import Story
from sample.summary import as_text, summary
from tests.conftest import WORKER, make_database, turn_to_database
from tests.sample.found import found_by_gaps, found_by_lint, found_by_warnings, held_against

pytestmark = pytest.mark.slow
OF_GAPS = {rule for flaw in flaws() for rule, _ in flaw.found if not rule.startswith(("lint.", "warning."))}
OF_LINT = {rule for flaw in flaws() for rule, _ in flaw.found if rule.startswith("lint.")}
Named = tuple[str, str, str]  # connection, check, resource


class Built:
    """The company at the end of its story."""

    def __init__(self, organization: Organization, planted: list[Planted]) -> None:
        self.organization, self.planted = organization, planted

    def standing(self) -> list[Planted]:
        return [p for p in self.planted if p.day <= DAYS and (p.until is None or p.until > DAYS)]

    def mended(self) -> list[Planted]:
        return [p for p in self.planted if p.until is not None and p.until <= DAYS]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Built]:
    """Built once for this file, in a database of its own: several processes work at it side by side, so it is committed."""
    before = settings.VENDOR_ENDPOINTS, settings.EMAIL_BACKEND
    clock = Clock.ending_today()
    with django_db_blocker.unblock():
        make_database(f"test_{WORKER}_story")
        turn_to_database(f"test_{WORKER}_story")
        try:
            with vendors_process(clock.end) as vendors:
                organization = company.make_organization()
                Story(organization, clock, vendors, lambda line: None).play()
                yield Built(organization, vendors.planted)
        finally:
            settings.VENDOR_ENDPOINTS, settings.EMAIL_BACKEND = before
            turn_to_database(f"test_{WORKER}")


@pytest.fixture()
def halyard(built: Built) -> Iterator[Built]:
    """Stand in the company's room; what a test writes there goes with it."""
    with transaction.atomic(), scope(built.organization):
        yield built
        transaction.set_rollback(True)


def _named(planted: list[Planted]) -> set[Named]:
    return {(p.connection, p.check, resource) for p in planted for resource in p.resources}


def _open() -> set[Named]:
    """What the open gaps of failing checks name today."""
    found = Occurrence.objects.filter(gone_at=None, gap__rule="check.fails").exclude(gap__state=GapState.CLOSED)
    return set(found.values_list("gap__connection__slug", "gap__subject", "resource"))


def test_every_planted_defect_is_named_by_an_open_gap(halyard: Built) -> None:
    standing = halyard.standing()
    assert len(standing) >= 30
    assert len([p for p in standing if not _named([p]) <= _open()]) == 0, sorted(_named(standing) - _open())


def test_no_open_gap_of_a_check_names_what_was_not_planted(halyard: Built) -> None:
    assert _open() - _named(halyard.standing()) == set()


def test_what_was_mended_is_gone_and_its_gap_tells_of_it(halyard: Built) -> None:
    mended = halyard.mended()
    assert mended
    assert _open() & (_named(mended) - _named(halyard.standing())) == set()
    stands = {(planted.check, planted.resources) for planted in halyard.standing()}
    for planted in mended:
        if (planted.check, planted.resources) in stands:
            continue  # a deviation of the period that nothing undoes is listed again as standing
        gap = Gap.objects.get(rule="check.fails", subject=planted.check, connection__slug=planted.connection)
        assert gap.state == GapState.CLOSED or gap.occurrences.filter(resource__in=planted.resources, gone_at=None).count() == 0
        assert set(gap.occurrences.values_list("resource", flat=True)) >= set(planted.resources), f"{planted.id} was never seen"


def test_no_check_is_unknown_at_the_end(halyard: Built) -> None:
    assert CheckState.objects.exists()
    unknown = CheckState.objects.filter(outcome=Outcome.UNKNOWN).values_list("connection__slug", "check_id", "message")
    assert list(unknown) == []


def test_the_summary_has_its_keys_and_agrees_with_the_tables(halyard: Built) -> None:
    found = summary()
    assert set(found) >= {"frameworks", "evidence", "gaps", "runs", "top_gaps"}
    evidence = found["evidence"]
    assert evidence["collected"] == evidence["current"] + evidence["due_soon"] + evidence["stale"]
    assert evidence["total"] == evidence["collected"] + evidence["missing"]
    live = EvidenceRequirement.objects.exclude(control__implementation="retired")
    for name in ("current", "due_soon", "stale", "missing"):
        assert evidence[name] == live.filter(freshness=name).count(), name
    gaps = list(Gap.objects.exclude(state=GapState.CLOSED))
    for severity in ("critical", "significant", "minor"):
        assert found["gaps"][severity] == sum(gap.effective_severity == severity for gap in gaps), severity
    steps = RunStep.objects.filter(state="done").exclude(fact_kind__in=list(HOUSE_KINDS))
    assert len(found["runs"]) == steps.values("run__connection", "fact_kind").distinct().count()
    assert {run["connection"] for run in found["runs"]} == set(Connection.objects.values_list("slug", flat=True))
    assert [gap["rank"] for gap in found["top_gaps"]] == list(range(1, len(found["top_gaps"]) + 1))
    assert found["top_gaps"][0]["title"] in as_text(found)


def test_everything_else_on_the_list_is_named_by_a_gap_of_its_rule_and_no_gap_names_what_is_not(halyard: Built) -> None:
    assert held_against(found_by_gaps(), rules=OF_GAPS)


def test_what_was_mended_of_it_was_seen_and_is_closed(halyard: Built) -> None:
    assert held_against(found_by_gaps(closed=True), rules=OF_GAPS, mended=True)


def test_each_paper_that_an_auditor_would_bounce_is_told_by_the_lint_and_no_other_is(halyard: Built) -> None:
    while read_unread():
        pass
    assert held_against(found_by_lint(), rules=OF_LINT)


def test_each_trouble_of_a_third_party_and_what_was_left_out_of_scope_is_named_by_its_warning_and_nothing_else_is(halyard: Built) -> None:
    assert held_against(found_by_warnings(), families={"Third parties and scope"})


def test_the_leaver_who_was_disabled_late_stands_in_the_population_with_seventy_hours(halyard: Built) -> None:
    version = PopulationVersion.objects.select_related("rows").get(population__template="leavers")
    row = next(item for item in each_row(version) if item.cells["account"] == SLOW_LEAVER)
    assert (row.cells["hours"], row.cells["in_time"]) == (70.0, False)
    late = next(each for each in version.deviations if each["rule"] == "leaver.in_time")
    assert "Access ended 70 hours after the last day; 24 are allowed." in [said for _, _, said in late["named"]]


def test_the_quarter_without_its_review_is_one_that_nothing_fills_any_more(halyard: Built) -> None:
    gap = Gap.objects.get(rule="evidence.missed", requirement__key="access-review")
    assert gap.cause.endswith("It is over and cannot be recovered.")


def test_there_are_more_than_sixty_and_at_least_twenty_of_them_are_in_populations(halyard: Built) -> None:
    standing = {(p.connection, p.check, p.resources) for p in halyard.standing()}
    of_populations = [flaw for flaw in flaws() if flaw.family.lower().find("populations") >= 0]
    assert len(standing) + len([flaw for flaw in flaws() if flaw.until is None]) >= 100
    assert len(of_populations) >= 20
