"""Checkpoints of the evidence logs, without waiting for the sweep."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import Room, for_each_organization, scope
from compliance.tenancy.sealing import CannotOpen
from compliance.trail.actors import Actor, ActorKind
from evidence.log.models import Checkpoint
from evidence.log.services.keys import rotate_key
from evidence.log.services.sign import RewrittenError, sign_checkpoint

_ACTOR = Actor(ActorKind.SYSTEM, "Command line")


class Command(BaseCommand):
    help = "Sign what every organisation's evidence log has grown by, and print the newest checkpoints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="this one only; its checkpoint is printed as signed")
        parser.add_argument("--new-key", action="store_true", help="make a new key first; earlier ones still verify")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["organization"]
        if slug is None:
            for_each_organization(lambda room: self._one_of_many(room, options["new_key"]))
            return
        organization = Organization.objects.tenants().filter(slug=slug).first()
        if organization is None:
            raise CommandError(f"There is no organisation at /o/{slug}/.")
        with scope(organization):
            checkpoint = _signed(options["new_key"])
        if checkpoint is None:
            raise CommandError("Its log is empty: there is nothing to sign.")
        self.stdout.write(checkpoint.note, ending="")

    def _one_of_many(self, room: Room, new_key: bool) -> None:
        checkpoint = _signed(new_key)
        said = f"{checkpoint.size} leaves, {bytes(checkpoint.root).hex()}" if checkpoint else "nothing yet"
        self.stdout.write(f"{room.slug}: {said}")


def _signed(new_key: bool) -> Checkpoint | None:
    if new_key:
        rotate_key(actor=_ACTOR)
    try:
        return sign_checkpoint(actor=_ACTOR)
    except (RewrittenError, CannotOpen) as error:
        raise CommandError(str(error)) from None
