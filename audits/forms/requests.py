"""What a request asks, to whom it goes, and what is said of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from compliance.people.models import Membership
from controls.models import Control

from ..models import Audit, Request, RequestKind, RequestState
from ..selectors.requests import NOBODY, Narrowing, assignable, assignees_of, criteria_of
from ..services.requests import ASKED, fingerprint, values_of
from .base import Day, missing

_LONG = forms.Textarea(attrs={"rows": 5})


class RequestForm(forms.Form):
    """What is asked. `seen` tells, on saving, whether somebody changed the request meanwhile."""

    title = forms.CharField(
        label="What is asked for", max_length=200, error_messages=missing("Say what is asked for, in one line.")
    )
    detail = forms.CharField(required=False, max_length=10_000, widget=_LONG)
    criteria = forms.CharField(
        label="Criterion",
        required=False,
        max_length=120,
        help_text="One or several, such as CC6.2/CC6.3 or DC1-DC9; Engagement where it concerns none.",
    )
    kind = forms.ChoiceField(choices=RequestKind.choices, initial=RequestKind.DOCUMENT)
    auditor_ref = forms.CharField(label="The auditor's own reference", required=False, max_length=60)
    due_date = Day(label="Due")
    control = forms.ModelChoiceField(Control.objects.none(), required=False, empty_label="None in particular")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: Request | None = None, words_are_theirs: bool = False, **kwargs: Any) -> None:
        if item is not None:
            kwargs["initial"] = values_of(item) | {"seen": fingerprint(item)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["control"].queryset = Control.objects.order_by("ref")  # type: ignore[attr-defined]
        for name in ASKED if words_are_theirs else ():
            del self.fields[name]

    def seen_anew(self, item: Request) -> None:
        """After a conflict: what was typed stays, and the next save is measured against the request as it is now."""
        typed = QueryDict(mutable=True)
        typed.update({name: self[name].value() for name in self.fields})
        typed["seen"] = fingerprint(item)
        self.data = typed

    def asked(self) -> dict[str, Any]:
        """What was written, without the mark that tells conflicts."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class NewRequestForm(RequestForm):
    """What is asked, and perhaps at once of whom."""

    assignee = forms.ModelChoiceField(Membership.objects.none(), required=False, empty_label="Nobody yet")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = assignable()  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """To whom a request goes."""

    assignee = forms.ModelChoiceField(
        Membership.objects.none(), empty_label="Choose a person", error_messages=missing("Choose who is to answer it.")
    )

    def __init__(self, *args: Any, item: Request, **kwargs: Any) -> None:
        kwargs["initial"] = {"assignee": item.assignee_id}
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = assignable()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something goes back."""

    reason = forms.CharField(
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=missing("Say why, and what is missing."),
    )


class CommentForm(forms.Form):
    """One comment. Which of the three kinds is decided by where it is sent, never by a tick."""

    text = forms.CharField(
        label="Comment",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=missing("Write the comment first."),
    )


class FilterForm(forms.Form):
    """What the log is narrowed by. Lives in the address; a value that is not offered narrows by nothing."""

    state = forms.ChoiceField(required=False, choices=[("", "Any"), *RequestState.choices])
    assignee = forms.ChoiceField(required=False)
    criterion = forms.ChoiceField(required=False)
    overdue = forms.ChoiceField(required=False, choices=[("", "Any"), ("1", "Overdue only")])
    q = forms.CharField(label="Words", required=False, max_length=100)

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(member.pk), member.name) for member in assignees_of(audit)]
        self.fields["assignee"].choices = [("", "Anybody"), (NOBODY, "Nobody yet"), *people]  # type: ignore[attr-defined]
        criteria = [(ref, ref) for ref in criteria_of(audit)]
        self.fields["criterion"].choices = [("", "Any"), *criteria]  # type: ignore[attr-defined]

    def narrowing(self) -> Narrowing:
        """The filters that are set and well; the others narrow by nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return Narrowing(
            state=chosen.get("state", ""),
            assignee=chosen.get("assignee", ""),
            criterion=chosen.get("criterion", ""),
            overdue=chosen.get("overdue") == "1",
            text=chosen.get("q", ""),
        )
