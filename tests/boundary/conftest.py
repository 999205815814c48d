"""A register with everything that the diagram tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from compliance.parties.models import Party
from compliance.registers.models import Service, System
from compliance.registers.services import add_flow, add_service
from compliance.tenancy.rooms import scope
from tests.factories.compliance import make_system


@dataclass
class Register:
    """Systems and services by name."""

    systems: dict[str, System]
    services: dict[str, Service]


@pytest.fixture
def register(acme, mei) -> Register:
    with scope(acme):
        payments = add_service(actor=mei.actor, name="Payments")
        insights = add_service(actor=mei.actor, name="Insights")
        made: dict[str, Any] = {}

        def enter(name: str, kind: str = "application", decision: str = "in", **fields: Any) -> None:
            made[name] = make_system(mei.actor, name, kind=kind, decision=decision, **fields)

        enter("Gateway", environment="production", services=[payments], data_classes=["customer", "cardholder"])
        enter("Vault", "data_store", environment="production", services=[payments], data_classes=["cardholder"])
        enter("Reports", environment="production", services=[insights])
        enter("Identity", decision="", environment="corporate")
        enter("Sandpit", "database", "out", environment="staging")
        enter("Carrier", "third_party")
        enter("Cloud", "third_party")
        enter("Support", "team")
        enter("Robot", service_account=True)
        Party.objects.create(system=made["Carrier"], role="subservice", method="carve_out")
        Party.objects.create(system=made["Cloud"], role="subservice", method="inclusive")
        for source, target, encrypted, way in (
            ("Gateway", "Vault", True, "both_ways"), ("Gateway", "Carrier", None, "one_way"), ("Gateway", "Reports", True, "one_way"),
            ("Sandpit", "Identity", False, "one_way"), ("Identity", "Gateway", True, "one_way"),
        ):
            add_flow(
                actor=mei.actor, source=made[source], target=made[target], data_classes=["customer"], encrypted=encrypted, direction=way
            )
    return Register(made, {"Payments": payments, "Insights": insights})
