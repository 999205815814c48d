"""What the register is narrowed by, and what people decide about a gap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from controls.forms import owner_choices

from .models import GapState, Severity
from .populations import DIFFERENCE, INCOMPLETE, NIL, ROWS
from .reviews import LATE, REMOVAL, SKIPPED
from .running_out import RUNS_OUT
from .wanted import CANNOT_LOOK, CHECK_FAILS, EXCEPTION, MISSED, NOT_FRESH

Choices = list[tuple[str, str]]
RULES: Choices = [
    (CHECK_FAILS, "A check fails"), (NOT_FRESH, "Evidence is stale or missing"), (CANNOT_LOOK, "A connection cannot look"),
    (MISSED, "An interval of the period was missed"), (EXCEPTION, "A review reports an exception"),
    (RUNS_OUT, "A source will no longer keep what was not collected"),
    (INCOMPLETE, "A population is not complete"), (DIFFERENCE, "A population differs from the people list"),
    (ROWS, "Rows of a population deviate"), (NIL, "A population is empty without a word"), (SKIPPED, "A review was skipped"),
    (LATE, "A review was recorded after its date"), (REMOVAL, "Access was to go and is there"),
]  # fmt: skip
_STATES: Choices = [("", "Not closed"), *GapState.choices, ("all", "All")]


class GapFilter(Filter):
    """The filters of the register, as they stand in its address."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    severity = forms.ChoiceField(label="Severity", required=False, choices=[("", "Any"), *Severity.choices])
    state = forms.ChoiceField(label="State", required=False, choices=_STATES)
    area = forms.ChoiceField(label="Area", required=False)
    owner = forms.ChoiceField(label="Owner", required=False)
    rule = forms.ChoiceField(label="Found by", required=False, choices=[("", "Anything"), *RULES])
    overdue = forms.ChoiceField(label="Due", required=False, choices=[("", "Any day"), ("yes", "Overdue")])
    control = forms.CharField(label="Control", required=False, max_length=12)
    criterion = forms.CharField(label="Criterion", required=False, max_length=40)

    def __init__(self, data: Any, *, areas: Iterable[str], owners: Iterable[Membership]) -> None:
        super().__init__(data)
        self.offer("owner", owner_choices(owners))
        self.offer("area", [("", "All"), *((area, area) for area in areas)])


class AssignForm(forms.Form):
    """Who puts it right."""

    owner = MemberField(
        label="Owner", queryset=Membership.objects.none(), empty_label="Choose a member",
        error_messages={"required": "Choose who puts it right.", "invalid_choice": "Choose a present member."},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = workers()  # type: ignore[attr-defined]


def workers() -> QuerySet[Membership]:
    """Members who may be given a gap: whoever may work on their own."""
    return members_who_may(Permission.GAP_CHANGE_OWN)


class DueForm(forms.Form):
    """By when it is put right."""

    due_date = DayField("Due", "Empty: the usual days for its severity, counted from its opening.", required=False)


class OverrideForm(forms.Form):
    """Another severity, and why."""

    severity = forms.ChoiceField(
        label="Severity in force", required=False, choices=[("", "As computed"), *Severity.choices]
    )
    reason = forms.CharField(
        label="Why the computed one is wrong", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands beside the computed severity, which stays in sight. Readiness goes by the graver of the two.",
    )  # fmt: skip
