"""Forms of populations: stating, freezing, bringing a file, working through, deciding, confirming."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField, timezone_choices
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from compliance.web.serializers import FIRST_DAY, LAST_DAY
from controls.models import Control, Implementation
from evidence.collectors.models import Connection
from evidence.models import Artefact, Version

from .builders.findings import TARGET_DAYS
from .builders.people import HOURS
from .catalogue import Template
from .checklist import Result
from .models import Population, Ruling, State
from .receiving import refusal_of
from .services.keep import SEVERITIES
from .sources import UPLOAD, sources_of

_HOURS, _TARGETS = ("leavers",), ("vulnerabilities",)
_HELD = "As your policy says. Where a control that samples from it states a number, that one is judged by."


class PopulationFilter(Filter):
    """What the list is narrowed by."""

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any state"), *State.choices])
    owner = forms.ChoiceField(label="Owner", required=False)

    def __init__(self, data: Any, *, owners: Sequence[Membership]) -> None:
        super().__init__(data)
        self.offer("owner", [("", "Anyone"), *((str(each.pk), each.name) for each in owners)])


class PopulationForm(forms.Form):
    """A population of one template."""

    name = forms.CharField(label="Name", max_length=200)
    source = forms.ChoiceField(label="Where the rows come from", help_text="What a machine draws, it also counts and watches.")
    connection = forms.ModelChoiceField(
        label="Connection", queryset=Connection.objects.none(), required=False, empty_label="Every connection that fits"
    )
    controls = forms.CharField(
        label="Controls that sample from it", required=False, max_length=400, help_text="References, parted by commas: HR-01, AC-04.",
        widget=forms.TextInput(attrs={"list": "control-refs", "autocomplete": "off"}),
    )  # fmt: skip
    owner = MemberField(
        label="Owner", queryset=Membership.objects.none(), required=False, empty_label="Nobody yet",
        help_text="Who freezes it and works through its steps. Somebody else confirms it.",
    )  # fmt: skip
    months = forms.IntegerField(label="A version covers", min_value=1, max_value=24, help_text="Months.")
    next_due = DayField("Next to be frozen on", "Empty: nobody is reminded.", required=False)
    hours = forms.IntegerField(label="Hours to end access", min_value=0, max_value=8784)

    def __init__(self, *args: Any, template: Template, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        self.fields["hours"].help_text = _HELD
        offered = sources_of(template.key)
        self.fields["source"].choices = [*((each.key, each.title) for each in offered), (UPLOAD, "A file that somebody brings")]  # type: ignore[attr-defined]
        vendors = {vendor for each in offered for vendor in each.vendors}
        found = Connection.objects.filter(vendor__in=vendors).defer("secret").order_by("name")
        self.fields["connection"].queryset = found  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members_who_may(Permission.EVIDENCE_PROVIDE_OWN)  # type: ignore[attr-defined]
        if not vendors:
            del self.fields["connection"]
        if template.key not in _HOURS:
            del self.fields["hours"]
        if template.key in _TARGETS:
            for severity in SEVERITIES:
                self.fields[f"days_{severity}"] = forms.IntegerField(
                    label=f"Days to mend, {severity}", min_value=0, max_value=3660, help_text=_HELD
                )
        self.refs: list[Control] = []

    @property
    def wanted(self) -> dict[str, Any]:
        """What the form sets, as the services take it."""
        given = dict(self.cleaned_data)
        settings: dict[str, Any] = {}
        if "hours" in given:
            settings["hours"] = given.pop("hours")
        days = {severity: given.pop(f"days_{severity}") for severity in SEVERITIES if f"days_{severity}" in given}
        if days:
            settings["target_days"] = days
        given["controls"] = self.refs
        return given | {"settings": settings}

    def clean_controls(self) -> str:
        asked = [each.upper() for each in re.split(r"[,;|\s]+", self.cleaned_data["controls"]) if each]
        self.refs = list(Control.objects.filter(ref__in=asked).exclude(implementation=Implementation.RETIRED).order_by("ref"))
        missing = set(asked) - {each.ref for each in self.refs}
        if missing:
            raise forms.ValidationError(f"No control in use has the reference {', '.join(sorted(missing))}.")
        return ", ".join(asked)


def starting(template: Template) -> dict[str, Any]:
    """What a form of a new population begins with: the template's words, and limits that are only usual."""
    first = next((each.key for each in sources_of(template.key)), UPLOAD)
    days = {f"days_{severity}": TARGET_DAYS[severity] for severity in SEVERITIES}
    return {"name": template.title, "source": first, "months": template.months, "hours": HOURS, **days}


def present(population: Population, controls: Sequence[Control]) -> dict[str, Any]:
    """What a form of a present population begins with."""
    days = TARGET_DAYS | dict(population.settings.get("target_days") or {})
    return {
        "name": population.name, "source": population.source, "connection": population.connection_id, "owner": population.owner_id,
        "months": population.months, "next_due": population.next_due, "hours": population.settings.get("hours", HOURS),
        "controls": ", ".join(each.ref for each in controls), **{f"days_{severity}": days[severity] for severity in SEVERITIES},
    }  # fmt: skip


