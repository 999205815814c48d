"""Looking over an organisation's evidence log, without waiting for the night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor, ActorKind
from evidence.log.problems import Problem
from evidence.services.verify import verify_log


class Command(BaseCommand):
    help = "Compare leaves, signed checkpoints, rows and stored files. Ends with 1 when something does not agree, and names it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--all-files", action="store_true", help="read every stored file, not the day's share of them")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.tenants().filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation at /o/{options['organization']}/.")
        with scope(organization):
            made = verify_log(actor=Actor(ActorKind.SYSTEM, "Command line"), all_files=options["all_files"])
        looked = f"{made.size} leaves, {made.checkpoints} checkpoints, {made.rows} rows, {made.files} files"
        if made.found:
            told = "\n".join(str(Problem(**each)) for each in made.problems)
            raise CommandError(f"{told}\n{looked}: {made.found} problems.", returncode=1)
        self.stdout.write(f"{looked}: everything agrees.")
