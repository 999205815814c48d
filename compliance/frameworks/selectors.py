"""Reading frameworks: the shipped ones, which everybody may read, and the organisation's own."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from compliance.tenancy.ids import NIL
from compliance.tenancy.rooms import here

from .difference import Line
from .intake.editions import shipped_key
from .intake.words import slug
from .models import Crosswalk, Framework, FrameworkImport, PointOfFocus, Requirement, SuggestedControl


def frameworks() -> QuerySet[Framework]:
    """Every framework that can be used here, with how many requirements it has and how many are assessed."""
    assessable = Count("requirements", filter=Q(requirements__assessable=True))
    counted = Framework.objects.annotate(rows=Count("requirements"), assessable=assessable)
    return counted.order_by("short_title", "version")


def newest_framework(key_prefix: str) -> Framework | None:
    """The latest shipped version whose key begins so (`soc2-tsc`, `iso27001`, `pci-dss`); None where it is not loaded."""
    shipped = Framework.objects.filter(organization_id=NIL, key__startswith=key_prefix)
    return shipped.order_by("-key", "-version").first()


def own_frameworks() -> QuerySet[Framework]:
    """The room's own frameworks, imported or written here."""
    return Framework.objects.exclude(organization_id=NIL)


def own_version(key: str, version: str) -> Framework | None:
    """The room's framework of this key and version."""
    found = Framework.objects.filter(organization_id=here().organization_id, key=key, version=version)
    return found.first()


def predecessor(key: str, external_id: str = "") -> Framework | None:
    """The room's latest framework of the same key, or of the same publisher's id."""
    same = Q(key=key) | (Q(external_id=external_id) if external_id else Q(pk__in=()))
    return own_frameworks().filter(same).order_by("-loaded_at", "-id").first()


def successor(framework: Framework) -> Framework | None:
    """The latest version that took this one's place."""
    return own_frameworks().filter(follows=framework.pk).order_by("-loaded_at", "-id").first()


def followed(framework: Framework) -> Framework | None:
    """The version whose place this one took."""
    return Framework.objects.filter(pk=framework.follows).first() if framework.follows else None


def framework_meant(name: str) -> Framework | None:
    """The framework that a file calls by its id, its key or a URN: the room's own first, else the shipped one."""
    last = name.rpartition(":")[2]
    own = own_frameworks().order_by("-loaded_at", "-id")
    found = own.filter(Q(external_id__iexact=name) | Q(key__iexact=last)).first()
    key = shipped_key(name)
    return found or (Framework.objects.filter(organization_id=NIL, key=key).first() if key else None)


def framework_titled(title: str) -> Framework | None:
    """The framework of this title, or whose key is the title as a key; the room's own first."""
    found = Framework.objects.filter(Q(title__iexact=title) | Q(key=slug(title))) if title else Framework.objects.none()
    return found.order_by("-organization_id", "-loaded_at").first()


def lines_of(framework: Framework) -> list[Line]:
    """A framework's requirements as they are compared with another version's."""
    rows = Requirement.objects.filter(framework=framework).order_by("position")
    found = rows.values_list("ref", "title", "text", "parent__ref", "assessable")
    return [Line(ref, title, text, parent or "", assessable) for ref, title, text, parent, assessable in found]


def relations_touching(framework: Framework) -> QuerySet[Crosswalk]:
    """Every relation of which one end is of this framework."""
    return Crosswalk.objects.filter(Q(source__framework=framework) | Q(target__framework=framework))


def relations_between(one: Framework, other: Framework) -> QuerySet[Crosswalk]:
    """Relations between two frameworks, whichever is named first in them."""
    there = Q(source__framework=one, target__framework=other)
    back = Q(source__framework=other, target__framework=one)
    return Crosswalk.objects.filter(there | back)


def imports() -> QuerySet[FrameworkImport]:
    """Files that were brought, the newest first, without their content."""
    return FrameworkImport.objects.defer("content").order_by("-brought_at", "-id")


def suggested_controls(requirement: Requirement) -> QuerySet[SuggestedControl]:
    """Controls that the requirement's library suggests for it."""
    return SuggestedControl.objects.filter(external_id__in=requirement.attributes.get("reference_controls") or [])


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


def unresolved_between(one: Framework, other: Framework) -> list[dict[str, str]]:
    """Ends of imported mappings between two frameworks that were not found when they were loaded, the newest first."""
    ends = {str(one.pk), str(other.pk)}
    reports = FrameworkImport.objects.filter(state="loaded").order_by("-loaded_at").values_list("report", flat=True)
    found = (each for report in reports for each in report.get("relations", []))
    return [end for each in found if {each["source"], each["target"]} == ends for end in each["unresolved"]]

