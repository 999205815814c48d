"""Changing the registers. Each verb: one actor, one transaction, one trail entry, then the news."""

from .discoveries import record_discovery
from .scope import add_system, change_system, decide_many, decide_scope
from .workers import record_workers

__all__ = ["add_system", "change_system", "decide_many", "decide_scope", "record_discovery", "record_workers"]
