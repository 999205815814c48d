"""A vendor's instruction as a page shows it: escaped, and only what is named."""

from __future__ import annotations

import pytest

from evidence.collectors.instructions import drawn
from evidence.collectors.registry import vendors


def test_paragraphs_emphasis_and_code():
    assert drawn("One\nline.\n\n**Two** `three`") == "<p>One line.</p>\n<p><strong>Two</strong> <code>three</code></p>"


def test_nothing_of_it_becomes_an_element_or_a_link():
    shown = drawn("<script>alert(1)</script> [here](javascript:x)\n\n`<b>`")
    assert "<script>" not in shown
    assert "<a" not in shown
    assert "<code>&lt;b&gt;</code>" in shown


def test_a_list_that_code_parts_goes_on_counting():
    shown = drawn("1. First\n   still first\n\n```json\n{\"a\": 1}\n```\n\n2. Second")
    assert "<li>First still first</li>" in shown
    assert '<ol class="numbers" start="2"><li>Second</li></ol>' in shown
    assert "{&quot;a&quot;: 1}" in shown


def test_points_headings_and_tables():
    shown = drawn("### Head\n- one\n- two\n\n| a | b |\n|---|---|\n| `x` | y |")
    assert "<h3>Head</h3>" in shown
    assert '<ul class="bullets"><li>one</li><li>two</li></ul>' in shown
    assert shown.count("<tr>") == 2
    assert "<td><code>x</code></td>" in shown


@pytest.mark.parametrize("vendor", list(vendors()))
def test_every_vendors_instruction_is_shown_without_a_rest_of_markup(vendor):
    shown = drawn(vendors()[vendor].setup)
    assert "```" not in shown
    assert "**" not in shown
    assert "<p>#" not in shown
