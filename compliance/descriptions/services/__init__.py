"""Changing descriptions. Each verb: one actor, one transaction, one trail entry."""

from .versions import approve_version, keep_version
from .writing import EditConflict, description_for, write_section

__all__ = ["EditConflict", "approve_version", "description_for", "keep_version", "write_section"]
