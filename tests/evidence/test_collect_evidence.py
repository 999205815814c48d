"""How evidence is collected: steps, template and name of the file, on the pages and over the API."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.urls import reverse
from openpyxl import load_workbook

from compliance.tenancy.rooms import scope
from controls.models import Control
from evidence.adoption.offer import starter_set
from evidence.checks import catalogue
from evidence.models import EvidenceRequirement
from evidence.services.adopt import adopt_starter_set
from tests.factories.controls import make_control
from tests.factories.evidence import make_requirement

pytestmark = pytest.mark.django_db
GUIDED = {
    "key": "access-review", "kind": "sample", "items": ["PBC-062", "PBC-063"], "template": "access-review", "format": "XLSX or PDF",
    "steps": ["Fix the list first.", "Give each line to the owner."], "population_template": "access_reviews",
}  # fmt: skip


def at(name, pk):
    return reverse(f"evidence:{name}", args=["acme", pk])


@pytest.fixture()
def guided(acme, mei, jonas):
    with scope(acme):
        return make_requirement(mei.actor, make_control("AC-07", owner=jonas.membership), **GUIDED)


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("page", ["requirement", "provide"])
def test_the_page_says_how_it_is_collected(jonas, guided, page):
    shown = jonas.client.get(at(page, guided.pk)).content.decode()
    assert "<li>Fix the list first.</li><li>Give each line to the owner.</li>" in shown
    assert at("template", guided.pk) in shown
    assert "AC-07_access-review_" in shown
    assert ".xlsx</code>" in shown
    assert "Sampled reviews were complete, unbiased and carried out" in shown
    assert "Sample, as XLSX or PDF" in shown


def test_numbers_that_the_control_states_are_shown_by_the_title_of_their_check(acme, mei):
    with scope(acme):
        requirement = make_requirement(
            mei.actor, source="collector", checks=["okta.password.policy"], thresholds={"okta.password.policy": {"min_length": 14}}
        )
    shown = mei.client.get(at("requirement", requirement.pk)).content.decode()
    assert f"{catalogue.get('okta.password.policy').title}: min length 14" in shown


def test_a_sheet_comes_with_its_columns_and_what_each_holds(jonas, guided):
    answer = jonas.client.get(at("template", guided.pk))
    assert "AC-07_access-review.xlsx" in answer["Content-Disposition"]
    book = load_workbook(BytesIO(content(answer)))
    record, guide = book.worksheets
    assert [cell.value for cell in record[1]][:4] == ["System", "Account", "Person", "Right"]
    assert record.max_row == 1, "nothing stands in it that could be left there"
    said = {row[0].value: row[1].value for row in guide}
    assert said["Company"] == "Acme Ledger"
    assert said["Evidence"] == f"{guided.ref} {guided.title}"
    assert said["Reviewer"] == "Who decides on this line; never the person on it"
    assert said["File name"].startswith("AC-07_access-review_")


def test_a_sheet_comes_as_csv_too(jonas, guided):
    answer = jonas.client.get(at("template", guided.pk) + "?as=csv")
    assert content(answer).decode().lstrip("\ufeff").startswith("System,Account,Person,Right,")


def test_a_document_comes_with_what_is_known_filled_in(acme, mei):
    with scope(acme):
        requirement = make_requirement(mei.actor, make_control("BC-03"), key="restore-test", template="restore-test", title="Restore test")
    text = content(mei.client.get(at("template", requirement.pk))).decode()
    assert text.startswith("# Restore test\n\n- Company: Acme Ledger\n- Control: BC-03 ")
    assert "| Checksum of ____ |" in text
    assert "- Approved by (somebody else): ____ on ____" in text


@pytest.mark.parametrize("template", ["", "of-another-version"])
def test_where_there_is_no_template_there_is_nothing_to_download(acme, mei, template):
    with scope(acme):
        requirement = make_requirement(mei.actor, template=template)
    assert mei.client.get(at("template", requirement.pk)).status_code == 404
    assert mei.client.get(at("requirement", requirement.pk)).status_code == 200


def test_a_stranger_finds_no_template(guided, outsider):
    assert outsider.client.get(at("template", guided.pk)).status_code == 404


def test_the_list_is_narrowed_by_kind(acme, mei, guided):
    with scope(acme):
        other = make_requirement(mei.actor, make_control("AC-08"), key="other", title="Something else", kind="document")
    shown = mei.client.get(reverse("evidence:list", args=["acme"]) + "?kind=sample").content.decode()
    assert guided.ref in shown
    assert other.ref not in shown


def test_adoption_carries_everything_that_the_set_says(acme, mei):
    with scope(acme):
        adopt_starter_set(actor=mei.actor)
        stored = {
            (each.control.starter_key, each.key): each for each in EvidenceRequirement.objects.select_related("control")
        }
    said = {(control.ref, evidence.key): evidence for control in starter_set().controls for evidence in control.evidence}
    assert stored.keys() == said.keys()
    for place, evidence in said.items():
        row = stored[place]
        assert (row.kind, row.naming, row.template, row.population_template) == (
            evidence.kind, evidence.naming, evidence.template, evidence.population_template
        ), place  # fmt: skip
        assert (row.items, row.steps) == (list(evidence.items), list(evidence.steps)), place
        assert row.thresholds == {check: dict(stated) for check, stated in evidence.thresholds.items()}, place


def test_requirements_from_before_get_a_kind_by_rule_and_keep_everything_else(acme, mei):
    with scope(acme):
        made = [
            make_requirement(mei.actor, Control.objects.first() or make_control(), key=key, **fields)
            for key, fields in {
                "judged": {"source": "collector", "checks": ["github.org.2fa_required"]},
                "listed": {"source": "collector", "checks": ["github.org.outside_collaborators"]},
                "followed": {"cadence": "on_event"}, "written": {"cadence": "annual"},
            }.items()
        ]
        import_module("evidence.migrations.0005_requirement_kind").say_kinds(apps)
        kinds = dict(EvidenceRequirement.objects.values_list("key", "kind"))
        assert kinds == {"judged": "configuration", "listed": "population", "followed": "sample", "written": "document"}
        for before in made:
            now = EvidenceRequirement.objects.get(pk=before.pk)
            assert (now.title, now.cadence, now.steps, now.thresholds) == (before.title, before.cadence, [], {})
