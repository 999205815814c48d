"""Forms of controls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from compliance.access.permissions import Permission
from compliance.frameworks.models import Framework, Requirement
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter

from .models import Control, Design, Frequency, Implementation
from .selectors import NOBODY

_SENTENCES = {"rows": 3}
Choices = list[tuple[str, str]]
#: What keeps a control from being auditable, by the words that `Standing.missing` holds.
LACKS = ("owner", "frequency", "evidence requirement", "test procedure", "population")
OPERATIONS: Choices = [
    ("fail", "Fail"), ("unknown", "Unknown"), ("excepted", "Excepted"), ("not_observed", "Not observed"),
    ("pass", "Pass"),
]  # fmt: skip
EVIDENCE: Choices = [
    ("overdue", "Stale or missing"), ("missing", "Missing"), ("stale", "Stale"), ("due_soon", "Due soon"),
    ("current", "Current"), ("not_yet_due", "Not yet due"), ("event_driven", "On event"),
]  # fmt: skip


def owner_choices(owners: Iterable[Membership]) -> Choices:
    """Whose things a list may be narrowed to: anyone's, nobody's, or one of these people's."""
    return [("", "Anyone"), (NOBODY, "Nobody named"), *((str(each.pk), each.name) for each in owners)]


class MatrixFilter(Filter):
    """What the matrix is narrowed by. What cannot be read is left out."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    by = forms.ChoiceField(label="Measured by", required=False)
    series = forms.ChoiceField(label="Criteria", required=False)
    owner = forms.ChoiceField(label="Owner", required=False)
    operation = forms.ChoiceField(label="Operation", required=False, choices=[("", "Any result"), *OPERATIONS])
    evidence = forms.ChoiceField(label="Evidence", required=False, choices=[("", "Any state"), *EVIDENCE])
    implementation = forms.ChoiceField(
        label="In place", required=False, choices=[("", "All but retired"), *Implementation.choices]
    )
    gaps = forms.ChoiceField(label="Gaps", required=False, choices=[("", "Any"), ("open", "With an open gap")])
    judged = forms.ChoiceField(label="Judged", required=False, choices=[("", "Any way"), ("manual", "By hand alone")])
    beside = ("by",)

    assessed = forms.ChoiceField(label="Assessed", required=False, choices=[("", "Any"), ("yes", "Assessed"), ("no", "Not assessed")])
    maps = forms.ChoiceField(
        label="Bears on", required=False, choices=[("", "Any"), ("some", "A criterion shown"), ("none", "None of the criteria")]
    )
    missing = forms.ChoiceField(label="Lacks", required=False, choices=[("", "Any"), *((word, word) for word in LACKS)])

    def __init__(self, data: Any, *, measures: Choices, series: Iterable[str], owners: Iterable[Membership]) -> None:
        super().__init__(data)
        self.offer("by", measures)
        self.offer("series", [("", "All"), *((each, each) for each in series)])
        self.offer("owner", owner_choices(owners))


class ControlForm(forms.Form):
    """A control as it is stated."""

    ref = forms.CharField(
        label="Reference", max_length=12, help_text="Letters, a hyphen and a number: AC-07. It stays for good.",
        widget=forms.TextInput(attrs={"class": "inw"}),
        error_messages={"required": "Give it a reference, such as AC-07."},
    )  # fmt: skip
    title = forms.CharField(
        label="Title", max_length=200, error_messages={"required": "Give it a title: what holds, in one line."}
    )
    statement = forms.CharField(
        label="Statement", widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What is done, by whom, how often, and what remains of it. The auditor tests what stands here.",
        error_messages={"required": "Say what is done, by whom and how often."},
    )  # fmt: skip
    area = forms.CharField(label="Area", max_length=60, required=False)
    owner = MemberField(
        label="Owner", queryset=Membership.objects.none(), required=False, empty_label="Nobody named",
        help_text="One named person. Without one the control cannot be audited.",
    )  # fmt: skip
    owner_role = forms.CharField(label="Role that should own it", max_length=120, required=False)
    frequency = forms.ChoiceField(label="How often", required=False, choices=[("", "Not said"), *Frequency.choices])
    nature = forms.ChoiceField(label="Done by", choices=[("manual", "People"), ("automated", "A system")])
    kind = forms.ChoiceField(
        label="Kind", choices=[("preventive", "Preventive"), ("detective", "Detective"), ("corrective", "Corrective")]
    )
    key = forms.BooleanField(
        label="Key control", required=False, initial=True,
        help_text="The requirement rests on it. A lapse of one that only supports is an observation.",
    )  # fmt: skip
    tested_by_sample = forms.BooleanField(
        label="Tested by sample", required=False,
        help_text="The auditor draws items from a complete list of what happened.",
    )  # fmt: skip
    population = forms.CharField(
        label="Population", max_length=200, required=False,
        help_text="The complete list that a sample is drawn from, and its source.",
    )  # fmt: skip
    implementation = forms.ChoiceField(
        label="In place", choices=[each for each in Implementation.choices if each[0] != Implementation.RETIRED]
    )
    starts_on = DayField(
        "Operates since", "Intervals of the period are expected from this day on. Empty: from the period's first day. Said later, it takes "
        "back no day since the control was made.",
        required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label="Why it changes", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stands in the control’s history beside what changed.",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, control: Control | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_who_may(Permission.CONTROL_VIEW)  # type: ignore[attr-defined]
        if control is not None:
            del self.fields["ref"]
        else:
            del self.fields["seen"], self.fields["reason"]


class TestProcedureForm(forms.Form):
    """One step by which a control is tested."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    type = forms.ChoiceField(
        label="Test", choices=[
            ("inspection", "Inspection"), ("reperformance", "Reperformance"), ("observation", "Observation"),
            ("inquiry", "Inquiry"),
        ],
    )  # fmt: skip
    text = forms.CharField(label="What the tester does", required=False, widget=forms.Textarea(attrs={"rows": 2}))


