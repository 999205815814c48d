"""A framework, its scope or the controls that meet it, as OSCAL on the command line."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from compliance.frameworks.exporting import catalog_of
from compliance.frameworks.models import Framework
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope

from ...exporting import components_of, profile_of


class Command(BaseCommand):
    help = (
        "Print OSCAL as JSON: the catalogue of a framework, the profile of what an organisation is measured by, or the "
        "component definition of its controls."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", required=True, choices=["catalog", "profile", "component-definition"])
        parser.add_argument("--framework", required=True, help="Its id, or its key.")
        parser.add_argument("--organization", default="", help="A slug. Without one only shipped catalogues can be printed.")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = self._organization(options["organization"])
        if organization is None and options["kind"] != "catalog":
            raise CommandError(f"A {options['kind']} is an organisation's: name it with --organization.")
        with scope(organization.pk if organization else NIL):
            document = self._document(options["kind"], _framework(options["framework"]), organization)
        self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))

    def _organization(self, slug: str) -> Organization | None:
        if not slug:
            return None
        found = Organization.objects.tenants().filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no organisation {slug}.")
        return found

    def _document(self, kind: str, framework: Framework, organization: Organization | None) -> dict[str, Any]:
        if kind == "catalog" or organization is None:
            return catalog_of(framework)
        return profile_of(framework, organization) if kind == "profile" else components_of(framework, organization)


def _framework(named: str) -> Framework:
    """By id, else by key: the room's own before a shipped one, the latest version of it."""
    try:
        asked = Q(pk=UUID(named))
    except ValueError:
        asked = Q(key=named)
    found = Framework.objects.filter(asked).order_by("-organization_id", "-loaded_at").first()
    if found is None:
        raise CommandError(f"There is no framework {named}.")
    return found
