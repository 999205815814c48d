"""Forms of evidence: what is asked for, what is brought, and what another person says of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet

from compliance.access.permissions import Permission
from compliance.people.forms import MemberField
from compliance.people.models import Membership
from compliance.people.selectors import members_who_may
from compliance.web.day_field import DayField
from compliance.web.filters import Filter
from compliance.web.line_field import LinesField
from controls.forms import owner_choices
from controls.models import Frequency
from controls.starter import naming
from controls.starter.evidence_rules import LONGEST_STEP
from controls.starter.request_list import request_list
from controls.starter.templates import templates

from . import thresholds
from .capture import is_web_address
from .capture_fields import CaptureFields
from .checks import catalogue
from .collectors.registry import vendors
from .list_kinds import list_kinds
from .media import ACCEPTED, Media, NotAcceptedError, media_of
from .models import Acceptance, Artefact, EvidenceKind, EvidenceRequirement, Freshness, Origin, Source
from .scanning import scan

Choices = list[tuple[str, str]]
_SPANS: Choices = [("point", "A point in time"), ("period", "A period")]


def _vendors() -> Choices:
    return [("", "Any source"), *((vendor.id, vendor.title) for vendor in vendors().values())]


class RequirementFilter(Filter):
    """What the list of requirements is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    state = forms.ChoiceField(
        label="Freshness",
        required=False,
        choices=[("", "Any state"), ("overdue", "Stale or missing"), *Freshness.choices],
    )
    owner = forms.ChoiceField(label="Owner", required=False)
    source = forms.ChoiceField(label="Brought by", required=False, choices=[("", "Anyone"), *Source.choices])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any kind"), *EvidenceKind.choices])
    vendor = forms.ChoiceField(label="System", required=False)
    control = forms.CharField(label="Control", required=False, max_length=12)

    def __init__(self, data: Any, *, owners: Iterable[Membership]) -> None:
        super().__init__(data)
        self.offer("owner", owner_choices(owners))
        self.offer("vendor", _vendors())


class ArtefactFilter(Filter):
    """What the list of artefacts is narrowed by."""

    q = forms.CharField(label="Find", required=False, max_length=200)
    inside = forms.CharField(label="Words inside", required=False, max_length=200)
    source = forms.ChoiceField(label="Brought by", required=False, choices=[("", "Anyone"), *Origin.choices])
    vendor = forms.ChoiceField(label="System", required=False)
    acceptance = forms.ChoiceField(label="Judged", required=False, choices=[("", "Any"), *Acceptance.choices])

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.offer("vendor", _vendors())


