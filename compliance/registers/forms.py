"""Forms of the scope register."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter

from .models import ENVIRONMENTS, Decision, Kind, Service, System
from .selectors import data_classes


class SystemFilter(Filter):
    """What the register is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=300)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any kind"), *Kind.choices])
    decision = forms.ChoiceField(label="Decision", required=False, choices=[("", "Any decision"), *Decision.choices])
    environment = forms.ChoiceField(
        label="Environment", required=False, choices=[("", "Any environment"), *(each for each in ENVIRONMENTS if each[0])]
    )
    holds = forms.ChoiceField(label="Holds", required=False)
    service = forms.CharField(label="Service", required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, classes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("holds", [("", "Anything"), *classes.items()])


class OwnerField(forms.ModelChoiceField):
    """A member who may own something here."""

    def label_from_instance(self, obj: Membership) -> str:
        return obj.name


class ServicesField(forms.ModelMultipleChoiceField):
    """Services, by reference and name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Service) -> str:
        return str(obj)


class SystemField(forms.ModelChoiceField):
    """An entry of the register, by reference and name."""

    def label_from_instance(self, obj: System) -> str:
        return str(obj)


class SystemForm(forms.Form):
    """What is known of a system."""

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices)
    external_id = forms.CharField(
        label="Identifier", max_length=300, required=False,
        help_text="As a connection names it, so that it is recognised: github:acme/api, an AWS account number.",
    )  # fmt: skip
    environment = forms.ChoiceField(label="Environment", required=False)
    data_classes = forms.MultipleChoiceField(
        label="What it holds", required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    services = ServicesField(
        label="Services that it serves", required=False, queryset=Service.objects.none(),
        help_text="None ticked means all of them.",
    )  # fmt: skip
    owner = OwnerField(label="Owner", required=False, queryset=Membership.objects.none(), empty_label="Nobody named")
    vendor = forms.CharField(label="Provided by", max_length=120, required=False)
    description = forms.CharField(label="What it is for", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    service_account = forms.BooleanField(
        label="This is a service account, not a person", required=False,
        help_text="Checks of people then leave it out.",
    )  # fmt: skip

    def __init__(self, *args: Any, system: System | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_who_may(Permission.SCOPE_VIEW)  # type: ignore[attr-defined]
        choices, present = list(ENVIRONMENTS), system.environment if system else ""
        if present not in dict(choices):
            choices.append((present, present))
        self.fields["environment"].choices = choices  # type: ignore[attr-defined]
        self.fields["data_classes"].choices = classes_with(system.data_classes if system else ())  # type: ignore[attr-defined]
        services = list(Service.objects.order_by("id"))
        if services:
            self.fields["services"].queryset = Service.objects.order_by("id")  # type: ignore[attr-defined]
        else:
            del self.fields["services"]


def classes_with(held: Any = ()) -> list[tuple[str, str]]:
    """The data classes that may be ticked, and those that are there already though no list has them."""
    known = data_classes()
    return [*known.items(), *((each, each) for each in held if each not in known)]


class DecisionForm(forms.Form):
    """In or out, and why."""

    decision = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect,
        choices=[(Decision.IN.value, Decision.IN.label), (Decision.OUT.value, Decision.OUT.label)],
        error_messages={"required": "Decide in or out."},
    )  # fmt: skip
    justification = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="An auditor reads this, and so does whoever comes after you.",
        error_messages={"required": "Say why. An auditor reads this."},
    )  # fmt: skip
    effective_on = DayField(
        "Holds from", "Where it has been so since an earlier day; else it holds from today.", required=False
    )


class Ticked(forms.Form):
    """Several systems that were ticked in a list."""

    systems = forms.TypedMultipleChoiceField(coerce=str, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["systems"]
        field.choices = [(each, each) for each in chosen]  # type: ignore[attr-defined]
        field.error_messages["required"] = "Tick the systems that this is about."


class ManyDecisionsForm(DecisionForm, Ticked):
    """The same decision on several systems."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["systems"].error_messages["required"] = "Tick the systems that the decision is about."


_LEAVE, _EMPTY = "", "-"


class ManyChangesForm(Ticked):
    """The same fields, and perhaps the same decision, for several systems, with one reason."""

    decision = forms.ChoiceField(
        label="Decision", required=False,
        choices=[(_LEAVE, "Leave as it is"), (Decision.IN.value, "In scope"), (Decision.OUT.value, "Out of scope")],
    )  # fmt: skip
    environment = forms.ChoiceField(
        label="Environment", required=False,
        choices=[(_LEAVE, "Leave as it is"), (_EMPTY, "Not said"), *(each for each in ENVIRONMENTS if each[0])],
    )  # fmt: skip
    owner = forms.ChoiceField(label="Owner", required=False)
    vendor = forms.CharField(label="Provided by", max_length=120, required=False, help_text="Empty leaves it as it is.")
    data_classes = forms.MultipleChoiceField(
        label="What they hold", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Takes the place of what is said now. None ticked leaves it as it is.",
    )  # fmt: skip
    services = ServicesField(
        label="Services that they serve", required=False, queryset=Service.objects.none(),
        help_text="Takes the place of what is said now. None ticked leaves it as it is.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 3}), help_text="One reason for all. An auditor reads this.",
        error_messages={"required": "Say why. An auditor reads this."},
    )  # fmt: skip

    def __init__(self, *args: Any, may_decide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(each.pk): each for each in members_who_may(Permission.SCOPE_VIEW)}
        people = [(key, each.name) for key, each in self.owners.items()]
        self.fields["owner"].choices = [(_LEAVE, "Leave as it is"), (_EMPTY, "Nobody"), *people]  # type: ignore[attr-defined]
        self.fields["data_classes"].choices = classes_with()  # type: ignore[attr-defined]
        if services := list(Service.objects.order_by("id")):
            self.fields["services"].queryset = Service.objects.filter(pk__in=[each.pk for each in services])  # type: ignore[attr-defined]
        else:
            del self.fields["services"]
        if not may_decide:
            del self.fields["decision"]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.changes and not asked.get("decision"):
            raise forms.ValidationError("Choose what to set.")
        return asked

    @property
    def changes(self) -> dict[str, Any]:
        """The fields to set, without those that are left as they are."""
        asked = self.cleaned_data
        found = {name: asked[name] for name in ("vendor", "data_classes") if asked.get(name)}
        if asked.get("services"):
            found["services"] = list(asked["services"])
        if asked.get("environment"):
            found["environment"] = "" if asked["environment"] == _EMPTY else asked["environment"]
        if asked.get("owner"):
            found["owner"] = self.owners.get(asked["owner"])
        return found


class ServiceForm(forms.Form):
    """What customers get."""

    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(
        label="What customers get", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    owner = OwnerField(label="Owner", required=False, queryset=Membership.objects.none(), empty_label="Nobody named")
    active = forms.BooleanField(
        label="It is offered", required=False, initial=True, help_text="One that has ended stays on record."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_who_may(Permission.SCOPE_VIEW)  # type: ignore[attr-defined]


class FlowFilter(Filter):
    """What the list of flows is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=300)
    holds = forms.ChoiceField(label="Carries", required=False)
    encrypted = forms.ChoiceField(
        label="Encrypted", required=False,
        choices=[("", "Either"), ("yes", "Encrypted"), ("no", "Not encrypted"), ("unsaid", "Not said")],
    )  # fmt: skip

    def __init__(self, *args: Any, classes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("holds", [("", "Anything"), *classes.items()])


class FlowForm(forms.Form):
    """Data that goes from one entry of the register to another."""

    source = SystemField(label="From", queryset=System.objects.none(), empty_label="Choose an entry of the register")
    target = SystemField(label="To", queryset=System.objects.none(), empty_label="Choose an entry of the register")
    direction = forms.ChoiceField(
        label="Direction", choices=[("one_way", "One way"), ("both_ways", "Both ways")], initial="one_way"
    )
    data_classes = forms.MultipleChoiceField(
        label="What it carries", required=False, widget=forms.CheckboxSelectMultiple
    )
    encrypted = forms.TypedChoiceField(
        label="Encrypted on the way", required=False, empty_value=None, choices=[("", "Not said"), ("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
    )  # fmt: skip
    description = forms.CharField(
        label="What for", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, held: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            self.fields[name].queryset = System.objects.order_by("id").only("ref", "name", "organization")  # type: ignore[attr-defined]
        self.fields["data_classes"].choices = classes_with(held)  # type: ignore[attr-defined]


class DataClassForm(forms.Form):
    """A data class of one's own."""

    name = forms.CharField(label="Name of a further class", max_length=80)


class WorkerFilter(Filter):
    """What the people list is narrowed by."""

    q = forms.CharField(label="Find", required=False)
    only = forms.ChoiceField(
        label="Show", required=False, choices=[("", "Everybody"), ("here", "Working here"), ("left", "Left")]
    )


class RosterFileForm(forms.Form):
    """A people list to look through before it is taken over."""

    file = forms.FileField(
        label="CSV file", help_text="Commas, semicolons or tabs. The first line names the columns.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip
