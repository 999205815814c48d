"""Forms of evidence requests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from evidence.forms import FileForm
from evidence.models import EvidenceRequirement, Source

from .models import AskState
from .selectors import OVERDUE


class AskFilter(Filter):
    """What the list of requests is narrowed by."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), (OVERDUE, "Overdue"), *AskState.choices]
    )
    whose = forms.ChoiceField(label="Asked of", required=False, choices=[("", "Anybody"), ("mine", "Me")])


class _RequirementField(forms.ModelChoiceField):
    def label_from_instance(self, obj: EvidenceRequirement) -> str:
        return f"{obj.control.ref} {obj.title} ({obj.ref})"


class AskForm(forms.Form):
    """A request: of whom, for what, by when."""

    requirement = _RequirementField(
        label="What is needed", queryset=EvidenceRequirement.objects.none(), empty_label="Choose an evidence requirement",
        help_text="What it is and what has to be seen on it stands on the requirement; whoever is asked reads that.",
    )  # fmt: skip
    member = MemberField(label="A colleague", queryset=Membership.objects.none(), required=False, empty_label="Somebody outside")
    email = forms.EmailField(
        label="Or somebody outside, by mail", required=False, max_length=254,
        help_text="They get a link that opens this request alone. They need no account.",
    )  # fmt: skip
    name = forms.CharField(label="Their name", required=False, max_length=200)
    due_on = DayField("Due")
    note = forms.CharField(
        label="Note", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you would say to them: which system, which quarter, whom to ask.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = EvidenceRequirement.objects.filter(source=Source.PERSON).select_related("control").order_by("control__ref", "ref")
        self.fields["requirement"].queryset = asked  # type: ignore[attr-defined]
        self.fields["member"].queryset = members()  # type: ignore[attr-defined]


class AnswerForm(FileForm):
    """The file that was asked for, and of which days it speaks, in plain words."""

    first = DayField("It shows how things were from", "The first day that the file is about, not today.")
    last = DayField("to", "The last day. For a picture of one moment the same day.")
    note = forms.CharField(
        label="How it was made", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where in which system, with which filter. It is kept with the file.",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        first, last = asked.get("first"), asked.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and day > self.today:
                self.add_error(name, "This day has not come yet.")
        if first and last and last < first:
            self.add_error("last", "It ends before it starts.")
        return asked


class JudgeForm(forms.Form):
    """Accept what was handed in, or return it."""

    verdict = forms.ChoiceField(
        label="Does it show what was asked?", widget=forms.RadioSelect, choices=[("accept", "Accept it"), ("return", "Return it")],
        error_messages={"required": "Accept it or return it."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="To return it a reason is needed: whoever was asked reads it.",
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Ask no more."""

    reason = forms.CharField(
        label="Why", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is not needed any more."},
    )  # fmt: skip
