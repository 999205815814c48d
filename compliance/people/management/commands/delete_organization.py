"""The one way to delete an organisation; run as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.people.services.erasure import delete_organization
from compliance.tenancy.models import Organization


class Command(BaseCommand):
    help = "Delete an organisation and everything it has, for good. Prints and logs a tombstone without content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--yes-delete-everything", action="store_true", help="without it nothing is deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.tenants().filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation at /o/{options['organization']}/.")
        if not options["yes_delete_everything"]:
            raise CommandError(
                f"Nothing was deleted. This would delete {organization.name} with its evidence, its trail and its log, "
                "and cannot be undone. Say --yes-delete-everything to do it."
            )
        try:
            tombstone = delete_organization(organization=organization)
        except PermissionDenied as error:
            raise CommandError(f"{error} Set FIELDWORK_DATABASE_ROLE=owner.") from None
        self.stdout.write(str(tombstone))
