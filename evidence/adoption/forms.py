"""The forms of the steps. Each knows the plan that it changes: `apply` writes what was chosen into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from compliance.people.models import Membership
from compliance.web.day_field import DayField
from compliance.web.serializers import FIRST_DAY, LAST_DAY
from controls.models import Implementation

from .offer import Family
from .plan import ALL, PLANNED, Plan

STATES = [(each.value, each.label) for each in Implementation if each != Implementation.RETIRED]
NOBODY = "nobody"


class ChooseForm(forms.Form):
    """Which controls."""

    refs = forms.MultipleChoiceField(
        label="Controls", error_messages={"required": "Choose at least one control."}
    )

    def __init__(self, *args: Any, families: Sequence[Family], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refs"].choices = [(c.ref, c.ref) for family in families for c in family.controls]  # type: ignore[attr-defined]

    def apply(self, plan: Plan) -> None:
        plan.refs = set(self.cleaned_data["refs"])


class TickedForm(forms.Form):
    """A step whose rows can be ticked, to say something for those alone. `ticks` are the references that were ticked."""

    def __init__(self, *args: Any, ticks: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticks = list(ticks)
        self.act = ""

    def need_ticks(self) -> None:
        if not self.ticks:
            raise forms.ValidationError("Tick the controls that it is for.")


class OwnersForm(TickedForm):
    """A person for each owner role; and one for the controls that are ticked."""

    person = forms.ChoiceField(label="Give what is ticked to", required=False)

    def __init__(self, *args: Any, roles: Mapping[str, int], plan: Plan, people: Mapping[str, Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(key, f"{each.name}, {each.title}" if each.title else each.name) for key, each in people.items()]
        self.roles = dict(roles)
        for number, role in enumerate(self.roles):
            present = plan.roles.get(role, "")
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=role, required=False, choices=[("", "Nobody named yet"), *named],
                initial=present if present in people else "", help_text=f"{roles[role]} control{'' if roles[role] == 1 else 's'}",
            )  # fmt: skip
        self.fields["person"].choices = [("", "Choose a person"), (NOBODY, "Nobody for now"), *named]  # type: ignore[attr-defined]

    @property
    def role_fields(self) -> Iterator[BoundField]:
        """The field of each role."""
        return (self[f"role_{number}"] for number in range(len(self.roles)))

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if self.act in {"give", "forget"}:
            self.need_ticks()
        if self.act == "give" and "person" in asked and not asked["person"]:
            self.add_error("person", "Choose whom to give them to.")
        return asked

    def apply(self, plan: Plan) -> None:
        asked = self.cleaned_data
        plan.roles = {
            role: asked[f"role_{number}"] for number, role in enumerate(self.roles) if asked.get(f"role_{number}")
        } | {role: who for role, who in plan.roles.items() if role not in self.roles}
        if self.act == "give":
            plan.set_for(self.ticks, owner="" if asked["person"] == NOBODY else asked["person"])
        elif self.act == "forget":
            plan.forget(self.ticks, "owners")


class DatesForm(TickedForm):
    """Since when controls operate and how things stand: for all, for a family, for the controls that are ticked."""

    all_start = DayField(
        "Operates since", "Intervals are expected from this day on. Empty: from the first day of the period.", required=False
    )
    all_state = forms.ChoiceField(
        label="How things stand", widget=forms.RadioSelect,
        choices=[
            ("planned", "Planned: each is put in place one by one, and marked when it is"),
            ("partly", "Partly in place: some of what the statements say is done"),
            ("implemented", "In place: what the statements say is what is done"),
        ],
        error_messages={"required": "Say how things stand."},
    )  # fmt: skip
    start = DayField("Operates since", required=False)
    state = forms.ChoiceField(label="How things stand", required=False, choices=[("", "Leave as it is"), *STATES])

    def __init__(self, *args: Any, families: Sequence[Family], plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.families = list(families)
        self.fields["all_start"].initial = plan.starts.get(ALL, "")
        self.fields["all_state"].initial = plan.states.get(ALL, PLANNED)
        for family in self.families:
            start, state = DayField(f"{family.area}: operates since", required=False), forms.ChoiceField(
                label=f"{family.area}: how things stand", required=False, choices=[("", "As for all"), *STATES]
            )  # fmt: skip
            start.widget.attrs["class"] = state.widget.attrs["class"] = "in"
            start.initial, state.initial = plan.starts.get(family.key, ""), plan.states.get(family.key, "")
            self.fields |= {f"start_{family.key}": start, f"state_{family.key}": state}

    @property
    def family_rows(self) -> Iterator[tuple[Family, BoundField, BoundField]]:
        return ((each, self[f"start_{each.key}"], self[f"state_{each.key}"]) for each in self.families)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        for name in [name for name in asked if name == "start" or "_start" in name or name.startswith("start_")]:
            if asked[name] and not FIRST_DAY <= asked[name] <= LAST_DAY:
                self.add_error(name, f"Give a day from {FIRST_DAY} to {LAST_DAY}.")
        if self.act in {"give", "forget"}:
            self.need_ticks()
        if self.act == "give" and not self.errors and not asked.get("start") and not asked.get("state"):
            self.add_error("start", "Give a day, or say how things stand.")
        return asked

    def apply(self, plan: Plan) -> None:
        asked = self.cleaned_data
        days = {ALL: asked["all_start"]} | {each.key: asked[f"start_{each.key}"] for each in self.families}
        states = {ALL: asked["all_state"]} | {each.key: asked[f"state_{each.key}"] for each in self.families}
        plan.starts = {key: value for key, value in plan.starts.items() if key not in days} | {
            key: day.isoformat() for key, day in days.items() if day
        }
        plan.states = {key: value for key, value in plan.states.items() if key not in states} | {
            key: state for key, state in states.items() if state
        }
        if self.act == "give":
            plan.set_for(self.ticks, start=asked["start"], state=asked["state"])
        elif self.act == "forget":
            plan.forget(self.ticks, "starts", "states")
