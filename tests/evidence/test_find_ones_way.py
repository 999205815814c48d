"""The parts of Evidence stand in groups on each of its pages, and say where one is; without script, and as far as one may."""

from __future__ import annotations

import pytest

ROOM = "/o/acme"


def area(person, path: str) -> str:
    page = person.client.get(ROOM + path).content.decode()
    return page.split('<div class="area">')[1].split("</header>")[0]


def test_every_group_stands_with_its_parts(mei):
    shown = area(mei, "/evidence/")
    for words in ("Expected", "On file", "Collected", "Proof", "Requirements", "Completeness", "Evidence requests", "Packs"):
        assert f">{words}<" in shown
    assert f'<a href="{ROOM}/evidence/" aria-current="page">Requirements</a>' in shown
    assert "<summary" in shown


@pytest.mark.parametrize(("path", "part", "page"), [
    ("/evidence/coverage/", "Coverage", "The period"), ("/evidence/filed/", "Artefacts", "As filed"),
    ("/checks/exceptions/", "Checks", "Exceptions"), ("/access-reviews/removals/", "Access reviews", "Access that has to go"),
    ("/connections/runs/", "Connections", "Runs"), ("/evidence/log/keys/", "Log", "Keys"),
])  # fmt: skip
def test_a_page_of_a_part_says_both(mei, path, part, page):
    shown = area(mei, path)
    assert f'aria-current="true">{part}</a>' in shown
    assert f'aria-current="page">{page}</a>' in shown


def test_what_one_may_not_open_is_not_named(noor):
    assert noor.client.get(f"{ROOM}/evidence/").status_code == 403


def test_completeness_is_of_evidence_and_the_list_of_reports_is_not(mei):
    here = 'aria-current="page">Evidence</a>'
    assert here in mei.client.get(f"{ROOM}/reports/completeness/").content.decode().replace("\n", "")
    assert here not in mei.client.get(f"{ROOM}/reports/").content.decode()
