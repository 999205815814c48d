"""Forms of third parties, their papers and their reviews."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.frameworks.choosing import RequirementsField
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.registers.models import System
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from compliance.web.line_field import LinesField

from .models import Incidents, Method, Opinion, Outcome, Party, PartyReport, ReportKind, Role
from .selectors import without_role

_CADENCES = [("", "No cadence"), ("1", "Every month"), ("3", "Every quarter"), ("6", "Twice a year"), ("12", "Every year")]


def _text(label: str, hint: str = "", *, rows: int = 3, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class PartyFilter(Filter):
    """What the list of third parties is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Any role"), *Role.choices])
    method = forms.ChoiceField(label="Method", required=False, choices=[("", "Any method"), *Method.choices])


class PartyForm(forms.Form):
    """The part that a third party plays."""

    system = forms.ModelChoiceField(
        label="Third party", queryset=System.objects.none(), required=False, empty_label="A new one, named below",
        help_text="Those of the scope register that have no role yet.",
    )  # fmt: skip
    name = forms.CharField(label="Name of a new one", max_length=200, required=False)
    role = forms.ChoiceField(
        label="Role", widget=forms.RadioSelect, choices=Role.choices,
        help_text="A subservice organisation’s controls are needed, with ours, to keep our commitments.",
    )  # fmt: skip
    method = forms.ChoiceField(
        label="Method", required=False, choices=[("", "Not chosen"), *Method.choices],
        help_text="Of a subservice organisation: carved out of our report, or its controls included and tested.",
    )  # fmt: skip
    purpose = _text("What it does for us")
    services_used = LinesField(
        label="Services in use", required=False,
        help_text="One on each line, named as its own reports name them: a report that leaves one out covers nothing of it.",
    )  # fmt: skip
    regions = LinesField(
        label="Regions in use", required=False, rows=2, help_text="One on each line. Empty where the region is of no account."
    )
    reviewer = MemberField(label="Reviewed by", queryset=Membership.objects.none(), required=False, empty_label="Nobody named")
    review_months = forms.TypedChoiceField(label="Review", required=False, choices=_CADENCES, coerce=int, empty_value=None)
    first_review_due = DayField("First review due", "Each later one is counted from this day.", required=False)

    def __init__(self, *args: Any, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = members_who_may(Permission.SCOPE_VIEW)  # type: ignore[attr-defined]
        if party is None:
            self.fields["system"].queryset = without_role()  # type: ignore[attr-defined]
            return
        del self.fields["system"], self.fields["name"]
        months = str(party.review_months or "")
        if months not in dict(_CADENCES):
            self.fields["review_months"].choices = [*_CADENCES, (months, f"Every {months} months")]  # type: ignore[attr-defined]


class ExpectedControlForm(forms.Form):
    """What we take the party to do."""

    text = _text("Control that we take it to have", required=True)
    requirements = RequirementsField(
        label="Criteria that it bears on", error_messages={"required": "Choose the criteria that it bears on."}
    )


class ReviewForm(forms.Form):
    """What came of the review that is open."""

    outcome = forms.ChoiceField(
        label="Outcome", widget=forms.RadioSelect, choices=[each for each in Outcome.choices if each[0] != Outcome.SKIPPED],
        error_messages={"required": "Say what came of it."},
    )  # fmt: skip
    note = _text("What was read and concluded", "An auditor reads this.", required=True)


class ReportForm(forms.Form):
    """A report or certificate, as it describes itself."""

    kind = forms.ChoiceField(label="Kind", choices=ReportKind.choices)
    issuer = forms.CharField(label="Issued by", max_length=200, help_text="The auditor or certification body.")
    starts_on = DayField("Speaks of the time from", "Empty for one that speaks of a single day.", required=False)
    ends_on = DayField("to", "Its last day, or the single day.")
    issued_on = DayField("Issued on", required=False)
    services = LinesField(
        label="Services that it covers", required=False, help_text="One on each line; all where it names every one."
    )
    regions = LinesField(
        label="Regions that it covers", required=False, rows=2, help_text="One on each line; all where it names every one."
    )
    opinion = forms.ChoiceField(label="Opinion", choices=Opinion.choices)
    exceptions = _text("Exceptions that it notes")
    nested = LinesField(
        label="Organisations that it carves out itself", required=False, rows=2,
        help_text="One on each line. Nobody looked at the controls there.",
    )  # fmt: skip


class LetterForm(forms.Form):
    """A bridge letter."""

    report = forms.ModelChoiceField(
        label="Carries on", queryset=PartyReport.objects.none(), empty_label=None,
        error_messages={"required": "Choose the report that it carries on."},
    )  # fmt: skip
    starts_on = DayField("From")
    ends_on = DayField("to", "Three months at most is usual.")
    services = LinesField(
        label="Services that it names", required=False, help_text="One on each line; all where it names every one."
    )
    signed_by = forms.CharField(label="Signed by", max_length=200, help_text="Name and title: it is management’s statement.")
    signed_on = DayField("Signed on", "Of the days after it nothing is said.")
    incidents = forms.ChoiceField(label="Incidents", choices=Incidents.choices)
    statement = _text("What it states", "Changes, incidents, or that there were none.")

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].queryset = party.reports.order_by("-ends_on", "-id")  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """How a carve-out within a report is dealt with."""

    answer = _text("How we deal with it", "Whose report was read, or why it is of no account.", rows=2, required=True)


class CuecsForm(forms.Form):
    """CUECs as they stand in a report."""

    text = forms.CharField(
        label="Controls that the report expects of us", widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One on each line. A number before a full stop, a bracket or a tab is kept: 1. Users are removed when they leave.",
        error_messages={"required": "Write at least one control."},
    )  # fmt: skip


class OwnCuecForm(forms.Form):
    """What a customer has to do."""

    text = _text("What a customer has to do", required=True)
    requirements = RequirementsField(
        label="Criteria that are met only with it", error_messages={"required": "Choose the criteria."}
    )
