"""The evidence log by program: leaves with their proofs, checkpoints, consistency, keys; superseding a version."""

from urllib.parse import urlencode

import pytest

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.log import merkle
from evidence.log.notes import open_note, read_head, read_verifier
from evidence.log.services.sign import sign_checkpoint
from tests.api.conftest import Caller
from tests.factories.evidence import bring, make_requirement
from tests.log.leaves import grow


@pytest.fixture()
def version(acme, mei):
    with scope(acme):
        brought = bring(mei, make_requirement(mei.actor))
        grow(4)
        sign_checkpoint(actor=SYSTEM)
        grow(300)
        sign_checkpoint(actor=SYSTEM)
    return brought


def unhex(hashes):
    return [bytes.fromhex(each) for each in hashes]


def test_a_program_verifies_a_leaf_with_what_it_is_given(version, caller):
    keys = [read_verifier(text) for text in caller.get("log/key/").json()["keys"]]
    leaf = caller.get("log/leaves/0/").json()
    head = read_head(open_note(leaf["inclusion"]["checkpoint"], keys).text)
    assert (head.size, head.root.hex()) == (305, leaf["inclusion"]["root"])
    hashed = merkle.leaf_hash(leaf["body"].encode())
    assert hashed.hex() == leaf["leaf_hash"]
    assert merkle.verify_inclusion(hashed, 0, head.size, unhex(leaf["inclusion"]["proof"]), head.root)


def test_leaves_are_found_by_what_they_speak_of(version, acme, caller):
    with scope(acme):
        grow(1)
    for asked in ({"subject": version.pk}, {"artefact": version.artefact_id}, {"kind": "version"}):
        assert [each["index"] for each in caller.get(f"log/leaves/?{urlencode(asked)}").json()["results"]] == [0]
    newest = caller.get(f"log/leaves/?{urlencode({'page_size': 1})}").json()["results"][0]
    assert caller.get(f"log/leaves/{newest['index']}/").json()["inclusion"] is None


def test_a_program_verifies_that_the_log_only_grew(version, caller):
    earlier = caller.get("log/checkpoints/5/").json()
    for asked in ({"from": 5}, {"from": 5, "to": 305}, {}):
        told = caller.get(f"log/consistency/?{urlencode(asked)}").json()
        assert (told["from"], told["to"], told["from_root"]) == (5, 305, earlier["root"])
        roots = bytes.fromhex(told["from_root"]), bytes.fromhex(told["to_root"])
        assert merkle.verify_consistency(5, 305, *roots, unhex(told["proof"]))


@pytest.mark.parametrize("asked", [{"from": 9, "to": 5}, {"to": 306}])
def test_sizes_that_the_log_does_not_have_are_not_found(version, caller, asked):
    assert caller.get(f"log/consistency/?{urlencode(asked)}").status_code == 404


@pytest.mark.parametrize("asked", [{"from": "x"}, {"from": -1}, {"to": 2**60}, {"at": 1}])
def test_sizes_that_cannot_be_are_named(version, caller, asked):
    answer = caller.get(f"log/consistency/?{urlencode(asked)}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_nothing_is_signed_of_an_empty_log(acme, caller):
    assert caller.get("log/consistency/").status_code == 404
    assert caller.get("log/key/").json()["keys"] == []


@pytest.mark.parametrize("path", ["log/leaves/999/", "log/checkpoints/4/", f"log/leaves/{10**30}/", "log/leaves/x/"])
def test_what_is_not_there_is_not_found(version, caller, path):
    assert caller.get(path).status_code == 404


def test_a_reviewers_token_supersedes_a_version(version, acme, mei, femi, token_of):
    with scope(acme):
        newer = bring(mei, version.artefact.links.get().requirement, artefact=version.artefact)
    review = ["evidence:evidence:view", "evidence:evidence:review"]
    body = {"by": str(newer.pk), "reason": "It was cropped."}
    own, other, nobody = (Caller(token_of(acme, *review, created_by=who)) for who in (mei.membership, femi.membership, None))
    assert own.post(f"versions/{version.pk}/supersede/", body).status_code == 403
    assert nobody.post(f"versions/{version.pk}/supersede/", body).status_code == 403
    assert other.post(f"versions/{version.pk}/supersede/", {**body, "reason": ""}).status_code == 400
    told = other.post(f"versions/{version.pk}/supersede/", body).json()["superseded"]
    assert [(each["by"], each["reason"]) for each in told] == [(str(newer.pk), "It was cropped.")]
