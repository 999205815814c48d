"""What was received before there was a log is entered when the log comes, and says so."""

import json

from django.apps import apps

from compliance.tenancy.clock import now
from compliance.trail.actors import SYSTEM
from evidence.log import selectors
from evidence.log.models import Leaf
from evidence.migrations._entering import enter_history
from evidence.models import Artefact, Version, VersionDecision
from evidence.services.verify import verify_log
from evidence.storage import store
from tests.factories.evidence import bring, make_requirement


def test_versions_and_decisions_are_entered_in_the_order_in_which_they_came(room, mei):
    sha256, size = store(b"old")
    artefact = Artefact.objects.create(ref="EV-0900", title="Old", source="person", latest_number=2)
    for number in (1, 2):
        version = Version.objects.create(
            artefact=artefact, number=number, sha256=sha256, size=size, media_type="text/plain", filename="old.txt",
            received_at=now(), effective_start=now(), effective_end=now(), provided_by_label="Mei", provenance={"share": 0.5},
        )  # fmt: skip
        VersionDecision.objects.create(version=version, acceptance="approved", decided_by="Femi")
    enter_history(apps)
    enter_history(apps)  # a second time changes nothing
    bodies = [json.loads(leaf.body) for leaf in Leaf.objects.order_by("index")]
    assert [body["type"] for body in bodies] == ["version", "decision", "version", "decision"]
    assert all(body["entered_later"] is True for body in bodies)
    assert bodies[0]["provenance"] == {"share": "0.5"}
    bring(mei, make_requirement(mei.actor))
    assert selectors.size() == 5
    assert "entered_later" not in json.loads(selectors.leaves().first().body)
    assert verify_log(actor=SYSTEM).problems == []
