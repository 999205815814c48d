"""Changing programmes. Each verb: one actor, one transaction, one trail entry, then the news."""

from .phases import change_phases
from .programmes import change_programme, close_programme, create_programme
from .relevance import mark_not_relevant, mark_relevant

__all__ = [
    "change_phases", "change_programme", "close_programme", "create_programme", "mark_not_relevant", "mark_relevant",
]  # fmt: skip
