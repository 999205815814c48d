"""A key in any form that vendors hand out signs; what is no key says why, and a token is renewed before it ends."""

from __future__ import annotations

import json
import threading

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, PublicFormat

from evidence.checks.base import Reason
from evidence.collectors import tokens
from evidence.collectors.base import CollectionError
from evidence.collectors.signing import KeyFault, read_key, signed_token
from evidence.collectors.tokens import ExpiringToken, Granted
from sample.signatures import read
from tests.evidence.keys import curve_key, jwk, pem, rsa_key


@pytest.mark.parametrize(
    "pasted",
    [
        pem(rsa_key()), pem(rsa_key(), PrivateFormat.TraditionalOpenSSL), pem(rsa_key()).replace("\n", "\r\n"),
        f"\n  {pem(rsa_key())}  ", jwk(rsa_key()), jwk(rsa_key(), short=True), json.dumps({"keys": [json.loads(jwk(rsa_key()))]}),
    ],
    ids=["pkcs8", "pkcs1", "crlf", "spaces", "jwk", "short-jwk", "set"],
)  # fmt: skip
def test_every_form_of_an_rsa_key_signs(pasted: str) -> None:
    header, claims = read(signed_token(read_key(pasted), {"iss": "me"}), rsa_key().public_key())
    assert (header["alg"], claims) == ("RS256", {"iss": "me"})


@pytest.mark.parametrize("pasted", [pem(curve_key()), jwk(curve_key())])
def test_a_key_on_the_curve_signs_too(pasted: str) -> None:
    header, _ = read(signed_token(read_key(pasted), {}), curve_key().public_key())
    assert header["alg"] == "ES256"


def test_another_key_did_not_sign_it() -> None:
    with pytest.raises(ValueError, match="another key"):
        read(signed_token(read_key(pem(rsa_key())), {}), rsa_key(1).public_key())


def test_the_key_id_comes_from_the_form_else_from_the_key() -> None:
    key = read_key(jwk(rsa_key(), "of-the-key"))
    assert read(signed_token(key, {}), rsa_key().public_key())[0]["kid"] == "of-the-key"
    assert read(signed_token(key, {}, kid="of-the-form"), rsa_key().public_key())[0]["kid"] == "of-the-form"
    assert "kid" not in read(signed_token(read_key(pem(rsa_key())), {}), rsa_key().public_key())[0]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "no private key"), ("   ", "no private key"), ("hello", "no private key in PEM"),
        (pem(rsa_key())[:400], "no private key in PEM"), (pem(rsa_key(0, 1024)), "2048 are the least"),
        (rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), "public key"),
        (rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode(), "password"),
        ("{}", "public key"), ('{"kty": "RSA", "d": "AQ"}', "no private key as a JWK"), ("{", "no private key as a JWK"),
        ('{"keys": []}', "several keys"), ('{"kty": "oct", "d": "AQ"}', "cannot be used"),
        ('{"kty": "EC", "crv": "P-256", "d": "AQ", "x": "AQ", "y": "AQ"}', "no private key as a JWK"), ('{"keys": 3}', "several"),
        ('{"d": null, "kty": "RSA", "n": null, "e": 1}', "no private key as a JWK"),
    ],
)  # fmt: skip
def test_what_is_no_key_says_why_and_repeats_nothing_of_it(pasted: str, said: str) -> None:
    with pytest.raises(KeyFault, match=said) as refused:
        read_key(pasted)
    assert not pasted.strip() or pasted.strip()[:20] not in str(refused.value)


def test_a_key_does_not_show_itself() -> None:
    assert "PRIVATE" not in repr(read_key(pem(rsa_key())))
    assert "hidden" not in repr(Granted("hidden", 3600))


class _Vendor:
    """Gives one token after another, at a time of the test's."""

    def __init__(self, seconds: float = 3600.0) -> None:
        self.now, self.seconds, self.given = 1000.0, seconds, 0
        self.error: CollectionError | None = None
        self.token = ExpiringToken(self.exchange, clock=lambda: self.now)

    def exchange(self) -> Granted:
        if self.error is not None:
            self.given += 1
            raise self.error
        self.given += 1
        return Granted(f"t{self.given}", self.seconds)

    def sent(self) -> str:
        return self.token.headers()["Authorization"]


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    vendor = _Vendor()
    assert vendor.sent() == "Bearer t1"
    vendor.now += 3600 - tokens.MARGIN - 1
    assert vendor.sent() == "Bearer t1"
    vendor.now += 1
    assert vendor.sent() == "Bearer t2"


def test_a_short_life_leaves_a_tenth_of_it() -> None:
    vendor = _Vendor(seconds=60)
    assert vendor.sent() == "Bearer t1"
    vendor.now += 53.9
    assert vendor.sent() == "Bearer t1"
    vendor.now += 0.2
    assert vendor.sent() == "Bearer t2"


def test_a_refused_token_is_renewed_once_it_is_not_new() -> None:
    vendor = _Vendor()
    sent = vendor.token.headers()
    assert not vendor.token.renew(sent), "what was given a moment ago is not refused for its age"
    vendor.now += tokens.NEW
    assert vendor.token.renew(sent)
    assert vendor.sent() == "Bearer t2"
    assert vendor.token.renew(sent), "another thread has renewed it already"
    assert vendor.given == 2


@pytest.mark.parametrize(("status", "asked"), [(401, 1), (403, 1), (404, 1), (429, 3), (None, 3)])
def test_a_refused_key_is_not_offered_again_and_a_passing_fault_is(status: int | None, asked: int) -> None:
    vendor = _Vendor()
    vendor.error = CollectionError(Reason.DENIED, "no", status=status)
    for _ in range(3):
        with pytest.raises(CollectionError):
            vendor.token.headers()
    assert vendor.given == asked


def test_many_threads_share_one_exchange() -> None:
    vendor = _Vendor()
    threads = [threading.Thread(target=vendor.sent) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert vendor.given == 1
