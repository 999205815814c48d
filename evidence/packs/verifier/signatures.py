"""Signed notes: Ed25519 of RFC 8032 in plain Python, for verifying only, and the keys and notes of C2SP."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Tuple  # noqa: UP035 - of Python 3.8

from .trees import sha256

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
#: Extended coordinates (RFC 8032, 5.1.4).
Point = Tuple[int, int, int, int]  # noqa: UP006 - of Python 3.8


def plus(a: Point, b: Point) -> Point:
    """The sum of two points."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return (f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P


def times(scalar: int, point: Point) -> Point:
    """A point, so many times. Nothing here is secret, so it need not take equally long."""
    found: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = plus(found, point)
        point, scalar = plus(point, point), scalar >> 1
    return found


def point_of(raw: bytes) -> Point | None:
    """RFC 8032, 5.1.3; None where the bytes are no point."""
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 key signed a text (RFC 8032, 5.1.7)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if public is None or r is None or s >= ORDER or BASE is None:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = times(s, BASE), plus(r, times(challenge, public))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


def unbased(text: str) -> bytes:
    """What base64 stands for; nothing where it is none."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeError, binascii.Error):
        return b""


def key_of(text: str) -> tuple[str, bytes] | None:
    """`<name>+<id>+<base64>` as ("<name>+<id>", 32 bytes); None where it is no key of a log."""
    parts = text.strip().split("+", 2)
    raw = unbased(parts[2]) if len(parts) == 3 else b""
    if len(raw) != 33 or raw[0] != 1:
        return None
    if sha256(parts[0].encode("utf-8", "replace") + b"\n" + raw)[:4].hex() != parts[1]:
        return None
    return parts[0] + "+" + parts[1], raw[1:]


def opened(note: bytes, keys: dict[str, bytes]) -> tuple[str, str]:
    """The text of a signed note, and what is wrong with it: "" where one of the keys signed it."""
    try:
        text, _, signatures = note.decode("utf-8").rpartition("\n\n")
    except UnicodeDecodeError:
        return "", "is no signed note"
    found = re.findall("^\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)$", signatures, re.MULTILINE)
    signed = [(f"{name}+{unbased(said)[:4].hex()}", unbased(said)[4:]) for name, said in found]
    if not signed or not text:
        return "", "is no signed note"
    text += "\n"
    known = [(name, signature) for name, signature in signed if name in keys]
    if not known:
        return text, f"is signed by the key {signed[0][0]}, which is none of this pack's"
    if not any(is_signed(keys[name], text.encode("utf-8"), signature) for name, signature in known):
        return text, f"its signature by {known[0][0]} is wrong"
    return text, ""
