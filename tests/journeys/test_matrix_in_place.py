"""A row of the matrix edited with the keyboard alone: Enter opens it, Escape leaves it, and the focus comes back."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import AXE

pytestmark = pytest.mark.browser

_FOCUS = "() => document.activeElement.id || document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"


@pytest.fixture()
def matrix(site, open_page, sign_in):
    page = open_page()
    sign_in(page, "compliance_manager")
    page.goto(f"{site.room}/controls/?mode=edit&series=CC6")
    return page


def test_enter_opens_a_row_escape_leaves_it_and_saving_gives_the_focus_back(matrix):
    link = matrix.locator("a.edits").nth(1)
    name = " ".join(link.inner_text().split())
    link.focus()
    matrix.keyboard.press("Enter")
    matrix.wait_for_selector("#row_owner:focus")
    matrix.keyboard.press("Escape")
    matrix.wait_for_selector(".edit-row", state="detached")
    matrix.wait_for_selector("a.edits:focus")
    assert matrix.evaluate(_FOCUS) == name
    matrix.keyboard.press("Enter")
    matrix.wait_for_selector(".edit-row")
    matrix.select_option("#row_frequency", "weekly")
    matrix.fill("#row_starts_on", "2026-03-01")
    matrix.locator("#row_starts_on").press("Enter")
    matrix.wait_for_selector(".edit-row", state="detached")
    matrix.wait_for_selector("a.edits:focus")
    assert matrix.evaluate(_FOCUS) == name
    assert "Weekly" in matrix.inner_text("#mx")
    assert "edit=" not in matrix.url
    assert matrix.complaints == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: npm ci")
def test_an_open_row_and_its_menus_are_accessible_and_stay_on_the_page(matrix):
    script = AXE.read_text()
    for width in (1440, 390):
        matrix.set_viewport_size({"width": width, "height": 900})
        matrix.goto(matrix.url.split("?")[0] + "?edit=AC-01&series=CC6")
        for summary in matrix.locator(".bar .menu > summary").all():
            summary.click()
            box = summary.locator("xpath=following-sibling::div").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            matrix.keyboard.press("Escape")
        matrix.evaluate(script)
        found = matrix.evaluate("() => axe.run({resultTypes: ['violations']})")
        assert [each["id"] for each in found["violations"]] == []
        assert matrix.evaluate("() => document.documentElement.scrollWidth") <= width + 1
