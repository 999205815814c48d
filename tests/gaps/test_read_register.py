"""The register as people read it: by rank, narrowed by its address, paged without counting, exported without formulas."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from gaps.desk import news_for, work_for
from gaps.models import GapControl, Occurrence
from tests.factories.gaps import make_control, make_gap

LIST = "/o/acme/gaps/"


@pytest.fixture
def three(acme, jonas):
    with scope(acme):
        control = make_control("AC-07")
        first = make_gap("GAP-001", severity="critical", owner=jonas.membership, area="CC6", criteria=["CC6.1"], control=control)
        GapControl.objects.create(gap=first, control=control)
        second = make_gap("GAP-002", due_date=(now() - timedelta(days=3)).date(), area="CC8", rule="evidence.not_fresh")
        third = make_gap("GAP-003", severity="minor", state="closed", closed_at=now(), closing_note="It passes.")
        return first, second, third


def shown(person, query: str = "") -> list[str]:
    page = person.client.get(LIST + query)
    assert page.status_code == 200
    return [gap.ref for gap in page.context["page"].rows]


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("", ["GAP-001", "GAP-002"]),
        ("?state=closed", ["GAP-003"]),
        ("?state=all", ["GAP-003", "GAP-002", "GAP-001"]),
        ("?severity=critical", ["GAP-001"]),
        ("?area=CC8", ["GAP-002"]),
        ("?owner=none", ["GAP-002"]),
        ("?rule=evidence.not_fresh", ["GAP-002"]),
        ("?overdue=yes", ["GAP-002"]),
        ("?control=ac-07", ["GAP-001"]),
        ("?criterion=CC6.1", ["GAP-001"]),
        ("?q=falls+short", ["GAP-001", "GAP-002"]),
        ("?control=XX-99", []),
        ("?owner=nobody-of-the-kind", ["GAP-001", "GAP-002"]),
    ],
)
def test_its_address_narrows_it(three, mei, query, refs):
    assert shown(mei, query) == refs


def test_a_whole_reference_leads_straight_to_its_gap(three, mei):
    assert mei.client.get(LIST + "?q=gap-002")["Location"] == f"{LIST}{three[1].pk}/"


def test_an_override_counts_in_the_filter_and_the_computed_severity_stays_in_sight(three, mei, acme):
    with scope(acme):
        three[0].severity_override = "minor"
        three[0].save()
    assert shown(mei, "?severity=critical") == []
    assert b"computed critical" in mei.client.get(LIST + "?severity=minor").content


def test_nothing_found_says_which_filters_and_nothing_ever_found_says_why(acme, mei, three):
    assert b"No gap fits" in mei.client.get(LIST + "?severity=minor").content


def test_an_empty_register_does_not_pretend_to_be_good_news(acme, mei):
    assert b"No gap was ever found" in mei.client.get(LIST).content


def test_pages_follow_one_another_without_a_gap_and_in_flat_queries(acme, mei):
    def queries() -> int:
        with CaptureQueriesContext(database) as captured:
            shown(mei)
        return len(captured)

    with scope(acme):
        for _ in range(3):
            make_gap()
    queries()  # what is remembered between pages is remembered now
    few = queries()
    with scope(acme):
        for _ in range(57):
            make_gap()
    assert queries() == few
    page = mei.client.get(LIST).context["page"]
    later = mei.client.get(LIST, {"cursor": page.next_cursor}).context["page"]
    assert [gap.rank for gap in (*page.rows, *later.rows)] == list(range(1, 61))


def test_a_gap_of_four_hundred_resources_shows_them_page_by_page(acme, mei):
    with scope(acme):
        gap = make_gap()
        Occurrence.objects.bulk_create(Occurrence(gap=gap, resource=f"bucket-{n:03}") for n in range(400))
    page = mei.client.get(f"{LIST}{gap.pk}/").context["page"]
    assert (len(page.rows), page.rows[0].resource) == (50, "bucket-000")
    assert mei.client.get(f"{LIST}{gap.pk}/", {"cursor": page.next_cursor}).context["page"].rows[0].resource == "bucket-050"


def test_the_page_tells_its_reasons_its_remedy_and_that_nobody_can_tick_it_closed(three, mei):
    page = mei.client.get(f"{LIST}{three[0].pk}/").content.decode()
    assert "After it stands" in page
    assert f"{LIST}{three[1].pk}/" in page  # the one after it
    for words in ("Significant: it fails.", "Mend it.", "AC-07", "CC6.1", "Nobody can tick it closed"):
        assert words in page


def test_the_export_is_what_the_filters_show_and_runs_no_formula(three, mei, acme):
    with scope(acme):
        three[0].title = "=HYPERLINK(1)"
        three[0].save()
    csv = b"".join(mei.client.get(f"{LIST}export/?severity=critical").streaming_content).decode()
    assert "'=HYPERLINK(1)" in csv
    assert "GAP-002" not in csv
    answer = mei.client.get(f"{LIST}export/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0].startswith("Gap register of Acme Ledger")
    assert [row[1] for row in rows[2:]] == ["GAP-001", "GAP-002"]
    assert sheet.cell(3, 6).data_type == "s"


def test_work_is_ones_own_gaps_in_order_of_harm_and_for_managers_those_of_nobody(acme, three, jonas, mei):
    with scope(acme):
        late = make_gap("GAP-009", owner=jonas.membership, due_date=(now() - timedelta(days=2)).date())
        mine = {item.key: item.harm for item in work_for(jonas.membership)}
        assert set(mine) == {"gap:GAP-001", f"gap:{late.ref}"}
        assert mine["gap:GAP-001"] > mine["gap:GAP-009"] > 60
        assert [item.title for item in work_for(mei.membership)] == ["1 gap has nobody to put it right"]


def test_the_digest_tells_of_ones_own_new_gaps_the_critical_ones_urgently(acme, three, jonas, priya):
    with scope(acme):
        lines = news_for(jonas.membership)
        assert [(line.urgent, line.text.startswith("GAP-001 opened: ")) for line in lines] == [(True, True)]
        assert news_for(priya.membership) == []
