"""What the sample company decided about its repositories, as the house fact `org.scope` tells it."""

from __future__ import annotations

from typing import Any

from compliance.registers.models import ENVIRONMENTS
from sample.github.repositories import ORGANIZATION, REPOSITORIES

#: The list of repositories also says what is not deployed anywhere, which is no environment.
_KNOWN = dict(ENVIRONMENTS)


def decisions() -> list[dict[str, Any]]:
    """A row for the organisation and each repository it decided on; `reason` is what a person wrote to it."""
    rows = [_row("code_host", ORGANIZATION, "in", "holds our source code", "production", ("restricted",))]
    for found in REPOSITORIES:
        rows.append(
            _row("repository", found.full_name, found.decision, found.reason, found.environment, found.data_classes)
        )
    return rows


def _row(
    kind: str, name: str, decision: str, reason: str, environment: str, classes: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "kind": kind, "external_id": f"github:{name}", "name": name, "decision": decision, "reason": reason,
        "environment": environment if environment in _KNOWN else "", "data_classes": list(classes), "service_account": False,
    }  # fmt: skip
