"""What the ground floor knows of a programme's exits: scope, dates, the selection."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from compliance.registers.models import Decision, System
from compliance.tenancy.rooms import here

from .conditions import Condition
from .kinds import SHAPES
from .models import PhaseKind, Programme, ProgrammeKind
from .selectors import selection_of, terms_of


def conditions(programme: Programme) -> Iterator[Condition]:
    """Scoping: everything decided, something in scope, the days set, the choice approved."""
    slug = here().slug
    counted = System.objects.aggregate(
        all=Count("pk"), undecided=Count("pk", filter=Q(decision=Decision.UNDECIDED)),
        inside=Count("pk", filter=Q(decision=Decision.IN)),
    )  # fmt: skip
    register = reverse("registers:list", args=[slug])
    yield Condition(
        PhaseKind.SCOPING, "decided", "Every entry of the scope register is decided",
        counted["undecided"] == 0 if counted["all"] else None,
        f"{counted['undecided']} of {counted['all']} undecided" if counted["all"] else "the register is empty",
        f"{register}?decision=undecided" if counted["undecided"] else register, 10,
    )  # fmt: skip
    yield Condition(
        PhaseKind.SCOPING, "inside", "Something is in scope", counted["inside"] > 0, f"{counted['inside']} in scope",
        f"{register}?decision=in", 20,
    )  # fmt: skip
    missing = _missing_days(programme)
    yield Condition(
        PhaseKind.SCOPING, "dates", "The days of the examination are set", not missing,
        f"without {', '.join(missing)}" if missing else "set", reverse("programmes:change", args=[slug, programme.pk]), 30,
    )  # fmt: skip
    yield _selection(programme, reverse("programmes:selection", args=[slug, programme.pk]))


def _missing_days(programme: Programme) -> list[str]:
    shape = SHAPES[ProgrammeKind(programme.kind)]
    wanted = [
        ("the as-of date", programme.as_of, shape.has_as_of),
        ("the observation period", programme.period_start and programme.period_end, shape.has_period),
        ("the start of fieldwork", programme.fieldwork_start, True),
    ]
    return [name for name, day, asked in wanted if asked and not day]


def _selection(programme: Programme, url: str) -> Condition:
    selection = selection_of(programme)
    if selection is None:
        met, figure = False, "not written"
    elif selection.approved_at is None:
        met, figure = False, "waits for approval"
    elif selection.approved_for != terms_of(programme):
        met, figure = False, "approved for other dates or options"
    else:
        met, figure = True, f"approved by {selection.approved_by}"
    return Condition(PhaseKind.SCOPING, "selection", "The choice of report is approved", met, figure, url, 40)
