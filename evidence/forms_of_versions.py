"""Forms about versions that are there already."""

from __future__ import annotations

from typing import Any

from django import forms

from .models import Version


class SupersedeForm(forms.Form):
    """Which newer version takes the place of an older one, and why."""

    by = forms.ModelChoiceField(
        label="The newer version", queryset=Version.objects.none(), empty_label=None,
        error_messages={"required": "Choose the newer version."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the older one lacks. It stays readable, in the log and in packs, with this reason.",
        error_messages={"required": "Say why it takes the place of the older one."},
    )  # fmt: skip

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newer = Version.objects.filter(artefact=version.artefact_id, number__gt=version.number).order_by("-number")
        self.fields["by"].queryset = newer  # type: ignore[attr-defined]
        self.fields["by"].label_from_instance = _said  # type: ignore[attr-defined]


def _said(version: Version) -> str:
    return f"Version {version.number}, received {version.received_at:%-d %b %Y}, {version.filename}"
