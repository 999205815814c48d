"""What the floor of controls gives to system descriptions: DC 5, the criteria in scope with the controls that meet them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from compliance.descriptions.sections import Lack, Part
from compliance.programmes.models import Programme
from compliance.programmes.selectors import requirements_in_scope
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import table

from .models import Implementation, Mapping
from .reach import applies_to

#: As many criteria without a control as are named one by one.
_NAMED = 12


def controls_by_criterion(programme: Programme) -> Iterator[Part]:
    """Every criterion in scope with its controls. Two queries. One that no implemented control meets is a lack, and so
    is a control that the description states though it is not in place."""
    criteria = list(requirements_in_scope(programme).only("ref", "title"))
    found = Mapping.objects.filter(applies_to(programme, "control"), requirement__in=[each.pk for each in criteria])
    found = found.select_related("control")
    by_criterion: dict[object, list[Mapping]] = defaultdict(list)
    for mapping in found.exclude(control__implementation=Implementation.RETIRED).order_by("control__ref"):
        by_criterion[mapping.requirement_id].append(mapping)
    in_place = {
        pk: [each.control for each in mappings if each.control.implementation == Implementation.IMPLEMENTED]
        for pk, mappings in by_criterion.items()
    }
    rows = [(each.ref, "; ".join(f"{control.ref} {control.title}" for control in in_place.get(each.pk, []))) for each in criteria]
    yield Part("DC5", 20, table("Criteria and the controls that meet them", ("Criterion", "Controls in place"), rows))
    bare = [each.ref for each in criteria if not in_place.get(each.pk)]
    if bare:
        named = ", ".join(bare[:_NAMED]) + (f" and {len(bare) - _NAMED} more" if len(bare) > _NAMED else "")
        yield Part("DC5", 30, Lack(f"No control that is in place meets {named}.", reverse("controls:matrix", args=[here().slug])))