TestProcedures = forms.formset_factory(TestProcedureForm, extra=2, max_num=12, absolute_max=40)


def procedures_of(tests: Any) -> list[dict[str, str]]:
    """Those of a valid formset that say something; an emptied one is left out."""
    rows = [form.cleaned_data for form in tests.forms]
    return [{"type": row["type"], "text": row["text"].strip()} for row in rows if row.get("text", "").strip()]


class MappingForm(forms.Form):
    """A requirement that the control meets, named as people name it."""

    framework = forms.ModelChoiceField(label="Framework", queryset=Framework.objects.none(), empty_label=None)
    ref = forms.CharField(
        label="Requirement", max_length=40, help_text="Its reference: CC6.1, A.5.17, 8.3.6.",
        widget=forms.TextInput(attrs={"class": "inw"}),
        error_messages={"required": "Write the requirement’s reference."},
    )  # fmt: skip
    part = forms.CharField(
        label="Which part of it", max_length=300, required=False,
        help_text="Empty: all of it. What no control covers stays open.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].queryset = Framework.objects.order_by("short_title", "version")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if "framework" in asked and "ref" in asked:
            found = Requirement.objects.filter(framework=asked["framework"], ref__iexact=asked["ref"].strip()).first()
            if found is None:
                self.add_error("ref", f"{asked['framework']} has no requirement {asked['ref']}.")
            elif not found.assessable:
                self.add_error("ref", f"{found.ref} only groups others. Name one that is below it.")
            asked["requirement"] = found
        return asked


class DesignForm(forms.Form):
    """Whether the design is suitable, and what the conclusion rests on."""

    design = forms.ChoiceField(
        label="If it operates as stated, would it meet what it is mapped to?", widget=forms.RadioSelect,
        choices=[(Design.SUITABLE.value, "Suitable"), (Design.UNSUITABLE.value, "Not suitable")],
        error_messages={"required": "Conclude that it is suitable, or that it is not."},
    )  # fmt: skip
    reason = forms.CharField(
        label="What this rests on", widget=forms.Textarea(attrs=_SENTENCES),
        error_messages={"required": "Say what the conclusion rests on. An auditor reads this."},
    )  # fmt: skip


class PopulationForm(forms.Form):
    """How it was seen that the population is complete and accurate."""

    note = forms.CharField(
        label="How its completeness was seen", widget=forms.Textarea(attrs=_SENTENCES),
        help_text="The query, what its row count was compared with, and what came of it.",
        error_messages={
            "required": "Say how its completeness was seen: what it was compared with, and what came of it."
        },
    )  # fmt: skip


class RetireForm(forms.Form):
    """Why a control is taken out of use."""

    reason = forms.CharField(
        label="Why it is retired", widget=forms.Textarea(attrs=_SENTENCES),
        error_messages={"required": "Say why it is retired. An auditor will ask what took its place."},
    )  # fmt: skip
