"""Keeping who answers for a population: its owner and its controls, whenever they change."""

from __future__ import annotations

from typing import Any

from compliance.tenancy.clock import now

from ..models import Population, PopulationStatement
from ..selectors import controls_served


def keep_statement(population: Population) -> None:
    """Keep who answers for it from now on, where that differs from what is kept; the first holds since it was made. The
    caller holds the row's lock."""
    owner = population.owner
    stated: dict[str, Any] = {
        "owner": {"id": str(owner.pk), "name": owner.name} if owner else None,
        "controls": [{"id": str(each.pk), "ref": each.ref} for each in controls_served(population)],
    }
    newest = PopulationStatement.objects.filter(population=population).order_by("-id").first()
    if newest is None or _ids(newest.stated) != _ids(stated):
        since = now() if newest else population.created_at
        PopulationStatement.objects.create(population=population, stated=stated, valid_from=since)


def _ids(stated: dict[str, Any]) -> tuple[str, frozenset[str]]:
    return (stated["owner"] or {}).get("id", ""), frozenset(each["id"] for each in stated["controls"])
