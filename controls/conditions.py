"""What controls say of a programme's exits, and of its timing: those that are mapped to what it asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from compliance.programmes.conditions import Condition, all_of
from compliance.programmes.models import PhaseKind, Programme
from compliance.programmes.selectors import is_soc2, requirement_ids_in_scope
from compliance.programmes.timing import Operation
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .models import Control, Implementation, Mapping
from .reach import applies_to
from .selectors import requirements_without_control


def controls_asked(programme: Programme) -> QuerySet[Control]:
    """Controls that are mapped to a requirement in a programme's scope and apply to a service that it covers, retired ones
    left out, by reference."""
    return controls_ever_asked(programme).exclude(implementation=Implementation.RETIRED)


def controls_ever_asked(programme: Programme) -> QuerySet[Control]:
    """The same with those that were retired: what was asked of them until then is counted in the period.

    The requirements, some hundred at most, are asked for at once: as a third query inside two others the database looked
    them up row by row, for minutes on a large room that it had not counted yet.
    """
    asked = requirement_ids_in_scope(programme)
    mapped = Mapping.objects.filter(requirement_id__in=asked).values("control")
    return Control.objects.filter(applies_to(programme), pk__in=mapped).order_by("ref")


def conditions(programme: Programme) -> Iterator[Condition]:
    """Assessment: everything mapped, every control assessed. Remediation: every control in place, its design suitable."""
    rows = list(controls_asked(programme).values_list("implementation", "design", "owner", "standing__assessed"))
    matrix = f"{reverse('controls:matrix', args=[here().slug])}?by={programme.pk}"
    total, none = len(rows), "no control is mapped"
    open_ones = requirements_without_control(programme).count()
    yield Condition(
        PhaseKind.ASSESSMENT, "mapped", "Every criterion has a control", open_ones == 0,
        f"{open_ones} without" if open_ones else "all have", matrix, 10,
    )  # fmt: skip
    assessed = sum(bool(row[3]) for row in rows)
    yield Condition(
        PhaseKind.ASSESSMENT, "assessed", "Every control is assessed", assessed == total if rows else None,
        all_of(assessed, total, "controls") if rows else none, f"{matrix}&assessed=no", 20,
    )  # fmt: skip
    owned = sum(row[2] is not None for row in rows)
    yield Condition(
        PhaseKind.ASSESSMENT, "owned", "Every control has a named owner", owned == total if rows else None,
        all_of(owned, total, "controls") if rows else none, f"{matrix}&owner=none" if owned < total else matrix, 30,
    )  # fmt: skip
    placed = sum(row[0] == Implementation.IMPLEMENTED for row in rows)
    yield Condition(
        PhaseKind.REMEDIATION, "in_place", "Every control is in place", placed == total if rows else None,
        all_of(placed, total, "controls") if rows else none, matrix, 20,
    )  # fmt: skip
    suitable = sum(row[1] == "suitable" for row in rows)
    yield Condition(
        PhaseKind.REMEDIATION, "suitable", "The design of every control is concluded suitable",
        suitable == total if rows else None, all_of(suitable, total, "controls") if rows else none, matrix, 30,
    )  # fmt: skip


def operations(programme: Programme) -> Iterator[Operation]:
    """Each control with the day it began to operate. One that is not in place has none, unless that day is to come."""
    categories = _categories(programme)
    day = today(here().timezone)
    for control in controls_asked(programme):
        placed = control.implementation == Implementation.IMPLEMENTED
        planned = control.starts_on is not None and control.starts_on > day
        yield Operation(
            control.ref, control.title, control.frequency, control.starts_on if placed or planned else None,
            reverse("controls:control", args=[here().slug, control.pk]), categories.get(control.pk, frozenset()),
            in_place=placed,
        )  # fmt: skip


def _categories(programme: Programme) -> dict[UUID, frozenset[str]]:
    """The SOC 2 categories that need a control; empty where a common criterion does."""
    if not is_soc2(programme):
        return {}
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Mapping.objects.filter(applies_to(programme, "control"), requirement_id__in=requirement_ids_in_scope(programme))
    for control, category in rows.values_list("control", "requirement__category"):
        found[control].add(category)
    return {
        control: frozenset() if "security" in named else frozenset(each.replace("-", "_") for each in named)
        for control, named in found.items()
    }
