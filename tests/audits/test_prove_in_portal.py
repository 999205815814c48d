"""An auditor sees that what was submitted is what was logged at its receipt, and can take the proof away."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audits.models import PortalOpening
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.log import merkle
from evidence.log.notes import open_note, read_head, read_verifier
from evidence.log.services.sign import sign_checkpoint
from tests.factories import audits as make


@pytest.fixture
def submitted(scene, mei):
    """One version that was submitted, and one that was not."""
    with scope(scene.organization):
        scene.version, scene.draft = make.make_version(mei.actor), make.make_version(mei.actor, "Draft")
        make.submit(mei, scene.request, scene.version)
        sign_checkpoint(actor=SYSTEM)
    return scene


def at(scene, name, version):
    return reverse(f"portal:{name}", args=["acme", scene.audit.pk, version.pk])


def test_the_page_of_a_version_leads_to_its_proof(submitted, rosalind):
    page = rosalind.get(at(submitted, "version", submitted.version)).content.decode()
    assert "Leaf 0, with its proof" in page
    assert at(submitted, "proof", submitted.version) in page
    proof = rosalind.get(at(submitted, "proof", submitted.version)).content.decode()
    assert submitted.version.sha256 in proof
    assert "holds this leaf" in proof


def test_the_proof_that_is_taken_away_needs_nothing_of_us(submitted, rosalind):
    told = rosalind.get(at(submitted, "proof_file", submitted.version)).json()
    head = read_head(open_note(told["checkpoint"], [read_verifier(key) for key in told["keys"]]).text)
    path = [bytes.fromhex(each) for each in told["proof"]]
    assert merkle.verify_inclusion(merkle.leaf_hash(told["leaf"].encode()), told["index"], head.size, path, head.root)


def test_what_was_not_submitted_has_no_proof_here(submitted, rosalind):
    for name in ("proof", "proof_file"):
        assert rosalind.get(at(submitted, name, submitted.draft)).status_code == 404


def test_opening_and_taking_are_recorded(submitted, rosalind):
    rosalind.get(at(submitted, "proof", submitted.version))
    rosalind.get(at(submitted, "proof_file", submitted.version))
    with scope(submitted.organization):
        assert list(PortalOpening.objects.order_by("id").values_list("act", flat=True)) == ["opened", "downloaded"]
