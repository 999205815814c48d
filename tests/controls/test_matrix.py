"""The control matrix: rows by criterion, filters, pages, the paper beside it, the export."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.tenancy.rooms import scope
from controls.models import Control
from tests.factories.controls import make_control, map_to, stand

pytestmark = pytest.mark.django_db
MATRIX = reverse("controls:matrix", args=["acme"])


@pytest.fixture()
def programme(soc2_programme):
    return soc2_programme


def groups(answer):
    """What the page shows: criterion to the references of its controls."""
    return {
        group.criterion.ref if group.criterion else None: [control.ref for control in group.rows]
        for group, _ in answer.context["groups"]
    }


def shown(answer):
    return sorted({ref for refs in groups(answer).values() for ref in refs})


def rows_of(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_control_appears_under_each_of_its_requirements(acme, mei, programme):
    with scope(acme):
        control = make_control()
        map_to(control, "CC6.1", "CC6.3")
        stand(control)
    found = groups(mei.client.get(MATRIX))
    assert found["CC6.1"] == found["CC6.3"] == ["AC-07"]


def test_a_criterion_that_no_control_meets_is_shown_as_such(acme, mei, programme):
    with scope(acme):
        map_to(make_control(), "CC6.1")
    answer = mei.client.get(MATRIX + "?series=CC6")
    assert groups(answer)["CC6.2"] == []
    assert b"No control is mapped" in answer.content
    assert answer.context["matrix"].without_control == 7


def test_a_control_that_meets_nothing_here_is_shown_at_the_end(acme, mei, programme):
    with scope(acme):
        make_control("ZZ-01")
    last = mei.client.get(MATRIX + "?q=ZZ")
    assert groups(last) == {None: ["ZZ-01"]}


def test_what_is_not_relevant_to_the_programme_is_not_asked(acme, mei, programme):
    with scope(acme):
        Programme.objects.update(not_relevant={"CC6.4": "No premises of ours."})
    assert "CC6.4" not in groups(mei.client.get(MATRIX + "?series=CC6"))


def test_another_framework_measures_the_same_controls(acme, mei, programme):
    with scope(acme):
        map_to(make_control(), "CC6.1")
        iso = Framework.objects.get(key__startswith="iso27001")
    answer = mei.client.get(f"{MATRIX}?by={iso.pk}&q=AC-07")
    assert groups(answer) == {None: ["AC-07"]}
    assert f'<option value="{iso.pk}" selected>'.encode() in answer.content


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=AC-07", ["AC-07"]), ("q=keys", ["CR-01"]), ("operation=fail", ["CR-01"]), ("operation=not_observed", ["HR-01"]),
        ("evidence=overdue", ["CR-01", "HR-01"]), ("evidence=current", ["AC-07"]), ("owner=none", ["CR-01", "HR-01"]),
        ("implementation=planned", ["HR-01"]), ("gaps=open", ["CR-01"]), ("missing=owner", ["CR-01"]),
        ("operation=fail&evidence=current", []), ("operation=nonsense", ["AC-07", "CR-01", "HR-01"]),
        ("owner=00000000-0000-0000-0000-000000000001", ["AC-07", "CR-01", "HR-01"]),
    ],
)  # fmt: skip
def test_filters_stand_in_the_address(acme, mei, jonas, programme, asked, expected):
    with scope(acme):
        stand(make_control("AC-07", owner=jonas.membership))
        stand(
            make_control("CR-01", title="Keys are rotated"), operation="fail", evidence="stale", open_gaps=2,
            worst_gap="critical", top_gap_ref="GAP-001", missing=["owner"],
        )  # fmt: skip
        make_control("HR-01", title="People are screened", implementation="planned")
    assert shown(mei.client.get(f"{MATRIX}?{asked}")) == expected


def test_what_people_wrote_is_shown_as_words(acme, mei, programme):
    with scope(acme):
        make_control(title="<b>bold</b> & more")
    assert b"&lt;b&gt;bold&lt;/b&gt; &amp; more" in mei.client.get(MATRIX + "?q=AC-07").content


def test_nothing_that_fits_offers_a_way_out(acme, mei, programme):
    with scope(acme):
        make_control()
    answer = mei.client.get(MATRIX + "?q=nowhere")
    assert b"Nothing matches these filters" in answer.content
    assert b"remove this filter" in answer.content


def test_rows_are_sorted_the_worst_first_and_the_other_way_round(acme, mei, programme):
    with scope(acme):
        for ref, operation in (("AA-01", "pass"), ("BB-01", "fail"), ("CC-01", "unknown")):
            control = make_control(ref)
            map_to(control, "CC6.1")
            stand(control, operation=operation)
    assert groups(mei.client.get(MATRIX + "?series=CC6&sort=operation"))["CC6.1"] == ["BB-01", "CC-01", "AA-01"]
    assert groups(mei.client.get(MATRIX + "?series=CC6&sort=-operation"))["CC6.1"] == ["AA-01", "CC-01", "BB-01"]


def test_each_cell_leads_to_what_it_says(acme, mei, programme):
    with scope(acme):
        control = make_control()
        map_to(control, "CC6.1")
        stand(control, evidence="stale")
    content = mei.client.get(MATRIX + "?q=AC-07").content.decode()
    page = reverse("controls:control", args=["acme", control.pk])
    assert f'href="{page}#evidence"' in content
    assert f'href="{page}#design"' in content
    assert f'href="{reverse("evidence:list", args=["acme"])}?control=AC-07"' in content


def test_a_control_lies_beside_the_table_without_script(acme, mei, programme):
    with scope(acme):
        control = make_control(design="suitable")
        map_to(control, "CC6.1")
        stand(control, operation="fail", operation_counts={"fail": 2}, missing=["owner"])
    content = mei.client.get(MATRIX + "?at=AC-07").content.decode()
    assert "Nobody is named as its owner." in content
    assert "2 of its checks fail." in content
    assert 'class="picked"' in content


def test_the_page_that_holds_the_open_control_is_shown(acme, mei, programme):
    with scope(acme):
        for number in range(60):
            map_to(make_control(f"AC-{number + 100}"), "CC6.1")
        map_to(make_control("ZZ-01"), "CC8.1")
    answer = mei.client.get(MATRIX + "?at=ZZ-01")
    assert answer.context["page"].number == 2
    assert groups(answer)["CC8.1"] == ["ZZ-01"]


def test_a_control_that_is_not_there_is_not_found(acme, mei, programme):
    assert mei.client.get(MATRIX + "?at=AC-07").status_code == 404


def test_htmx_gets_the_workspace_alone(acme, mei, programme):
    with scope(acme):
        make_control()
    answer = mei.client.get(MATRIX + "?at=AC-07", headers={"HX-Request": "true", "HX-Target": "workspace"})
    assert answer.content.decode().strip().startswith('<div class="work" id="workspace"')


def test_a_page_has_fifty_rows_and_says_where_it_goes_on(acme, mei, programme):
    with scope(acme):
        for number in range(60):
            map_to(make_control(f"AC-{number + 100}"), "CC6.1")
    first, second = mei.client.get(MATRIX + "?series=CC6"), mei.client.get(MATRIX + "?series=CC6&page=2")
    assert len(groups(first)["CC6.1"]) == 50
    assert len(groups(second)["CC6.1"]) == 10
    assert b"60 controls, continued" in second.content


def _queries(client, url):
    assert client.get(url).status_code == 200  # whatever is counted once and kept
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_rows(acme, mei, jonas, programme):
    client = mei.client

    def fill(start, number):
        with scope(acme):
            for each in range(start, start + number):
                control = make_control(f"AC-{each}", owner=jonas.membership)
                map_to(control, "CC6.1", "CC6.2")
                stand(control)

    fill(100, 3)
    few = _queries(client, MATRIX)
    fill(200, 20)
    assert _queries(client, MATRIX) == few
    assert few <= 25


def test_an_empty_room_is_shown_the_starter_set(acme, mei, jonas):
    content = mei.client.get(MATRIX).content.decode()
    assert reverse("evidence:adopt", args=["acme"]) in content
    assert reverse("evidence:adopt", args=["acme"]) not in jonas.client.get(MATRIX).content.decode()


def test_the_export_holds_what_the_filters_show(acme, mei, jonas, programme):
    with scope(acme):
        control = make_control(owner=jonas.membership)
        map_to(control, "CC6.1", "CC6.3", part="reviews")
        stand(control, operation="fail", coverage={"sums": {"filled": 2, "missed": 1}})
        make_control("CR-01")
    answer = mei.client.get(reverse("controls:export", args=["acme"]) + "?operation=fail")
    head, *rows = rows_of(answer)
    assert [row[0] for row in rows] == ["CC6.1", "CC6.3"]
    found = dict(zip(head, rows[0], strict=True))
    assert (found["Control"], found["Owner"], found["Operation"], found["Part met"]) == ("AC-07", "Jonas Lindqvist", "fail", "reviews")
    assert (found["Intervals filled"], found["Intervals missed"]) == ("2", "1")
    assert re.fullmatch(r'attachment; filename="controls-acme-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])


def test_no_cell_of_the_export_is_a_formula(acme, mei, programme):
    with scope(acme):
        make_control(title="=HYPERLINK(0)", statement="+1 @now")
    rows = rows_of(mei.client.get(reverse("controls:export", args=["acme"]) + "?q=AC-07"))
    assert "'=HYPERLINK(0)" in rows[1]
    assert "'+1 @now" in rows[1]


def test_the_export_of_another_room_does_not_exist(acme, stranger):
    assert stranger.client.get(reverse("controls:export", args=["acme"])).status_code == 404


def test_an_employee_is_refused(acme, noor):
    assert noor.client.get(MATRIX).status_code == 403
    assert noor.client.get(reverse("controls:export", args=["acme"])).status_code == 403


def test_another_organisations_controls_are_not_counted(acme, borealis, mei, programme):
    with scope(borealis):
        make_control("BB-01")
    with scope(acme):
        make_control("AC-07")
    answer = mei.client.get(MATRIX + "?implementation=implemented")
    assert shown(answer) == ["AC-07"]
    assert answer.context["matrix"].controls_shown == {"AC-07"}
    with scope(acme):
        assert Control.objects.count() == 1
