"""Certificate Manager: certificates, whether they are in use, and when they end.

The list says it all; by default AWS lists RSA keys of up to 2048 bits only, so every key type is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.collectors.aws.kinds import listed
from evidence.collectors.base import FactKind

_KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]


def _certificate(item: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "arn": item["CertificateArn"], "domain": item.get("DomainName"), "status": item.get("Status"),
        "in_use": item.get("InUse"), "ends": item.get("NotAfter"), "type": item.get("Type"),
        "renewal": item.get("RenewalEligibility"),
    }  # fmt: skip


KINDS: tuple[FactKind, ...] = (
    listed(
        "aws.acm.certificates", "Certificates", "acm:ListCertificates", "CertificateSummaryList", _certificate,
        Includes={"keyTypes": _KEY_TYPES},
    ),
)  # fmt: skip
