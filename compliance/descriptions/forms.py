"""Forms of descriptions."""

from __future__ import annotations

from django import forms

from compliance.web.documents.markdown import LONGEST


class SectionForm(forms.Form):
    """The text of a section, and the revision that its writer began from."""

    text = forms.CharField(
        label="Text", required=False, max_length=LONGEST, strip=False, widget=forms.Textarea(attrs={"rows": 24, "class": "long"}),
        help_text="Markdown: **bold**, *italic*, lists, tables, headings with ##, [links](https://…). HTML is shown as it is typed.",
    )  # fmt: skip
    revision = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


class KeepForm(forms.Form):
    """A version to be kept."""

    note = forms.CharField(label="What it is", max_length=300, required=False, help_text="Such as: for the auditor’s first reading.")
