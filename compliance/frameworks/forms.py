"""Forms of frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from compliance.web.filters import Filter

from .coverage import Cover
from .intake.sheet import FIELDS
from .models import Framework, Requirement

_WORDS = {
    "ref": "Reference", "title": "Title", "text": "Text", "parent": "Reference of the row above", "level": "Level",
    "assessable": "Is assessed", "category": "Category", "theme": "Theme", "series": "Series", "points": "Guidance",
}  # fmt: skip
SHOWN = [
    ("", "All that is asked"), (Cover.PROPOSED.value, "Proposed"), (Cover.CANDIDATE.value, "Candidates only"),
    (Cover.NONE.value, "No relation"),
]  # fmt: skip


class CoverageFilter(Filter):
    """Which framework is covered, by which, and which rows are shown."""

    of = forms.ChoiceField(label="What is asked by", required=False)
    by = forms.ChoiceField(label="Covered by", required=False)
    show = forms.ChoiceField(label="Show", required=False, choices=SHOWN)
    beside = ("of", "by")

    def __init__(self, data: Any, *, frameworks: Sequence[Framework]) -> None:
        super().__init__(data)
        choices = [(str(each.pk), f"{each.short_title}, {each.version}") for each in frameworks]
        self.offer("of", choices)
        self.offer("by", choices)


class FileForm(forms.Form):
    """A file of frameworks."""

    file = forms.FileField(
        label="File", help_text="YAML, JSON, CSV or XLSX, up to 12 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip


class OptionsForm(forms.Form):
    """What is said beside a file. What stays empty is as the file says."""

    title = forms.CharField(label="Title", max_length=200, required=False)
    key = forms.SlugField(
        label="Key", max_length=60, required=False, help_text="Versions of one framework share their key.",
        error_messages={"invalid": "Use letters, digits and hyphens."},
    )  # fmt: skip
    version = forms.CharField(label="Version", max_length=80, required=False)
    follows = forms.ModelChoiceField(
        label="Takes the place of", queryset=Framework.objects.none(), required=False, empty_label="As the key says",
        help_text="What stands on that version carries over to requirements of the same reference.",
    )  # fmt: skip
    catalogue = forms.ModelChoiceField(
        label="Catalogue", queryset=Framework.objects.none(), required=False, empty_label="As the profile’s link says",
        help_text="What a profile chooses from. Links are never followed.",
    )  # fmt: skip
    guidance_depth = forms.IntegerField(
        label="Guidance from depth", required=False, min_value=0, max_value=20, widget=forms.NumberInput(attrs={"class": "inw"}),
        help_text="Rows this deep and deeper are guidance under the row above. 0: none are.",
    )  # fmt: skip

    def __init__(self, *args: Any, heads: Sequence[str] = (), is_profile: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("follows", "catalogue"):
            self.fields[name].queryset = Framework.objects.order_by("short_title", "version")  # type: ignore[attr-defined]
        if not is_profile:
            del self.fields["catalogue"]
        self.columns: list[str] = []
        for name in FIELDS if heads else ():
            choices = [("", "As the head says"), *((head, head) for head in heads)]
            self.fields[f"column_{name}"] = forms.ChoiceField(label=_WORDS[name], choices=choices, required=False)
            self.columns.append(f"column_{name}")

    @property
    def stored(self) -> dict[str, Any]:
        """What was said, as JSON."""
        said = self.cleaned_data
        columns = {name.removeprefix("column_"): said[name] for name in self.columns if said.get(name)}
        plain = {name: said[name] for name in ("title", "key", "version", "guidance_depth") if said.get(name) not in (None, "")}
        chosen = {name: str(said[name].pk) for name in ("follows", "catalogue") if said.get(name)}
        return plain | chosen | ({"columns": columns} if columns else {})


class FrameworkForm(forms.Form):
    """The head of a framework of one's own."""

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Give it a title."})
    short_title = forms.CharField(label="Short title", max_length=60, required=False, help_text="As lists show it.")
    version = forms.CharField(
        label="Version", max_length=80, initial="1", error_messages={"required": "Say which version it is."}
    )
    publisher = forms.CharField(label="Publisher", max_length=200, required=False, help_text="Who sets these requirements.")
    licence_note = forms.CharField(
        label="Licence", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whose words these are, and where they may be shown.",
    )  # fmt: skip

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["version"]


class VersionForm(forms.Form):
    """The name of a new version."""

    version = forms.CharField(
        label="Version", max_length=80, widget=forms.TextInput(attrs={"class": "inw"}),
        error_messages={"required": "Say which version it is."},
    )  # fmt: skip


class RequirementForm(forms.Form):
    """A requirement of one's own framework."""

    ref = forms.CharField(
        label="Reference", max_length=200, widget=forms.TextInput(attrs={"class": "inw"}),
        error_messages={"required": "Give it a reference."},
    )  # fmt: skip
    title = forms.CharField(label="Title", max_length=500, error_messages={"required": "Say in one line what it asks."})
    text = forms.CharField(label="What it asks", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    parent = forms.ModelChoiceField(
        label="Below", queryset=Requirement.objects.none(), required=False, empty_label="Nothing: it stands at the top"
    )
    assessable = forms.BooleanField(
        label="It is assessed", required=False, initial=True, help_text="A row that only groups others is not."
    )
    level = forms.CharField(label="Level", max_length=120, required=False, help_text="Clause, control, objective …")
    category = forms.CharField(label="Category", max_length=120, required=False)

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = framework.requirements.order_by("position")  # type: ignore[attr-defined]
