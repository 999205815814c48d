"""Evidence enters the log at receipt, and what is decided of it later."""

import json
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from compliance.tenancy.rooms import scope
from evidence.log import merkle, selectors
from evidence.log.models import Head, Leaf
from evidence.log.notes import open_note, read_head
from evidence.log.services.append import Told, append_leaves
from evidence.log.services.keys import rotate_key
from evidence.log.services.sign import sign_checkpoint
from evidence.models import Supersession, VersionDecision
from evidence.services.decide import decide_version
from evidence.services.supersede import supersede_version
from tests.factories.evidence import bring, make_requirement

from .leaves import grow


def test_a_version_enters_the_log_at_receipt(room, mei):
    version = bring(mei, make_requirement(mei.actor))
    leaf = Leaf.objects.get()
    body = json.loads(leaf.body)
    assert (leaf.index, leaf.kind, leaf.subject, leaf.artefact) == (0, "version", version.pk, version.artefact_id)
    assert bytes(leaf.leaf_hash) == sha256(b"\0" + leaf.body.encode()).digest()
    assert body["v"] == 1
    assert body["organization"] == str(room.organization_id)
    assert (body["sha256"], body["size"], body["number"]) == (version.sha256, version.size, 1)
    assert body["artefact"] == version.artefact.ref
    assert body["provided_by"] == "Mei-Ling Chu"
    assert body["provenance"] == version.provenance
    assert body["received_at"].endswith("Z")
    assert set(body) == {
        "v", "type", "organization", "at", "id", "artefact", "artefact_id", "number", "sha256", "size", "media_type",
        "filename", "source", "received_at", "effective_start", "effective_end", "provided_by", "provenance",
    }  # fmt: skip


def test_a_decision_is_a_later_leaf(room, mei, femi):
    version = bring(mei, make_requirement(mei.actor))
    decision = decide_version(actor=femi.actor, version=version, acceptance="returned", reason="The date is cut off.")
    leaf = selectors.leaves_of(subjects=[decision.pk]).get()
    body = json.loads(leaf.body)
    assert (leaf.index, leaf.artefact) == (1, version.artefact_id)
    assert (body["version"], body["version_sha256"]) == (str(version.pk), version.sha256)
    assert (body["acceptance"], body["reason"], body["decided_by"]) == ("returned", "The date is cut off.", "Femi Adeyemi")


def test_a_receipt_that_fails_leaves_no_hole(room, mei):
    requirement = make_requirement(mei.actor)
    with pytest.raises(RuntimeError), transaction.atomic():
        bring(mei, requirement)
        raise RuntimeError
    bring(mei, requirement)
    assert list(Leaf.objects.values_list("index", flat=True)) == [0]


def test_an_append_takes_one_statement_however_many_leaves(room, django_assert_num_queries):
    grow(1)
    with django_assert_num_queries(1):
        grow(1)
    with django_assert_num_queries(1):
        made = grow(300)
    assert selectors.size() == 302
    assert [leaf.index for leaf in made] == list(range(2, 302))
    stored = Leaf.objects.in_bulk([leaf.pk for leaf in made])
    assert all(stored[leaf.pk].index == leaf.index and stored[leaf.pk].body == leaf.body for leaf in made)


def test_thousands_are_appended_in_order_and_nothing_of_nothing(room):
    assert append_leaves([]) == []
    assert [leaf.index for leaf in grow(2500)] == list(range(2500))


def test_each_organisation_has_a_log_of_its_own(acme, borealis):
    for organization, number in [(acme, 3), (borealis, 2)]:
        with scope(organization):
            grow(number)
            assert selectors.size() == number
            assert [leaf.index for leaf in selectors.leaves()] == list(range(number))[::-1]


@pytest.mark.parametrize("statement", [
    "UPDATE evidence_log_leaf SET body = '{}'", "DELETE FROM evidence_log_leaf", "DELETE FROM evidence_log_checkpoint",
    "UPDATE evidence_log_checkpoint SET size = 9", "UPDATE evidence_log_logkey SET name = ''", "DELETE FROM evidence_log_tile",
    "UPDATE evidence_log_head SET size = size - 1", "DELETE FROM evidence_log_head", "DELETE FROM evidence_log_inspection",
    "UPDATE evidence_version SET sha256 = ''", "DELETE FROM evidence_version", "DELETE FROM evidence_artefact",
    "UPDATE evidence_supersession SET reason = ''", "UPDATE evidence_versiondecision SET reason = ''",
])  # fmt: skip
def test_the_database_refuses_to_forget(room, mei, statement):
    from django.db import connection

    bring(mei, make_requirement(mei.actor))
    sign_checkpoint(actor=mei.actor)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_approval_by_the_provider(room, mei, femi):
    version = bring(mei, make_requirement(mei.actor))
    with pytest.raises(DatabaseError, match="never approved by the one who provided"), transaction.atomic():
        VersionDecision.objects.create(
            version=version, acceptance="approved", decided_by="Nobody", decided_by_member=mei.membership
        )
    assert decide_version(actor=femi.actor, version=version, acceptance="approved").decided_by_member == femi.membership


