"""Reading the log: its leaves, one leaf with its proof, what was signed, and an earlier checkpoint held against today."""

import json
from base64 import b64encode
from uuid import uuid4

import pytest
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.log import merkle
from evidence.log.models import Inspection
from evidence.log.notes import Head, Signer, new_signer, open_note, read_head, read_verifier, sign
from evidence.log.services.append import append_leaf
from evidence.log.services.keys import rotate_key, signing_key
from evidence.log.services.sign import sign_checkpoint
from evidence.services.decide import decide_version
from evidence.services.verify import verify_log
from tests.factories.evidence import bring, make_requirement

from .leaves import grow


@pytest.fixture()
def version(acme, mei, femi):
    """Received, returned, and signed."""
    with scope(acme):
        brought = bring(mei, make_requirement(mei.actor))
        decide_version(actor=femi.actor, version=brought, acceptance="returned", reason="The date is cut off.")
        sign_checkpoint(actor=SYSTEM)
    return brought


def at(name: str, *more: object) -> str:
    return reverse(f"log:{name}", args=["acme", *more])


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_list_says_what_happened_to_what_and_by_whom(version, mei):
    page = text_of(mei.client.get(at("leaves")))
    assert version.artefact.ref in page
    for words in ("Received", "Returned", "The date is cut off.", "Femi Adeyemi", "2 leaves", "version 1"):
        assert words in page, words


def test_the_list_is_narrowed_by_artefact_and_kind(version, acme, mei):
    with scope(acme):
        grow(3)
    assert "Returned" not in text_of(mei.client.get(at("leaves"), {"kind": "version"})).partition("<tbody>")[2]
    page = text_of(mei.client.get(at("leaves"), {"artefact": version.artefact.ref.lower()}))
    assert page.count("<tr>") == 3
    assert "Nothing matches" in text_of(mei.client.get(at("leaves"), {"artefact": "EV-9999"}))


def test_what_was_seen_again_says_how_much_of_it_and_by_which_run(acme, mei):
    with scope(acme):
        seen = [{"version": "01a2", "sha256": "00", "at": "2026-11-30T06:00:00.000000Z"}] * 2
        body = {"run": 17, "connection": "okta", "connection_id": "01a2", "seen": seen}
        append_leaf(kind="sightings", subject=uuid4(), artefact=None, body=body)
    page = text_of(mei.client.get(at("leaves"), {"kind": "sightings"}))
    assert "Seen again" in page
    assert "2 versions, byte for byte, by run 17 of okta" in page


def test_an_empty_log_says_how_it_begins(acme, mei):
    assert "Nothing was received yet" in text_of(mei.client.get(at("leaves")))
    for name in ("checkpoints", "keys", "inspection", "prove"):
        assert mei.client.get(at(name)).status_code == 200, name
    assert mei.client.get(at("keys_text")).content == b""


def test_a_leaf_shows_its_members_and_the_steps_to_the_signed_root(version, mei):
    page = text_of(mei.client.get(at("leaf", 0)))
    assert version.sha256 in page
    assert "holds this leaf" in page
    proof = mei.client.get(at("proof", 0)).json()
    assert proof["checkpoint"].encode() in mei.client.get(at("leaf", 0)).content.replace(b"&#x2B;", b"+")


def test_the_downloaded_proof_is_enough_to_verify_it(version, mei):
    proof = json.loads(mei.client.get(at("proof", 1)).content)
    head = read_head(open_note(proof["checkpoint"], [read_verifier(key) for key in proof["keys"]]).text)
    leaf, path = merkle.leaf_hash(proof["leaf"].encode()), [bytes.fromhex(each) for each in proof["proof"]]
    assert leaf.hex() == proof["leaf_hash"]
    assert merkle.verify_inclusion(leaf, proof["index"], head.size, path, head.root)
    assert json.loads(proof["leaf"])["acceptance"] == "returned"


def test_a_leaf_that_is_not_signed_yet_has_no_proof(version, acme, mei):
    with scope(acme):
        grow(1)
    assert "No checkpoint holds it yet" in text_of(mei.client.get(at("leaf", 2)))
    assert mei.client.get(at("proof", 2)).status_code == 404


@pytest.mark.parametrize("name", ["leaf", "proof", "note"])
@pytest.mark.parametrize("number", [77, 10**30])
def test_what_is_not_there_is_not_found(version, mei, name, number):
    assert mei.client.get(at(name, number)).status_code == 404


def test_a_checkpoint_is_downloaded_byte_for_byte(version, acme, mei):
    with scope(acme):
        note = sign_checkpoint(actor=SYSTEM).note
    answer = mei.client.get(at("note", 2))
    assert answer.content.decode() == note
    assert answer["Content-Disposition"] == 'attachment; filename="checkpoint-2.txt"'


def test_who_reviews_evidence_may_sign_at_once(version, acme, mei, jonas):
    with scope(acme):
        grow(1)
    assert jonas.client.post(at("sign")).status_code == 403
    assert mei.client.get(at("sign")).status_code == 405
    assert mei.client.post(at("sign")).status_code == 302
    assert mei.client.get(at("note", 3)).status_code == 200


