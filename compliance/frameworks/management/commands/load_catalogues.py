"""The shipped frameworks, into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance.frameworks.catalogue import CatalogueError
from compliance.frameworks.loading import load_catalogues


class Command(BaseCommand):
    help = "Load the frameworks and the crosswalk that come with the product. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_catalogues()
        except CatalogueError as refused:
            raise CommandError("\n".join([f"{refused.source} cannot be loaded:", *refused.problems])) from None
        changed = f"{loaded.created} new, {loaded.updated} corrected, {loaded.deleted} withdrawn"
        self.stdout.write(f"Catalogues: {changed}, {loaded.unchanged} as they were.")
        if loaded.unlisted:
            self.stdout.write(f"{loaded.unlisted} requirements are no longer listed in their version; they stay.")
