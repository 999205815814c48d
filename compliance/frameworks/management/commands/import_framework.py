"""A file of frameworks, into an organisation, from the command line."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.frameworks.intake.library import Options
from compliance.frameworks.intake.safe import MOST_BYTES
from compliance.frameworks.models import Framework
from compliance.frameworks.services.bring import report_of
from compliance.frameworks.services.load import Loaded, load_library
from compliance.frameworks.services.prepare import Prepared, prepare
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM


class Command(BaseCommand):
    help = (
        "Load a framework file (CISO Assistant library, OSCAL catalogue or profile, CSV, XLSX) into an organisation and "
        "print what came of it as JSON. Ends with status 1 and the reasons where it cannot be loaded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organization", required=True, help="The organisation's slug.")
        parser.add_argument("--key", default="", help="A key of your own for the framework.")
        parser.add_argument("--title", default="", help="A title of your own.")
        parser.add_argument("--edition", default="", help="The version, where the file's own is not what you call it.")
        parser.add_argument("--catalogue", default="", help="The id or key of the framework that a profile chooses from.")
        parser.add_argument("--follows", default="", help="The id or key of the framework whose place it takes.")
        parser.add_argument("--guidance-depth", type=int, help="From this depth on, rows are guidance. 0: none are.")
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=NAME", help="Which column of a list holds what."
        )
        parser.add_argument("--dry-run", action="store_true", help="Read and compare, and load nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.tenants().filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation {options['organization']}.")
        try:
            with options["file"].open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        began = time.monotonic()
        with scope(organization):
            report = self._load(content, options)
        report["seconds"] = round(time.monotonic() - began, 2)
        self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
        if report["status"] == "refused":
            sys.exit(1)

    def _load(self, content: bytes, options: dict[str, Any]) -> dict[str, Any]:
        follows = _framework(options["follows"])
        prepared = prepare(
            content=content, name=options["file"].name, options=_options(options),
            catalogue=_framework(options["catalogue"]), follows=follows,
        )  # fmt: skip
        loaded = None if prepared.faults or options["dry_run"] else self._write(prepared, follows)
        report = report_of(prepared, loaded)
        if options["dry_run"] and not prepared.faults:
            report["status"] = "readable"
        return report

    def _write(self, prepared: Prepared, follows: Framework | None) -> Loaded | None:
        try:
            return load_library(actor=SYSTEM, library=prepared.library, follows=follows)
        except ValidationError as refused:
            for message in refused.messages:
                prepared.library.fault("", message)
            return None


def _options(given: dict[str, Any]) -> Options:
    columns = dict(each.split("=", 1) for each in given["column"] if "=" in each)
    return Options(
        key=given["key"], title=given["title"], version=given["edition"], columns=columns,
        guidance_depth=given["guidance_depth"],
    )  # fmt: skip


def _framework(named: str) -> Framework | None:
    if not named:
        return None
    frameworks = {str(each.pk): each for each in Framework.objects.all()}
    found = frameworks.get(named) or next((each for each in frameworks.values() if each.key == named), None)
    if found is None:
        raise CommandError(f"There is no framework {named}.")
    return found
