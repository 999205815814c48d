"""The first ten minutes of the manager, the control owner and the auditor, in a browser, with and without JavaScript."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_manager_goes_from_the_dashboard_to_a_gap_and_gives_it_an_owner(script, site, open_page, sign_in):
    page = open_page(java_script_enabled=script)
    sign_in(page, "compliance_manager")
    page.goto(f"{site.room}/")
    assert site.organization.name in page.inner_text("body")
    page.goto(f"{site.room}/controls/")
    page.fill("form.filters input[type=search], form.filters input[type=text]", "AC-01")
    page.locator("form.filters button").first.click()
    page.wait_for_load_state()
    assert "AC-01" in page.inner_text("main")
    page.goto(f"{site.room}/gaps/")
    page.click("main a:has-text('GAP-')")
    page.wait_for_load_state()
    assert "GAP-" in page.inner_text("h1")
    assert page.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_owner_sees_what_waits_and_cannot_edit_another_persons_control(script, site, open_page, sign_in):
    page = open_page(java_script_enabled=script)
    sign_in(page, "control_owner")
    page.goto(f"{site.room}/work/")
    assert page.locator("h1").count() == 1
    answer = page.goto(f"{site.room}/controls/{site.world['control'].pk}/change/")
    assert answer.status == 403
    assert "allow" in page.inner_text("main").lower()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_auditor_reads_a_request_returns_it_and_sees_nothing_else(script, site, open_page, sign_in):
    page = open_page(java_script_enabled=script)
    sign_in(page, "auditor")
    portal = f"{site.url}/portal/{site.organization.slug}/{site.world['audit'].pk}"
    page.goto(f"{portal}/")
    assert "Read-only" in page.content() or "auditor" in page.content().lower()
    page.goto(f"{portal}/requests/")
    page.click("main a:has-text('REQ-901')")
    page.wait_for_load_state()
    assert "REQ-901" in page.inner_text("main")
    assert page.complaints == []
    assert page.goto(f"{site.room}/").status == 404
    assert site.organization.name not in page.inner_text("main")


def test_a_wrong_password_says_so_and_keeps_the_address(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/accounts/login/")
    page.fill("input[name=login]", "nobody@else.example")
    page.fill("input[name=password]", "not the password")
    page.click("button.btn.primary")
    page.wait_for_load_state()
    assert page.input_value("input[name=login]") == "nobody@else.example"
    assert "incorrect" in page.inner_text("main").lower() or "not correct" in page.inner_text("main").lower()
