"""The sweep makes true what a message should have made prompt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.tenancy.rooms import scope
from evidence.collectors.models import Run
from evidence.judging.models import CheckState
from evidence.judging.selectors import unjudged_connections
from evidence.models import EvidenceRequirement, Freshness
from evidence.tasks import sweep_freshness
from tests.house.world import furnish


@pytest.fixture
def world(acme, mei):
    return furnish(acme, mei.membership, "acme")


def test_a_run_that_nobody_judged_is_found_until_it_is(acme, world):
    with scope(acme):
        assert list(unjudged_connections()) == []
        Run.objects.update(finished_at=world["check_state"].judged_at + timedelta(minutes=1))
        assert list(unjudged_connections()) == [world["connection"]]
        CheckState.objects.update(judged_at=world["check_state"].judged_at + timedelta(minutes=2))
        assert list(unjudged_connections()) == []


def test_what_was_called_stale_and_has_newer_evidence_is_put_right(acme, world):
    """Nothing sent news of it: the state is derived again from what is there."""
    with scope(acme):
        EvidenceRequirement.objects.update(freshness=Freshness.STALE)
        world["artefact"].latest_effective_end = world["version"].effective_end
        world["artefact"].save()
    sweep_freshness()
    with scope(acme):
        assert EvidenceRequirement.objects.get().freshness == Freshness.CURRENT
