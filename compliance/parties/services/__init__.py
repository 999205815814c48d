"""Changing what is known of third parties. Each verb: one actor, one transaction, one trail entry, then the news."""

from .own import add_own_cuec, change_own_cuec, withdraw_own_cuec
from .papers import (
    add_cuecs,
    add_letter,
    add_report,
    answer_carve_out,
    change_letter,
    change_report,
    rule_out_cuec,
)
from .parties import add_party, change_expected_control, change_party, drop_expected_control, expect_control
from .reviews import record_review

__all__ = [
    "add_cuecs", "add_letter", "add_own_cuec", "add_party", "add_report", "answer_carve_out", "change_expected_control",
    "change_letter", "change_own_cuec", "change_party", "change_report", "drop_expected_control", "expect_control",
    "record_review", "rule_out_cuec", "withdraw_own_cuec",
]  # fmt: skip
