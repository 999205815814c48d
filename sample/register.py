"""The sample company's scope register, as its people wrote it on the first day."""

from __future__ import annotations

from typing import Any

from sample.base import Clock
from sample.github.scope import decisions
from sample.okta.world import OktaWorld
from sample.people import PEOPLE


def systems(clock: Clock) -> list[dict[str, Any]]:
    """Rows of the register: kind, external_id, name, decision, environment, data_classes, service_account, reason."""
    return [*decisions(), *OktaWorld(clock, PEOPLE).scope(), *_written_by_hand()]


def _written_by_hand() -> list[dict[str, Any]]:
    rows = [
        ("location", "Lisbon office", "in", "production", "Where engineering and support work."),
        ("location", "Rotterdam office", "out", "", "Sales only; no customer data is handled there."),
        ("third_party", "Tessellate Card Processing", "in", "production", "Processes card payments on our behalf; carved out."),
        ("team", "Customer Support", "in", "production", "Reads customer records to answer questions."),
        ("environment", "Staging", "out", "staging", "Holds generated data; no path into production."),
    ]
    return [
        {"kind": kind, "external_id": "", "name": name, "decision": decision, "environment": environment,
         "data_classes": [], "service_account": False, "reason": reason}
        for kind, name, decision, environment, reason in rows
    ]
