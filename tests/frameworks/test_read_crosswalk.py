"""Every relation joins two requirements that exist, says where it comes from, and stands once."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from compliance.frameworks.catalogue import CatalogueError, shipped
from compliance.frameworks.crosswalk import Relation, read_crosswalk

CATALOGUES = shipped()
CROSSWALK = read_crosswalk(CATALOGUES)


def a_row(**changes: object) -> dict[str, object]:
    row = {
        "from_framework": "soc2-tsc-2017", "from_ref": "CC6.1", "to_framework": "iso27001-2022", "to_ref": "A.8.5",
        "relation": "superset", "source": ["us"], "confidence": "low",
    }  # fmt: skip
    return {**row, **changes}


def written(folder: Path, *rows: object, **changes: object) -> Path:
    path = folder / "crosswalk.yaml"
    head = {"id": "x", "sources": [{"id": "us", "what": "our own"}]}
    path.write_text(yaml.safe_dump({**head, "rows": list(rows), **changes}), encoding="utf-8")
    return path


def test_the_shipped_one_is_whole() -> None:
    assert len(CROSSWALK.rows) == 1293
    pairs = Counter((row.from_framework, row.to_framework) for row in CROSSWALK.rows)
    assert pairs["nist-csf-2.0", "iso27001-2022"] == 341
    assert set(Counter(row.relation for row in CROSSWALK.rows)) == set(Relation)


def test_every_soc_2_criterion_leads_somewhere() -> None:
    reached = {ref for row in CROSSWALK.rows for framework, ref in row.ends if framework == "soc2-tsc-2017"}
    criteria = next(catalogue for catalogue in CATALOGUES if catalogue.id == "soc2-tsc-2017").assessable
    assert {criterion.ref for criterion in criteria} <= reached


TURNED_ROUND = a_row(from_framework="iso27001-2022", from_ref="A.8.5", to_framework="soc2-tsc-2017", to_ref="CC6.1")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([a_row(to_ref="A.9.9")], "no requirement 'A.9.9' in 'iso27001-2022'"),
        ([a_row(from_framework="soc3")], "in 'soc3'"),
        ([a_row(relation="similar")], "the relation 'similar' is unknown"),
        ([a_row(confidence="sure")], "the confidence 'sure' is unknown"),
        ([a_row(source=[])], "no source"),
        ([a_row(source=["hearsay"])], "the source 'hearsay' is not listed"),
        ([a_row(), a_row(relation="equal")], "paired twice"),
        ([a_row(), TURNED_ROUND], "paired twice"),
        ([a_row(to_framework="soc2-tsc-2017", to_ref="CC6.1")], "paired twice"),
        ([a_row(from_ref=["CC6.1"], relation=["equal"])], "no requirement"),
        (["nothing"], "row 1 is not a mapping"),
    ],
)
def test_an_unsound_one_is_refused_with_the_reason(rows: list[object], said: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=said):
        read_crosswalk(CATALOGUES, written(tmp_path, *rows))


def test_a_lost_row_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="states 2 rows, holds 1"):
        read_crosswalk(CATALOGUES, written(tmp_path, a_row(), count=2))
