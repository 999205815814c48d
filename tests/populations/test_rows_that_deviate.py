"""Rows that do not show what they should are a gap, for as long as a period under way holds a day of their list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.populations.items import Item
from evidence.populations.models import Population, PopulationVersion
from evidence.populations.services.freeze import freeze
from evidence.populations.services.keep import add_population
from evidence.populations.services.work_through import answer_step
from evidence.populations.sources import Built
from evidence.populations.spans import Period, Reach
from gaps.models import Gap
from gaps.services.reconcile import reconcile
from tests.factories.compliance import make_programme
from tests.factories.controls import make_control
from tests.factories.evidence import make_connection

BEGIN = datetime(2026, 7, 20, 12, tzinfo=UTC)
MAY, JUNE = (Period(date(2026, month, 1), date(2026, month, last), UTC) for month, last in ((5, 31), (6, 30)))
Freeze = Callable[..., PopulationVersion]


@pytest.fixture()
def days(acme: Any) -> Iterator[Any]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@pytest.fixture()
def grants(acme: Any, mei: Any, jonas: Any, days: Any) -> Population:
    with scope(acme):
        control = make_control("AC-04", owner=jonas.membership, tested_by_sample=True, population="Grants", key=True)
        return add_population(actor=mei.actor, template="access_grants", name="Grants", source="upload", controls=[control])


@pytest.fixture()
def frozen(acme: Any, jonas: Any, grants: Population) -> Freeze:
    """Freeze grants, by the ticket of each; `collected` from a connection that is called so."""

    def make(*tickets: str | None, period: Period = MAY, collected: str = "", population: Population = grants) -> PopulationVersion:
        cells = [{"event": f"G-{number}", "granted_at": f"{period.first}T09:00:00Z", "system": "CRM", "account": "ada", "granted": "Admin",
                  "granted_by": "mei", "ticket": ticket} for number, ticket in enumerate(tickets)]  # fmt: skip
        built = Built(
            [Item(collected or "CRM", each["event"], each) for each in cells], "All grants", "CRM", "jonas", now(),
            Reach(period.starts, period.ends), collected=bool(collected), covers=True if collected else None,
        )  # fmt: skip
        with scope(acme):
            return freeze(actor=jonas.actor, population=population, built=built, period=period, by=jonas.membership)

    return make


def test_a_grant_without_a_ticket_is_one_gap_that_names_it(acme, frozen):
    frozen("IT-1", None, "IT-3")
    with scope(acme):
        assert reconcile()["opened"] == 1
        assert reconcile()["opened"] == 0
        gap = Gap.objects.get()
        assert (gap.rule, gap.subject, gap.control.ref) == ("population.deviation", "POP-001 grant.ticket", "AC-04")
        assert gap.severity == "significant"
        assert gap.title == "Grants: “A request exists for it” does not hold of 1 row"
        assert gap.cause.startswith("Of 3 rows of POP-001 Grants, 1 May 2026 to 31 May 2026, 1 do not show")
        assert list(gap.occurrences.values_list("resource", "message")) == [("G-1", "No request is shown.")]


def test_the_page_of_its_gap_leads_to_the_population_and_says_what_closes_it(acme, mei, grants, frozen):
    frozen(None)
    with scope(acme):
        reconcile()
        url = reverse("gaps:detail", args=["acme", Gap.objects.get().pk])
    page = mei.client.get(url).content.decode()
    assert reverse("populations:population", args=["acme", grants.pk]) in page
    assert "The same days frozen anew" in page


def test_the_same_days_frozen_anew_close_it_and_other_days_do_not(acme, frozen, days):
    frozen("IT-1", None)
    with scope(acme):
        reconcile()
    days.shift(timedelta(hours=1))
    frozen("IT-9", period=JUNE)
    with scope(acme):
        reconcile()
        assert Gap.objects.get().state == "open"
    days.shift(timedelta(hours=1))
    frozen("IT-1", "IT-2", period=Period(date(2026, 5, 1), date(2026, 6, 30), UTC))
    with scope(acme):
        reconcile()
        gap = Gap.objects.get()
        assert gap.state == "closed"
        assert "version 3, frozen on 20 Jul" in gap.closing_note


def test_it_is_gone_with_the_period_that_holds_its_days(acme, mei, frozen):
    frozen(None)
    with scope(acme):
        programme = make_programme(mei.actor)
        reconcile()
        assert Gap.objects.get(rule="population.deviation").state == "open"
        Programme.objects.filter(pk=programme.pk).update(period_start=date(2027, 1, 1), period_end=date(2027, 12, 31))
        reconcile()
        gap = Gap.objects.get(rule="population.deviation")
        assert gap.state == "closed"
        assert "stays an exception of that period" in gap.closing_note


def test_what_a_check_judges_of_a_collected_list_opens_no_second_gap(acme, mei, jonas, frozen):
    with scope(acme):
        make_connection(mei.actor, vendor="github", name="GitHub", slug="github")
        changes = add_population(actor=mei.actor, template="production_changes", name="", source="upload")
        cells = {"change": "x#1", "repository": "x", "author": "ada", "merged_at": "2026-05-04T09:00:00Z", "approved_by": None}
        for collected, source, opened in ((True, "github", 0), (False, "Pipeline", 1)):
            reach = Reach(MAY.starts, MAY.ends)
            built = Built([Item(source, "x#1", cells)], "All", source, "jonas", now(), reach, collected=collected)
            version = freeze(actor=jonas.actor, population=changes, built=built, period=MAY)
            assert version.deviations[0]["count"] == 1
            assert reconcile()["opened"] == opened


def test_the_page_and_the_api_say_what_its_rows_show(acme, mei, frozen):
    version = frozen("IT-1", None)
    page = mei.client.get(reverse("populations:version", args=["acme", version.pk])).content.decode()
    assert "What its rows show" in page
    assert "No request is shown." in page
    assert "Nobody can tell" in page
    with scope(acme):
        assert [each["count"] for each in version.deviations] == [1, 0, 0]


def test_an_empty_list_is_a_gap_after_a_week_until_somebody_states_that_there_was_none(acme, jonas, frozen, days):
    version = frozen()
    with scope(acme):
        assert reconcile()["opened"] == 0
    days.shift(timedelta(days=7))
    with scope(acme):
        assert reconcile()["opened"] == 1
        gap = Gap.objects.get()
        assert (gap.rule, gap.subject, gap.control.ref) == ("population.nil", "POP-001", "AC-04")
        answer_step(actor=jonas.actor, version=version, step="nil", result="holds", note="The log shows none.")
        reconcile()
        gap.refresh_from_db()
        assert gap.state == "closed"
        assert "Somebody states of version 1" in gap.closing_note
