"""What a statement of applicability says of a programme's exits."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from compliance.programmes.conditions import Condition
from compliance.programmes.models import PhaseKind, Programme
from compliance.tenancy.rooms import here

from .models import Decision, Row
from .reading import read_rows
from .selectors import approved_version, furnished_rows


def conditions(programme: Programme) -> Iterator[Condition]:
    """Assessment: the statement is approved, and none of its exclusions has to be looked at again."""
    if not programme.has_annex:
        return
    url = reverse("applicability:statement", args=[here().slug, programme.pk])
    approved = approved_version(programme)
    yield Condition(
        PhaseKind.ASSESSMENT, "applicability", "The statement of applicability is approved", approved is not None,
        f"version {approved.number}" if approved else "no version is approved", url, 40,
    )  # fmt: skip
    excluded = furnished_rows().filter(statement__programme=programme, decision=Decision.EXCLUDED)
    again = sum(bool(shown.again) for shown in read_rows(list(excluded)))
    begun = Row.objects.filter(statement__programme=programme).exists()
    yield Condition(
        PhaseKind.ASSESSMENT, "exclusions", "No exclusion has to be looked at again", again == 0 if begun else None,
        f"{again} to look at" if begun else "the statement is not begun", f"{url}?again=yes" if again else url, 50,
    )  # fmt: skip
