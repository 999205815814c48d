"""Criteria that a person writes by their references, as people say them: `CC6.1, CC9.2`."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from .models import Requirement

_MOST = 60


class RequirementsField(forms.CharField):
    """Assessable requirements by reference. SOC 2 comes first where two frameworks share one; another framework's is
    written with its key before it: `iso27001-2022:8.1`."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("help_text", "By reference, with commas between: CC6.1, CC9.2.")
        super().__init__(**rest)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(each.ref for each in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        wanted = list(dict.fromkeys(part for part in re.split(r"[,;|\s]+", text) if part))
        if len(wanted) > _MOST:
            raise forms.ValidationError(f"At most {_MOST} at once.")
        return found_by_refs(wanted)


def found_by_refs(wanted: list[str]) -> list[Requirement]:
    """The requirements of these references, in their order. Raises ValidationError that names what is not there."""
    plain = {each.rpartition(":")[2].upper() for each in wanted}
    known = Requirement.objects.filter(assessable=True, ref__in=plain).select_related("framework")
    ranked = sorted(known, key=lambda each: (not each.framework.key.startswith("soc2"), each.framework.key, each.framework.version))
    found, missing = [], []
    for each in wanted:
        key, _, ref = each.rpartition(":")
        hit = next((r for r in ranked if r.ref == ref.upper() and (not key or r.framework.key == key)), None)
        found.append(hit) if hit else missing.append(each)
    if missing:
        raise forms.ValidationError(f"Nothing has the reference {', '.join(missing)}.")
    return found
