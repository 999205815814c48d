"""Forms of access reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.registers.models import System
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from evidence.forms import FileForm
from evidence.media import CSV, TEXT, XLSX
from evidence.models import EvidenceRequirement, Source

from .models import CampaignState, RemovalState, Verdict
from .selectors import OVERDUE, STANDS, UNDECIDED, systems_with_accounts

Choices = list[tuple[str, str]]


def _reason(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": missing}
    )  # fmt: skip


class CampaignFilter(Filter):
    """What the list of campaigns is narrowed by."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), (OVERDUE, "Over its day"), *CampaignState.choices]
    )


class RemovalFilter(Filter):
    """What the list of removals is narrowed by."""

    state = forms.ChoiceField(
        label="State", required=False,
        choices=[("", "All"), (STANDS, "Not gone yet"), (OVERDUE, "Over its day"), *RemovalState.choices],
    )  # fmt: skip


class AccountFilter(Filter):
    """What the accounts of a campaign are narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    list = forms.ChoiceField(label="System", required=False)
    whose = forms.ChoiceField(label="Decided by", required=False, choices=[("", "Anybody"), ("mine", "Me")])
    mark = forms.ChoiceField(
        label="Marked", required=False,
        choices=[
            ("", "All accounts"), ("privileged", "Privileged"), ("unused", "Unused for 90 days"), ("orphan", "Nobody’s"),
            ("left", "Person has left"), ("service", "Service accounts"),
        ],
    )  # fmt: skip
    decided = forms.ChoiceField(
        label="Decision", required=False, choices=[("", "Any"), (UNDECIDED, "Not decided"), *Verdict.choices]
    )

    def __init__(self, data: Any, *, lists: Choices) -> None:
        super().__init__(data)
        self.offer("list", [("", "All systems"), *lists])


class ReviewersForm(forms.Form):
    """Who decides on a list."""

    reviewer = MemberField(label="Reviewer", queryset=Membership.objects.none(), empty_label="Choose somebody")
    stand_in = MemberField(
        label="Decides on the reviewer’s own account", queryset=Membership.objects.none(), required=False, empty_label="Nobody",
        help_text="Nobody decides on their own access. Needed where the reviewer has an account on the list.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_review = members_who_may(Permission.ACCESS_REVIEW_DECIDE_OWN)
        for name in ("reviewer", "stand_in"):
            self.fields[name].queryset = may_review  # type: ignore[attr-defined]


class _RequirementField(forms.ModelChoiceField):
    def label_from_instance(self, obj: EvidenceRequirement) -> str:
        return f"{obj.control.ref} {obj.title} ({obj.ref})"


class CampaignForm(ReviewersForm):
    """A new campaign."""

    name = forms.CharField(label="Name", max_length=200, help_text="Such as “Access review, fourth quarter 2026”.")
    requirement = _RequirementField(
        label="What it shows", queryset=EvidenceRequirement.objects.none(), empty_label="Choose an evidence requirement",
        help_text="The result becomes evidence of it, to be approved by another person.",
    )  # fmt: skip
    covers_from = DayField("It covers from")
    covers_to = DayField("to")
    due_on = DayField("Due", "Completed later it is late, and stays so.")
    removal_days = forms.IntegerField(
        label="Days to carry out a removal", min_value=1, max_value=90, initial=14,
        help_text="Calendar days from the decision. Two weeks are ten working days.",
    )  # fmt: skip
    systems = forms.ModelMultipleChoiceField(
        label="Systems", queryset=System.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the systems whose accounts are reviewed."},
    )  # fmt: skip
    field_order = (
        "name", "requirement", "covers_from", "covers_to", "due_on", "removal_days", "reviewer", "stand_in", "systems",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = EvidenceRequirement.objects.filter(source=Source.PERSON).select_related("control").order_by("control__ref", "ref")
        self.fields["requirement"].queryset = asked  # type: ignore[attr-defined]
        self.fields["systems"].queryset = systems_with_accounts()  # type: ignore[attr-defined]
        self.fields["reviewer"].help_text = "Reviews the systems whose owner may not. Each list may be given to another later."


class BringForm(FileForm):
    """A system's list of accounts as a file."""

    drawn_on = DayField("Drawn on", "The day on which the system wrote the list, not the day of this upload.")
    note = forms.CharField(
        label="How it was made", max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Which page or query of the system, with which filters. An auditor asks whether the list is complete.",
        error_messages={"required": "Say how the list was made: an auditor asks whether it is complete."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "The list, as CSV or XLSX"
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"
        self.fields["file"].help_text = (
            "One account a line, with a column headed Account or Email. Also read: Name, Role, Privileged, Last used, Since, "
            "Status, Service account."
        )

    def clean_file(self) -> Any:
        file = super().clean_file()
        if self.kind not in (CSV, XLSX, TEXT):
            raise forms.ValidationError("Bring the list as CSV or XLSX.")
        return file


class SkipForm(forms.Form):
    """That a review will not be completed."""

    reason = _reason(
        "Why", "An auditor reads this beside the interval that stays empty.",
        "Say why it is skipped. It stays skipped, and an auditor will ask.",
    )  # fmt: skip


class SignForm(forms.Form):
    """That everything on a list is decided."""

    answer = forms.CharField(
        label="Nothing was changed. How do you know that nobody has too much?", max_length=5_000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In words, for whoever completes the review: whom you asked, what you compared. A year without any change is "
        "read as not reviewed.",
    )  # fmt: skip


class ManyForm(forms.Form):
    """One decision on every account that is ticked."""

    verdict = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, choices=[(Verdict.KEEP.value, "Keep"), (Verdict.REMOVE.value, "Remove")],
        error_messages={"required": "Choose keep or remove."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed to remove, and to keep what is marked. The same stands with each.",
    )  # fmt: skip


def first_days(data: Any) -> dict[str, date]:
    """The days that an offer put into the address, those that can be read."""
    found = {}
    for field, name in (("covers_from", "from"), ("covers_to", "to"), ("due_on", "due")):
        try:
            found[field] = date.fromisoformat(str(data.get(name, "")))
        except ValueError:
            continue
    return found
