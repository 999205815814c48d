"""Forms of rounds."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField

from .models import Cadence


def _text(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ConfirmationForm(forms.Form):
    """That the auditor confirmed it, and where that is written."""

    confirmed_by = forms.CharField(label="Who confirmed it", max_length=200)
    firm = forms.CharField(label="Of the firm", max_length=200, required=False)
    confirmed_on = DayField("On")
    source = forms.CharField(
        label="Where it is written", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The letter, mail or minutes, with its day, so that it can be found.",
    )  # fmt: skip


class OpenReviewForm(forms.Form):
    """A new review."""

    cadence = forms.ChoiceField(label="Which review", choices=Cadence.choices)
    covers_from = DayField("Looks back from")
    covers_to = DayField("to")


class ReviewForm(forms.Form):
    """What was said in a review."""

    held_on = DayField("Held on", required=False)
    attended = forms.CharField(label="Who took part", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
    framework_changes = _text("Framework changes", "New versions, guidance, requests of the auditor; or that there were none.")
    business_changes = _text("Business changes", "What of the changes below bears on controls; or that there were none.")
    scope = _text("Scope", "What follows for systems, services, categories and third parties; or that nothing does.")
    lessons = _text("Lessons", "What went better or worse than planned, and what is done differently.")


class ActionForm(forms.Form):
    """What is asked of whom, by when."""

    text = forms.CharField(label="Action", max_length=500)
    owner = MemberField(label="Owner", queryset=Membership.objects.none())
    due_on = DayField("Due")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_who_may(Permission.ROUND_ACT_OWN)  # type: ignore[attr-defined]


class DoneForm(forms.Form):
    """How it was done."""

    note = forms.CharField(label="How it was done", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}))
