"""Forms of control reviews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from controls.forms import owner_choices

from .models import CADENCES, ReviewState
from .selectors import ALL, ESCALATED, OVERDUE

Choices = list[tuple[str, str]]
STATES: Choices = [
    ("", "To be answered"), (OVERDUE, "Overdue"), (ESCALATED, "Escalated"),
    *[(each.value, str(each.label)) for each in ReviewState if each != ReviewState.OPEN], (ALL, "All"),
]  # fmt: skip


def _text(label: str, hint: str, missing: str = "", *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=bool(missing), max_length=10_000, widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else {},
    )  # fmt: skip


class ReviewFilter(Filter):
    """What the list is narrowed by. What cannot be read is left out."""

    state = forms.ChoiceField(label="State", required=False, choices=[*STATES, (ReviewState.OPEN.value, "Open")])
    owner = forms.ChoiceField(label="Owner", required=False)
    control = forms.CharField(label="Control", required=False, max_length=12)
    due = forms.ChoiceField(
        label="Due", required=False,
        choices=[("", "Any day"), ("week", "Within a week"), ("month", "Within 30 days"), ("quarter", "Within 92 days")],
    )  # fmt: skip

    def __init__(self, data: Any, *, owners: Iterable[Membership]) -> None:
        super().__init__(data)
        self.offer("owner", owner_choices(owners))


class AttestForm(forms.Form):
    """That the control was performed."""

    performed_on = DayField("Performed on", "The day on which it was done, not the day on which you write this.")
    said = _text(
        "What was done", "Who did what, with what result, so that somebody else can follow it.",
        "Say what was done, so that somebody else can follow it.",
    )  # fmt: skip
    evidence = forms.MultipleChoiceField(
        label="What shows it", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "This is not among what shows the control."},
    )  # fmt: skip
    stands = _text(
        "Or why what systems collect stands for it",
        "Where nothing is chosen above: which collected evidence shows that it was done, and how.",
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offered:
            self.fields["evidence"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"]
            self.fields["stands"].label = "Why what systems collect stands for it"
            self.fields["stands"].help_text = "Nothing is linked to the control yet: say what shows that it was done."


class ExceptionForm(forms.Form):
    """That the control was not performed as it is stated."""

    said = _text("What did not happen", "Which part, since when, how many.", "Say what did not happen, and when.")
    consequence = _text(
        "What follows from it", "What could have gone wrong meanwhile, and whether it did.",
        "Say what follows from it, or that nothing does and why.",
    )  # fmt: skip
    remedy = _text("What is done about it", "Who does what by when.", "Say what is done about it.")


class SkipForm(forms.Form):
    """That a review will not take place."""

    reason = _text(
        "Why", "An auditor reads this beside the interval that stays empty.",
        "Say why it is skipped. It stays skipped, and an auditor will ask.",
    )  # fmt: skip


class CadenceForm(forms.Form):
    """How often a control is reviewed."""

    cadence = forms.ChoiceField(label="Reviewed", required=False)
    reason = _text("Why at another cadence than it is performed", "Needed where one is chosen.", rows=2)

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadence"].choices = [("", f"As it is performed ({usual})"), *CADENCES]  # type: ignore[attr-defined]


class DelegationForm(forms.Form):
    """Who stands in for whom, and when."""

    owner = MemberField(label="Who is on leave", queryset=Membership.objects.none(), empty_label="Choose somebody")
    delegate = MemberField(label="Who answers meanwhile", queryset=Membership.objects.none(), empty_label="Choose somebody")
    starts_on = DayField("First day")
    ends_on = DayField("Last day")
    reason = forms.CharField(label="Why", max_length=500, error_messages={"required": "Say why: leave, parental leave, illness."})

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answering = members_who_may(Permission.REVIEW_ANSWER_OWN)
        manages = member.may(Permission.REVIEW_MANAGE)
        owners = answering if manages else answering.filter(pk=member.pk)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["delegate"].queryset = answering  # type: ignore[attr-defined]
        if not manages:
            self.fields["owner"].initial = member.pk
            self.fields["owner"].empty_label = None  # type: ignore[attr-defined]
