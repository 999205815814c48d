"""Forms of statements of applicability."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.parties.models import Party
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter

from .lacks import Lack
from .models import Decision, Doer, Driver, Row
from .services.climate import LONGEST as LONGEST_CLIMATE
from .services.signing import LONGEST as LONGEST_SIGNATURE
from .services.writing import LONGEST, LONGEST_NOTE

_DAY = {"invalid": "Give a day as year-month-day."}
_LEAVE = ("", "Leave as it is")
_LACKS = [(lack.value, lack.value.capitalize()) for lack in Lack if lack != Lack.AGAIN]


class RowsFilter(Filter):
    """What the rows of a statement are narrowed by. What cannot be read is left out."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    decision = forms.ChoiceField(
        label="Decision", required=False,
        choices=[("", "Any"), *Decision.choices, ("proposed", "Undecided, proposed")],
    )  # fmt: skip
    theme = forms.ChoiceField(label="Theme", required=False)
    lacks = forms.ChoiceField(
        label="Lacks", required=False,
        choices=[("", "Anything or nothing"), ("any", "Anything"), *_LACKS, ("control", "Control mapped"),
                 ("evidence", "Current evidence")],
    )  # fmt: skip
    again = forms.ChoiceField(label="Exclusions", required=False, choices=[("", "Any"), ("yes", "To be looked at again")])

    def __init__(self, data: Any, *, themes: Iterable[str]) -> None:
        super().__init__(data)
        self.offer("theme", [("", "All"), *((each, each) for each in themes)])