def test_an_earlier_checkpoint_is_proved_to_begin_todays_log(version, acme, mei):
    with scope(acme):
        note = sign_checkpoint(actor=SYSTEM).note
        grow(5)
        sign_checkpoint(actor=SYSTEM)
    assert note in text_of(mei.client.get(at("prove"), {"size": "2"})).replace("&#x2B;", "+")
    answer = mei.client.post(at("prove"), {"note": note.replace("\n", "\r\n")})
    assert answer.status_code == 200
    assert "The first 2 of 7 leaves" in text_of(answer)
    proof = mei.client.get(at("consistency", 7, 2)).json()
    path = [bytes.fromhex(each) for each in proof["proof"]]
    assert merkle.verify_consistency(2, 7, bytes.fromhex(proof["old_root"]), bytes.fromhex(proof["root"]), path)
    assert mei.client.get(at("consistency", 2, 7)).status_code == 404
    assert mei.client.get(at("consistency", 6, 2)).status_code == 404


def test_a_checkpoint_under_an_earlier_key_is_proved_too(version, acme, mei):
    with scope(acme):
        note = sign_checkpoint(actor=SYSTEM).note
        rotate_key(actor=SYSTEM)
        grow(1)
        sign_checkpoint(actor=SYSTEM)
    assert "The first 2 of 3 leaves" in text_of(mei.client.post(at("prove"), {"note": note}))
    assert text_of(mei.client.get(at("keys"))).count("Verifies only") == 1
    assert len(mei.client.get(at("keys_text")).content.splitlines()) == 2


def test_each_refusal_says_exactly_why(version, acme, mei):
    with scope(acme):
        note = sign_checkpoint(actor=SYSTEM).note
        key = signing_key(actor=SYSTEM)[1]
    origin = f"fieldwork/{acme.pk}"
    other = Signer("fieldwork/other", key.private)
    cases = {
        "": "Paste the text of the checkpoint.",
        "Some words.": "This is not a signed note",
        note.replace("\n2\n", "\n3\n"): "does not fit the text",
        sign(str(Head(origin, 1, bytes(32))), new_signer(origin)): "No key of this log signed it.",
        sign(str(Head("fieldwork/other", 1, bytes(32))), key): "It is a checkpoint of another log: fieldwork/other.",
        sign(str(Head(origin, 9, bytes(32))), key): "It signed 9 leaves, and the newest checkpoint here has 2: leaves are gone.",
        sign(str(Head(origin, 1, bytes(32))), key): "the log was rewritten since.",
        sign("one\ntwo\nthree\nfour\n", key): "A checkpoint has three lines",
        sign(str(Head(origin, 2, bytes(32))), other): "No key of this log signed it.",
        f"{origin}\n2\n{b64encode(bytes(32)).decode()}\n\n— {origin} AAAA\n": "A signature line reads",
    }  # fmt: skip
    for given, said in cases.items():
        answer = mei.client.post(at("prove"), {"note": given})
        assert answer.status_code == 422, said
        assert said in text_of(answer), said


@pytest.mark.parametrize("size", ["", "x", "-1", "9" * 40, "١"])
def test_a_size_that_is_none_starts_with_an_empty_form(version, mei, size):
    assert mei.client.get(at("prove"), {"size": size}).status_code == 200


def test_an_alarm_stands_on_the_page_and_on_the_desk(version, tamper_by_hand, acme, mei, noor):
    with scope(acme):
        tamper_by_hand()
    assert "do not agree" in text_of(mei.client.get(at("leaves")))
    page = text_of(mei.client.get(at("inspection")))
    assert "The version was changed after it was logged." in page
    assert at("leaf", 0) in page
    from compliance.desk.registry import digest_for, items_for

    with scope(acme):
        assert items_for(mei.membership)[0].key == "evidence_log:alarm"
        assert digest_for(mei.membership)[0].key == "evidence_log:alarm"
        assert not [each for each in items_for(noor.membership) if each.key == "evidence_log:alarm"]


@pytest.fixture()
def tamper_by_hand(version):
    """As an inspection would leave it: the rows themselves are changed in test_find_tampering.py."""

    def run() -> None:
        problem = {
            "what": "The version was changed after it was logged.", "index": 0, "reference": "EV-0001 v1", "field": "size",
            "stored": "1", "logged": "2",
        }  # fmt: skip
        verify_log(actor=SYSTEM)
        Inspection.objects.create(size=2, checkpoints=1, rows=2, files=1, found=1, problems=[problem])

    return run


def test_the_artefacts_page_leads_to_the_leaves_of_a_version(version, acme, mei, femi):
    page = text_of(mei.client.get(reverse("evidence:artefact", args=["acme", version.artefact_id])))
    assert f'<a href="{at("leaf", 0)}">Leaf 0</a>: received' in page
    assert f'<a href="{at("leaf", 1)}">Leaf 1</a>: returned' in page
    assert "supersedes it" not in page


def test_a_person_says_that_a_newer_version_supersedes_an_older_one(version, acme, mei, femi):
    with scope(acme):
        requirement = version.artefact.links.get().requirement
        newer = bring(mei, requirement, artefact=version.artefact)
    address = reverse("evidence:supersede", args=["acme", version.pk])
    assert femi.client.post(address, {"by": newer.pk, "reason": ""}).status_code == 422
    assert femi.client.post(address, {"by": version.pk, "reason": "Cropped."}).status_code == 422
    assert mei.client.post(address, {"by": newer.pk, "reason": "Cropped."}).status_code == 403
    assert femi.client.post(address, {"by": newer.pk, "reason": "It was cropped."}).status_code == 302
    page = text_of(femi.client.get(reverse("evidence:artefact", args=["acme", version.artefact_id]), {"version": 1}))
    assert "Superseded by" in page
    assert "It was cropped." in page
    assert "Returned" in page
    assert femi.client.post(address, {"by": newer.pk, "reason": "Once more."}).status_code == 422
    assert "There is no newer version" in text_of(femi.client.get(reverse("evidence:supersede", args=["acme", newer.pk])))
