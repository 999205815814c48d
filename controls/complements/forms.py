"""The form that maps many CUECs at once: a line each, with the controls that do it or the reason why none has to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from compliance.parties.models import UserEntityControl
from controls.models import Control

from .models import Complement


class MapForm(forms.Form):
    """Two fields for each CUEC: `controls_<id>` and `reason_<id>`."""

    def __init__(
        self, *args: Any, cuecs: Sequence[UserEntityControl], mapped: dict[UUID, list[Complement]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cuecs = list(cuecs)
        self.answers: dict[UUID, tuple[list[Control], str]] = {}
        for cuec in self.cuecs:
            refs = ", ".join(each.control.ref for each in mapped.get(cuec.pk, ()))
            said = cuec.number or cuec.text[:60]
            self.fields[f"controls_{cuec.pk}"] = forms.CharField(
                label=f"Controls that do {said}", required=False, max_length=400, initial=refs,
                widget=forms.TextInput(attrs={"class": "in", "list": "control-refs", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"reason_{cuec.pk}"] = forms.CharField(
                label=f"Why {said} is not applicable", required=False, max_length=2000, initial=cuec.not_applicable,
                widget=forms.TextInput(attrs={"class": "in"}),
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Each CUEC with its two fields."""
        return [
            {"cuec": each, "controls": self[f"controls_{each.pk}"], "reason": self[f"reason_{each.pk}"]}
            for each in self.cuecs
        ]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        wanted = {each.pk: _refs(asked.get(f"controls_{each.pk}", "")) for each in self.cuecs}
        known = {each.ref: each for each in Control.objects.filter(ref__in={ref for refs in wanted.values() for ref in refs})}
        for pk, refs in wanted.items():
            reason = asked.get(f"reason_{pk}", "").strip()
            missing = [ref for ref in refs if ref not in known]
            if missing:
                self.add_error(f"controls_{pk}", f"No control has the reference {', '.join(missing)}.")
            if refs and reason:
                self.add_error(f"reason_{pk}", "Either controls of ours do it, or it is not applicable to us.")
            self.answers[pk] = ([known[ref] for ref in refs if ref in known], reason)
        return asked


def _refs(text: str) -> list[str]:
    return list(dict.fromkeys(part.upper() for part in re.split(r"[,;|\s]+", text) if part))
