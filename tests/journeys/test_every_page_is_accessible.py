"""axe-core on every page, light and dark; nothing in the console, nothing that the policy refused, nothing cut off at 390."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import AXE

pytestmark = pytest.mark.browser

ROLES = ["compliance_manager", "auditor", "nobody"]


#: What the light page is asked, and of the dark one only what colours can change.
ASKED = {
    "light": "{resultTypes: ['violations']}",
    "dark": "{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}",
}


def _violations(page: Any, scheme: str) -> list[str]:
    page.evaluate("() => document.querySelectorAll('.scroll').forEach(box => box.scrollTo(0, 0))")
    found = page.evaluate(f"() => axe.run({ASKED[scheme]})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: npm ci")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_a_violation_in_light_or_dark(role, site, open_page, sign_in):
    page, wrong = open_page(), {}
    sign_in(page, role)
    script = AXE.read_text()
    assert len(site.pages[role]) > (1 if role == "nobody" else 5)
    for url in site.pages[role]:
        page.goto(url)
        page.evaluate(script)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = _violations(page, scheme)
            if found:
                wrong[f"{url} {scheme}"] = found
    assert wrong == {}
    # A browser complains of a page that answers 404, which is what a link that does not open is.
    assert [each for each in page.complaints if "404" not in each] == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_scrolls_sideways_on_a_phone(role, site, open_page, sign_in):
    page, wrong = open_page(viewport={"width": 390, "height": 844}), []
    sign_in(page, role)
    for url in site.pages[role]:
        page.goto(url)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if width > 391:
            wrong.append((url, width))
    assert wrong == []
