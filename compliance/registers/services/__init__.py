"""Changing the registers. Each verb: one actor, one transaction, one trail entry, then the news."""

from .discoveries import record_discoveries, record_discovery
from .landscape import add_data_class, add_flow, add_service, change_flow, change_service, remove_flow
from .many import change_many
from .scope import add_system, change_system, decide_many, decide_scope
from .taking import take_flows, take_systems
from .workers import record_workers

__all__ = [
    "add_data_class", "add_flow", "add_service", "add_system", "change_flow", "change_many", "change_service",
    "change_system", "decide_many", "decide_scope", "record_discoveries", "record_discovery", "record_workers", "remove_flow",
    "take_flows", "take_systems",
]  # fmt: skip
