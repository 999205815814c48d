"""What changes in this room. Each verb: one actor, one transaction, one trail entry."""

from .answering import answer_point
from .deciding import decide_warning, withdraw_decision
from .late import open_check_lists
from .reconciling import reconcile

__all__ = ["answer_point", "decide_warning", "open_check_lists", "reconcile", "withdraw_decision"]
