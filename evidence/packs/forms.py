"""What a pack is asked for with: one small form for each thing that it can be of."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from compliance.programmes.models import Programme

from .finding import named_control
from .models import PackKind
from .subjects import NoSubject, Subject, criteria, subject_of

_GONE = "There is no such {} here. Choose one of the list."
_TITLE = 80


class SubjectForm(forms.Form):
    """Names what a pack is to be of; `subject` once it is valid."""

    kind: PackKind
    field: str
    subject: Subject

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if value := given.get(self.field):
            try:
                self.subject = self.found(str(value))
            except NoSubject as error:
                self.add_error(self.field, ValidationError(str(error)))
        return given

    def found(self, value: str) -> Subject:
        """What was named. Raises NoSubject."""
        return subject_of(self.kind, UUID(value))


class ProgrammeForm(SubjectForm):
    """A whole programme."""

    kind, field = PackKind.PROGRAMME, "programme"
    programme = forms.ChoiceField(
        label="Programme",
        help_text="Every control that meets what it asks",
        error_messages={"required": "Choose the programme.", "invalid_choice": _GONE.format("programme")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Programme.objects.order_by("-id").values_list("pk", "name")
        self.fields["programme"].choices = [("", "Choose one"), *((str(pk), name) for pk, name in named)]  # type: ignore[attr-defined]


class CriterionForm(SubjectForm):
    """One criterion that some control meets."""

    kind, field = PackKind.CRITERION, "criterion"
    criterion = forms.ChoiceField(
        label="Criterion",
        help_text="Every control that meets it",
        error_messages={"required": "Choose the criterion.", "invalid_choice": _GONE.format("criterion")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        met = criteria().values_list("framework__short_title", "pk", "ref", "title")
        grouped = [
            (name, [(str(pk), f"{ref} {title}"[:_TITLE]) for _, pk, ref, title in rows])
            for name, rows in groupby(met, key=lambda row: row[0])
        ]
        self.fields["criterion"].choices = [("", "Choose one"), *grouped]  # type: ignore[attr-defined]


class ControlForm(SubjectForm):
    """One control, by its reference: a thousand of them are no list to choose from."""

    kind, field = PackKind.CONTROL, "control"
    control = forms.CharField(
        label="Control",
        max_length=40,
        help_text="Its reference, such as AC-07",
        error_messages={"required": "Write the control’s reference."},
    )

    def found(self, value: str) -> Subject:
        return named_control(value.strip())


FORMS: dict[str, type[SubjectForm]] = {form.kind.value: form for form in (ProgrammeForm, CriterionForm, ControlForm)}
