"""The shipped catalogues are what their publishers number, and an unsound file is refused with the reason."""

from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.frameworks.catalogue import Catalogue, CatalogueError, build, read, requirement_id, shipped

CATALOGUES = {catalogue.id: catalogue for catalogue in shipped()}


def numbers(catalogue: Catalogue, by: str, **only: str) -> dict[str, int]:
    rows = [row for row in catalogue.requirements if all(getattr(row, key) == value for key, value in only.items())]
    return dict(Counter(getattr(row, by) for row in rows))


def a_row(**changes: object) -> dict[str, object]:
    row = {"ref": "X1", "parent": None, "level": "one", "assessable": True, "title": "A", "text": "B", "category": "c"}
    return {**row, **changes}


def content(*rows: dict[str, object], **changes: object) -> dict[str, object]:
    head = {"id": "x", "title": "X", "short_title": "X", "version": "1", "publisher": "us", "licence_note": "ours"}
    return {**head, "complete": True, "levels": ["one", "two"], "requirements": list(rows), **changes}


def test_all_five_are_there() -> None:
    assert sorted(CATALOGUES) == ["iso27001-2022", "iso27701-2025", "nist-csf-2.0", "pci-dss-4.0.1", "soc2-tsc-2017"]


def test_soc_2_has_sixty_one_criteria_in_their_series() -> None:
    tsc = CATALOGUES["soc2-tsc-2017"]
    assert numbers(tsc, "series", level="criterion") == {
        "CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2,
        "A1": 3, "C1": 2, "PI1": 5,
        "P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 7, "P7": 1, "P8": 1,
    }  # fmt: skip
    assert numbers(tsc, "category", level="criterion") == {
        "security": 33, "availability": 3, "confidentiality": 2, "processing-integrity": 5, "privacy": 18,
    }  # fmt: skip


def test_iso_27001_has_its_clauses_and_ninety_three_controls() -> None:
    iso = CATALOGUES["iso27001-2022"]
    assert numbers(iso, "theme", level="control") == {
        "organizational": 37, "people": 8, "physical": 14, "technological": 34,
    }  # fmt: skip
    levels = numbers(iso, "level")
    assert (levels["clause"], levels["subclause"], levels["sub-subclause"]) == (7, 23, 11)
    assert len([row for row in iso.assessable if row.level != "control"]) == 30


def test_pci_dss_has_its_sections_and_intervals() -> None:
    pci = CATALOGUES["pci-dss-4.0.1"]
    refs = [row.ref for row in pci.requirements if row.level == "section"]
    sections = Counter(ref.split(".")[0] for ref in refs if not ref.startswith("A"))
    assert [sections[str(number)] for number in range(1, 13)] == [5, 3, 7, 2, 4, 5, 3, 6, 5, 7, 6, 10]
    stated = {ref: pci.by_ref[ref].frequency for ref in ("1.2.7", "8.2.6", "10.4.1", "11.3.2", "11.5.2", "12.10.2")}
    assert {ref: frequency and frequency.interval for ref, frequency in stated.items()} == {
        "1.2.7": "P6M", "8.2.6": "P90D", "10.4.1": "P1D", "11.3.2": "P3M", "11.5.2": "P7D", "12.10.2": "P12M",
    }  # fmt: skip


def test_csf_and_27701_have_their_numbers() -> None:
    assert numbers(CATALOGUES["nist-csf-2.0"], "level") == {"function": 6, "category": 22, "subcategory": 106}
    pims = CATALOGUES["iso27701-2025"]
    assert numbers(pims, "category", level="control") == {
        "controller": 31, "processor": 18, "controller-and-processor": 29,
    }  # fmt: skip
    iso = CATALOGUES["iso27001-2022"]
    assert {row.iso27001_ref for row in pims.requirements if row.iso27001_ref} <= set(iso.by_ref)


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_a_parent_comes_before_its_children_and_every_title_is_short(catalogue: Catalogue) -> None:
    seen: set[str | None] = {None}
    for row in catalogue.requirements:
        assert row.parent in seen
        assert len(row.title.split()) <= 12
        seen.add(row.ref)


def test_ids_are_the_same_everywhere_and_another_in_every_version() -> None:
    assert str(requirement_id("soc2-tsc-2017", "2017, with revised points of focus 2022", "CC6.1")) == (
        "b24c7f44-9066-5710-84ef-836a60986108"
    )
    everything = [
        requirement_id(catalogue.id, catalogue.version, row.ref)
        for catalogue in CATALOGUES.values()
        for row in catalogue.requirements
    ]
    assert len(set(everything)) == len(everything) == 808
    assert requirement_id("x", "1", "A") != requirement_id("x", "2", "A")


def test_only_27701_shows_no_percentage_as_its_clauses_are_not_listed() -> None:
    assert [catalogue.short_title for catalogue in CATALOGUES.values() if not catalogue.complete] == ["ISO 27701"]


def test_points_of_focus_can_hang_below_a_criterion() -> None:
    built = build(content(a_row(), a_row(ref="X1.1", parent="X1", level="two", assessable=False)), source="t")
    assert [row.assessable for row in built.requirements] == [True, False]


@pytest.mark.parametrize(
    ("rows", "changes", "said"),
    [
        ([a_row(ref=10.1)], {}, "put it in quotes"),
        ([a_row(), a_row()], {}, "X1: listed 2 times"),
        ([a_row(parent="X9")], {}, "its parent X9 is not in the catalogue"),
        ([a_row(parent="X2"), a_row(ref="X2", parent="X1")], {}, "X1: is its own ancestor"),
        ([a_row(level="three")], {}, "is not one of one, two"),
        ([a_row(title=" ")], {}, "X1: no title"),
        ([a_row(assessable="yes")], {}, "neither true nor false"),
        ([a_row(owner="me")], {}, "unknown key 'owner'"),
        ([a_row(frequency={"text": "often", "basis": "whenever"})], {}, "the frequency's basis 'whenever'"),
        ([a_row(frequency={"text": "often", "basis": "fixed"})], {}, "needs an interval"),
        ([a_row(superseded_by="X7")], {}, "superseded by X7"),
        ([a_row()], {"counts": {"one": 2}}, "states 2 of one, holds 1"),
        ([], {}, "no list of requirements"),
        ([a_row()], {"version": 4.0}, "no version"),
    ],
)  # fmt: skip
def test_an_unsound_catalogue_is_refused_with_the_reason(rows: list, changes: dict, said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        build(content(*rows, **changes), source="t")


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(CatalogueError) as refused:
        build(content(a_row(title=""), a_row(ref="X2", level="nine")), source="t")
    assert len(refused.value.problems) == 2


def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("id: [1, 2\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="broken.yaml: not readable as YAML"):
        read(path)


def test_a_file_cannot_run_code(tmp_path: Path) -> None:
    path = tmp_path / "evil.yaml"
    path.write_text("!!python/object/apply:os.system ['true']\n", encoding="utf-8")
    with pytest.raises(CatalogueError):
        read(path)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner)
)
keys = st.sampled_from(["ref", "parent", "level", "assessable", "title", "text", "category", "frequency", "series"])


@given(row=st.dictionaries(keys, anything) | anything, whole=anything)
def test_rubbish_is_refused_and_never_crashes(row: object, whole: object) -> None:
    for rubbish in (content(row, a_row(ref="ok")), content(a_row(), counts=whole), whole):  # type: ignore[arg-type]
        with suppress(CatalogueError):
            build(rubbish, source="t")
