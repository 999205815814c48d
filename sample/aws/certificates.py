"""Certificates whose end the story decides; one small key serves them all, because nobody connects to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sample.aws.estate import Estate

from moto.acm.models import CertBundle  # isort: skip


class StoryCertificate(CertBundle):
    """moto's certificate, except that it ends when the story says."""

    ends: Callable[[], datetime] | None = None

    def _not_valid_after(self, _cert: x509.Certificate) -> datetime:
        return self.ends().replace(tzinfo=None) if self.ends else super()._not_valid_after(_cert)


def certificate(estate: Estate, domain: str, *, ends: Callable[[], datetime], in_use: bool = True) -> str:
    """Put a certificate into the account and answer its ARN."""
    acm, (pem, key) = estate.service("acm"), _pem()
    made: Any = StoryCertificate(estate.account, pem, key, region=estate.home, cert_type="AMAZON_ISSUED")
    made.common_name, made.sans, made.ends = domain, [domain], ends
    acm._certificates[made.arn] = made
    if in_use:
        made.in_use_by.append(f"arn:aws:elasticloadbalancing:{estate.home}:{estate.account}:loadbalancer/{domain}")
    estate.names[f"certificate:{domain}"] = made.arn
    return str(made.arn)


@cache
def _pem() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "halyard.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650)).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private
