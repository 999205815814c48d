"""Keys for tests of signing in with one. Made once: making an RSA key takes longer than the test that needs it."""

from __future__ import annotations

import base64
import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One of the RSA keys of this run; another number is another key."""
    return rsa.generate_private_key(65537, bits)


@cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: PrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def jwk(key: PrivateKey, kid: str = "", *, short: bool = False) -> str:
    """The key as a JWK; `short` without the numbers that only make it faster."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        found = key.private_numbers()
        parts = {"x": found.public_numbers.x, "y": found.public_numbers.y, "d": found.private_value}
        head = {"kty": "EC", "crv": "P-256"}
    else:
        numbers = key.private_numbers()
        parts = {"n": numbers.public_numbers.n, "e": numbers.public_numbers.e, "d": numbers.d}
        if not short:
            parts |= {"p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
        head = {"kty": "RSA"}
    return json.dumps({**head, **({"kid": kid} if kid else {}), **{name: _text(value) for name, value in parts.items()}})


def _text(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
