"""The page of a control: what it says, and why it is not ready."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from controls.models import Control, Standing
from controls.reasons import why_not_ready
from controls.services.change import change_control
from tests.factories.controls import make_control, map_to, stand

pytestmark = pytest.mark.django_db


def page(control):
    return reverse("controls:control", args=["acme", control.pk])


def texts(control, standing):
    return [reason.text for reason in why_not_ready(control, standing)]


def test_a_control_with_all_it_needs_is_ready(room, mei, jonas):
    control = make_control(owner=jonas.membership, design="suitable", design_by=mei.membership)
    assert texts(control, stand(control)) == []


def test_each_missing_part_is_named(room, jonas):
    control = make_control(
        owner=jonas.membership, implementation="planned", tested_by_sample=True, population="Leavers",
        test_procedures=[{"type": "inquiry", "text": "Ask the owner."}],
    )  # fmt: skip
    standing = stand(
        control, operation="unknown", evidence_counts={"stale": 2, "missing": 1, "current": 3}, missing=["evidence requirement"],
        unapproved=1, coverage={"sums": {"missed": 1}}, open_gaps=1, worst_gap="significant", top_gap_ref="GAP-003",
    )  # fmt: skip
    assert texts(control, standing) == [
        "It is planned, and not in place.",
        "No test other than an inquiry says how it is tested.",
        "Nothing is asked of it as evidence.",
        "Nobody has concluded that its design is suitable.",
        "Nobody has confirmed that its population is complete.",
        "Whether it operates could not be looked at.",
        "1 piece of evidence is missing.",
        "2 pieces of evidence are stale.",
        "1 piece of evidence waits for somebody else’s approval.",
        "1 interval of the period was missed.",
        "No interval of the period is filled yet.",
        "A significant gap is open: GAP-003.",
    ]


def test_each_reason_leads_to_the_place_where_it_is_put_right(acme, mei, jonas):
    with scope(acme):
        bare = make_control(frequency="", test_procedures=[], tested_by_sample=True, implementation="partly")
        standing = stand(
            bare, operation="fail", evidence="stale", evidence_counts={"stale": 1}, missing=["evidence requirement"], open_gaps=1,
            worst_gap="critical", top_gap_ref="GAP-003", top_gap_id=bare.pk, coverage={"sums": {"unknown": 2}},
        )  # fmt: skip
        places = [reason.url for reason in why_not_ready(bare, standing)]
    change = reverse("controls:change", args=["acme", bare.pk])
    anchors = ["id_implementation", "id_owner", "id_frequency", "tests", "id_population"]
    assert places[:5] == [f"{change}#{each}" for each in anchors]
    asked, design, *others = places[5:]
    assert (asked, design) == (reverse("evidence:add_requirement", args=["acme", bare.pk]), page(bare) + "#design")
    assert f"{reverse('evidence:list', args=['acme'])}?control=AC-07&state=stale" in others
    assert others[-1] == reverse("gaps:detail", args=["acme", bare.pk])
    seen_by_mei, seen_by_jonas = (who.client.get(page(bare)).content.decode() for who in (mei, jonas))
    assert f'href="{change}#id_owner"' in seen_by_mei
    assert f'href="{change}#id_owner"' not in seen_by_jonas
    assert f'href="{page(bare)}#stated"' in seen_by_jonas


def test_what_the_control_itself_lacks_is_named_before_anything_was_looked_at(room):
    assert texts(make_control(), None)[0] == "Nobody is named as its owner."


def test_a_conclusion_by_who_owns_it_now_does_not_count(room, jonas):
    control = make_control(owner=jonas.membership, design="suitable", design_by=jonas.membership)
    assert "Its design was concluded on by the person who owns it now. Somebody else has to." in texts(control, stand(control))


@pytest.mark.parametrize("operation", ["fail", "unknown", "excepted", "not_observed", "not_applicable"])
def test_nothing_but_a_pass_operates(room, mei, jonas, operation):
    control = make_control(owner=jonas.membership, design="suitable", design_by=mei.membership)
    assert texts(control, Standing(control=control, operation=operation))


def test_without_a_standing_nothing_was_shown(room, mei, jonas):
    control = make_control(owner=jonas.membership, design="suitable", design_by=mei.membership)
    assert texts(control, None) == ["Its evidence has not been looked at yet."]


def test_the_page_says_all_of_it_to_whoever_may_see_controls(acme, mei, jonas):
    with scope(acme):
        control = make_control(population="Leavers of the period", tested_by_sample=True)
        map_to(control, "CC6.1", part="accounts of leavers")
        stand(control, coverage={"sums": {"filled": 1}, "strip": [["2026-01-01", "2026-03-31", "filled", 1]]})
        change_control(actor=mei.actor, control=control, title="Accounts are reviewed")
    content = jonas.client.get(page(control)).content.decode()
    said = ("Accounts are reviewed", "Inspect the review of one quarter.", "accounts of leavers", "Leavers of the period")
    for words in (*said, "Mei-Ling Chu"):
        assert words in content
    assert reverse("evidence:of_control", args=["acme", control.pk]) in content
    assert "Map it to a requirement" not in content


def test_an_employee_is_refused_and_another_organisation_finds_nothing(acme, noor, stranger):
    with scope(acme):
        control = make_control()
    assert noor.client.get(page(control)).status_code == 403
    assert stranger.client.get(page(control)).status_code == 404


def test_a_control_of_the_other_room_does_not_exist_in_ones_own(acme, borealis, mei):
    with scope(borealis):
        control = make_control()
    assert mei.client.get(page(control)).status_code == 404
    with scope(acme):
        assert not Control.objects.exists()
