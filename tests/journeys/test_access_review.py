"""Access decided on with the keyboard, row by row, and nothing that was written is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.people.models import Membership
from compliance.registers.models import System
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor, ActorKind
from evidence.accessreviews.models import Account, AccountList, Campaign
from evidence.accessreviews.services.bring import bring_list
from evidence.accessreviews.services.prepare import prepare_campaign, start_campaign
from tests.journeys.conftest import AXE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def campaign(site) -> Campaign:
    """Sixty accounts of a ledger that no connection sees, which the manager reviews."""
    with scope(site.organization):
        member = Membership.objects.get(role="compliance_manager", organization=site.organization)
        actor, day = Actor(ActorKind.PERSON, member.name, member.user_id, member.pk), today()
        system = System.objects.create(ref="SYS-LED", kind="application", name="Settlement ledger", decision="in")
        made = prepare_campaign(
            actor=actor, member=member, name="Access review, fourth quarter", requirement=site.world["evidence_requirement"],
            covers_from=day - timedelta(days=60), covers_to=day + timedelta(days=30), due_on=day + timedelta(days=40),
            systems=[system], reviewer=member,
        )  # fmt: skip
        bring_list(
            actor=actor, member=member, account_list=AccountList.objects.get(campaign=made), content=_csv(day).encode(),
            filename="ledger.csv", media_type="text/csv", drawn_on=day, note="Administration, Users, Export all.",
        )  # fmt: skip
        return start_campaign(actor=actor, campaign=made)


def _csv(day) -> str:
    lines = ["Account,Name,Role,Admin,Last login,Created"]
    for number in range(60):
        used = day - timedelta(days=number * 3 % 140)
        admin = "yes" if number % 9 == 0 else "no"
        lines.append(f"clerk{number:02},Person {number},Clerk;Approves payments up to 10 000,{admin},{used},2024-03-01")
    return "\n".join(lines)


@pytest.fixture()
def desk(site, campaign, open_page, sign_in):
    page = open_page()
    sign_in(page, "compliance_manager")
    page.goto(f"{site.room}/access-reviews/{campaign.pk}/accounts/?whose=mine&decided=undecided")
    return page


def test_a_key_chooses_in_the_row_that_has_the_keyboard_and_what_is_refused_keeps_what_was_written(site, campaign, desk):
    rows = desk.locator("tbody tr:not(.grp)")
    assert rows.count() == 50
    assert desk.locator("input[type=radio]:checked").count() == 0
    rows.nth(0).locator("a").focus()
    desk.keyboard.press("3")
    assert rows.nth(0).locator("input[value=remove]").is_checked()
    rows.nth(1).locator("a").focus()
    desk.keyboard.press("2")
    assert rows.nth(1).locator("details").last.get_attribute("open") is not None
    rows.nth(1).locator("input[type=checkbox][name^=take]").first.check()
    rows.nth(1).locator("input[type=text]").fill("Approves nothing any more.")
    desk.click("text=Record what is chosen")
    desk.wait_for_selector("[role=alert]")
    assert desk.locator("input[type=text]").nth(1).input_value() == "Approves nothing any more."
    assert desk.locator("input[type=radio]:checked").count() == 2
    desk.locator("input[type=text]").nth(0).fill("Left the team.")
    desk.click("text=Record what is chosen")
    desk.wait_for_selector("text=2 decisions are recorded.")
    with scope(site.organization):
        decided = Account.objects.filter(campaign=campaign).exclude(verdict="")
        assert sorted(decided.values_list("verdict", flat=True)) == ["change", "remove"]
    assert desk.complaints == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: npm ci")
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_with_everything_open_and_stays_within_its_width(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    desk.evaluate("() => document.querySelectorAll('main details').forEach((each) => (each.open = true))")
    desk.evaluate(AXE.read_text())
    found = desk.evaluate("() => axe.run({resultTypes: ['violations']})")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
    assert desk.evaluate("() => document.documentElement.scrollWidth") <= width + 1
