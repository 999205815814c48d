"""Bringing files in a browser: chosen, pasted, dropped; a broken connection goes on; what they are is said on one page."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection
from django.urls import reverse

from compliance.tenancy.rooms import scope
from evidence.models import Version
from evidence.storage import open_stored
from evidence.uploads.models import PART_BYTES
from tests.factories import files
from tests.journeys.conftest import AXE

pytestmark = pytest.mark.browser

_PASTE = """(bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], 'image.png', {type: 'image/png'}));
  document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
}"""
_DROP = """(text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], 'list.csv', {type: 'text/csv'}));
  document.querySelector('.upload').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture()
def bring(site, open_page, sign_in):
    page = open_page()
    sign_in(page, "compliance_manager")
    slug, requirement = site.organization.slug, site.world["evidence_requirement"]
    page.goto(site.url + reverse("evidence:provide", args=[slug, requirement.pk]))
    return page


def _wait(page, number: int) -> None:
    here = "[...document.querySelectorAll('.files .said')].filter(said => said.textContent.startsWith('Here.'))"
    page.wait_for_function(f"() => {here}.length === {number}")


def test_files_of_every_way_are_brought_and_handed_in_on_one_page(site, bring):
    big = b"2026-10-31,ana,active\n" * (2 * PART_BYTES // 22 + 1000)
    bring.set_input_files("#many", [{"name": "users.csv", "mimeType": "text/csv", "buffer": big}])
    bring.evaluate(_PASTE, list(files.png(640, 400)))
    bring.evaluate(_DROP, "user,since\nana,2026-10-31\n")
    _wait(bring, 3)
    assert "does it show the date and the system?" in bring.inner_text(".files")
    bring.click("[data-go]")
    bring.wait_for_selector(".held")
    if AXE.exists():
        bring.evaluate(AXE.read_text())
        found = bring.evaluate("() => axe.run({resultTypes: ['violations']})")
        assert [each["id"] for each in found["violations"]] == []
    assert bring.locator(".held").count() == 3
    for title, box in zip(("Users", "Screen", "List"), bring.locator(".held").all(), strict=True):
        box.get_by_label("Title").fill(title)
        for field in box.locator("input[type=date]").all():
            field.fill("2026-10-31")
    bring.locator("input[name*=answer-unseen]").fill("The clock shows it.")
    bring.get_by_role("button", name="Hand in 3 files").click()
    bring.wait_for_url("**/requirements/**")
    if "held" in bring.url:  # findings that follow from the span were shown first
        bring.get_by_role("button", name="Hand in 3 files").click()
    bring.wait_for_selector("text=3 files were received")
    digest = hashlib.sha256(big).hexdigest()
    with scope(site.organization):
        kept = Version.objects.get(sha256=digest)
        with open_stored(kept.sha256) as stored:
            assert stored.read() == big
    assert bring.complaints == []
    connection.close()


def test_a_broken_connection_goes_on_where_it_stopped(bring):
    sent = []

    def answer(route):
        sent.append(route.request.url)
        if len(sent) in (2, 3):
            route.abort("connectionreset")
        else:
            route.continue_()

    bring.route("**/parts/**", answer)
    content = b"2026-10-31,bo,active\n" * (2 * PART_BYTES // 21 + 1000)
    bring.set_input_files("#many", [{"name": "long.csv", "mimeType": "text/csv", "buffer": content}])
    _wait(bring, 1)
    assert [url.rstrip("/").rpartition("/")[2] for url in sent] == ["1", "2", "2", "2", "3"]


def test_what_is_refused_says_why_and_the_others_go_on(bring):
    bring.set_input_files("#many", [
        {"name": "run.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\x00"},
        {"name": "facts.json", "mimeType": "application/json", "buffer": json.dumps({"on": "2026-10-31"}).encode()},
    ])  # fmt: skip
    _wait(bring, 1)
    assert "no kind of file" in bring.inner_text(".files .bad")
    bring.get_by_role("button", name="Take away run.exe").click()
    assert bring.locator(".files li").count() == 1
