"""The areas that gaps are counted by: the top groups of the frameworks that programmes under way are measured by."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.frameworks.models import Requirement
from compliance.programmes.selectors import open_programmes


def area_of(requirement: Requirement) -> str:
    """The series of SOC 2 (`CC6`), the theme of Annex A (`A.5`), else the clause or chapter (`8`, `PR`)."""
    return requirement.series or stem(requirement.ref)


def stem(ref: str) -> str:
    """The area of a bare reference: `CC6` of CC6.1, `A.5` of A.5.16, `8` of 8.3.6."""
    parts = ref.split(".")
    return ".".join(parts[:2]) if parts[0] == "A" else parts[0]


def titles_of(areas: Iterable[str]) -> dict[str, str]:
    """What each area is called. Where two frameworks share a reference, the programme that began first names it."""
    wanted = set(areas)
    found: dict[str, str] = {}
    for programme in open_programmes():
        groups = Requirement.objects.filter(framework_id=programme.framework_id, assessable=False, ref__in=wanted)
        for ref, title in groups.values_list("ref", "title"):
            found.setdefault(ref, title)
    return found
