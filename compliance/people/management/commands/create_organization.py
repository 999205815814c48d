"""The first organisation and its first member, without a browser."""

from __future__ import annotations

import sys
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from compliance.access.roles import Role
from compliance.people.models import User
from compliance.people.services import create_organization
from compliance.trail.actors import Actor, ActorKind


class Command(BaseCommand):
    help = "Create an organisation and its first member. Without --password-stdin the member sets a password by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the organisation's name")
        parser.add_argument("--slug", required=True, help="its address: small letters, digits and hyphens")
        parser.add_argument("--admin-email", required=True, help="the first member's address")
        parser.add_argument("--admin-name", required=True, help="the first member's name")
        parser.add_argument("--timezone", default="UTC", help="such as Europe/Lisbon; UTC unless given")
        parser.add_argument(
            "--role", default=Role.COMPLIANCE_MANAGER.value,
            choices=[Role.ADMINISTRATOR.value, Role.COMPLIANCE_MANAGER.value],
            help="the first member's; compliance_manager unless given, who can bring in the others",
        )  # fmt: skip
        parser.add_argument("--password-stdin", action="store_true", help="read the first member's password from stdin")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            founder = self._founder(options)
            organization = create_organization(
                actor=Actor(ActorKind.SYSTEM, "Command line"), founder=founder, name=options["name"],
                slug=options["slug"], timezone=options["timezone"], role=options["role"],
            )  # fmt: skip
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        self.stdout.write(f"{organization.name} is at /o/{organization.slug}/. Its first member is {founder.email}.")

    def _founder(self, options: dict[str, Any]) -> User:
        email = options["admin_email"].strip().lower()
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
        known = User.objects.filter(email__iexact=email).first()
        if known is not None:
            if password:
                raise ValidationError(f"{email} has an account already; its password is not changed here.")
            return known
        user = User(email=email, name=options["admin_name"])
        user.full_clean(exclude=["password"])
        if password:
            validate_password(password, user)
        user.set_password(password)
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)  # whoever types this vouches
        return user
