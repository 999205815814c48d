"""A return speaks of what is there: the looks that saw the very same bytes go with it, what comes after does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from evidence.collectors.models import Run, RunStep, Snapshot
from evidence.coverage.looks import seen_again
from evidence.models import Acceptance, EvidenceRequirement
from evidence.services.decide import decide_version
from tests.factories.controls import make_control
from tests.factories.evidence import CHECK, collect, make_connection, make_requirement

pytestmark = pytest.mark.django_db


@pytest.fixture()
def looked(acme, mei):
    """A version that a collector brought, and two looks that saw its bytes again."""
    with scope(acme):
        connection = make_connection(mei.actor)
        asked = make_requirement(mei.actor, make_control(), source="collector", checks=[CHECK], cadence="weekly")
        version = collect(connection, asked)
        run = Run.objects.create(connection=connection, number=7, trigger="schedule", requested_by="x", state="finished", outcome="ok")
        step = RunStep.objects.create(run=run, fact_kind="github.org", position=0, state="done", rows=3)
        again = [now() + timedelta(minutes=1), now() + timedelta(minutes=2)]
        Snapshot.objects.create(
            connection=connection, step=step, version=version, fact_kind="github.org", collected_at=version.effective_end, rows=3,
            again=again,
        )
        return asked, version


def stands(asked) -> str:
    return str(EvidenceRequirement.objects.get(pk=asked.pk).freshness)


def test_the_looks_at_the_same_bytes_go_with_it_and_come_back_with_it(acme, mei, looked):
    asked, version = looked
    with scope(acme):
        decide_version(actor=mei.actor, version=version, acceptance=Acceptance.RETURNED, reason="The wrong organisation.")
        assert stands(asked) != "current"
        decide_version(actor=mei.actor, version=version, acceptance=Acceptance.APPROVED)
        assert stands(asked) == "current"
        assert len(list(seen_again([version.pk]))) == 1


def test_the_page_says_so_before_and_after(acme, mei, looked):
    asked, version = looked
    url = reverse("evidence:artefact", args=["acme", version.artefact_id])
    assert "A return takes the 2 later looks at the very same bytes with it" in mei.client.get(url).content.decode()
    with scope(acme):
        decide_version(actor=mei.actor, version=version, acceptance=Acceptance.RETURNED, reason="The wrong organisation.")
    assert "Returned with it" in mei.client.get(url).content.decode()
