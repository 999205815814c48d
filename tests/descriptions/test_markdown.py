"""Markdown that people write becomes HTML and DOCX in which nothing acts."""

from __future__ import annotations

import pytest

from compliance.web.documents.differences import differences
from compliance.web.documents.markdown import as_html


@pytest.mark.parametrize(("text", "never"), [
    ("<script>alert(1)</script>", "<script"), ("a <img src=x onerror=alert(1)> b", "<img"),
    ("[x](javascript:alert(1))", "href"), ("[x](data:text/html,x)", "href"), ("[x](//evil.example)", "href"), ("[x](vbscript:x)", "href"),
    ("![x](https://evil.example/p.png)", "<img"), ("[x](JaVaScRiPt:alert(1))", "href"),
    ("<https://a.example\" onclick=\"x>", "onclick=\"x\""),
])  # fmt: skip
def test_nothing_acts(text, never):
    assert never not in as_html(text).lower()


def test_it_sets_headings_below_where_they_stand():
    said = as_html("# One\n\n###### Six", under=2)
    assert "<h3>One</h3>" in said
    assert "<h6>Six</h6>" in said


def test_it_sets_lists_tables_and_safe_links():
    said = as_html("- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n[there](https://example.org)")
    assert "<li>a</li>" in said
    assert "<td>1</td>" in said
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">there</a>' in said


@pytest.mark.parametrize(("before", "after", "signs"), [
    (["a"], ["a"], ""), ([], ["a"], "+"), (["a"], [], "-"), (["a", "b"], ["a", "c"], " -+"),
    (list("abcdefgh"), list("abcdefgX"), "…  -+"), (list("abcdefgh"), list("Xbcdefgh"), "-+  "),
    (list("abcdefghij"), list("Xbcdefghi") + ["Y"], "-+  …  -+"),
])  # fmt: skip
def test_lines_that_differ_are_signed(before, after, signs):
    assert "".join(line.sign for line in differences(before, after)) == signs
