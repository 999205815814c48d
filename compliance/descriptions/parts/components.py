"""DC 3: the components of the system, drawn from the scope register and the people of the organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from compliance.people.selectors import members
from compliance.programmes.models import Programme
from compliance.registers.models import DATA_CLASSES, Decision, Flow, Kind, System
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import table

from ..sections import Lack, Part

_INFRASTRUCTURE = {
    Kind.CLOUD_ACCOUNT, Kind.DATABASE, Kind.DATA_STORE, Kind.ENVIRONMENT, Kind.LOCATION, Kind.IDENTITY_PROVIDER
}  # fmt: skip
_SOFTWARE = {Kind.APPLICATION, Kind.REPOSITORY, Kind.CODE_HOST, Kind.OTHER}
_HEAD = ("Ref", "Name", "Kind", "Environment", "Owner")
#: As many systems as a lack names one by one; beyond, it counts them.
_NAMED = 10


def components(programme: Programme) -> Iterator[Part]:
    """Infrastructure, software, people and data. A service account is no component, and third parties have DC 7."""
    found = System.objects.filter(service_account=False).exclude(kind=Kind.THIRD_PARTY)
    systems = list(found.select_related("owner").order_by("ref"))
    inside = [each for each in systems if each.decision != Decision.OUT]
    for order, caption, kinds in ((10, "Infrastructure", _INFRASTRUCTURE), (20, "Software", _SOFTWARE)):
        rows = [_row(each) for each in inside if each.kind in kinds]
        yield Part("DC3", order, table(f"{caption} in scope", _HEAD, rows))
        if not rows:
            yield Part("DC3", 60, Lack(f"No {caption.lower()} is in scope.", reverse("registers:list", args=[here().slug])))
    yield from _people(inside)
    yield from _data(inside)
    yield from _flows({each.pk for each in inside})
    outside = [(each.ref, each.name, each.get_kind_display()) for each in systems if each.decision == Decision.OUT]
    yield Part("DC3", 50, table("Outside the boundary", ("Ref", "Name", "Kind"), outside))
    yield from _lacks(inside)


def _row(each: System) -> tuple[str, ...]:
    owner = each.owner.name if each.owner else ""
    return each.ref, each.name, each.get_kind_display(), each.environment, owner


def _people(inside: list[System]) -> Iterator[Part]:
    roles = Counter(member.title or member.get_role_display() for member in members())
    yield Part("DC3", 30, table("People who run the programme", ("Function", "People"), sorted(roles.items())))
    teams = [(each.ref, each.name, each.description) for each in inside if each.kind == Kind.TEAM]
    yield Part("DC3", 31, table("Teams in scope", ("Ref", "Team", "What it does"), teams))


def _data(inside: list[System]) -> Iterator[Part]:
    held = [
        (label, ", ".join(each.ref for each in inside if key in each.data_classes))
        for key, label in DATA_CLASSES
        if any(key in each.data_classes for each in inside)
    ]
    yield Part("DC3", 40, table("Data, and where it is held", ("Data", "Systems"), held))


def _flows(inside: set[UUID]) -> Iterator[Part]:
    """Flows of data that begin or end inside the boundary."""
    names = dict(DATA_CLASSES)
    encrypted = {True: "Yes", False: "No", None: "Not said"}
    rows = [
        (
            each.ref, str(each.source), str(each.target), ", ".join(names.get(held, held) for held in each.data_classes),
            encrypted[each.encrypted],
        )
        for each in Flow.objects.select_related("source", "target").order_by("ref")
        if inside & {each.source_id, each.target_id}
    ]  # fmt: skip
    yield Part("DC3", 45, table("Data flows", ("Ref", "From", "To", "Data", "Encrypted"), rows))


def _lacks(inside: list[System]) -> Iterator[Part]:
    address = reverse("registers:list", args=[here().slug])
    undecided = [each for each in inside if each.decision == Decision.UNDECIDED]
    ownerless = [each for each in inside if each.owner_id is None]
    if undecided:
        yield Part("DC3", 61, Lack(f"Nobody has decided whether {_named(undecided)} in scope.", f"{address}?decision=undecided"))
    if ownerless:
        yield Part("DC3", 62, Lack(f"No owner is named for {_named(ownerless, verb=False)}.", address))
    if inside and not any(each.data_classes for each in inside):
        yield Part("DC3", 63, Lack("No system says which data it holds.", address))


def _named(systems: list[System], *, verb: bool = True) -> str:
    named = ", ".join(f"{each.ref} {each.name}" for each in systems[:_NAMED])
    more = f" and {len(systems) - _NAMED} more" if len(systems) > _NAMED else ""
    return f"{named}{more}" + ((" is" if len(systems) == 1 else " are") if verb else "")
