"""The file of a report or letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from evidence.forms import too_large
from evidence.media import ACCEPTED, Media, NotAcceptedError, media_of


class PaperForm(forms.Form):
    """One file, kept as it is."""

    file = forms.FileField(
        label="File", help_text="It is kept as it is and can never be changed, only followed by a newer version.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip
    kind: Media

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = ",".join(ending for each in ACCEPTED for ending in each.endings)
        self.fields["file"].widget.attrs["accept"] = endings

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(too_large(settings.UPLOAD_MAX_BYTES))
        try:
            self.kind = media_of(file, file.name)
        except NotAcceptedError as error:
            raise forms.ValidationError(str(error)) from error
        return file
