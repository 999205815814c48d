"""Forms of programmes."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.web.day_field import DayField

from .kinds import CATEGORIES, Shape
from .models import PciParty, PciReport, PhaseKind
from .phasing import Span


class ProgrammeForm(forms.Form):
    """A programme's name, options and dates: those that its kind has, and no others."""

    name = forms.CharField(label="Name", max_length=200, help_text="As it stands at the head of every page.")
    categories = forms.MultipleChoiceField(
        label="Categories beside Security", choices=CATEGORIES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Security, the common criteria CC1 to CC9, always applies. Each category adds criteria to evidence.",
    )  # fmt: skip
    as_of = DayField("As of", "The one day that the report speaks of.")
    period_start = DayField("Observation period from", "A period that has begun cannot be lived again.")
    period_end = DayField("to", "Its last day; three to twelve months is usual.")
    pci_party = forms.ChoiceField(
        label="Assessed as", required=False, choices=[("", "Not decided"), *PciParty.choices], widget=forms.RadioSelect
    )
    pci_level = forms.TypedChoiceField(
        label="Level", required=False, coerce=int, empty_value=None,
        choices=[("", "Not decided"), *((n, f"Level {n}") for n in (1, 2, 3, 4))],
        help_text="Merchants have four levels, service providers two; the acquirer or the brand decides.",
    )  # fmt: skip
    pci_report = forms.ChoiceField(
        label="Ends in", required=False, choices=[("", "Not decided"), *PciReport.choices],
        help_text="A ROC at level 1, a questionnaire by channel at most others.",
    )  # fmt: skip
    fieldwork_start = DayField("Fieldwork starts", "The auditor’s first day. Every phase is worked back from it.")
    fieldwork_end = DayField("Fieldwork ends", "Four to six weeks is usual.", required=False)

    def __init__(self, *args: Any, shape: Shape, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, wanted in (
            ("categories", shape.has_categories), ("as_of", shape.has_as_of),
            ("period_start", shape.has_period), ("period_end", shape.has_period),
            ("pci_party", shape.has_pci), ("pci_level", shape.has_pci), ("pci_report", shape.has_pci),
        ):  # fmt: skip
            if not wanted:
                del self.fields[name]
        if not shape.examined:
            self.fields["fieldwork_start"].required = False

    def clean(self) -> dict[str, Any]:
        """Spans that end before they start, said together with whatever else is wrong."""
        days = super().clean() or {}
        for first, last in (("period_start", "period_end"), ("fieldwork_start", "fieldwork_end")):
            starts, ends = days.get(first), days.get(last)
            if starts and ends and ends < starts:
                self.add_error(last, f"Choose a day after {starts:%d %b %Y}: it would end before it starts.")
        return days


class PhasesForm(forms.Form):
    """The first and last day of each phase."""

    def __init__(self, *args: Any, spans: dict[PhaseKind, Span], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in PhaseKind:
            span = spans.get(kind)
            for end, label in (("starts_on", "From"), ("ends_on", "To")):
                field = DayField(label)
                field.initial = getattr(span, end) if span else None
                self.fields[f"{kind.value}_{end}"] = field

    def rows(self) -> list[tuple[PhaseKind, Any, Any]]:
        """Each phase with its two fields."""
        return [(kind, self[f"{kind.value}_starts_on"], self[f"{kind.value}_ends_on"]) for kind in PhaseKind]

    def spans(self) -> dict[PhaseKind, Span]:
        """What was filled in."""
        days = self.cleaned_data
        return {kind: Span(days[f"{kind.value}_starts_on"], days[f"{kind.value}_ends_on"]) for kind in PhaseKind}

    def clean(self) -> dict[str, Any]:
        days = super().clean() or {}
        for kind in PhaseKind:
            starts, ends = days.get(f"{kind.value}_starts_on"), days.get(f"{kind.value}_ends_on")
            if starts and ends and ends < starts:
                late = f"Choose {starts:%d %b %Y} or later: it would end before it starts."
                self.add_error(f"{kind.value}_ends_on", late)
        return days


class RelevanceForm(forms.Form):
    """Why a criterion does not apply."""

    reason = forms.CharField(
        label="Why it does not apply", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The system description states it, and an auditor reads it.",
        error_messages={"required": "Say why it does not apply. An auditor reads this."},
    )  # fmt: skip
