"""Print the sample company's readiness summary, and write it as JSON and PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audits.reports.readiness import readiness_pdf
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from sample.people import SLUG
from sample.summary import as_text, summary


class Command(BaseCommand):
    help = "Print the readiness summary; write summary.json and readiness.pdf into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        organization = Organization.objects.filter(slug=SLUG, is_sample=True).first()
        if organization is None:
            raise CommandError("There is no sample company: run build_sample first.")
        with scope(organization):
            found = summary()
            (folder / "readiness.pdf").write_bytes(readiness_pdf())
        (folder / "summary.json").write_text(json.dumps(found, indent=2) + "\n")
        self.stdout.write(as_text(found))
        self.stdout.write(f"\nWritten: {folder / 'summary.json'}, {folder / 'readiness.pdf'}")
