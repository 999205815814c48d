"""A warning rests on a decision until its day comes or the facts change; what was decided stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from compliance.registers.services import change_system
from compliance.scoping.models import ScopeWarning, WarningDecision
from compliance.scoping.services import decide_warning, reconcile, withdraw_decision
from compliance.tenancy import clock
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.scoping.conftest import day, enter, one, raised, settle


@pytest.fixture
def warning(acme, mei) -> ScopeWarning:
    """A production database that is out of scope."""
    with scope(acme):
        enter(mei.actor, decision="out", environment="production")
        return one("SCO-01")


def decide(mei, warning, **asked) -> WarningDecision:
    return decide_warning(
        actor=mei.actor, warning=warning, **{"reason": "It is retired.", "review_on": day(30)} | asked
    )


@pytest.fixture
def later(monkeypatch):
    """Let days pass for what asks which day it is."""

    def pass_days(days: int) -> None:
        at = clock.now() + timedelta(days=days)
        monkeypatch.setattr("compliance.scoping.services.reconciling.today", lambda zone: at.date())

    return pass_days


def test_it_leaves_the_warning_decided_and_a_trail(acme, mei, warning):
    with scope(acme):
        decided = decide(mei, warning, reason="  It is retired.  ")
        assert (warning.state, decided.reason, decided.decided_by) == ("decided", "It is retired.", mei.actor.label)
        assert raised() == set()
        entry = Entry.objects.get(action="scoping.warning.decided")
        assert (entry.after["rule"], entry.after["review_on"]) == ("SCO-01", day(30).isoformat())


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"reason": " "}, "reason"), ({"review_on": day(0)}, "review_on"), ({"review_on": day(367)}, "review_on")],
)
def test_it_needs_a_reason_and_a_day_within_a_year(acme, mei, warning, asked, field):
    with scope(acme):
        with pytest.raises(ValidationError) as refused:
            decide(mei, warning, **asked)
        assert list(refused.value.message_dict) == [field]
        assert raised() == {"SCO-01"}


def test_it_returns_on_its_day_and_not_before(acme, mei, warning, later):
    with scope(acme):
        decide(mei, warning)
        later(29)
        assert raised() == set()
        later(30)
        assert raised() == {"SCO-01"}
        assert Entry.objects.filter(action="scoping.warning.returned").count() == 1
        assert reconcile() == {}


def test_it_returns_when_the_facts_change_though_its_day_has_not_come(acme, mei, warning):
    with scope(acme):
        decide(mei, warning)
        change_system(actor=mei.actor, system=warning.system, description="Words that no rule looks at.")
        assert raised() == set()
        change_system(actor=mei.actor, system=warning.system, data_classes=["customer"])
        assert raised() == {"SCO-01"}
        decide(mei, one("SCO-01"), reason="Even so.")
        assert raised() == set()


def test_a_decision_may_be_taken_back_with_a_reason(acme, mei, warning):
    with scope(acme):
        decide(mei, warning)
        with pytest.raises(ValidationError):
            withdraw_decision(actor=mei.actor, warning=warning, reason="")
        withdraw_decision(actor=mei.actor, warning=warning, reason="It still serves reports.")
        assert raised() == {"SCO-01"}
        with pytest.raises(ValidationError):
            withdraw_decision(actor=mei.actor, warning=warning, reason="Again.")
        assert [each.verdict for each in warning.decisions.order_by("id")] == ["stands", "withdrawn"]


def test_nothing_is_decided_on_what_is_gone(acme, mei, warning):
    with scope(acme):
        settle(mei.actor, warning.system, "in")
        assert "SCO-01" not in raised()
        with pytest.raises(ValidationError):
            decide(mei, warning)


def test_what_was_decided_cannot_be_edited_or_taken_away(acme, mei, warning):
    with scope(acme):
        decide(mei, warning)
        for change in (lambda: WarningDecision.objects.update(reason="x"), lambda: WarningDecision.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert WarningDecision.objects.get().reason == "It is retired."


def test_a_decision_on_a_third_partys_warning_lasts_while_its_papers_are_the_same(acme, mei, later):
    from compliance.parties.services import add_party, change_party

    with scope(acme):
        party = add_party(actor=mei.actor, name="Cumulus", role="subservice", method="inclusive")
        settle(mei.actor, party.system, "in")
        assert raised() == set()
        change_party(actor=mei.actor, party=party, method="carve_out", services_used=["Compute"])
        assert raised() == {"PTY-13"}
        decide(mei, one("PTY-13"))
        assert raised() == set()
        change_party(actor=mei.actor, party=party, services_used=["Compute", "Storage"])
        assert raised() == {"PTY-13"}
