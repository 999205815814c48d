"""Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), signed with Ed25519 (RFC 8032). Pure.

A note is a text, an empty line, and signature lines `— <key name> <base64(key id, signature)>`.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/=]+)")
_NAME = re.compile(r"[^\s+]+")


class BadNoteError(ValueError):
    """A text that is not a signed note, or not one that a known key signed; the message says which."""


@dataclass(frozen=True)
class Verifier:
    """A public key under its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """As text: name, key id in hex, and the key in base64."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether this key made a signature of a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key (32 bytes) under its name."""

    name: str
    private: bytes

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw())


def new_signer(name: str) -> Signer:
    """A fresh key. The name holds neither white space nor a plus sign."""
    if not _NAME.fullmatch(name):
        raise ValueError("A key's name holds neither white space nor a plus sign.")
    return Signer(name, Ed25519PrivateKey.generate().private_bytes_raw())


def read_verifier(text: str) -> Verifier:
    """A verifier key from its text. Raises BadNoteError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    verifier = Verifier(name, raw[1:])
    if len(raw) != 33 or raw[:1] != _ED25519 or not _NAME.fullmatch(name) or verifier.key_id.hex() != key_id:
        raise BadNoteError("This is not the text of an Ed25519 verifier key.")
    return verifier


def sign(text: str, signer: Signer) -> str:
    """A note: the text, which has to end with a line feed, and one signature."""
    if not text.endswith("\n"):
        raise ValueError("The text of a note ends with a line feed.")
    signature = Ed25519PrivateKey.from_private_bytes(signer.private).sign(text.encode())
    return f"{text}\n— {signer.name} {b64encode(signer.verifier.key_id + signature).decode()}\n"


@dataclass(frozen=True)
class Opened:
    """A note whose signature was found good: its text and the key that signed it."""

    text: str
    verifier: Verifier


def open_note(note: str, verifiers: Collection[Verifier]) -> Opened:
    """The text of a note that one of the given keys signed. Signatures of other keys are passed over.

    Raises BadNoteError: not a note, signed by no known key, or a known key's signature that is not good.
    """
    text, gap, lines = note.replace("\r\n", "\n").rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNoteError("This is not a signed note: a text, an empty line and signature lines, whole to the last line feed.")
    text += "\n"
    known = {(each.name, each.key_id): each for each in verifiers}
    opened = None
    for line in lines[:-1].split("\n"):
        name, key_id, signature = _signature(line)
        if verifier := known.get((name, key_id)):
            if not verifier.verifies(text, signature):
                raise BadNoteError(f"The signature by {name} does not fit the text: one of them was changed.")
            opened = opened or Opened(text, verifier)
    if opened is None:
        raise BadNoteError("No key of this log signed it.")
    return opened


def _signature(line: str) -> tuple[str, bytes, bytes]:
    found = _LINE.fullmatch(line)
    raw = _decoded(found[2]) if found else b""
    if found is None or len(raw) < 5:
        raise BadNoteError("A signature line reads: — name base64.")
    return found[1], raw[:4], raw[4:]


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNoteError("What should be base64 is not.") from None


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: the log, how many leaves it had, and their root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_head(text: str) -> Head:
    """A checkpoint's text, as `open_note` gives it. Further lines are passed over (tlog-checkpoint). Raises BadNoteError."""
    lines = text.split("\n")
    size = lines[1] if len(lines) > 3 else ""
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", size):
        raise BadNoteError("A checkpoint has three lines: origin, size and root.")
    root = _decoded(lines[2])
    if len(root) != 32:
        raise BadNoteError("The root of a checkpoint has 32 bytes.")
    return Head(lines[0], int(size), root)
