"""The form by which the starter set is adopted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may

from .adoption import Family
from .forms import MemberField


class AdoptForm(forms.Form):
    """Families, a person for each role, the day from which intervals are expected, and how far along the company is."""

    families = forms.MultipleChoiceField(
        label="Families",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one family."},
    )
    starts_on = forms.DateField(
        label="In place since", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Intervals are expected from this day on. Empty: from the first day of the period.",
        error_messages={"invalid": "Write the day as 2026-11-30."},
    )  # fmt: skip
    implementation = forms.ChoiceField(
        label="How things are now", widget=forms.RadioSelect, initial="planned",
        choices=[
            ("planned", "Planned: each is put in place one by one, and marked when it is"),
            ("implemented", "In place: what the statements say is what is done"),
        ],
        error_messages={"required": "Say how things are now."},
    )  # fmt: skip

    def __init__(self, *args: Any, families: Sequence[Family], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._families = {family.key: family for family in families if family.controls}
        field = self.fields["families"]
        field.choices = [(key, f"{each.area} ({len(each.controls)})") for key, each in self._families.items()]  # type: ignore[attr-defined]
        field.initial = list(self._families)
        people = members_who_may(Permission.EVIDENCE_PROVIDE_OWN)
        self._roles = sorted({role for family in self._families.values() for role in family.roles})
        for number, role in enumerate(self._roles):
            self.fields[f"role_{number}"] = MemberField(
                label=role, queryset=people, required=False, empty_label="Nobody named yet"
            )

    @property
    def role_fields(self) -> Iterator[BoundField]:
        """A field for each role that some control names as its owner."""
        return (self[f"role_{number}"] for number in range(len(self._roles)))

    @property
    def owners(self) -> dict[str, Membership]:
        """The person named for each role."""
        named = ((role, self.cleaned_data.get(f"role_{number}")) for number, role in enumerate(self._roles))
        return {role: person for role, person in named if person is not None}

    @property
    def refs(self) -> set[str]:
        """The controls of the families that were chosen."""
        return {control.ref for key in self.cleaned_data["families"] for control in self._families[key].controls}