def test_a_newer_version_supersedes_an_older_one_which_stays(room, mei, femi):
    requirement = make_requirement(mei.actor)
    older = bring(mei, requirement, days_ago=3)
    newer = bring(mei, requirement, artefact=older.artefact)
    made = supersede_version(actor=femi.actor, version=older, by=newer, reason="The first one was cropped.")
    body = json.loads(selectors.leaves_of(subjects=[made.pk]).get().body)
    assert (body["type"], body["version"], body["by"]) == ("supersession", str(older.pk), str(newer.pk))
    assert list(older.artefact.versions.values_list("number", flat=True)) == [2, 1]
    with pytest.raises(ValidationError, match="already"):
        supersede_version(actor=femi.actor, version=older, by=newer, reason="Once more.")


def test_superseding_needs_a_reason_a_newer_version_and_another_person(room, mei, femi):
    requirement = make_requirement(mei.actor)
    older = bring(mei, requirement, days_ago=3)
    newer = bring(mei, requirement, artefact=older.artefact)
    other = bring(mei, requirement)
    for version, by, reason in [(older, newer, " "), (newer, older, "Why"), (older, other, "Why"), (older, older, "Why")]:
        with pytest.raises(ValidationError):
            supersede_version(actor=femi.actor, version=version, by=by, reason=reason)
    with pytest.raises(PermissionDenied):
        supersede_version(actor=mei.actor, version=older, by=newer, reason="I say so.")
    for version, by, member in [(newer, older, femi), (older, other, femi), (older, newer, mei)]:
        with pytest.raises(DatabaseError, match="superseded by a newer one"), transaction.atomic():
            Supersession.objects.create(
                version=version, by=by, reason="Why", decided_by="Nobody", decided_by_member=member.membership
            )


def test_a_checkpoint_is_signed_only_when_the_log_has_grown(room, mei):
    assert sign_checkpoint(actor=mei.actor) is None
    grow(3)
    first = sign_checkpoint(actor=mei.actor)
    assert first.size == 3
    assert sign_checkpoint(actor=mei.actor) == first
    grow(1)
    assert sign_checkpoint(actor=mei.actor).size == 4


def test_a_checkpoint_opens_under_the_logs_key_and_says_its_root(room, mei):
    grow(5)
    checkpoint = sign_checkpoint(actor=mei.actor)
    opened = open_note(checkpoint.note, selectors.verifiers())
    head = read_head(opened.text)
    assert (head.origin, head.size) == (f"fieldwork/{room.organization_id}", 5)
    assert head.root == bytes(checkpoint.root) == merkle.root(merkle.Tree(selectors.leaf_hashes(5)), 5)


def test_an_earlier_key_still_verifies_its_checkpoints(room, mei):
    grow(1)
    first = sign_checkpoint(actor=mei.actor)
    rotate_key(actor=mei.actor)
    grow(1)
    second = sign_checkpoint(actor=mei.actor)
    keys = selectors.verifiers()
    assert open_note(first.note, keys).verifier == keys[1]
    assert open_note(second.note, keys).verifier == keys[0]
    assert Head.objects.count() == 1


@pytest.mark.parametrize("signed", [[], [256], [255, 257, 600, 1000], [1300]])
def test_proofs_are_the_same_whatever_is_tiled(room, mei, signed):
    for size in [*signed, 1300]:
        grow(size - selectors.size())
        if size in signed:
            sign_checkpoint(actor=mei.actor)
    tree = merkle.Tree(selectors.leaf_hashes(1300))
    for index, size in [(0, 1), (0, 1300), (255, 256), (256, 257), (700, 1111), (1299, 1300), (1024, 1300), (511, 1024)]:
        assert selectors.inclusion(index, size) == merkle.inclusion_proof(tree, index, size)
        assert selectors.root_at(size) == merkle.root(tree, size)
    for old, new in [(1, 1300), (255, 256), (256, 1300), (257, 1024), (1024, 1300), (777, 1299), (1300, 1300), (0, 5)]:
        assert selectors.consistency(old, new) == merkle.consistency_proof(tree, old, new)


def test_a_proof_takes_few_queries(room, mei, django_assert_max_num_queries):
    grow(1300)
    sign_checkpoint(actor=mei.actor)
    with django_assert_max_num_queries(4):
        selectors.inclusion(700, 1300)
    with django_assert_max_num_queries(4):
        selectors.consistency(777, 1300)


def test_what_the_log_does_not_hold_has_no_proof(room):
    grow(3)
    for index, size in [(3, 3), (0, 4), (-1, 3)]:
        with pytest.raises(ValueError, match="leaf|leaves"):
            selectors.inclusion(index, size)
    with pytest.raises(ValueError, match="3 leaves"):
        selectors.consistency(1, 4)


def test_nobody_overrides_what_the_log_says_of_itself(room, mei):
    leaf = append_leaves([Told("note", mei.user.pk, None, {"v": 7, "type": "version", "at": "1999", "said": "x"})])[0]
    body = json.loads(leaf.body)
    assert (body["v"], body["type"], body["said"]) == (1, "note", "x")
    assert body["at"] != "1999"
