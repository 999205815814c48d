"""`{% how_to_collect requirement %}`: the steps, the template and the name of the file, on any page that asks for it."""

from __future__ import annotations

from typing import Any

from django import template

from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .. import guidance
from ..models import EvidenceRequirement
from ..thresholds import as_words

register = template.Library()


@register.inclusion_tag("evidence/_how_to_collect.html")
def how_to_collect(requirement: EvidenceRequirement, level: int = 2, *, rule: bool = False) -> dict[str, Any]:
    """`level` is that of its heading, `rule` whether a line parts it from what stands above.

    The requirement comes with its control. No query.
    """
    return {
        "requirement": requirement, "template": guidance.template_of(requirement), "organization": here(), "level": level,
        "rule": rule, "convention": guidance.convention_of(requirement), "name": guidance.name_of(requirement, today(here().timezone)),
        "items": guidance.items_answered(requirement), "stated": as_words(requirement.thresholds),
    }  # fmt: skip
