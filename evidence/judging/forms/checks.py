"""Filters of checks."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.web.filters import Filter
from evidence.checks.base import Severity
from evidence.collectors.registry import vendors

from ..selectors import NOT_JUDGED, ORDER

Choices = list[tuple[str, str]]
OUTCOMES: Choices = [(outcome.value, outcome.value.replace("_", " ").capitalize()) for outcome in ORDER]


class CheckFilter(Filter):
    """What the list of checks is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=[("", "Any outcome"), *OUTCOMES, (NOT_JUDGED, "Not judged yet")]
    )
    vendor = forms.ChoiceField(label="System", required=False)
    connection = forms.ChoiceField(label="Connection", required=False)
    severity = forms.ChoiceField(
        label="Technical severity",
        required=False,
        choices=[("", "Any"), *((each.value, each.value.capitalize()) for each in Severity)],
    )
    criterion = forms.CharField(label="Criterion", required=False, max_length=20)

    def __init__(self, data: Any, *, connections: Choices) -> None:
        super().__init__(data)
        offered = [("", "Any system"), *((vendor.id, vendor.title) for vendor in vendors().values())]
        self.offer("vendor", offered)
        self.offer("connection", [("", "All connections"), *connections])


class ResourceFilter(Filter):
    """Which resources of a check are shown."""

    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[("", "Fail or unknown"), *OUTCOMES])
    connection = forms.ChoiceField(label="Connection", required=False)

    def __init__(self, data: Any, *, connections: Choices) -> None:
        super().__init__(data)
        self.offer("connection", [("", "All connections"), *connections])
