"""Changing statements of applicability. Each verb: one actor, one transaction, its trail entries."""

from .beginning import statement_for
from .climate import determine_climate
from .signing import refusal_to_sign, sign_rows
from .versions import approve_version, refusal_to_approve, submit_statement
from .writing import RowConflict, include_proposed, write_row, write_rows

__all__ = [
    "RowConflict", "approve_version", "determine_climate", "include_proposed", "refusal_to_approve", "refusal_to_sign",
    "sign_rows", "statement_for", "submit_statement", "write_row", "write_rows",
]  # fmt: skip
