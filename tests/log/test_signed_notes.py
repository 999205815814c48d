"""Signed notes: what a key signed opens under it, and nothing else does."""

from base64 import b64encode

import pytest

from evidence.log.notes import (
    BadNoteError,
    Head,
    Signer,
    Verifier,
    new_signer,
    open_note,
    read_head,
    read_verifier,
    sign,
)

SIGNER = Signer("fieldwork/example", bytes(range(32)))
TEXT = "fieldwork/example\n7\n" + b64encode(bytes(32)).decode() + "\n"


def test_the_specifications_own_example_opens():
    """C2SP signed-note: the key and the note that its text shows (Go's sumdb/note package has the same)."""
    key = read_verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert open_note(note, [key]).verifier.name == "PeterNeumann"
    with pytest.raises(BadNoteError, match="changed"):
        open_note(note.replace("answer", "matter"), [key])


def test_what_a_key_signed_opens_under_it():
    opened = open_note(sign(TEXT, SIGNER), [SIGNER.verifier])
    assert opened.text == TEXT
    assert opened.verifier == SIGNER.verifier


def test_a_verifier_key_reads_back_from_its_text():
    assert read_verifier(str(SIGNER.verifier)) == SIGNER.verifier
    assert str(SIGNER.verifier).startswith("fieldwork/example+")


@pytest.mark.parametrize("text", ["", "a", "a+b", "a+00000000+AAAA", "a+zz+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])
def test_another_text_is_no_verifier_key(text):
    with pytest.raises(BadNoteError):
        read_verifier(text)


def test_another_key_of_the_same_name_does_not_open_it():
    other = new_signer(SIGNER.name)
    with pytest.raises(BadNoteError, match="No key of this log"):
        open_note(sign(TEXT, SIGNER), [other.verifier])


def test_an_earlier_key_still_opens_what_it_signed():
    newer = new_signer(SIGNER.name)
    assert open_note(sign(TEXT, SIGNER), [newer.verifier, SIGNER.verifier]).verifier == SIGNER.verifier


def test_a_signature_of_somebody_else_beside_ours_is_passed_over():
    witness = new_signer("witness.example").verifier
    line = f"— witness.example {b64encode(witness.key_id + bytes(72)).decode()}\n"
    assert open_note(sign(TEXT, SIGNER) + line, [SIGNER.verifier]).text == TEXT


@pytest.mark.parametrize("change", [
    lambda note: note[:-1], lambda note: note.replace("\n\n", "\n"), lambda note: "", lambda note: note + "and more\n",
    lambda note: note.replace("— ", "- "), lambda note: note.split("—")[0], lambda note: note.replace(" fieldwork/", " other/"),
])  # fmt: skip
def test_a_note_that_is_not_whole_says_so(change):
    with pytest.raises(BadNoteError):
        open_note(change(sign(TEXT, SIGNER)), [SIGNER.verifier])


def test_a_checkpoint_reads_back_from_its_text():
    head = Head("fieldwork/example", 7, bytes(32))
    assert str(head) == TEXT
    assert read_head(TEXT) == head


@pytest.mark.parametrize("text", ["", "a\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", f"a\n{'9' * 40}\nAAAA\n", "a\n1\n!\n"])
def test_another_text_is_no_checkpoint(text):
    with pytest.raises(BadNoteError):
        read_head(text)


def test_a_key_has_a_name_that_a_line_can_hold():
    for name in ["", "two words", "one+two"]:
        with pytest.raises(ValueError, match="name"):
            new_signer(name)


def test_the_id_of_a_key_depends_on_its_name():
    assert Verifier("a", bytes(32)).key_id != Verifier("b", bytes(32)).key_id
