"""axe-core on every page, light and dark; nothing in the console, nothing that the policy refused, nothing cut off at 390."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.conftest import AXE, Site

pytestmark = pytest.mark.browser

#: Who looks, and the number of pages that each sees more of.
FEWEST = {"compliance_manager": 100, "auditor": 10, "nobody": 1}
ROLES = list(FEWEST)
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

#: What the light page is asked, and of the dark one only what colours can change, for which no style sheet has to be read.
ASKED = {
    "light": "{resultTypes: ['violations'], selectors: false}",
    "dark": "{resultTypes: ['violations'], selectors: false, preload: false, runOnly: ['color-contrast', 'link-in-text-block']}",
}


def _violations(page: Any, scheme: str) -> list[str]:
    """Only what is wrong leaves the browser: all that axe has to say of a page is most of a second's work to hand over."""
    return page.evaluate(
        f"""async () => {{
            document.querySelectorAll('.scroll').forEach(box => box.scrollTo(0, 0));
            const found = await axe.run({ASKED[scheme]});
            return found.violations.map(each => `${{each.id}}: ${{each.nodes[0].html.slice(0, 160)}}`);
        }}"""
    )


@dataclass
class Visit:
    """What every page of a role showed, each opened once: light, dark, then as narrow as a phone."""

    pages: int
    violations: dict[str, list[str]]
    sideways: list[tuple[str, int]]
    complaints: list[str]


@pytest.fixture(scope="module")
def visits() -> dict[str, Visit]:
    return {}


@pytest.fixture()
def visit(role: str, visits: dict[str, Visit], site: Site, open_page: Any, sign_in: Any) -> Visit:
    """Of all pages of a role, made by the first test that asks."""
    if role not in visits:
        page = open_page()
        if AXE.exists():
            page.add_init_script(path=AXE)  # handed over once, and not with every page
        sign_in(page, role)
        found = Visit(0, {}, [], page.complaints)
        for url in site.pages[role]:
            _look_at(page, url, found)
        visits[role] = found
    return visits[role]


def _look_at(page: Any, url: str, found: Visit) -> None:
    page.set_viewport_size(DESK)
    page.goto(url)
    found.pages += 1
    if AXE.exists():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if violations := _violations(page, scheme):
                found.violations[f"{url} {scheme}"] = violations
    page.set_viewport_size(PHONE)
    width = page.evaluate("() => document.documentElement.scrollWidth")
    if width > PHONE["width"] + 1:
        found.sideways.append((url, width))


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: npm ci")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_violation_in_light_or_dark(role, visit):
    assert visit.pages > FEWEST[role]
    assert visit.violations == {}
    # A browser complains of a page that answers 404, which is what a link that does not open is.
    assert [each for each in visit.complaints if "404" not in each] == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_scrolls_sideways_on_a_phone(role, visit):
    assert visit.pages > FEWEST[role]
    assert visit.sideways == []
