"""Make the sample company and live through its six months."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from compliance.people.models import User
from compliance.people.services.erasure import delete_files
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from compliance.trail.services import record
from sample import company
from sample.base import Clock
from sample.examination import AUDITOR
from sample.people import CAST, ORGANIZATION, SLUG
from sample.process import VendorsProcess, vendors_process
from sample.story import Story

FINISHED = "sample.company.finished"


class Command(BaseCommand):
    help = "Make the sample company, or leave a finished one as it is. Says at its end who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--when-told", action="store_true",
            help="set the vendors up, and touch the database when the standard input ends: it may still be migrated meanwhile",
        )  # fmt: skip
        parser.add_argument("--catalogues", action="store_true", help="load the shipped frameworks first")
        parser.add_argument("--summary", metavar="FOLDER", help="at the end print the readiness summary, and write it there")

    def handle(self, *args: Any, **options: Any) -> None:
        connection_created.connect(_hasty)
        clock = Clock.ending_today()
        with vendors_process(clock.end) as vendors:
            if options["when_told"]:
                sys.stdin.read()
            if options["catalogues"]:
                call_command("load_catalogues")
            self._finished(clock, vendors)
        if options["summary"]:
            call_command("sample_summary", options["summary"])

    def _finished(self, clock: Clock, vendors: VendorsProcess) -> None:
        organization = Organization.objects.filter(slug=SLUG, is_sample=True).first()
        if organization is not None and not self._is_finished(organization):
            self.stdout.write("The last build was cut off; beginning anew.")
            self._set_aside(organization)
            organization = None
        if organization is None:
            organization = self._build(clock, vendors)
        self._say_who(organization)

    def _is_finished(self, organization: Organization) -> bool:
        with scope(organization):
            return Entry.objects.filter(action=FINISHED).exists()

    def _set_aside(self, organization: Organization) -> None:
        """A half-made company keeps its trail, which nobody may delete; it gives up its name."""
        organization.slug = f"{SLUG}-{organization.pk.hex[-8:]}"
        organization.name = f"{organization.name} (unfinished)"
        organization.save(update_fields=["slug", "name"])
        delete_files(organization.pk)

    def _build(self, clock: Clock, vendors: VendorsProcess) -> Organization:
        began = time.monotonic()
        self.stdout.write(f"Building {ORGANIZATION}, a sample company, from {clock.start:%d %B} to {clock.end:%d %B %Y}.")
        self.stdout.write("  Its AWS, GitHub and Okta are being set up.")
        organization = company.make_organization()
        Story(organization, clock, vendors, lambda line: self.stdout.write(f"  {line}")).play()
        with scope(organization):
            record(actor=SYSTEM, action=FINISHED, target=organization)
        self.stdout.write(f"Built in {time.monotonic() - began:.0f} s.")
        return organization

    def _say_who(self, organization: Organization) -> None:
        chosen = company.password()
        emails = [CAST[part].email for part in company.ROLES] + [AUDITOR[0]]
        company.set_passwords(chosen, emails)
        self.stdout.write(f"\n{organization.name}: sign in with any of these and the password {chosen}")
        for part in ("compliance_manager", "owner_platform", "administrator", "approver"):
            self.stdout.write(f"  {CAST[part].email:<44} {company.ROLES[part].label}")
        self.stdout.write(f"  {AUDITOR[0]:<44} Auditor, {User.objects.get(email=AUDITOR[0]).name}")


def _hasty(sender: object, connection: BaseDatabaseWrapper, **more: Any) -> None:
    """Wait for no disk at a commit: what a crash of the machine cuts off is begun anew as a whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
