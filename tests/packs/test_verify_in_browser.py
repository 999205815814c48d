"""verify.html, opened from a disk in Chromium, finds what verify.py finds, in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.packs.verifier.one_page import verify_html
from tests.packs.building import a_year, pack_of, saved
from tests.packs.cases import CASES, Case
from tests.packs.verifying import arguments_of, verified

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture()
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The page as it lies in a pack, on a disk; offline, and every request beyond the file itself is a complaint."""
    context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.complaints = []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    (tmp_path / "verify.html").write_text(verify_html())
    address = (tmp_path / "verify.html").as_uri()
    opened.on("request", lambda request: request.url == address or opened.complaints.append(request.url))
    opened.goto(address)
    yield opened
    context.close()


def in_browser(page: Any, folder: Path, case: Case) -> tuple[str, set[tuple[str, str]], list[str]]:
    page.set_input_files("#pack", saved(folder, case.pack))
    arguments_of(folder, case)
    page.set_input_files("#kept", [folder / f"kept-{number}.txt" for number in range(len(case.kept))])
    page.fill("#key", "\n".join(case.keys))
    page.click("#go")
    page.locator("#progress", has_text="It took").wait_for(timeout=60_000)
    rows = page.evaluate(
        "[...document.querySelectorAll('#problems tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return page.inner_text("#verdict"), {tuple(row) for row in rows}, page.locator("#checked li").all_inner_texts()


@pytest.mark.parametrize("name", CASES)
def test_it_finds_what_verify_py_finds(name, page, tmp_path):
    case = CASES[name]()
    verdict, problems, checked = in_browser(page, tmp_path, case)
    said = verified(tmp_path, saved(tmp_path, case.pack), *arguments_of(tmp_path, case))
    folder = f"{tmp_path}/"
    assert problems == {(where.replace(folder, ""), what) for where, what in said.problems}
    if not case.is_pack:
        assert f"{saved(tmp_path, case.pack)}: {verdict.split('Not a pack: ')[1]}" in said.lines[0]
    elif case.told:
        assert verdict.endswith("found")
        assert len(problems) >= len(case.told)
    else:
        assert verdict.endswith("Nothing differs")
    assert checked == [line for line in said.lines if line.startswith(("Pack:", "Keys:", "Checked:"))]
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_use_it(scheme, width, page, tmp_path):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    in_browser(page, tmp_path, CASES["a_file_added"]())
    assert page.evaluate("document.activeElement.id") == "verdict"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if not AXE.exists():
        pytest.skip("axe-core is not here: npm ci")
    found = page.evaluate(
        AXE.read_text()
        + "; axe.run(document).then((found) => found.violations.map((each) => each.id + ': ' + each.nodes[0].html))"
    )
    assert found == []


def test_it_is_used_from_the_keyboard_alone(page, tmp_path):
    page.set_input_files("#pack", saved(tmp_path, pack_of(a_year())))
    page.focus("#pack")
    reached = []
    for _ in range(4):
        reached.append(page.evaluate("document.activeElement.id"))
        page.keyboard.press("Tab")
    assert reached == ["pack", "kept", "key", "go"]
    page.focus("#go")
    page.keyboard.press("Enter")
    page.locator("#verdict", has_text="Nothing differs").wait_for()


def test_markup_in_a_pack_is_text(page, tmp_path):
    def change(told: Any) -> None:
        told.rows[4] = told.rows[4] | {"filename": "<img src=x onerror=alert(1)>"}

    told = a_year()
    change(told)
    _, problems, _ = in_browser(page, tmp_path, Case(pack_of(told)))
    assert any("<img src=x onerror=alert(1)>" in what for _, what in problems)
    assert page.locator("#problems img").count() == 0


def test_its_digests_and_signatures_are_those_of_the_standards(page):
    assert (
        page.evaluate("hexOf(sha256(bytesOf('abc')))")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert page.evaluate("hexOf(sha512(bytesOf('abc')))").startswith("ddaf35a193617abacc417349ae204131")
    assert (
        page.evaluate(
            "hexOf([1, 63, 64, 65, 1000].reduce((d, n) => d.update(new Uint8Array(n).fill(n)), new Sha256()).digest())"
        )
        == _digest()
    )
    key = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    signature = (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert page.evaluate(f"isSigned(fromHex('{key}'), fromHex('af82'), fromHex('{signature}'))") is True
    assert page.evaluate(f"isSigned(fromHex('{key}'), fromHex('af83'), fromHex('{signature}'))") is False


def _digest() -> str:
    from hashlib import sha256

    return sha256(b"".join(bytes([n % 256]) * n for n in (1, 63, 64, 65, 1000))).hexdigest()
