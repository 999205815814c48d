"""Changing the ledger. Each verb: one actor, one transaction, one trail entry."""

from .disclosure import decide_disclosure
from .entries import change_change, change_incident, record_change, record_incident

__all__ = ["change_change", "change_incident", "decide_disclosure", "record_change", "record_incident"]
