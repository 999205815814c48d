"""Names of files that leave the house: they sort, they fit, and no two versions share one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.naming import PART, filed_name, filed_path, slug

DAY = date(2026, 5, 31)
GIVEN = {"criterion": "CC6.1", "control": "AC-07", "artefact": "EV-0042", "number": 3, "day": DAY, "extension": "pdf"}


def test_it_is_filed_by_criterion_and_control():
    assert filed_path(**GIVEN, title="Access review, Q2") == "CC6.1/AC-07/EV-0042-v03_2026-05-31_access-review-q2.pdf"


def test_a_dot_before_the_ending_is_not_doubled_and_json_gz_is_one_word():
    assert filed_path(**GIVEN | {"extension": ".PDF"}, title="A").endswith("_a.pdf")
    assert filed_path(**GIVEN | {"extension": ".json.gz"}, title="A").endswith("_a.jsongz")


def test_versions_sort_by_their_number():
    names = [filed_name(artefact="EV-0042", number=n, day=DAY, title="x", extension="csv") for n in range(1, 30)]
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("title", "said"),
    [("Überprüfung der Zugriffe", "uberprufung-der-zugriffe"), ("../../etc/passwd", "etc-passwd"), ("审查", ""), ("a\x00b", "a-b"),
     ("Straße", "strasse"), ("  ", "")],
)  # fmt: skip
def test_a_title_becomes_plain_words(title, said):
    assert slug(title) == said


def test_a_title_that_no_letter_can_write_leaves_the_name_without_one():
    assert filed_path(**GIVEN, title="审查") == "CC6.1/AC-07/EV-0042-v03_2026-05-31.pdf"


def test_what_has_no_criterion_is_filed_where_it_says_so():
    assert filed_path(**GIVEN | {"criterion": "", "control": ".."}, title="x").startswith("no-criterion/no-control/")


def test_names_of_devices_are_not_used():
    assert filed_path(**GIVEN | {"criterion": "con", "control": "NUL.x"}, title="x").startswith("con_/NUL.x_/")


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400), st.text(max_size=400), st.text(max_size=40))
def test_no_text_can_leave_its_folder_or_grow_too_long(criterion, control, artefact, title, extension):
    parts = filed_path(
        criterion=criterion, control=control, artefact=artefact[:60], number=7, day=DAY, title=title, extension=extension
    ).split("/")
    assert len(parts) == 3
    for part in parts:
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", part), part
        assert len(part) <= PART
        assert not part.endswith(".")