class GuidanceFields(forms.Form):
    """How a requirement's evidence is collected, named and judged."""

    kind = forms.ChoiceField(
        label="Kind", choices=EvidenceKind.choices, initial=EvidenceKind.DOCUMENT,
        help_text="A population is the complete list, a sample what is drawn from one; a configuration holds at a time.",
    )  # fmt: skip
    population_template = forms.ChoiceField(
        label="Population", required=False, choices=lambda: [("", "None"), *list_kinds()],
        help_text="The kind of population that it is, or that its sample is drawn from.",
    )  # fmt: skip
    steps = LinesField(
        label="How to collect it", required=False, rows=5, longest=LONGEST_STEP,
        help_text="One sentence a line, so that whoever brings it needs no other explanation.",
    )  # fmt: skip
    template = forms.ChoiceField(label="Template to fill in", required=False)
    naming = forms.CharField(
        label="Name of the file", max_length=120, required=False,
        help_text="A pattern of {control}, {key}, {date}, {from}, {to}, {item} and {system}. Empty: as usual.",
    )  # fmt: skip
    items = LinesField(
        label="Answers of the request list", required=False, rows=2, help_text="Numbers such as PBC-062, one on each line."
    )
    thresholds = LinesField(
        label="Numbers that the control states", required=False, rows=3,
        help_text="Check, name and value, one on each line: okta.password.policy min_length 14. They take the place of the "
        "check’s own.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(each.key, each.title) for each in templates().values()]
        self.fields["template"].choices = [("", "None"), *known]  # type: ignore[attr-defined]

    def clean_naming(self) -> str:
        pattern: str = self.cleaned_data["naming"]
        if pattern and (faults := naming.faults(pattern)):
            raise forms.ValidationError(f"{'; '.join(faults)}.".capitalize())
        return pattern

    def clean_items(self) -> list[str]:
        items: list[str] = [item.upper() for item in self.cleaned_data["items"]]
        if strangers := [item for item in items if item not in request_list().items]:
            raise forms.ValidationError(f"The request list has no {', '.join(strangers)}.")
        return items

    def clean_thresholds(self) -> dict[str, dict[str, Any]]:
        try:
            stated = thresholds.from_lines(self.cleaned_data["thresholds"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if wrong := thresholds.faults(stated):
            raise forms.ValidationError(wrong)
        return stated


class RequirementForm(GuidanceFields):
    """One thing that a control must show."""

    field_order: tuple[str, ...] = (
        "title", "artefact", "kind", "format", "cadence", "span", "source", "checks", "thresholds", "population_template",
        "steps", "template", "naming", "items", "owner", "first_due",
    )  # fmt: skip
    title = forms.CharField(
        label="What it must show", max_length=200, error_messages={"required": "Say what has to be shown."}
    )
    artefact = forms.CharField(
        label="The artefact", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it is and what has to be seen on it, so that whoever brings it needs no other explanation.",
    )  # fmt: skip
    format = forms.CharField(
        label="Format", max_length=60, required=False, help_text="CSV export, PDF, picture with the date in sight."
    )
    cadence = forms.ChoiceField(label="How often", choices=Frequency.choices)
    span = forms.ChoiceField(label="It speaks of", choices=_SPANS)
    source = forms.ChoiceField(label="Brought by", choices=Source.choices)
    checks = forms.MultipleChoiceField(
        label="Checks that judge it", required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="For what a collector brings: what the checks read is linked by itself. Several with Ctrl or Cmd.",
    )  # fmt: skip
    owner = MemberField(
        label="Owner", queryset=Membership.objects.none(), required=False, empty_label="The control's owner",
        help_text="Who brings it, or answers for the collection.",
    )  # fmt: skip
    first_due = DayField("First due", "Empty: one cadence from today. Before it nothing is missing.", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_who_may(Permission.EVIDENCE_PROVIDE_OWN)  # type: ignore[attr-defined]
        grouped = [
            (vendor.title, [(check.id, f"{check.id}: {check.title}") for check in catalogue.checks_of(vendor.id)])
            for vendor in vendors().values()
        ]
        self.fields["checks"].choices = grouped  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if asked.get("source") == Source.PERSON and asked.get("checks"):
            self.add_error("checks", "Checks read what a collector brings. Choose none, or let a collector bring it.")
        judged = set(asked.get("checks", ()))
        if strangers := [check for check in asked.get("thresholds", {}) if check not in judged]:
            self.add_error("thresholds", f"{', '.join(strangers)} does not judge it. Choose the check above.")
        if asked.get("source") == Source.COLLECTOR and not asked.get("checks") and "checks" in asked:
            self.add_error("checks", "Choose the checks that judge it: they say what has to be collected.")
        return asked


class ChangedRequirementForm(RequirementForm):
    """What is asked already, asked otherwise: where that is how often, since when and why."""

    field_order = (
        "title", "artefact", "kind", "format", "cadence", "cadence_since", "cadence_reason", *RequirementForm.field_order[5:],
    )  # fmt: skip
    cadence_since = DayField(
        "Since when", "Only where how often changes. Empty: today. What is open is still shown as often as before; what is over stays.",
        required=False,
    )  # fmt: skip
    cadence_reason = forms.CharField(
        label="Why", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only where how often changes; needed for a day before today. It stays beside the intervals that it changes.",
    )  # fmt: skip


class FileForm(forms.Form):
    """One file, kept as it is. Once the form is valid `kind` is what its content says it is, `scan` what the scanner says."""

    file = forms.FileField(
        label="File", help_text="It is kept as it is and can never be changed, only followed by a newer version.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip
    kind: Media
    scan = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = ",".join(ending for each in ACCEPTED for ending in each.endings)
        self.fields["file"].widget.attrs["accept"] = endings

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(too_large())
        try:
            self.kind = media_of(file, file.name)
            self.scan = scan(file.chunks())
        except NotAcceptedError as error:
            raise forms.ValidationError(str(error)) from error
        return file


def too_large() -> str:
    """What a file over the limit is told."""
    most = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
    return f"The file is larger than {most} MB. Split it, or leave out what shows nothing."


class SpanFields(forms.Form):
    """The time that a file speaks of, as its first and last day; of a point in time one day."""

    first = DayField("It covers from", "The first day that it speaks of, not the day of this upload.")
    last = DayField("to", "Its last day.")

    def for_requirement(self, requirement: EvidenceRequirement | None, today: date) -> None:
        """Ask for what a requirement asks for."""
        self.today = today
        if requirement is not None and requirement.span == "point":
            self.fields["first"].label, self.fields["first"].help_text = "As at", "The day on which it was so."
            del self.fields["last"]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        first, last = asked.get("first"), asked.get("last", asked.get("first"))
        if first and first > self.today:
            self.add_error("first", "Evidence cannot speak of a day that has not come.")
        if last and "last" in self.fields and last > self.today:
            self.add_error("last", "Evidence cannot speak of a day that has not come.")
        if first and last and last < first:
            self.add_error("last", "It ends before it starts.")
        return asked


class ProvideForm(CaptureFields, SpanFields, FileForm):
    """A file that shows what is asked, the time that it speaks of, and how it was captured."""

    field_order = ("file", "first", "last", "artefact", "note")
    artefact = forms.ModelChoiceField(
        label="Keep it as", queryset=Artefact.objects.none(), required=False, empty_label="A new artefact"
    )
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="How it was made: the system, the query, who exported it. Kept with it for good.",
    )  # fmt: skip

    def __init__(self, *args: Any, requirement: EvidenceRequirement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = kept_for(requirement)
        self.fields["artefact"].queryset = kept  # type: ignore[attr-defined]
        self.fields["artefact"].label_from_instance = lambda each: f"The next version of {each}"  # type: ignore[attr-defined]
        self.for_requirement(requirement, today)
        if not kept:
            del self.fields["artefact"]
        elif not self.is_bound:
            self.initial.setdefault("artefact", kept[0])

    @property
    def stated(self) -> list[forms.BoundField]:
        """The fields that say what it is and when."""
        return [self[name] for name in ("first", "last", "artefact", "note") if name in self.fields]


def kept_for(requirement: EvidenceRequirement) -> QuerySet[Artefact]:
    """What people keep for a requirement already: a file may be its next version."""
    return Artefact.objects.filter(links__requirement=requirement, source=Source.PERSON).order_by("-id")


class DecisionForm(forms.Form):
    """Approve a version, or return it."""

    acceptance = forms.ChoiceField(
        label="Does it show what is asked?", widget=forms.RadioSelect,
        choices=[(Acceptance.APPROVED.value, "Approve it"), (Acceptance.RETURNED.value, "Return it")],
        error_messages={"required": "Approve it or return it."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="To return it a reason is needed: say what is wrong, so that it can be put right.",
    )  # fmt: skip


class LinkForm(forms.Form):
    """An artefact that is there already, by its reference."""

    ref = forms.CharField(
        label="Artefact", max_length=12, help_text="Its reference, such as EV-0042.",
        widget=forms.TextInput(attrs={"class": "inw"}), error_messages={"required": "Write the artefact's reference."},
    )  # fmt: skip

    def clean_ref(self) -> str:
        self.found = Artefact.objects.filter(ref__iexact=self.cleaned_data["ref"].strip(), latest_number__gt=0).first()
        if self.found is None:
            raise forms.ValidationError("No artefact has this reference.")
        return self.found.ref


class SourceForm(forms.Form):
    """Where something can be seen, and what it showed."""

    title = forms.CharField(label="What it is", max_length=200, error_messages={"required": "Say what it is."})
    url = forms.CharField(label="Address", max_length=500, error_messages={"required": "Write its address."})
    shows = forms.CharField(
        label="What it shows there", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a reader has to look for, and where on the page.", error_messages={"required": "Say what it shows."},
    )  # fmt: skip
    as_of = DayField("As of", "The day on which it was seen to be so.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if not is_web_address(url):
            raise forms.ValidationError("Write the whole address: https://…")
        return url

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError("Nobody has seen a day that has not come.")
        return day


class AnswerForm(forms.Form):
    """Why something that the lint found is right all the same, or what can be seen."""

    text = forms.CharField(
        label="Your answer", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is right as it is, or what can be seen on it."},
    )  # fmt: skip


class ServeForm(forms.Form):
    """An evidence requirement that an artefact shall serve."""

    requirement = forms.ModelChoiceField(
        EvidenceRequirement.objects.select_related("control__owner"), error_messages={"invalid_choice": "There is no such requirement."}
    )
