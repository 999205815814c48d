"""Two furnished organisations beside each other, made once for a whole file of tests; whatever a test does is undone.

Tests that use it take neither `db` nor what needs it: that closes the connection, and with it what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from compliance.people.models import User
from compliance.tenancy.models import Organization
from tests.conftest import Person, join
from tests.house.opened import undone
from tests.house.unprinted import unprinted
from tests.house.world import World


@dataclass(frozen=True)
class Neighbours:
    """Acme, which a test is about, and Borealis, which must never be seen: each with its manager and one of everything."""

    acme: Organization
    mei: Person
    world: World
    borealis: Organization
    stranger: Person
    theirs: World
    outsider: Person


Furnish = Callable[[Organization, Person, str], World]


@contextmanager
def neighbours(blocker: Any, furnish: Furnish) -> Iterator[Neighbours]:
    """Both, furnished alike; PDFs are not set."""
    with blocker.unblock(), undone(), unprinted():
        acme = Organization.objects.create(name="Acme Ledger", slug="acme", timezone="Europe/Lisbon")
        borealis = Organization.objects.create(name="Borealis Freight", slug="borealis", timezone="UTC")
        mei = join(acme, "mei@acme.example", "Mei-Ling Chu", "compliance_manager")
        stranger = join(borealis, "eve@borealis.example", "Eve Stranger", "compliance_manager")
        outsider = Person(User.objects.create_user("nobody@else.example", "correct horse battery", name="Nobody Else"), None)
        yield Neighbours(
            acme, mei, furnish(acme, mei, "acme"), borealis, stranger, furnish(borealis, stranger, "borealis"), outsider
        )
