"""Forms of the matrix itself: one row that is edited in its place, many controls at once, a view to keep."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField

from .models import Control, Frequency, Implementation
from .services.change import fingerprint

#: What is edited in the row, in its order.
IN_PLACE = ("owner", "frequency", "implementation", "starts_on", "key")
_IN_USE = [each for each in Implementation.choices if each[0] != Implementation.RETIRED]
_FREQUENCIES = [("", "Not said"), *Frequency.choices]
LEAVE, EMPTY = "", "-"


class RowForm(forms.Form):
    """A control's owner, cadence, implementation, start and weight, as they stand in its row."""

    owner = MemberField(label="Owner", queryset=Membership.objects.none(), required=False, empty_label="Nobody named")
    frequency = forms.ChoiceField(label="Cadence", required=False, choices=_FREQUENCIES)
    implementation = forms.ChoiceField(label="In place", choices=_IN_USE)
    starts_on = DayField("In place since", required=False)
    key = forms.BooleanField(label="Key control", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, control: Control) -> None:
        initial = {name: getattr(control, name) for name in IN_PLACE} | {"seen": fingerprint(control)}
        super().__init__(data, initial=initial, auto_id="row_%s", label_suffix="")
        self.fields["owner"].queryset = _owners(control)  # type: ignore[attr-defined]
        if control.implementation == Implementation.RETIRED:
            del self.fields["implementation"]

    @property
    def stated(self) -> dict[str, Any]:
        """What was put in, by field of the control; needs a valid form."""
        return {name: self.cleaned_data[name] for name in IN_PLACE if name in self.cleaned_data}

    def hold_against(self, control: Control) -> None:
        """Say beside each field that differs what it says now, and let the same form be sent again over it."""
        for name, mine in self.stated.items():
            present = getattr(control, name)
            if present != mine:
                self.add_error(name, f"It now says: {said(name, present)}.")
        self.data = {**self.data, "seen": fingerprint(control)}  # what was sent cannot be changed itself


def _owners(control: Control) -> QuerySet[Membership]:
    """Those who may own a control, and the one who does: also where they have left since."""
    able = members_who_may(Permission.CONTROL_VIEW).order_by().values("pk")
    return Membership.objects.filter(Q(pk__in=able) | Q(pk=control.owner_id)).order_by("name", "id")


def said(name: str, value: Any) -> str:
    """A value of a field as a person reads it."""
    if name == "key":
        return "key control" if value else "supports others"
    if isinstance(value, Membership):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    words = {"frequency": dict(Frequency.choices), "implementation": dict(Implementation.choices)}.get(name, {})
    return str(words.get(value, value or "")) or {"owner": "nobody", "starts_on": "from the period’s first day"}.get(name, "not said")


class ManyForm(forms.Form):
    """What to set for several controls at once. What is left as it is stays as it is."""

    owner = forms.ChoiceField(label="Owner", required=False)
    frequency = forms.ChoiceField(
        label="Cadence", required=False, help_text="Another cadence lets the design be concluded on anew.",
        choices=[(LEAVE, "Leave as it is"), (EMPTY, "Not said"), *Frequency.choices],
    )  # fmt: skip
    implementation = forms.ChoiceField(
        label="In place", required=False, choices=[(LEAVE, "Leave as it is"), *_IN_USE],
        help_text="A control is retired on its own page, with the reason.",
    )  # fmt: skip
    starts_on = DayField("In place since", "Empty leaves it as it is.", required=False)
    key = forms.ChoiceField(
        label="Weight", required=False,
        choices=[(LEAVE, "Leave as it is"), ("yes", "Key control"), ("no", "Supports others")],
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.people = {str(each.pk): each for each in members_who_may(Permission.CONTROL_VIEW)}
        people = [(key, each.name) for key, each in self.people.items()]
        self.fields["owner"].choices = [(LEAVE, "Leave as it is"), (EMPTY, "Nobody"), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.changes:
            raise forms.ValidationError("Choose what to set.")
        return asked

    @property
    def changes(self) -> dict[str, Any]:
        """What was chosen to be set, by field of the control."""
        asked = {name: value for name, value in self.cleaned_data.items() if value not in (LEAVE, None)}
        if "owner" in asked:
            asked["owner"] = self.people.get(asked["owner"])
        if asked.get("frequency") == EMPTY:
            asked["frequency"] = ""
        if "key" in asked:
            asked["key"] = asked["key"] == "yes"
        return asked


class ViewForm(forms.Form):
    """A saved view: what it is called, and who sees it."""

    name = forms.CharField(
        label="Name", max_length=80, error_messages={"required": "Give it a name."}, widget=forms.TextInput(attrs={"class": "inw"})
    )
    shared = forms.BooleanField(label="For everybody in the room", required=False)

    def __init__(self, data: Any = None, *, may_share: bool, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        if not may_share:
            del self.fields["shared"]
