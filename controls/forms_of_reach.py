"""Forms of where a control applies, what stands in for it, what it stated on a day, and of many controls at once."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.registers.forms import ServicesField
from compliance.registers.models import Service, System
from compliance.web.day_field import DayField
from compliance.web.filters import Filter

from .models import Control, Implementation

_BETWEEN = re.compile(r"[,;|\s]+")
_MISSING = {"required": "Give the day."}


class ApplyForm(forms.Form):
    """Services and systems that a control names; systems by their references, because a register holds hundreds."""

    services = ServicesField(
        label="Services", required=False, queryset=Service.objects.none(), help_text="None ticked means all of them.",
    )  # fmt: skip
    systems = forms.CharField(
        label="Systems", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Their references, with spaces or commas between: SYS-004, SYS-011. Empty: none in particular.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Why it changes", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stands in the control’s history beside what changed.",
    )  # fmt: skip

    def __init__(self, *args: Any, named: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [each.pk for each in named]
        offered = Service.objects.filter(active=True) | Service.objects.filter(pk__in=ids)
        self.fields["services"].queryset = offered.order_by("ref")  # type: ignore[attr-defined]

    def clean_systems(self) -> list[System]:
        refs = list(dict.fromkeys(part.upper() for part in _BETWEEN.split(self.cleaned_data["systems"]) if part))
        found = {each.ref: each for each in System.objects.filter(ref__in=refs)}
        unknown = [ref for ref in refs if ref not in found]
        if unknown:
            raise forms.ValidationError(f"The scope register has no {', '.join(unknown[:10])}.")
        return [found[ref] for ref in refs]

    def clean_services(self) -> list[Service]:
        return list(self.cleaned_data["services"])


class CompensationForm(forms.Form):
    """Another control that does the work of this one."""

    by = forms.CharField(
        label="Control that stands in", max_length=12, help_text="Its reference: AC-08.",
        widget=forms.TextInput(attrs={"class": "inw", "autocomplete": "off"}),
        error_messages={"required": "Write the reference of the other control."},
    )  # fmt: skip
    starts_on = DayField("Since", error_messages=_MISSING)
    reason = forms.CharField(
        label="How it does the work", widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
        error_messages={"required": "Say how it does what the other was for. An auditor reads this."},
    )  # fmt: skip

    def clean_by(self) -> Control:
        ref = self.cleaned_data["by"].strip().upper()
        found = Control.objects.filter(ref=ref).first()
        if found is None:
            raise forms.ValidationError(f"No control has the reference {ref}.")
        return found


class EndCompensationForm(forms.Form):
    """Why a control no longer stands in for another."""

    reason = forms.CharField(
        label="Why it no longer stands in", widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
        error_messages={"required": "Say why it no longer stands in: what does the work now?"},
    )  # fmt: skip


class OnForm(forms.Form):
    """A day in the past of a control."""

    on = DayField("As it stood on", error_messages=_MISSING)


class RemainingFilter(Filter):
    """What the list of what remains is narrowed by."""

    lack = forms.ChoiceField(
        label="Lacks", required=False, choices=[("", "An owner or a start"), ("owner", "An owner"), ("start", "A start date")]
    )
    role = forms.ChoiceField(label="Role", required=False)
    area = forms.ChoiceField(label="Family", required=False)

    def __init__(self, data: Any, *, roles: list[str], areas: list[str]) -> None:
        super().__init__(data)
        self.offer("role", [("", "Any role"), *((each, each) for each in roles)])
        self.offer("area", [("", "Any family"), *((each, each) for each in areas)])


class AssignForm(forms.Form):
    """What to set for the controls that are ticked; what is left empty stays as it is."""

    owner = MemberField(label="Owner", queryset=Membership.objects.none(), required=False, empty_label="Leave as it is")
    starts_on = DayField("Operates since", "Intervals are expected from this day on. Empty leaves it as it is.", required=False)
    implementation = forms.ChoiceField(
        label="How things stand", required=False,
        choices=[("", "Leave as it is"), *(each for each in Implementation.choices if each[0] != Implementation.RETIRED)],
    )  # fmt: skip

    def __init__(self, *args: Any, ticked: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticked = ticked
        self.fields["owner"].queryset = members_who_may(Permission.CONTROL_VIEW)  # type: ignore[attr-defined]

    @property
    def new(self) -> dict[str, Any]:
        """The fields to set, without those that stay."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if not self.ticked:
            raise forms.ValidationError("Tick the controls that it is for.")
        if not self.errors and not any(asked.values()):
            raise forms.ValidationError("Choose what to set: an owner, a day or how things stand.")
        return asked
