"""What is stated of each file that waits to be handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from ..capture_fields import CaptureFields
from ..forms import SpanFields
from ..models import Artefact
from ..reading.lint import Found
from ..reading.selectors import own_facts
from .models import Upload


class HeldForm(CaptureFields, SpanFields):
    """One file: what it is, the time that it speaks of, how it was captured, and answers to what the lint found.

    `seen` are the rules whose findings stood on the page that was sent: new ones are shown before anything is received.
    """

    field_order = ("title", "first", "last", "artefact")
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Say what it is."})
    artefact = forms.ChoiceField(label="Keep it as", required=False)
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, upload: Upload, kept: Sequence[Artefact], today: date, **kwargs: Any) -> None:
        super().__init__(data, prefix=f"u{upload.pk.hex}", **kwargs)
        self.upload, self.found = upload, [Found(**each) for each in upload.found]
        self.for_requirement(upload.requirement, today)
        self.kept = {str(each.pk): each for each in kept}
        choices = [("", "A new artefact"), *((pk, f"The next version of {each}") for pk, each in self.kept.items())]
        self.fields["artefact"].choices = choices  # type: ignore[attr-defined]
        if not kept:
            del self.fields["artefact"]
        self.initial.setdefault("title", upload.filename.rpartition(".")[0] or upload.filename)
        self._ask(self.found)

    @property
    def next_of(self) -> Artefact | None:
        """The artefact of which it is the next version, of a valid form."""
        return self.kept.get(self.cleaned_data.get("artefact", ""))

    def show(self, found: Iterable[Found]) -> None:
        """Put what is found beside the file, now that its span and environment are stated."""
        self.found = list(found)
        self._ask(self.found)

    def unseen(self, found: Iterable[Found]) -> list[Found]:
        """What stood on no page that this person was shown."""
        seen = set(self.data.get(self.add_prefix("seen"), "").split(","))
        return [each for each in found if each.rule not in seen]

    @property
    def answers(self) -> dict[str, str]:
        """Rule to answer."""
        return {each.rule: self.data.get(self.add_prefix(f"answer-{each.rule}"), "").strip()[:2000] for each in self.found}

    @property
    def lines(self) -> list[tuple[Found, Any]]:
        """Each finding with the field for its answer."""
        return [(each, self[f"answer-{each.rule}"]) for each in self.found]

    @property
    def stated(self) -> list[Any]:
        """The fields that say what it is and when."""
        return [self[name] for name in ("title", "first", "last", "artefact", "note") if name in self.fields]

    @property
    def own_facts(self) -> list[tuple[str, str | int]]:
        """What the file says of itself."""
        return own_facts(self.upload.facts)

    @property
    def shown_rules(self) -> str:
        return ",".join(each.rule for each in self.found)

    def _ask(self, found: Iterable[Found]) -> None:
        for each in found:
            self.fields[f"answer-{each.rule}"] = forms.CharField(
                label="Your answer", required=False, max_length=2000, widget=forms.TextInput()
            )
