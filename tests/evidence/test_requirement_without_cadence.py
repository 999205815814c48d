"""A requirement that does not say how often: its pages say so, and expect nothing of the period."""

from __future__ import annotations

from compliance.tenancy.rooms import scope
from controls.models import Control
from evidence.models import EvidenceRequirement


def test_its_page_and_the_list_say_that_it_is_not_said(acme, mei):
    with scope(acme):
        control = Control.objects.create(ref="AC-01", title="Access", statement="We do it.")
        requirement = EvidenceRequirement.objects.create(ref="EVR-001", control=control, title="List", cadence="")
    for page in (f"/o/acme/evidence/requirements/{requirement.pk}/", "/o/acme/evidence/"):
        answer = mei.client.get(page)
        assert answer.status_code == 200
        assert "Not said" in answer.content.decode()
