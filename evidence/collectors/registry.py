"""Which vendors there are. One folder each; adding one is adding a name here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .base import FactKind, Vendor

NAMES = ("aws", "github", "okta", "push")


@cache
def vendors() -> dict[str, Vendor]:
    """Every vendor by id."""
    return {name: import_module(f"evidence.collectors.{name}.vendor").VENDOR for name in NAMES}


def vendor_of(id: str) -> Vendor:
    """A vendor; raises KeyError."""
    return vendors()[id]


def kind_of(vendor: str, fact_kind: str) -> FactKind:
    """A fact kind of a vendor, the house's own included; raises StopIteration."""
    from .house import HOUSE_KINDS

    return HOUSE_KINDS[fact_kind] if fact_kind in HOUSE_KINDS else vendor_of(vendor).kind(fact_kind)
