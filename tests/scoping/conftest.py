"""A programme under way whose period began a hundred days ago, and the register that it is measured against."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from compliance.programmes.models import Programme
from compliance.registers.models import System
from compliance.registers.services import decide_scope
from compliance.scoping.models import ScopeWarning
from compliance.scoping.services import reconcile
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from tests.evidence.jobs.conftest import committed, company, link, okta, unheard  # noqa: F401 - fixtures
from tests.factories.compliance import make_programme, make_system


def day(offset: int) -> date:
    return today("Europe/Lisbon") + timedelta(days=offset)


@pytest.fixture
def programme(acme, mei) -> Programme:
    with scope(acme):
        return make_programme(
            mei.actor, period_start=day(-100), period_end=day(100), fieldwork_start=day(110), categories=["availability"]
        )


def settle(actor: Any, system: System, decision: str = "out", **more: Any) -> System:
    decide_scope(actor=actor, system=system, decision=decision, justification="Because it is.", **more)
    system.refresh_from_db()
    return system


def enter(actor: Any, name: str = "Ledger", *, since: int = -200, decision: str = "in", **fields: Any) -> System:
    """A system that has been in (or out) since a day long before the period, unless said otherwise."""
    return settle(actor, make_system(actor, name, **fields), decision, effective_on=day(since))


def raised() -> set[str]:
    """The rules that are open once the facts have been followed."""
    reconcile()
    return set(ScopeWarning.objects.filter(state="open").values_list("rule", flat=True))


def one(rule: str, **fields: Any) -> ScopeWarning:
    """The one warning of a rule, in whatever state."""
    reconcile()
    return ScopeWarning.objects.get(rule=rule, **fields)
