"""Stating a population: what it lists, where its rows come from, who answers for it, which controls it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.people.models import Membership
from compliance.tenancy.news import announce
from compliance.tenancy.references import next_reference
from compliance.trail.actors import Actor
from compliance.trail.services import record
from controls.models import Control
from evidence.collectors.models import Connection

from ..catalogue import template as template_of
from ..events import population_changed
from ..models import Population, PopulationControl
from ..sources import UPLOAD, source_of
from .follow import follow_controls
from .stating import keep_statement

SEVERITIES = ("critical", "high", "medium", "low")


@transaction.atomic
def add_population(
    *, actor: Actor, template: str, name: str, source: str, owner: Membership | None = None,
    connection: Connection | None = None, controls: Sequence[Control] = (), months: int | None = None,
    next_due: date | None = None, settings: Mapping[str, Any] | None = None,
) -> Population:  # fmt: skip
    """State a population. Raises ValidationError by field for a template or source that is not there or does not fit."""
    kind = template_of(template)
    if kind is None:
        raise ValidationError({"template": "There is no such template."})
    _check(template, source, connection)
    population = Population.objects.create(
        ref=next_reference("POP"), template=template, name=name.strip() or kind.title, source=source, owner=owner,
        connection=connection, months=months or kind.months, next_due=next_due, settings=checked_settings(settings or {}),
    )  # fmt: skip
    _serve(population, controls)
    keep_statement(population)
    record(
        actor=actor, action="populations.population.added", target=population,
        after={"template": template, "source": source, "owner": str(owner or ""), "controls": sorted(each.ref for each in controls)},
    )  # fmt: skip
    follow_controls(actor=actor, controls=[each.pk for each in controls])
    announce(population_changed, population_id=population.pk)
    return population


@transaction.atomic
def change_population(*, actor: Actor, population: Population, **fields: Any) -> Population:
    """Change name, source, connection, owner, controls, months, next_due or settings. Frozen versions stay as they are.

    Raises ValidationError by field.
    """
    population = Population.objects.select_for_update(of=("self",)).get(pk=population.pk)
    controls = fields.pop("controls", None)
    if "settings" in fields:
        fields["settings"] = population.settings | checked_settings(fields["settings"])
    keep_statement(population)  # as it stood until now, where it was never kept
    before = {name: str(getattr(population, name) or "") for name in fields}
    for name, value in fields.items():
        if name not in {"name", "source", "connection", "owner", "months", "next_due", "settings"}:
            raise ValidationError({name: "This cannot be changed."})
        setattr(population, name, value)
    if not population.name.strip():
        raise ValidationError({"name": "Name it."})
    _check(population.template, population.source, population.connection)
    population.save()
    was = set(PopulationControl.objects.filter(population=population).values_list("control", flat=True))
    if controls is not None:
        _serve(population, controls)
    now_served = set(PopulationControl.objects.filter(population=population).values_list("control", flat=True))
    keep_statement(population)
    after = {name: str(getattr(population, name) or "") for name in fields}
    record(actor=actor, action="populations.population.changed", target=population, before=before, after=after)
    follow_controls(actor=actor, controls=was | now_served)
    announce(population_changed, population_id=population.pk)
    return population


def checked_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """What policy allows: `hours` (to end access) and `target_days` by severity. Raises ValidationError."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name == "hours" and _is_number(value, 8784):
            found["hours"] = value
        elif name == "target_days" and isinstance(value, Mapping) and all(
            severity in SEVERITIES and _is_number(days, 3660) for severity, days in value.items()
        ):
            found["target_days"] = dict(value)
        else:
            raise ValidationError({"settings": f"Give hours, and target_days by severity ({', '.join(SEVERITIES)}), as whole numbers."})
    return found


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _check(template: str, source: str, connection: Connection | None) -> None:
    if source == UPLOAD:
        if connection is not None:
            raise ValidationError({"connection": "What is brought as a file is read from no connection."})
        return
    found = source_of(source)
    if found is None or found.template != template:
        raise ValidationError({"source": "This source does not draw this population."})
    if connection is not None and connection.vendor not in found.vendors:
        raise ValidationError({"connection": "This source does not read this connection."})


def _serve(population: Population, controls: Sequence[Control]) -> None:
    wanted = {each.pk for each in controls}
    PopulationControl.objects.filter(population=population).exclude(control__in=wanted).delete()
    held = set(PopulationControl.objects.filter(population=population).values_list("control", flat=True))
    PopulationControl.objects.bulk_create(
        PopulationControl(population=population, control=each) for each in controls if each.pk not in held
    )
