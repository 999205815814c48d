"""Changing programmes. Each verb: one actor, one transaction, one trail entry, then the news."""

from .budget import add_budget_line, change_budget_line, remove_budget_line
from .covering import cover_services
from .pacing import set_pace
from .phases import change_phases
from .programmes import change_programme, close_programme, create_programme
from .relevance import follow_exclusions, mark_not_relevant, mark_relevant
from .selection import (
    add_demand,
    approve_selection,
    change_demand,
    objection_to_approval,
    remove_demand,
    write_selection,
)

__all__ = [
    "add_budget_line", "add_demand", "approve_selection", "change_budget_line", "change_demand", "change_phases",
    "change_programme", "close_programme", "cover_services", "create_programme", "follow_exclusions", "mark_not_relevant", "mark_relevant",
    "objection_to_approval", "remove_budget_line", "remove_demand", "set_pace", "write_selection",
]  # fmt: skip
