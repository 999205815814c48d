"""Approving and returning: another person's judgement of a version."""

from __future__ import annotations

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.models import Artefact, EvidenceRequirement, VersionDecision
from tests.factories.controls import make_control
from tests.factories.evidence import bring, make_requirement

pytestmark = pytest.mark.django_db


def at(version):
    return reverse("evidence:decide", args=["acme", version.pk])


@pytest.fixture()
def version(acme, mei, jonas):
    """What Jonas brought."""
    with scope(acme):
        return bring(jonas, make_requirement(mei.actor, make_control(owner=jonas.membership)))


def test_an_approver_approves_it(acme, femi, version):
    femi.client.post(at(version), {"acceptance": "approved", "reason": ""})
    with scope(acme):
        assert Artefact.objects.get().acceptance == "approved"
        assert VersionDecision.objects.get().decided_by == "Femi Adeyemi"
        assert Entry.objects.filter(action="evidence.version.approved").count() == 1


def test_returning_needs_a_reason_and_what_is_returned_fills_nothing(acme, mei, version):
    answer = mei.client.post(at(version), {"acceptance": "returned", "reason": ""})
    assert answer.status_code == 422
    assert "reason" in answer.context["decision_form"].errors
    mei.client.post(at(version), {"acceptance": "returned", "reason": "The date cannot be seen."})
    with scope(acme):
        assert Artefact.objects.get().acceptance == "returned"
        assert EvidenceRequirement.objects.get().freshness == "not_yet_due"


def test_nothing_chosen_is_no_decision(acme, mei, version):
    assert mei.client.post(at(version), {"reason": "Hm."}).status_code == 422
    with scope(acme):
        assert not VersionDecision.objects.exists()


def test_who_brought_it_never_judges_it(acme, mei):
    with scope(acme):
        version = bring(mei, make_requirement(mei.actor))
    assert mei.client.post(at(version), {"acceptance": "approved"}).status_code == 403
    page = reverse("evidence:artefact", args=["acme", version.artefact_id])
    assert b"You brought this version" in mei.client.get(page).content


@pytest.mark.parametrize("who", ["jonas", "priya", "ada", "noor"])
def test_a_role_without_the_right_is_refused(acme, request, version, who):
    client = request.getfixturevalue(who).client
    assert client.post(at(version), {"acceptance": "approved"}).status_code == 403
    with scope(acme):
        assert not VersionDecision.objects.exists()


def test_another_organisation_finds_nothing(borealis, stranger, version):
    assert stranger.client.post(at(version), {"acceptance": "approved"}).status_code == 404
    own = reverse("evidence:decide", args=["borealis", version.pk])
    assert stranger.client.post(own, {"acceptance": "approved"}).status_code == 404
