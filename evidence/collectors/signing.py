"""Signing in with a key: reading what a customer pastes, and the signed token that a vendor takes for it (RFC 7519).

RS256 for RSA keys, ES256 for P-256 ones: what GitHub and Okta accept. The key never leaves the process.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_LEAST_BITS = 2048
_PARTS = ("p", "q", "dp", "dq", "qi")


class KeyFault(ValueError):
    """What was pasted is no key that can sign; the message says why, and holds nothing of it."""


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A private key that can sign. `kid` is the id that a JWK carries, empty where it has none."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    kid: str = ""

    @property
    def algorithm(self) -> str:
        return "RS256" if isinstance(self.private, rsa.RSAPrivateKey) else "ES256"

    def sign(self, content: bytes) -> bytes:
        """The signature as JWS writes it: for ES256 the two numbers side by side (RFC 7518, 3.4)."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(content, padding.PKCS1v15(), SHA256())
        r, s = decode_dss_signature(self.private.sign(content, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def read_key(pasted: str) -> SigningKey:
    """A key from PEM (RSA or P-256) or from a JWK, alone or as the only one of a set. Raises KeyFault."""
    text = pasted.strip()
    if not text:
        raise KeyFault("There is no private key.")
    key = _from_jwk(text) if text.startswith("{") else _from_pem(text)
    if isinstance(key.private, rsa.RSAPrivateKey) and key.private.key_size < _LEAST_BITS:
        raise KeyFault(f"The key has {key.private.key_size} bits; {_LEAST_BITS} are the least.")
    return key


def signed_token(key: SigningKey, claims: Mapping[str, Any], *, kid: str = "") -> str:
    """A compact JWT of these claims. `kid` names the key where the vendor holds several."""
    header = {"alg": key.algorithm, "typ": "JWT"} | ({"kid": kid or key.kid} if kid or key.kid else {})
    signing = b".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, dict(claims)))
    return (signing + b"." + _base64(key.sign(signing))).decode()


def _from_pem(text: str) -> SigningKey:
    if "PUBLIC KEY" in text or "CERTIFICATE" in text:
        raise KeyFault("This is a public key: paste the private one, from -----BEGIN to -----END.")
    if "ENCRYPTED" in text:
        raise KeyFault("The key is protected by a password: paste it without one. It is encrypted here.")
    try:
        found = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise KeyFault("This is no private key in PEM: paste all of it, from -----BEGIN to -----END.") from fault
    return SigningKey(_usable(found))


def _usable(found: Any) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if isinstance(found, rsa.RSAPrivateKey):
        return found
    if isinstance(found, ec.EllipticCurvePrivateKey) and isinstance(found.curve, ec.SECP256R1):
        return found
    raise KeyFault("This kind of key cannot be used: make an RSA one, or one on the curve P-256.")


def _from_jwk(text: str) -> SigningKey:
    try:
        found = json.loads(text)
        listed = found.get("keys", [found])
        if not isinstance(listed, list) or len(listed) != 1:
            raise KeyFault("The set holds several keys: paste the one of this application.")
        (jwk,) = listed
        if "d" not in jwk:
            raise KeyFault("This is a public key: paste the private one, which has the member d.")
        private = _rsa(jwk) if jwk.get("kty") == "RSA" else _curve(jwk)
    except KeyFault:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, UnsupportedAlgorithm) as fault:
        raise KeyFault("This is no private key as a JWK.") from fault
    return SigningKey(private, str(jwk.get("kid") or ""))


def _rsa(jwk: Mapping[str, Any]) -> rsa.RSAPrivateKey:
    n, e, d = (_number(jwk[name]) for name in ("n", "e", "d"))
    if all(name in jwk for name in _PARTS):
        p, q, dp, dq, qi = (_number(jwk[name]) for name in _PARTS)
    else:
        p, q = rsa.rsa_recover_prime_factors(n, e, d)
        dp, dq, qi = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()


def _curve(jwk: Mapping[str, Any]) -> ec.EllipticCurvePrivateKey:
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise KeyFault("This kind of key cannot be used: make an RSA one, or one on the curve P-256.")
    public = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
    return ec.EllipticCurvePrivateNumbers(_number(jwk["d"]), public).private_key()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _base64(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
