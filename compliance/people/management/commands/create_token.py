"""An API token, without a browser."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.access.permissions import Permission
from compliance.people.scopes import AREAS, GRANTABLE, permissions_for
from compliance.people.services import create_token
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor, ActorKind


class Command(BaseCommand):
    help = "Create an API token and print it, and nothing else. It is not to be had again."

    def add_arguments(self, parser: CommandParser) -> None:
        areas = ", ".join(area.key for area in AREAS)
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, help="what it is for")
        parser.add_argument(
            "--scope", required=True, action="append", dest="scopes",
            help=f"read, write, area:read or area:write (areas: {areas}), or one permission; may be repeated",
        )  # fmt: skip
        parser.add_argument("--days", type=int, default=90, help="how long it lasts, 1 to 365; 90 unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.tenants().filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation at /o/{options['organization']}/.")
        try:
            scopes = frozenset().union(*(permissions_named(word) for word in options["scopes"]))
            with scope(organization):
                _, handed = create_token(
                    actor=Actor(ActorKind.SYSTEM, "Command line"), name=options["name"], scopes=scopes,
                    days=options["days"], creator=None,
                )  # fmt: skip
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        self.stdout.write(handed)


def permissions_named(word: str) -> frozenset[Permission]:
    """What a `--scope` stands for. Raises CommandError with what may be written."""
    if word in ("read", "write"):
        return permissions_for([f"{area.key}:{word}" for area in AREAS], GRANTABLE)
    try:
        return permissions_for([word], GRANTABLE)
    except KeyError:
        pass
    if word in {permission.value for permission in GRANTABLE}:
        return frozenset({Permission(word)})
    known = ", ".join(sorted(permission.value for permission in GRANTABLE))
    raise CommandError(f"{word!r} is no scope. Write read, write, an area such as gaps:read, or one of {known}.")
