"""Reading frameworks: the shipped ones, which everybody may read, and the organisation's own."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from .models import Crosswalk, Framework, PointOfFocus, Requirement


def frameworks() -> QuerySet[Framework]:
    """Every framework that can be used here, with how many requirements it has and how many are assessed."""
    assessable = Count("requirements", filter=Q(requirements__assessable=True))
    counted = Framework.objects.annotate(rows=Count("requirements"), assessable=assessable)
    return counted.order_by("short_title", "version")


def newest_framework(key_prefix: str) -> Framework | None:
    """The latest version whose key begins so (`soc2-tsc`, `iso27001`, `pci-dss`); None where it is not loaded."""
    return Framework.objects.filter(key__startswith=key_prefix).order_by("-key", "-version").first()


def requirements_of(framework: Framework, *, text: str = "") -> QuerySet[Requirement]:
    """A framework's requirements in the publisher's order."""
    found = Requirement.objects.filter(framework=framework).order_by("position")
    if text:
        found = found.filter(Q(ref__istartswith=text) | Q(title__icontains=text) | Q(text__icontains=text))
    return found


def relation_counts(framework: Framework) -> Counter[UUID]:
    """How many requirements of other frameworks each requirement relates to."""
    counts: Counter[UUID] = Counter()
    for end in ("source", "target"):
        pairs = Crosswalk.objects.filter(**{f"{end}__framework": framework}).values_list(f"{end}_id")
        counts.update(dict(pairs.annotate(number=Count("id"))))
    return counts


def relations_of(requirement: Requirement) -> QuerySet[Crosswalk]:
    """Relations in which a requirement stands, read from either end, with both ends and their frameworks."""
    either = Q(source=requirement) | Q(target=requirement)
    return Crosswalk.objects.filter(either).select_related("source__framework", "target__framework")


def points_of_focus(requirement: Requirement) -> QuerySet[PointOfFocus]:
    """Guidance under a criterion. The shipped SOC 2 catalogue carries none (licence)."""
    return requirement.points_of_focus.order_by("ref")
