"""When a control was last looked at: its evidence accepted or returned, or its design concluded on."""

from __future__ import annotations

import pytest

from compliance.tenancy.rooms import scope
from controls.models import Standing
from controls.services.conclude import conclude_design
from evidence.judging.services.stand import refresh_standings
from evidence.services.decide import decide_version
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db


def _reviewed():
    refresh_standings()
    return Standing.objects.get().last_review_at


@pytest.mark.parametrize("decision", [{"acceptance": "approved"}, {"acceptance": "returned", "reason": "No dates."}])
def test_it_is_the_last_decision_on_its_evidence_or_its_design(acme, mei, jonas, femi, decision):
    with scope(acme):
        control = make_control(owner=jonas.membership)
        version = bring(jonas, make_requirement(mei.actor, control))
        assert _reviewed() is None
        decide_version(actor=femi.actor, version=version, **decision)
        decided = version.decisions.get().decided_at
        assert _reviewed() == decided
        concluded = conclude_design(actor=femi.actor, control=control, design="suitable", reason="It would.").design_at
        assert _reviewed() == concluded > decided
