"""Lengths of time as sentences say them. Pure."""

from __future__ import annotations


def days_of(number: int) -> str:
    """A number of days in words: 1 day, 3 days."""
    return f"{number} day" if number == 1 else f"{number} days"
