"""What of evidence waits for a person: in their work, and in their daily digest."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.desk import registry
from compliance.tenancy.rooms import scope
from evidence.desk import news_for, work_for
from evidence.services.decide import decide_version
from tests.factories.controls import make_control
from tests.factories.evidence import CHECK, bring, make_requirement

pytestmark = pytest.mark.django_db
LONG_AGO = "2026-01-01"


def keys(items):
    return [item.key for item in items]


def test_it_is_registered_with_the_desk(acme):
    assert "evidence" in registry.work.names()
    assert "evidence" in registry.digest.names()


def test_what_is_missing_waits_for_the_owner_of_the_requirement_or_of_its_control(room, mei, jonas, priya):
    control = make_control(owner=jonas.membership)
    requirement = make_requirement(mei.actor, control, first_due=LONG_AGO, owner=priya.membership)
    assert keys(work_for(jonas.membership)) == keys(work_for(priya.membership)) == ["evidence:EVR-001"]
    item = work_for(jonas.membership)[0]
    assert (item.state, item.ref) == ("missing", "EVR-001")
    assert item.url == reverse("evidence:requirement", args=["acme", requirement.pk])


def test_what_is_current_or_not_yet_due_waits_for_nobody(room, mei, jonas):
    control = make_control(owner=jonas.membership)
    make_requirement(mei.actor, control, key="a")
    bring(jonas, make_requirement(mei.actor, control, key="b"))
    assert work_for(jonas.membership) == []


def test_worse_is_more_harmful(room, mei, jonas):
    control = make_control(owner=jonas.membership)
    make_requirement(mei.actor, control, key="a", first_due=LONG_AGO)
    bring(jonas, make_requirement(mei.actor, control, key="b"), days_ago=200)
    bring(jonas, make_requirement(mei.actor, control, key="c"), days_ago=85)
    found = {item.state: item.harm for item in work_for(jonas.membership)}
    assert found["missing"] > found["stale"] > found["due_soon"]


def test_what_a_collector_should_bring_is_one_item_a_vendor(room, mei, jonas):
    control = make_control(owner=jonas.membership)
    for key in ("a", "b"):
        make_requirement(mei.actor, control, key=key, source="collector", checks=[CHECK], first_due=LONG_AGO)
    items = work_for(jonas.membership)
    assert [item.title for item in items] == ["2 pieces of evidence are not collected from GitHub"]
    assert "vendor=github" in items[0].url


def test_of_a_retired_control_nothing_waits(room, mei, jonas):
    make_requirement(mei.actor, make_control(owner=jonas.membership, implementation="retired"), first_due=LONG_AGO)
    assert work_for(jonas.membership) == []


def test_what_was_brought_waits_for_whoever_may_approve_it_but_not_for_who_brought_it(acme, mei, femi, jonas):
    with scope(acme):
        version = bring(mei, make_requirement(mei.actor))
        assert keys(work_for(femi.membership)) == ["artefact:EV-0001"]
        assert work_for(mei.membership) == []
        assert work_for(jonas.membership) == []
        decide_version(actor=femi.actor, version=version, acceptance="approved")
        assert work_for(femi.membership) == []


def test_the_digest_has_one_line_a_state_and_says_how_many(room, mei, jonas, femi):
    control = make_control(owner=jonas.membership)
    for key in ("a", "b"):
        make_requirement(mei.actor, control, key=key, first_due=LONG_AGO)
    bring(jonas, make_requirement(mei.actor, control, key="c"), days_ago=85)
    lines = news_for(jonas.membership)
    assert [line.text for line in lines] == [
        "2 pieces of your evidence are missing: EVR-001, EVR-002.", "1 piece of your evidence is due soon: EVR-003.",
    ]  # fmt: skip
    assert [line.urgent for line in lines] == [True, False]
    assert [line.text for line in news_for(femi.membership)] == ["1 artefact waits for approval."]


def test_a_quiet_room_sends_nothing(room, mei, jonas):
    assert news_for(jonas.membership) == []
    assert news_for(mei.membership) == []
