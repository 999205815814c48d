"""One account of the sample company: handles on moto's state for it, and what the gate answers beside moto."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sample.aws import clockwork  # noqa: F401  (must be imported before moto's services)

from moto.backends import get_backend  # isort: skip

PLATFORM = "123456789012"  # our own account: the one that unknown keys belong to in moto
TAGS = dict[str, str]


@dataclass
class Estate:
    """`names` finds a resource by the name that the story gives it; `shelf` holds what is not there yet."""

    slug: str
    account: str
    regions: tuple[str, ...]
    external_id: str
    environment: str
    names: dict[str, str] = field(default_factory=dict)
    shelf: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)  # by topic: what moto has no answer for

    @property
    def home(self) -> str:
        return self.regions[0]

    @property
    def role_arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role/FieldworkReadOnly"

    def service(self, name: str, region: str | None = None) -> Any:
        """moto's backend of a service in this account; IAM, S3 and their like have one for the whole partition."""
        found = get_backend(name)[self.account]  # type: ignore[call-overload]
        return found["aws"] if name in ("iam", "s3", "s3control", "sts") else found[region or self.home]

    def arn(self, service: str, rest: str, region: str | None = None) -> str:
        return f"arn:aws:{service}:{region or self.home}:{self.account}:{rest}"

    def region_name(self, region: str | None = None) -> str:
        """How checks name this account in a region, or as a whole."""
        return f"account:{self.account}/{region}" if region else f"account:{self.account}"


def pairs(tags: TAGS) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
