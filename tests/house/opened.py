"""A room that stands open to its manager, its auditor and a program, made once for a whole file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.test import Client

from compliance.people.models import Membership, Token, User
from compliance.people.scopes import GRANTABLE
from compliance.people.secrets import digest, issue
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from tests.conftest import Person
from tests.house.crowd import crowded
from tests.house.world import World


@dataclass
class Opened:
    """A furnished room with its manager, its auditor and its token, each signed in."""

    slug: str
    world: World
    manager: Client
    auditor: Client
    api: Client

    def client_of(self, namespace: str) -> Client:
        """Who opens the pages of a namespace."""
        return self.auditor if namespace == "portal" else self.manager


def opened(slug: str, number: int) -> Opened:
    """An organisation of this name with so many rows of every noun."""
    organization = Organization.objects.create(name=slug.capitalize(), slug=slug, timezone="Europe/Lisbon")
    user = User.objects.create_user(f"mei@{slug}.example", None, name="Mei")
    handed, _ = issue(organization.pk)
    with scope(organization):
        member = Membership.objects.create(user=user, role="compliance_manager", name=user.name, email=user.email)
        # Its use is written once a minute: not in here, where a minute may pass between two counts.
        Token.objects.create(
            name="program", scopes=[str(each) for each in GRANTABLE], secret_hash=digest(handed), hint="abcd", created_by=member,
            expires_at=now() + timedelta(days=30), last_used_at=now() + timedelta(days=1),
        )  # fmt: skip
    world = crowded(organization, Person(user, member), slug, number)
    manager, auditor = Client(), Client()
    manager.force_login(user)
    auditor.force_login(world.seat_user)
    return Opened(slug, world, manager, auditor, Client(headers={"Authorization": f"Bearer {handed}"}))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
