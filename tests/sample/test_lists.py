"""The lists and papers that the sample company's people bring: each planted fault is found, and no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from compliance.registers.services import record_workers
from compliance.tenancy.clock import simulated
from compliance.tenancy.news import silence
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.models import EvidenceRequirement, Source
from evidence.populations.models import Population
from evidence.reading.models import LintFinding
from gaps.services.reconcile import reconcile
from sample import bounced, company, lists, papers
from sample.base import DAYS, Clock
from sample.people import workers
from tests.sample.found import found_by_gaps, found_by_lint, held_against

pytestmark = pytest.mark.slow
OF_LISTS = {"population.deviation", "population.incomplete", "population.nil"}


@pytest.fixture()
def clock() -> Clock:
    return Clock(datetime(2026, 11, 24, 6, tzinfo=UTC))


def test_each_fault_of_a_list_is_named_by_its_gap_and_no_other_row_is(db, clock):
    organization = company.make_organization()
    with silence(), scope(organization):
        for day in (lists.ASKED, lists.BROUGHT, DAYS):
            clock.now = clock.at(day)
            with simulated(clock.now):
                if day == lists.ASKED:
                    cast = company.bring_in_people()
                    company.start_programmes(cast, clock)
                    company.adopt(cast, clock)
                    record_workers(actor=SYSTEM, rows=workers(clock), source="HR system")
                lists.on_day(day, cast, clock)
                reconcile()
        states = dict(Population.objects.values_list("name", "state"))
        assert sorted(name for name, state in states.items() if state != "confirmed") == [
            "Disposals of equipment", "Incidents of the paging tool", "Outages and notices"
        ]  # fmt: skip
        named = {(rule, name) for rule, name in found_by_gaps() if rule in OF_LISTS}
        assert held_against(named, families={"Rows of populations", "Populations as a whole"}, rules=OF_LISTS, besides={"leaver-late-aws"})


def test_each_bounced_paper_is_told_by_the_lint_as_it_comes_and_by_one_rule(db, clock):
    organization = company.make_organization()
    with silence(), scope(organization):
        with simulated(clock.start):
            cast = company.bring_in_people()
            company.start_programmes(cast, clock)
            company.adopt(cast, clock)
        keys = {each.requirement for each in bounced.BOUNCED}
        asked = list(EvidenceRequirement.objects.filter(source=Source.PERSON, key__in=keys).select_related("control"))
        for day in range(30, max(each.day for each in bounced.BOUNCED) + 1):
            with simulated(clock.at(day)):
                for requirement in asked:
                    number = papers.due_on(requirement, day)
                    if number is not None:
                        papers.provide(cast, requirement, number, clock.start)
                bounced.on_day(day, cast)
        assert held_against(found_by_lint(), families={"Papers that are bounced"})
        assert LintFinding.objects.filter(rule="repeated").get().level == "finding"
