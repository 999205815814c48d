"""What the list of requirements is narrowed by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from .requirements import State

#: The words of the buckets, in the order in which they are shown; they sum to D.
BUCKETS: dict[str, str] = {
    State.READY: "Ready",
    State.PARTLY: "Partly: something of it is unmet",
    State.MISSING: "Missing: no implemented control",
    State.UNKNOWN: "Unknown, counts against",
    State.NOT_YET_DUE: "Not yet due",
    State.NOT_ASSESSED: "Not assessed",
}


#: What of a management system standard is shown apart.
PARTS = [("clauses", "Clauses"), ("annex", "Annex controls")]


class RequirementFilter(forms.Form):
    """Programme, state, series and part. What cannot be read is left out."""

    programme = forms.ChoiceField(label="Programme", required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any state"), *BUCKETS.items()])
    series = forms.ChoiceField(label="Series", required=False)
    judged = forms.ChoiceField(label="Judged", required=False, choices=[("", "Any way"), ("manual", "By hand alone")])
    part = forms.ChoiceField(label="Part", required=False, choices=[("", "Both"), *PARTS])

    def __init__(self, data: Any, *, programmes: Sequence[dict[str, Any]], series: Iterable[str]) -> None:
        super().__init__(data)
        first, *others = programmes
        listed = [("", first["name"]), *((each["id"], each["name"]) for each in others)]
        if self.data.get("programme") == first["id"]:
            listed[0] = (first["id"], first["name"])
        self.fields["programme"].choices = listed  # type: ignore[attr-defined]
        if not any(row.get("apart") for row in programmes):
            del self.fields["part"]
        self.fields["series"].choices = [("", "All"), *((each, each) for each in series)]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "programme"}
