"""The starter set reaches everything it says, and each of its controls could be audited as it stands."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance.frameworks.catalogue import CatalogueError, shipped
from controls.models import Control, Frequency
from controls.starter.evidence_rules import KINDS
from controls.starter.reading import StarterControl, read_starter_set
from controls.starter.validation import FREQUENCIES
from evidence.cadence import Cadence
from evidence.checks import catalogue as checks
from evidence.models import EvidenceKind, EvidenceRequirement

STARTER = read_starter_set()
CATALOGUES = {catalogue.id: catalogue for catalogue in shipped()}
TSC, ISO = CATALOGUES["soc2-tsc-2017"], CATALOGUES["iso27001-2022"]
ALWAYS_TESTED = ["CC6.1", "CC6.2", "CC6.3", "CC7.1", "CC8.1", "CC9.2"]


def test_it_is_of_the_size_that_can_be_adopted_in_an_hour() -> None:
    assert 64 <= len(STARTER.controls) <= 90


def test_every_criterion_of_every_category_is_reached() -> None:
    assert STARTER.reached(TSC.id) == {criterion.ref for criterion in TSC.assessable}


def test_every_clause_and_annex_a_control_is_reached() -> None:
    assert STARTER.reached(ISO.id) == {requirement.ref for requirement in ISO.assessable}


@pytest.mark.parametrize("criterion", [row.ref for row in TSC.assessable if row.ref.startswith("CC")])
def test_each_common_criterion_has_a_key_control(criterion: str) -> None:
    assert [control for control in STARTER.controls if control.key and criterion in refs_of(control, TSC.id)]


@pytest.mark.parametrize("criterion", ALWAYS_TESTED)
def test_what_is_always_tested_rests_on_more_than_one_key_control(criterion: str) -> None:
    assert len([control for control in STARTER.controls if control.key and criterion in refs_of(control, TSC.id)]) > 1


def refs_of(control: StarterControl, framework: str) -> set[str]:
    return {row.ref for row in control.requirements if row.framework == framework}


@pytest.mark.parametrize("control", STARTER.controls, ids=lambda control: control.ref)
def test_it_can_be_audited_as_it_stands(control: StarterControl) -> None:
    assert control.owner_role
    assert control.frequency in FREQUENCIES
    assert control.evidence
    assert {step.type for step in control.test_procedures} - {"inquiry"}
    assert bool(control.population) == control.tested_by_sample
    assert control.statement.endswith(".")


@pytest.mark.parametrize("control", STARTER.controls, ids=lambda control: control.ref)
def test_its_evidence_can_show_that_it_was_performed(control: StarterControl) -> None:
    """Something is due as often as the control is performed, or on each event, or a collector looks."""
    cadences = {evidence.cadence for evidence in control.evidence}
    collected = any(evidence.source == "collector" for evidence in control.evidence)
    assert control.frequency in cadences or collected


def test_every_check_bears_on_a_control_and_every_bound_check_exists() -> None:
    """But those of what a company supplies itself: a requirement of a source that nobody has would stand missing for everybody."""
    assert set(STARTER.checks) == {id for id, check in checks.load().items() if check.vendor != "push"}


@pytest.mark.parametrize("control", STARTER.controls, ids=lambda control: control.ref)
def test_a_check_bears_on_a_control_of_a_criterion_that_it_names(control: StarterControl) -> None:
    """Or, where the control is of another criterion of the same series, at least on that series."""
    for evidence in control.evidence:
        for id in evidence.checks:
            check = checks.get(id)
            assert check is not None
            series = {ref.split(".")[0] for ref in check.criteria}
            assert series & {ref.split(".")[0] for ref in refs_of(control, TSC.id)}, id
            assert set(check.annex_a) & refs_of(control, ISO.id) or set(check.criteria) & refs_of(control, TSC.id), id


def test_what_a_collector_brings_comes_from_one_vendor() -> None:
    collected = [evidence for control in STARTER.controls for evidence in control.evidence if evidence.checks]
    assert {evidence.vendor for evidence in collected} == {"aws", "github", "okta"}
    assert all(len({check.split(".")[0] for check in evidence.checks}) == 1 for evidence in collected)


def test_governance_is_shown_by_people() -> None:
    supplied = {e.key for control in STARTER.controls for e in control.evidence if e.source == "person"}
    assert supplied >= {
        "board-minutes", "policy-index", "risk-assessment", "penetration-test", "restore-test", "vendor-reviews",
        "training-completion", "access-review", "management-review", "internal-audit",
    }  # fmt: skip


def test_the_words_for_how_often_are_the_same_on_every_floor() -> None:
    assert list(FREQUENCIES) == list(Frequency.values) == list(Cadence)


def test_the_words_for_kinds_of_evidence_are_the_same_on_every_floor() -> None:
    assert list(KINDS) == list(EvidenceKind.values)


def test_every_text_fits_its_column() -> None:
    for control in STARTER.controls:
        for name in ("ref", "title", "area", "owner_role", "frequency", "nature", "kind", "population"):
            assert len(getattr(control, name)) <= (Control._meta.get_field(name).max_length or 0), (control.ref, name)
        for evidence in control.evidence:
            for name in ("key", "title", "format", "cadence", "source", "span", "kind", "naming", "template", "population_template"):
                longest = EvidenceRequirement._meta.get_field(name).max_length or 0
                assert len(getattr(evidence, name)) <= longest, (control.ref, name)


FAMILY: dict[str, Any] = {
    "family": "AC",
    "area": "Access",
    "controls": [
        {
            "ref": "AC-01",
            "title": "A control",
            "statement": "Someone does something once a month.",
            "owner_role": "Security lead",
            "frequency": "monthly",
            "nature": "manual",
            "kind": "detective",
            "key": True,
            "tested_by_sample": False,
            "test_procedures": [{"inspection": "Read it."}],
            "evidence": [
                {
                    "key": "a", "title": "A", "artefact": "A list", "format": "PDF", "cadence": "monthly",
                    "source": "person", "span": "point", "kind": "document", "template": "access-review",
                    "steps": ["Export the list.", "Sign it."],
                }
            ],
            "requirements": {"soc2-tsc-2017": {"CC6.1": "all of it"}},
        }
    ],
}  # fmt: skip


def refused(folder: Path, **changes: Any) -> str:
    family = deepcopy(FAMILY)
    family["controls"][0].update(changes)
    (folder / "own").mkdir()
    (folder / "own" / "ac.yaml").write_text(yaml.safe_dump(family), encoding="utf-8")
    try:
        read_starter_set("own", folder=folder, catalogues=CATALOGUES.values())
    except CatalogueError as error:
        return str(error)
    return ""


def evidence(**changes: Any) -> list[dict[str, Any]]:
    return [{**FAMILY["controls"][0]["evidence"][0], **changes}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"test_procedures": [{"inquiry": "Ask."}]}, "is tested by inquiry alone"),
        ({"test_procedures": []}, "is tested by inquiry alone"),
        ({"test_procedures": [{"guess": "So."}]}, "unknown type of test 'guess'"),
        ({"tested_by_sample": True}, "names no population"),
        ({"population": "Everyone"}, "is not tested by sample"),
        ({"frequency": "often"}, "frequency 'often' is none of"),
        ({"owner_role": ""}, "no owner_role"),
        ({"title": "x" * 201}, "no title, or too long"),
        ({"ref": "CM-01"}, "not the family's code"),
        ({"key": "yes"}, "key is neither true nor false"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"evidence": []}, "no evidence"),
        ({"evidence": evidence() + evidence()}, "the evidence key a is used 2 times"),
        ({"evidence": evidence(source="collector")}, "names no check and no fact kind"),
        ({"evidence": evidence(checks=["aws.iam.root_mfa"])}, "comes from a person and names checks"),
        ({"evidence": evidence(source="collector", checks=["aws.a", "okta.b"])}, "more than one vendor"),
        ({"evidence": evidence(cadence="yearly")}, "cadence 'yearly' is none of"),
        ({"evidence": evidence(kind="proof")}, "kind 'proof' is none of"),
        ({"evidence": evidence(items=["PBC-999"])}, "PBC-999 is not on the request list"),
        ({"evidence": evidence(template="guess")}, "there is no template 'guess'"),
        ({"evidence": [{k: v for k, v in evidence()[0].items() if k != "template"}]}, "has no template"),
        ({"evidence": evidence(steps=["Export it."])}, "fewer than 2 or more than 10 steps"),
        ({"evidence": evidence(steps=["Export it."] * 11)}, "fewer than 2 or more than 10 steps"),
        ({"evidence": evidence(steps=["Export it.", "and so on"])}, "a step is no sentence"),
        ({"evidence": [{k: v for k, v in evidence()[0].items() if k != "steps"}]}, "comes from a person and has no steps"),
        ({"evidence": evidence(naming="{key}.pdf")}, "it begins with {control}_{key}"),
        ({"evidence": evidence(population_template="New hires")}, "population_template is not the key of one"),
        ({"evidence": evidence(thresholds={"aws.iam.root_mfa": {"days": 1}})}, "which does not judge it"),
        ({"evidence": evidence(thresholds={"aws.iam.root_mfa": 1})}, "thresholds are not numbers"),
        ({"requirements": {}}, "is mapped to no requirement"),
        ({"requirements": {"soc2-tsc-2017": {"CC6.9": "x"}}}, "soc2-tsc-2017 has no 'CC6.9'"),
        ({"requirements": {"iso27001-2022": {4.1: "x"}}}, "needs quotes"),
        ({"requirements": {"soc2-tsc-2017": {"CC6": "x"}}}, "only groups others"),
        ({"requirements": {"soc2-tsc-2017": {"CC6.1": None}}}, "does not say which part"),
        ({"requirements": {"soc3": {"CC6.1": "x"}}}, "no catalogue 'soc3'"),
    ],
)
def test_an_unfit_control_is_refused_with_the_reason(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    message = refused(tmp_path, **changes)
    assert said in message
    assert bool(message) == bool(said)


def test_the_same_ref_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    for name in ("one", "two"):
        (tmp_path / "own" / f"{name}.yaml").write_text(yaml.safe_dump(FAMILY), encoding="utf-8")
    with pytest.raises(CatalogueError, match="AC-01: listed twice"):
        read_starter_set("own", folder=tmp_path, catalogues=CATALOGUES.values())


def test_a_set_that_is_not_there_is_refused() -> None:
    with pytest.raises(CatalogueError, match="no such starter set"):
        read_starter_set("soc3")


# --- the set as data: what the files say, before anything is read into it ----------------------------------------------

RAW = [
    control
    for path in sorted((Path(__file__).parents[2] / "controls" / "starter" / "soc2-iso27001").glob("*.yaml"))
    for control in yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["controls"]
]


def test_it_reaches_all_61_criteria_in_five_categories_and_all_93_annex_a_controls_in_four_themes() -> None:
    met = {(framework, ref) for control in RAW for framework, refs in control["requirements"].items() for ref in refs}
    criteria = [row for row in TSC.assessable if (TSC.id, row.ref) in met]
    annex = [row for row in ISO.assessable if row.theme and (ISO.id, row.ref) in met]
    assert (len(criteria), len({row.category for row in criteria})) == (61, 5)
    assert (len(annex), len({row.theme for row in annex})) == (93, 4)


@pytest.mark.parametrize("control", RAW, ids=lambda control: str(control["ref"]))
def test_each_says_who_how_often_how_tested_and_what_of_each_requirement_it_meets(control: dict[str, Any]) -> None:
    assert control["owner_role"].strip()
    assert control["frequency"] in FREQUENCIES
    assert control["nature"] in {"manual", "automated"}
    assert {kind for step in control["test_procedures"] for kind in step} - {"inquiry"}
    assert control.get("population", "").strip() or not control["tested_by_sample"]
    for evidence in control["evidence"]:
        assert evidence["source"] in {"collector", "person"}
        assert evidence["cadence"] in FREQUENCIES
    parts = [part for refs in control["requirements"].values() for part in refs.values()]
    assert all(part.strip() for part in parts)


def test_where_several_controls_meet_a_requirement_only_one_claims_the_whole_of_it() -> None:
    """Two that each meet all of it would say that one of them is not needed."""
    whole: dict[tuple[str, str], int] = {}
    for control in RAW:
        for framework, refs in control["requirements"].items():
            for ref, part in refs.items():
                whole[framework, ref] = whole.get((framework, ref), 0) + (part == "all of it")
    assert [key for key, number in whole.items() if number > 1] == []
