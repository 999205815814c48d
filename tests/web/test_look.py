"""The sheets and templates keep the rules that make them safe and legible."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

from compliance.web.charts import palette

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TOKENS = (ROOT / "static/css/tokens.css").read_text()


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_a_template_compiles(name: Path) -> None:
    get_template(str(name))


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_a_template_has_nothing_that_the_content_policy_would_stop(name: Path) -> None:
    text = (ROOT / "templates" / name).read_text()
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"<style[\s>]", text)
    assert not re.search(r"(href|src|action)\s*=\s*[\"']\s*javascript:", text)
    assert not re.search(r"<(script|link|img|iframe|form)[^>]*(src|href|action)\s*=\s*[\"'](https?:)?//", text), (
        "another host"
    )
    for opening in re.findall(r"<script([^>]*)>", text):
        assert "src=" in opening or "application/json" in opening, "inline script"


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_the_interface_neither_begs_nor_shouts(name: Path) -> None:
    text = re.sub(
        r"<!doctype|{%.*?%}|{#.*?#}|<!--.*?-->|<svg.*?</svg>", "", (ROOT / "templates" / name).read_text(), flags=re.S
    )
    words = re.sub(r"<[^>]+>", " ", text)
    assert not re.search(r"\b(please|oops)\b", words, flags=re.I)
    assert not re.search(r"[a-z]!(\s|$)", words)


#: Sheets of paper, and the tokens themselves.
PAPER = (
    "tokens.css", "print.css", "report.css", "description.css", "applicability-paper.css", "matrix-paper.css", "figure.css",
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_uses_only_tokens_that_exist(sheet: Path) -> None:
    known = set(re.findall(r"(--[\w-]+)\s*:", TOKENS))
    assert set(re.findall(r"var\((--[\w-]+)", sheet.read_text())) <= known


@pytest.mark.parametrize(
    "sheet",
    [each for each in SHEETS if each.name not in PAPER],
    ids=lambda path: path.name,
)
def test_colours_are_named_in_the_tokens_and_nowhere_else(sheet: Path) -> None:
    # Paper has its own: WeasyPrint reads no tokens that follow the scheme.
    colours = re.findall(r"#[0-9a-f]{3,8}\b", sheet.read_text())
    # The square of a second factor stays white, a mask needs black, a veil darkens: none is a colour of the page.
    assert [colour for colour in colours if colour not in ("#fff", "#000", "#0000", "#141c2466", "#000000a6")] == []


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("INK", "ink"), ("INK_2", "ink-2"), ("ACCENT", "accent"), ("PAPER", "paper"), ("SHEET", "sheet"),
        ("WELL", "well"), ("LINE", "line"), ("LINE_STRONG", "line-strong"), ("LINE_CONTROL", "line-control"),
        ("HATCH", "c-hatch"), ("PASSED", "pass"), ("FAIL", "fail"), ("UNKNOWN", "unknown"), ("DUE", "due"),
        ("STALE", "stale"), ("ACCEPTED", "accepted"), ("NA", "na"), ("FILLED", "c-filled"), ("LATE", "c-late"),
        ("FAIL_WASH", "fail-wash"), ("UNKNOWN_WASH", "unknown-wash"),
    ],
)  # fmt: skip
def test_paper_shows_the_colours_of_the_light_page(name: str, token: str) -> None:
    light = re.search(rf"--{token}:\s*light-dark\((#[0-9a-f]+)", TOKENS)
    assert light is not None
    assert getattr(palette, name) == light.group(1)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _token(name: str, dark: bool) -> str:
    found = re.search(rf"--{name}:\s*light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\)", TOKENS)
    assert found is not None, name
    return found.group(2 if dark else 1)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "sheet", "well", "accent-wash"])
@pytest.mark.parametrize(
    "words", ["ink", "ink-2", "ink-3", "accent", "pass", "fail", "unknown", "due", "stale", "accepted", "na"]
)
def test_every_word_can_be_read_on_every_surface(words: str, surface: str, dark: bool) -> None:
    pair = sorted((_luminance(_token(words, dark)), _luminance(_token(surface, dark))), reverse=True)
    assert (pair[0] + 0.05) / (pair[1] + 0.05) >= 4.5


def test_the_tags_need_no_load() -> None:
    assert "state" in engines["django"].engine.template_builtins[-1].tags
