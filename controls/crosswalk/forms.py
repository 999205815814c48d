"""Forms of the crosswalk's proposals."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import forms

from .proposals import Stands

SHOWN = [
    ("", "All that is asked"), (Stands.PROPOSED.value, "Proposed"), (Stands.CANDIDATE.value, "Candidates only"),
    (Stands.OPEN.value, "Nothing"), (Stands.CONFIRMED.value, "Confirmed"),
]  # fmt: skip


class DismissForm(forms.Form):
    """Why a control does not meet a requirement for which it is proposed."""

    reason = forms.CharField(
        label="Why it does not meet it", widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Whoever looks at this requirement next will ask."},
    )  # fmt: skip


def chosen_parts(sent: Mapping[str, str], pairs: list[str]) -> dict[tuple[UUID, UUID], str]:
    """The ticked pairs of a form with the part that was written beside each. What is no pair is left out."""
    found = {}
    for word in pairs[:500]:
        control, _, requirement = word.partition(":")
        try:
            found[UUID(control), UUID(requirement)] = str(sent.get(f"part_{word}", ""))
        except ValueError:
            continue
    return found
