"""Tokens that a client signed with its key (RFC 7519), as a vendor looks at them."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def read(token: str, key: PublicKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token. Raises ValueError where this key did not sign it, by RS256 or ES256."""
    head, body, signature = token.split(".")
    header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
    if header.get("alg") != ("RS256" if isinstance(key, rsa.RSAPublicKey) else "ES256"):
        raise ValueError("another algorithm")
    signed, given = f"{head}.{body}".encode(), _decoded(signature)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(given, signed, padding.PKCS1v15(), SHA256())
        else:
            r, s = int.from_bytes(given[:32], "big"), int.from_bytes(given[32:], "big")
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature as fault:
        raise ValueError("another key") from fault
    return header, claims


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
