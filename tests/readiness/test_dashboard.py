"""The dashboard: who sees it, that its numbers cast, that each leads to what it counts, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.readiness.figures import rebuild_figures
from audits.readiness.models import Figures, FiguresDay
from compliance.frameworks.models import Requirement
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from compliance.trail.services import record
from controls.models import Control, Mapping, Standing
from evidence.models import EvidenceRequirement
from gaps.models import Gap
from tests.factories.audits import make_programme
from tests.factories.controls import make_control

PAGE = "/o/acme/"
READERS = ("ada", "mei", "jonas", "femi")


def _control(number: int, criterion: str = "CC6.1", **fields: Any) -> Control:
    control = Control.objects.create(ref=f"AC-{number:02}", title=f"Control {number}", statement="We do it.", area="Access", **fields)
    Mapping.objects.create(control=control, requirement=Requirement.objects.get(framework__key__startswith="soc2", ref=criterion))
    return control


def _gap(number: int, control: Control, **fields: Any) -> Gap:
    values = {"severity": "critical", "area": "CC6", "rank": number, "title": f"Gap number {number}", "cause": "It fails."}
    return Gap.objects.create(ref=f"GAP-{number:03}", rule="check.fails", subject=str(number), control=control, **values | fields)


@pytest.fixture()
def furnished(acme, mei):
    """A programme, controls, evidence asked for and gaps, with their figures computed."""
    with scope(acme):
        programme = make_programme(fieldwork_start=today() + timedelta(days=60))
        for number in range(1, 4):
            control = _control(number, implementation="implemented")
            EvidenceRequirement.objects.create(
                ref=f"EVR-{number:03}", control=control, title="List", freshness="missing" if number == 1 else "current"
            )
            _gap(number, control, severity=("critical", "significant", "minor")[number - 1])
        record(actor=SYSTEM, action="gaps.gap.opened", target=Gap.objects.get(ref="GAP-001"))
        rebuild_figures()
    return programme


@pytest.mark.parametrize("who", READERS)
def test_every_role_that_reads_the_register_sees_it(who, furnished, request):
    response = request.getfixturevalue(who).client.get(PAGE)
    assert response.status_code == 200
    assert "Readiness for SOC 2 Type II" in response.content.decode()


def test_an_employee_lands_on_my_work(furnished, noor):
    response = noor.client.get(PAGE, follow=True)
    assert response.redirect_chain == [("/o/acme/work/", 302)]
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["", "readiness/requirements/", "work/"])
def test_another_organisation_does_not_exist(path, furnished, stranger):
    assert stranger.client.get(PAGE + path).status_code == 404


def test_a_programme_of_another_organisation_is_not_found(furnished, borealis, mei):
    with scope(borealis):
        theirs = make_programme()
    for page in ("/o/acme/", "/o/acme/readiness/requirements/"):
        assert mei.client.get(f"{page}?programme={theirs.pk}").status_code == 404


def _column(html: str, caption: str) -> list[list[int]]:
    """The numbers of a table, row by row, its total last."""
    table = next(each for each in re.findall(r"<table.*?</table>", html, re.S) if f"{caption}</caption>" in each)
    rows = re.findall(r"<tr.*?</tr>", table.split("<tbody>")[1], re.S)
    return [[int(re.sub(r"<[^>]*>|,", "", cell)) for cell in re.findall(r'<td class="n">(.*?)</td>', row, re.S)] for row in rows]


@pytest.mark.parametrize(
    "caption", ["What the figure is made of", "Open gaps by area and severity", "Evidence requirements by freshness"]
)
def test_the_numbers_of_a_table_cast_to_its_total(caption, furnished, mei):
    *rows, total = _column(mei.client.get(PAGE).content.decode(), caption)
    assert [sum(column) for column in zip(*rows, strict=True)] == total
    assert sum(total) > 0


def test_the_figure_is_the_share_of_requirements_that_are_ready(furnished, acme, mei):
    with scope(acme):
        row = Figures.objects.get()
        row.figures["programmes"][0] |= {"ready": 12, "d": 38, "percent": 31}
        row.save()
    html = mei.client.get(PAGE).content.decode()
    assert "31<sup>%</sup>" in html
    assert "12 of 38 requirements are ready" in html


def test_a_framework_that_is_not_loaded_whole_shows_a_dash(furnished, acme, mei):
    with scope(acme):
        row = Figures.objects.get()
        row.figures["programmes"][0] |= {"percent": None, "on_track": None}
        row.save()
    html = mei.client.get(PAGE).content.decode()
    assert '<span class="figure-1">–</span>' in html
    assert "<sup>%</sup>" not in html


def test_every_link_of_it_answers(furnished, mei):
    html = mei.client.get(PAGE).content.decode().split("<main", 1)[1]
    links = {unescape(href) for href in re.findall(r'href="([^"#][^"]*)"', html)}
    addresses = sorted(PAGE + link if link.startswith("?") else link for link in links)
    assert len(addresses) > 15
    assert [(each, status) for each in addresses if (status := mei.client.get(each).status_code) != 200] == []


def test_what_hurts_first_is_the_first_in_rank_with_who_and_when(furnished, acme, mei, jonas):
    with scope(acme):
        Gap.objects.filter(ref="GAP-001").update(owner=jonas.membership, due_date=today("Europe/Lisbon") - timedelta(days=3))
    html = mei.client.get(PAGE).content.decode()
    assert "It is 3 days late, and Jonas Lindqvist owns it." in html
    assert html.index("GAP-001") < html.index("GAP-002") < html.index("GAP-003")


def test_change_is_told_against_a_headline_a_week_old(furnished, acme, mei):
    with scope(acme):
        day = today("Europe/Lisbon")
        row = Figures.objects.get()
        row.figures["programmes"][0] |= {"ready": 12, "percent": 31}
        row.save()
        earlier = {"id": str(furnished.pk), "percent": 28, "ready": 11, "d": row.figures["programmes"][0]["d"]}
        FiguresDay.objects.create(day=day - timedelta(days=7), figures={"programmes": [earlier]})
        FiguresDay.objects.create(day=day - timedelta(days=3), figures={"programmes": [earlier | {"percent": 30}]})
    assert "Up 3 points since" in mei.client.get(PAGE).content.decode()


def test_many_of_one_kind_on_one_day_are_one_line_of_the_week(furnished, acme, mei, jonas):
    with scope(acme):
        for ref in ("GAP-002", "GAP-003"):
            record(actor=SYSTEM, action="gaps.gap.opened", target=Gap.objects.get(ref=ref))
    html = mei.client.get(PAGE).content.decode()
    assert "gaps opened" in html
    assert "action=gaps.gap.opened" in html
    assert "action=gaps.gap.opened" not in jonas.client.get(PAGE).content.decode()  # may not open the trail


def test_what_is_older_than_a_week_is_not_told(furnished, acme, mei):
    with scope(acme):
        for number, days in ((2, 8), (3, 6)):
            gap = Gap.objects.get(ref=f"GAP-{number:03}")
            Entry.objects.create(
                at=now() - timedelta(days=days), actor_kind="system", actor_label="Fieldwork", action="gaps.gap.closed",
                target_type="gaps.gap", target_id=gap.pk, target_label=str(gap),
            )
    told = mei.client.get(PAGE).content.decode().split('id="h-week"')[1]
    assert "Gap number 3" in told
    assert "Gap number 2" not in told


def test_an_empty_organisation_is_told_what_to_do_next(acme, mei, jonas):
    html = mei.client.get(PAGE).content.decode()
    for address in ("/o/acme/programmes/new/", "/o/acme/evidence/adopt/", "/o/acme/connections/add/"):
        assert f'href="{address}"' in html
        assert mei.client.get(address).status_code == 200
    assert "Figures have not been computed yet." in html
    assert "<sup>%</sup>" not in html
    assert 'href="/o/acme/programmes/new/"' not in jonas.client.get(PAGE).content.decode()


def test_there_is_one_lamp_for_each_control_and_it_leads_there(furnished, acme, mei):
    with scope(acme):
        addresses = [f"/o/acme/controls/{pk}/" for pk in Control.objects.values_list("pk", flat=True)]
    lamps = mei.client.get(PAGE).content.decode().split('id="h-lamps"')[1]
    assert sorted(re.findall(r'<a href="([^"]+)" data-s=', lamps)) == sorted(addresses)


@pytest.mark.parametrize("operation", ["not_observed", "not_applicable"])
@pytest.mark.parametrize("evidence", ["current", "due_soon", "event_driven"])
def test_a_control_that_nothing_shows_at_work_is_no_pass(furnished, acme, operation, evidence):
    with scope(acme):
        Standing.objects.update_or_create(
            control=Control.objects.get(ref="AC-01"), defaults={"operation": operation, "evidence": evidence}
        )
        lamps = {each["ref"]: each["state"] for each in rebuild_figures().figures["lamps"]}
    assert lamps["AC-01"] == "not_observed"


def test_a_title_is_words_in_the_kept_drawing_too(furnished, acme, mei):
    with scope(acme):
        Control.objects.filter(ref="AC-01").update(title="<b>Bold</b>")
        rebuild_figures()
    lamps = mei.client.get(PAGE).content.decode().split('id="h-lamps"')[1]
    assert "&lt;b&gt;Bold&lt;/b&gt;" in lamps
    assert "<b>Bold" not in lamps


def test_figures_of_an_earlier_version_are_shown_the_same(furnished, acme, mei):
    now_kept = mei.client.get(PAGE).content.decode().split("<main", 1)[1]
    with scope(acme):
        Figures.objects.update(summary={}, drawing="")
    assert mei.client.get(PAGE).content.decode().split("<main", 1)[1] == now_kept


def test_the_number_of_assessed_controls_leads_to_them(furnished, acme, mei):
    with scope(acme):
        for number in (1, 2, 3):
            Standing.objects.update_or_create(control=Control.objects.get(ref=f"AC-{number:02}"), defaults={"assessed": number == 1})
        rebuild_figures()
    page = mei.client.get(PAGE).content.decode()
    link = re.search(r'<a href="([^"]*assessed=yes)">1</a> of the <a href="([^"]*)">3 controls</a>', page)
    assert link
    assert [_controls_of(mei, each) for each in link.groups()] == [{"AC-01"}, {"AC-01", "AC-02", "AC-03"}]


def test_controls_that_bear_on_nothing_of_the_programme_are_told_apart_from_those_of_the_lamps(furnished, acme, mei):
    with scope(acme):
        make_control("AC-09")
        rebuild_figures()
    page = mei.client.get(PAGE).content.decode()
    more = re.search(r'<a href="([^"]*maps=none)">1 more</a> is in use', page)
    assert more
    assert _controls_of(mei, more[1]) == {"AC-09"}
    whole = re.search(r'<a href="([^"]*)">4 controls in use</a>', page)
    assert whole
    assert _controls_of(mei, whole[1]) == {"AC-01", "AC-02", "AC-03", "AC-09"}


def _controls_of(person, address):
    """The controls that the page at an address lists."""
    return set(re.findall(r"AC-0\d", person.client.get(unescape(address)).content.decode()))


def test_it_says_when_no_system_is_connected(furnished, mei):
    assert "No system is connected" in mei.client.get(PAGE).content.decode()


def _queries(person: Any, page: str) -> int:
    person.client.get(page)
    client = person.client
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def _pages_queries(person: Any) -> int:
    """What the page asks beyond what the frame of a small page of the same room asks."""
    return _queries(person, PAGE) - _queries(person, "/o/acme/settings/")


def test_it_asks_the_same_number_of_questions_of_few_and_of_many(furnished, acme, mei):
    few = _queries(mei, PAGE)
    with scope(acme):
        for number in range(10, 40):
            control = _control(number, "CC7.2")
            _gap(number, control, area=f"CC{number % 9 + 1}", owner=mei.membership)
            record(actor=SYSTEM, action="gaps.gap.closed", target=Gap.objects.get(ref=f"GAP-{number:03}"))
        rebuild_figures()
    assert _queries(mei, PAGE) == few
    assert _pages_queries(mei) <= 15
