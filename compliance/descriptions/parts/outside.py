"""DC 6 and DC 7: what customers must do themselves, and whose controls stand beside ours."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from compliance.frameworks.bearing import refs_in_words
from compliance.parties.models import Method, Party, Role
from compliance.parties.selectors import own_controls as own_controls_found
from compliance.programmes.models import Programme
from compliance.registers.models import Decision
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import table

from ..sections import Lack, Part


def own_controls(programme: Programme) -> Iterator[Part]:
    """Complementary user entity controls that stand, with their criteria."""
    found = list(own_controls_found().filter(withdrawn_on__isnull=True))
    rows = [(each.ref, each.text, refs_in_words(each.bears_on.all())) for each in found]
    yield Part("DC6", 10, table("Complementary user entity controls", ("Ref", "Customers are expected to", "Criteria"), rows))
    for each in found:
        if not each.bears_on.all():
            yield Part("DC6", 20, Lack(f"{each.ref} is linked to no criterion.", reverse("parties:own", args=[here().slug])))


def subservices(programme: Programme) -> Iterator[Part]:
    """Subservice organisations with their method and, carved out, the controls expected of each."""
    related = "expected_controls__bears_on__requirement"
    found = Party.objects.filter(role=Role.SUBSERVICE).exclude(system__decision=Decision.OUT)
    parties = list(found.select_related("system").prefetch_related(related).order_by("system__ref"))
    rows = [(each.system.ref, each.name, each.purpose, each.get_method_display()) for each in parties]
    yield Part("DC7", 10, table("Subservice organisations", ("Ref", "Organisation", "What it does", "Method"), rows))
    for each in parties:
        yield from _of_party(each)


def _of_party(party: Party) -> Iterator[Part]:
    address = reverse("parties:party", args=[here().slug, party.pk])
    expected = list(party.expected_controls.all())
    if not party.method:
        yield Part("DC7", 30, Lack(f"{party.name} has no method: carve-out or inclusive.", address))
    if not party.purpose.strip():
        yield Part("DC7", 31, Lack(f"{party.name} does not say what it does for the service.", address))
    if party.method != Method.CARVE_OUT:
        return
    rows = [(each.text, refs_in_words(each.bears_on.all())) for each in expected]
    yield Part("DC7", 20, table(f"Controls expected of {party.name}", ("It is expected to", "Criteria"), rows))
    if not expected:
        yield Part("DC7", 32, Lack(f"{party.name} is carved out, and no control is expected of it.", address))
    for each in expected:
        if not each.bears_on.all():
            yield Part("DC7", 33, Lack(f"{party.name}: “{each.text[:80]}” bears on no criterion.", address))
