"""Who answered for a list: whoever owned its population or a control that samples from it since its first day, and whoever
brought its file. Their own work is measured by it, so they neither rule on its differences nor confirm it; handing a control
on does not change whose work the list shows. Whoever froze a version chose its days and its source, so another confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from compliance.people.selectors import members
from controls.models import Control
from controls.owning import Until, name_owner, owners_since, within

from .models import PopulationControl, PopulationStatement, PopulationVersion


def answerable(version: PopulationVersion) -> dict[UUID, str]:
    """By member, why they answered for a version, as it follows "you". Three queries."""
    population, first = version.population, version.period.starts
    kept = PopulationStatement.objects.filter(population=population).order_by("id").values_list("valid_from", "stated")
    told = within(list(kept), first)
    found: dict[UUID, str] = {}
    for until, stated in told:
        name_owner(found, stated["owner"], population.ref, until)
    if population.owner_id:
        found[population.owner_id] = f"own {population.ref}"
    found |= _owners(version, told)
    if version.raw is not None and version.raw.provided_by_id:
        found[version.raw.provided_by_id] = "brought its file"
    return found


def froze(version: PopulationVersion) -> dict[UUID, str]:
    """By member, that they froze a version, as it follows "you"; empty where the product did by itself."""
    by = version.rows.provided_by_id
    return {by: f"froze version {version.number} of it"} if by else {}


def others(barred: Iterable[UUID], roles: Iterable[str]) -> str:
    """Who is left of some roles, by name; the first three. One query."""
    found = members().filter(role__in=list(roles)).exclude(pk__in=list(barred)).order_by("name")
    names = list(found.values_list("name", flat=True)[:4])
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "") if names else ""


def _owners(version: PopulationVersion, told: Iterable[Until]) -> dict[UUID, str]:
    """The owners, now and since its first day, of every control that it served since then."""
    served = {UUID(each["id"]) for _, stated in told for each in stated["controls"]}
    now = PopulationControl.objects.filter(population=version.population_id).values("control")
    rows = Control.objects.filter(Q(pk__in=served) | Q(pk__in=now)).order_by("ref").values_list("pk", "ref", "owner")
    return owners_since(rows, version.period.starts)
