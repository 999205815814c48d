"""Secrets at rest: AES-256-GCM under a key ring from the environment, bound to what they belong to.

A sealed value is `key id, 12-byte nonce, ciphertext`. The associated data (organisation and connection, say) must be
given again to open it, so a ciphertext copied to another row does not open there.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class CannotOpen(Exception):
    """The value was sealed for something else, or under a key that the ring no longer has."""


@lru_cache(maxsize=4)
def _ring(text: str) -> dict[str, bytes]:
    """`id:base64,id:base64`; the first seals, all open."""
    ring: dict[str, bytes] = {}
    for part in text.split(","):
        identifier, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not identifier or len(key) != 32:
            raise ImproperlyConfigured("FIELDWORK_KEYS must be id:base64 of 32 bytes, several separated by commas.")
        ring[identifier] = key
    return ring


def seal(plain: str, *, belongs_to: str) -> bytes:
    """Encrypt under the ring's first key."""
    identifier, key = next(iter(_ring(settings.FIELDWORK_KEYS).items()))
    nonce = os.urandom(12)
    name = identifier.encode()
    return bytes([len(name)]) + name + nonce + AESGCM(key).encrypt(nonce, plain.encode(), belongs_to.encode())


def open_sealed(sealed: bytes | memoryview, *, belongs_to: str) -> str:
    """Decrypt; raises CannotOpen."""
    raw = bytes(sealed)
    length = raw[0]
    name, nonce, body = raw[1 : 1 + length].decode(), raw[1 + length : 13 + length], raw[13 + length :]
    key = _ring(settings.FIELDWORK_KEYS).get(name)
    if key is None:
        raise CannotOpen(f"The key ring has no key {name}.")
    try:
        return AESGCM(key).decrypt(nonce, body, belongs_to.encode()).decode()
    except InvalidTag:
        raise CannotOpen("The value does not belong here, or was changed.") from None


def is_under_newest_key(sealed: bytes | memoryview) -> bool:
    """Whether a value was sealed under the first key: rotation re-seals those that were not."""
    raw = bytes(sealed)
    return raw[1 : 1 + raw[0]].decode() == next(iter(_ring(settings.FIELDWORK_KEYS)))