class PeriodForm(forms.Form):
    """Whole days of a period that is over, in a time zone."""

    first = DayField("From", "The first day.")
    last = DayField("To", "The last day. It has to be over, and looked at since.")
    zone = forms.ChoiceField(label="Time zone", help_text="Where a day begins and ends.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["zone"].choices = timezone_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        first, last = asked.get("first"), asked.get("last")
        if first and first.year < 1970:
            self.add_error("first", "Give a day after 1970.")
        if last and last > self.today:
            self.add_error("last", "A list cannot be frozen for days that have not come.")
        if first and last and last < first:
            self.add_error("last", "It ends before it starts.")
        return asked


class BringForm(PeriodForm):
    """A file of rows, with all that an auditor asks of where it comes from."""

    file = forms.FileField(
        label="CSV or XLSX file", error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        help_text="The whole list, as the system gives it. It is kept as it is. Columns are matched in the next step.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )  # fmt: skip
    system = forms.CharField(
        label="System", max_length=300, help_text="Which system it comes from, and which environment.",
        error_messages={"required": "Name the system."},
    )  # fmt: skip
    query = forms.CharField(
        label="How it was drawn", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The report with its parameters, the screen with its filters, or the query itself.",
        error_messages={"required": "Say how it was drawn."},
    )  # fmt: skip
    drawn_at = forms.DateTimeField(
        label="Drawn on", help_text="When it was exported, in the time zone above.",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": "Write it as 2026-11-30 14:05.", "required": "Say when it was exported."},
    )  # fmt: skip
    total = forms.IntegerField(
        label="Total that the source shows", required=False, min_value=0, max_value=2_000_000_000,
        help_text="The count on the source's own screen for the same query. It is compared with the rows.",
    )  # fmt: skip
    left_out = forms.CharField(
        label="What the query leaves out, and why", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Empty: nothing.",
    )  # fmt: skip
    field_order = ("file", "first", "last", "zone", "system", "query", "drawn_at", "total", "left_out")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if refusal := refusal_of(file):
            raise forms.ValidationError(refusal)
        return file

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        drawn: datetime | None = asked.get("drawn_at")
        if drawn is not None and not FIRST_DAY <= drawn.date() <= LAST_DAY:
            self.add_error("drawn_at", f"Give a time from {FIRST_DAY} to {LAST_DAY}.")
        elif drawn is not None and asked.get("zone"):
            asked["drawn_at"] = drawn.replace(tzinfo=ZoneInfo(asked["zone"]))
        return asked


class StepForm(forms.Form):
    """What a person says of a step."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=10)
    result = forms.ChoiceField(
        label="What came of it", widget=forms.RadioSelect, choices=[(Result.HOLDS.value, "It holds"), (Result.FAILS.value, "It does not")],
        error_messages={"required": "Say that it holds, or that it does not."},
    )  # fmt: skip
    total = forms.IntegerField(label="Total in the source", required=False, min_value=0, max_value=2_000_000_000)
    note = forms.CharField(
        label="How it was seen", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say how it was seen: what was opened, what was compared."},
    )  # fmt: skip
    evidence = forms.CharField(
        label="Evidence", required=False, max_length=12, help_text="Reference of an artefact, such as EV-0042.",
        widget=forms.TextInput(attrs={"class": "inw"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = (self.data.get("step") if self.is_bound else None) or self.initial.get("step", "")
        self.auto_id = f"id_{re.sub(r'[^a-z]', '', str(step))}_%s"
        if step != "count":
            del self.fields["total"]
        else:
            self.fields["result"].required = False
            self.fields["result"].widget = forms.HiddenInput()
        self.found: Version | None = None

    def clean_evidence(self) -> str:
        ref = self.cleaned_data["evidence"].strip()
        if ref:
            artefact = Artefact.objects.filter(ref__iexact=ref, latest_number__gt=0).first()
            if artefact is None:
                raise forms.ValidationError("No artefact has this reference.")
            self.found = Version.objects.filter(artefact=artefact, number=artefact.latest_number).first()
        return str(ref)


class MismatchForm(forms.Form):
    """What a difference is."""

    ruling = forms.ChoiceField(
        label="What it is", choices=[("", "Choose"), *Ruling.choices], error_messages={"required": "Choose what the difference is."}
    )
    reason = forms.CharField(
        label="Why", max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why. An auditor reads this beside the difference."},
    )  # fmt: skip


class NoteForm(forms.Form):
    """What a confirmation, or its withdrawal, rests on."""

    note = forms.CharField(
        label="What it rests on", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what it rests on. An auditor reads this."},
    )  # fmt: skip
