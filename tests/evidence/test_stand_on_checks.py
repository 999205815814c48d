"""A control stands on what its checks say, and on nothing that a pause of a connection took away."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.tenancy.rooms import scope
from controls.models import Standing
from evidence.collectors.models import Connection
from evidence.collectors.services.connect import change_connection
from evidence.judging.services.stand import refresh_standings
from evidence.services.decide import decide_version
from tests.factories.controls import make_control
from tests.factories.evidence import CHECK, bring, judged, make_connection, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def github(acme: Any, mei: Any, jonas: Any, femi: Any) -> Connection:
    """A check of GitHub fails, and beside it a person's approved evidence speaks for the same control."""
    with scope(acme):
        control = make_control(owner=jonas.membership)
        make_requirement(mei.actor, control, key="factor", title="Second factors", checks=[CHECK])
        version = bring(jonas, make_requirement(mei.actor, control))
        decide_version(actor=femi.actor, version=version, acceptance="approved")
        found = make_connection(mei.actor)
        judged(found, "fail")
        return found


def _operation() -> str:
    refresh_standings()
    return Standing.objects.get().operation


def test_pausing_a_connection_makes_a_failure_unknown_and_never_a_pass(acme: Any, ada: Any, github: Connection) -> None:
    with scope(acme):
        assert _operation() == "fail"
        change_connection(actor=ada.actor, connection=github, active=False)
        assert _operation() == "unknown"


def test_another_connection_that_looks_speaks_for_the_paused_one(acme: Any, ada: Any, github: Connection) -> None:
    with scope(acme):
        change_connection(actor=ada.actor, connection=github, active=False)
        judged(make_connection(ada.actor, name="GitHub EMU"), "pass")
        assert _operation() == "pass"
