"""A pack written to a file, without a page and without a worker."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.tenancy.ids import uuid7
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor, ActorKind
from compliance.trail.services import record
from evidence.packs.finding import named_control, named_criterion, named_programme
from evidence.packs.making import Made, make, title_of
from evidence.packs.stored_log import EmptyLog
from evidence.packs.subjects import NoSubject, Subject

_ACTOR = Actor(ActorKind.SYSTEM, "Command line")


class Command(BaseCommand):
    help = "Write the evidence pack of one control, one criterion or one programme to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", required=True)
        of = parser.add_mutually_exclusive_group(required=True)
        of.add_argument("--control", metavar="REF", help="such as AC-07")
        of.add_argument("--criterion", metavar="REF", help="such as CC6.1")
        of.add_argument("--programme", metavar="NAME", help="its name or its id")
        parser.add_argument(
            "--framework", metavar="KEY", default="", help="of the criterion, where several frameworks have it"
        )
        parser.add_argument("--out", metavar="FILE.zip", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.tenants().filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation at /o/{options['organization']}/.")
        began = time.monotonic()
        try:
            with scope(organization):
                subject = _subject(options)
            made, sha256, size = _write(organization, subject, Path(options["out"]))
        except (NoSubject, EmptyLog) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error.strerror or error}") from None
        self.stdout.write(
            f"{options['out']}: {subject.title}, {made.leaves} leaves of a log of {made.log_size}, {size} bytes, "
            f"{time.monotonic() - began:.1f} s\nsha256 {sha256}"
        )


def _subject(options: dict[str, Any]) -> Subject:
    if options["control"]:
        return named_control(options["control"])
    if options["criterion"]:
        return named_criterion(options["criterion"], options["framework"])
    return named_programme(options["programme"])


def _write(organization: Organization, subject: Subject, out: Path) -> tuple[Made, str, int]:
    """Write beside the file and put it there whole; the trail says that it left."""
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
        try:
            made = make(
                file,
                organization_id=organization.pk,
                pack_id=uuid7(),
                subject=subject,
                actor=_ACTOR,
                made_by=_ACTOR.label,
            )
            file.seek(0)
            sha256, size = hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
            with scope(organization):
                record(
                    actor=_ACTOR, action="evidence_packs.pack.written", target=organization, label=title_of(subject),
                    after={"of": subject.ref, "sha256": sha256, "size": size, "leaves": made.leaves},
                )  # fmt: skip
            os.replace(file.name, out)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return made, sha256, size
