"""axe-core on every page, light and dark; nothing in the console, nothing that the policy refused, nothing cut off at 390."""

from __future__ import annotations

from typing import Any

import pytest

from tests.house.test_every_url import address, room_urls
from tests.journeys.conftest import AXE

pytestmark = pytest.mark.browser

#: Addresses that answer with a file, or only to a form.
FILES = {"export", "export_csv", "export_xlsx", "export_workers", "download", "export_notes", "take_over", "look_through", "import_apply"}


def pages(site: Any, prefix: str) -> list[str]:
    """Every page of a prefix that answers to a GET."""
    found = []
    for namespace, pattern in room_urls(prefix):
        if pattern.name not in FILES:
            found.append(site.url + address(namespace, pattern, site.world, site.organization.slug))
    return found


def _violations(page: Any) -> list[str]:
    page.evaluate("() => document.querySelectorAll('.scroll').forEach(box => box.scrollTo(0, 0))")
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: npm ci")
@pytest.mark.parametrize(("role", "prefix"), [("compliance_manager", "o/"), ("auditor", "portal/")])
def test_no_page_has_a_violation_in_light_or_dark(role, prefix, site, open_page, sign_in):
    page, wrong = open_page(bypass_csp=False), {}
    sign_in(page, role)
    script = AXE.read_text()
    for url in pages(site, prefix):
        answer = page.goto(url)
        if answer is None or answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(script)
            found = _violations(page)
            if found:
                wrong[f"{url} {scheme}"] = found
    assert wrong == {}
    assert page.complaints == []


@pytest.mark.parametrize(("role", "prefix"), [("compliance_manager", "o/"), ("auditor", "portal/")])
def test_no_page_scrolls_sideways_on_a_phone(role, prefix, site, open_page, sign_in):
    page, wrong = open_page(viewport={"width": 390, "height": 844}), []
    sign_in(page, role)
    for url in pages(site, prefix):
        answer = page.goto(url)
        if answer is not None and answer.status == 200 and "html" in answer.headers.get("content-type", ""):
            width = page.evaluate("() => document.documentElement.scrollWidth")
            if width > 391:
                wrong.append((url, width))
    assert wrong == []
