"""Forms of the log: what its leaves are narrowed by, and the earlier checkpoint that somebody kept."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.web.filters import Filter

from .proving import NotAPrefixError, Prefix, prove_prefix


class NoteForm(forms.Form):
    """An earlier checkpoint. `proved` is the proof, once the form is valid."""

    note = forms.CharField(
        label="The earlier checkpoint", max_length=5000, widget=forms.Textarea(attrs={"rows": 7, "class": "mono", "spellcheck": "false"}),
        help_text="The whole text as it was kept: origin, size, root, an empty line and the signature.",
        error_messages={"required": "Paste the text of the checkpoint."},
    )  # fmt: skip
    proved: Prefix

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"].replace("\r\n", "\n").strip() + "\n"
        try:
            self.proved = prove_prefix(note)
        except NotAPrefixError as error:
            raise forms.ValidationError(str(error)) from None
        return note


class LeafFilter(Filter):
    """What the list of leaves is narrowed by. `artefact` is a reference, such as EV-0042."""

    artefact = forms.CharField(label="Artefact", required=False, max_length=12)
    kind = forms.ChoiceField(label="What", required=False)

    def __init__(self, data: Any, kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.offer("kind", [("", "Anything"), *kinds])