def _long(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


def _note(driver: Driver, help_text: str) -> forms.CharField:
    return forms.CharField(label=str(driver.label), help_text=help_text, required=False, max_length=LONGEST_NOTE)


class PartyField(forms.ModelChoiceField):
    """A third party by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class RowForm(forms.Form):
    """One row: the decision, and what the statement says of it either way."""

    decision = forms.ChoiceField(label="Decision", choices=Decision.choices, widget=forms.RadioSelect)
    risk = _note(Driver.RISK, "Which risk it treats. Empty where no risk drives it.")
    law = _note(Driver.LAW, "Which law or regulation asks for it.")
    contract = _note(Driver.CONTRACT, "Which contract or promise asks for it.")
    interested_party = _note(Driver.INTERESTED_PARTY, "Who else asks for it, and where.")
    treatment = _long("Treatment", "How it is carried out here: what is done, by what, for what.", rows=4)
    implementation = forms.ChoiceField(
        label="Carried out", required=False, choices=[("", "Not said"), *Doer.choices],
        help_text="Own: by this organisation. Shared: each does a part. Inherited: a third party does all of it.",
    )  # fmt: skip
    party = PartyField(
        label="With or from whom", required=False, queryset=Party.objects.none(), empty_label="Nobody named",
        help_text="For what is shared or inherited.",
    )  # fmt: skip
    owner = MemberField(label="Owner", required=False, queryset=Membership.objects.none(), empty_label="Nobody named")
    scope_reason = _long("Scope reason", "What of the scope makes it unnecessary. “Not relevant” is no reason.")
    risk_considered = _long("Risk considered", "Which risk was considered, and why it is borne without this control.")
    review_on = DayField("Looked at again on", "Within three years.", required=False, error_messages=_DAY)
    again = forms.BooleanField(label="I looked at it again, and the exclusion stands", required=False)
    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, row: Row, came_back: bool, begin_with: dict[str, Any]) -> None:
        present = {name: getattr(row, name) for name in _PLAIN} | dict(row.drivers)
        super().__init__(data, initial=present | begin_with)
        offer_people_and_parties(self)
        if not came_back:
            del self.fields["again"]

    @property
    def drivers(self) -> dict[str, str]:
        """The drivers whose note says something."""
        return {driver.value: note for driver in Driver if (note := self.cleaned_data[driver.value].strip())}

    @property
    def values(self) -> dict[str, Any]:
        """What the row is to say."""
        return {name: self.cleaned_data[name] for name in _PLAIN if name != "revision"} | {"drivers": self.drivers}


_PLAIN = (
    "decision", "treatment", "implementation", "party", "owner", "scope_reason", "risk_considered", "review_on", "revision",
)  # fmt: skip


def offer_people_and_parties(form: forms.Form) -> None:
    """Let a form choose among those who may own a row, and the third parties of the register."""
    form.fields["owner"].queryset = members_who_may(Permission.APPLICABILITY_VIEW)  # type: ignore[attr-defined]
    form.fields["party"].queryset = Party.objects.select_related("system").order_by("system__name")  # type: ignore[attr-defined]


class TickedRows(forms.Form):
    """Several rows that were ticked in the table."""

    rows = forms.TypedMultipleChoiceField(coerce=str, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rows"]
        field.choices = [(each, each) for each in chosen]  # type: ignore[attr-defined]
        field.error_messages["required"] = "Tick the rows that this is about."


class ManyRowsForm(TickedRows):
    """The same change for many rows. Only what is set here changes."""

    decision = forms.ChoiceField(
        label="Decision", required=False, choices=[_LEAVE, (Decision.INCLUDED.value, "Include them")],
        help_text="An exclusion has reasons of its own, so each is written on its row.",
    )  # fmt: skip
    driver = forms.ChoiceField(label="Add a driver", required=False, choices=[("", "None"), *Driver.choices])
    note = forms.CharField(label="Which it is", required=False, max_length=LONGEST_NOTE)
    implementation = forms.ChoiceField(label="Carried out", required=False, choices=[_LEAVE, *Doer.choices])
    party = PartyField(
        label="With or from whom", required=False, queryset=Party.objects.none(), empty_label="Nobody named",
    )  # fmt: skip
    owner = MemberField(label="Owner", required=False, queryset=Membership.objects.none(), empty_label="Leave as it is")
    again = forms.BooleanField(
        label="The exclusions among them were looked at again and stand", required=False,
        help_text="Until the day below. Rows that are not excluded keep without it.",
    )  # fmt: skip
    review_on = DayField("Looked at again on", required=False, error_messages=_DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people_and_parties(self)

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("driver") and not asked.get("note", "").strip():
            self.add_error("note", "Say which risk, law, contract or party it is.")
        if asked.get("note") and not asked.get("driver"):
            self.add_error("driver", "Choose what the note is about.")
        if not self.errors and not self.changes and not self.drivers and not asked["again"]:
            raise forms.ValidationError("Choose what to set.")
        return asked

    @property
    def drivers(self) -> dict[str, str]:
        """The driver to add."""
        return {self.cleaned_data["driver"]: self.cleaned_data["note"]} if self.cleaned_data.get("driver") else {}

    @property
    def changes(self) -> dict[str, Any]:
        """The fields to set, without those that are left as they are."""
        names = ("decision", "implementation", "party", "owner", "review_on")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class SignForm(TickedRows):
    """The residual risk of rows, accepted."""

    reason = forms.CharField(
        label="What the acceptance rests on", max_length=LONGEST_SIGNATURE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It is kept with your name and the day, and holds until what a row says changes.",
        error_messages={"required": "Say what the acceptance rests on."},
    )  # fmt: skip


_ANSWERS = [("yes", "Yes"), ("no", "No")]


class ClimateForm(forms.Form):
    """What was determined on climate change."""

    issue = forms.ChoiceField(
        label="Is climate change a relevant issue for what the management system is to achieve? (4.1)", choices=_ANSWERS,
        widget=forms.RadioSelect, error_messages={"required": "Determine yes or no."},
    )  # fmt: skip
    parties = forms.ChoiceField(
        label="Do interested parties have requirements related to climate change? (4.2)", choices=_ANSWERS,
        widget=forms.RadioSelect, error_messages={"required": "Determine yes or no."},
    )  # fmt: skip
    reason = forms.CharField(
        label="What the answers rest on", max_length=LONGEST_CLIMATE, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Such as sites and suppliers exposed to heat or flood, duties to report, clauses of customers.",
        error_messages={"required": "Say what the answers rest on. An auditor asks how it was determined."},
    )  # fmt: skip


class SubmitForm(forms.Form):
    """A version to be approved."""

    note = forms.CharField(label="What it is", max_length=300, required=False, help_text="Such as: for stage 1, or what changed.")
