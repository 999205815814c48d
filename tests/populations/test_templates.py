"""The templates that are shipped: sound, 26 of them, and together an answer to every population that is usually asked for."""

from __future__ import annotations

import csv

import pytest
import yaml

from compliance.frameworks.catalogue import CatalogueError
from evidence.populations.catalogue import FOLDER, answering, read_templates, template, template_problems, templates
from evidence.populations.collected import SOURCES
from evidence.populations.rooms import SOURCES as ROOMS
from tests.specs import SPECS

REQUESTS = SPECS.parent / "domain/pbc-soc2.csv"


def test_there_are_26_each_with_what_an_auditor_tests():
    assert len(templates()) == 26
    assert all(each.tested and each.questions and each.lettered[0][0] == "A" for each in templates())


@pytest.mark.skipif(not REQUESTS.exists(), reason="the request list is not beside the project")
def test_every_population_of_the_usual_request_list_is_answered_by_one():
    with REQUESTS.open(encoding="utf-8") as file:
        asked = [row["id"] for row in csv.DictReader(file) if row["kind"] == "population"]
    assert len(asked) == 29
    assert [each for each in asked if not list(answering(each))] == []


def test_every_source_draws_a_template_and_fills_attributes_that_it_has():
    keys = [each.key for each in (*SOURCES, *ROOMS)]
    assert len(keys) == len(set(keys))
    assert all(template(each.template) for each in (*SOURCES, *ROOMS))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cadence": "hourly"}, "cadence is none of"),
        ({"identified_by": ["nobody"]}, "identified by 'nobody'"),
        ({"dated_by": "name"}, "dated by 'name'"),
        ({"tested": []}, "tested is no list"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"attributes": [{"name": "a", "type": "colour", "label": "A", "means": "A"}]}, "its type is none of"),
        ({"reconcile": "stars"}, "reconcile is none of"),
        ({"goes_on": "perhaps"}, "goes_on is neither"),
    ],
)
def test_what_is_unfit_says_why(change, problem):
    row = next(each for each in yaml.safe_load((FOLDER / "people.yaml").read_text()) if each["key"] == "joiners")
    assert template_problems(row) == []
    assert any(problem in each for each in template_problems(row | change))


def test_a_folder_with_a_key_twice_is_refused(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text((FOLDER / "changes.yaml").read_text())
    with pytest.raises(CatalogueError, match="listed twice"):
        read_templates(tmp_path)
