"""The daily digest: one mail a day to each member for whom something waits, at seven in the organisation's morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from compliance.desk.registry import digest_for, items_for
from compliance.people.models import Membership
from compliance.people.selectors import members
from compliance.tenancy.clock import now, today
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here

from .. import mail
from ..models import DigestSent

#: From seven o'clock on; the sweeps of the next two hours make up for one that failed or never ran.
HOURS = range(7, 10)
_MOST = 20


@dataclass(frozen=True)
class Entry:
    """One line of the mail, with an address that a mail program can open."""

    text: str
    why: str
    due: date | None
    link: str


def is_time() -> bool:
    """Whether it is the organisation's morning."""
    return now().astimezone(ZoneInfo(here().timezone)).hour in HOURS


def members_without_digest() -> list[UUID]:
    """Members who got no digest today yet."""
    day = today(here().timezone)
    sent = DigestSent.objects.filter(day=day).values("membership_id")
    return list(members().exclude(pk__in=sent).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def send_digest(*, membership_id: UUID) -> bool:
    """Mail one member what waits for them. Says whether a mail went out: not where nothing waits, nor twice a day.

    The row and the mail stand or fall together: a mail that is refused leaves no row, and the next sweep tries again.
    """
    membership = Membership.objects.select_related("user").get(pk=membership_id)
    lines, items, day = digest_for(membership), items_for(membership), today(here().timezone)
    if not lines and not items:
        return False
    try:
        with transaction.atomic():
            DigestSent.objects.create(membership=membership, day=day)
    except IntegrityError:  # another sweep was quicker
        return False
    organization = Organization.objects.get(pk=here().organization_id)
    count = len(items)
    waits = {0: "what is new", 1: "1 thing waits for you"}.get(count, f"{count} things wait for you")
    mail.send(
        to=membership.email, subject=f"{organization.name}: {waits}", template="audits/mail/digest",
        context={
            "membership": membership, "organization": organization, "today": day, "more": max(0, count - _MOST),
            "items": [Entry(item.title, item.why, item.due, _link(item.url)) for item in items[:_MOST]],
            "lines": [Entry(line.text, "", line.due, _link(line.url)) for line in lines[:_MOST]],
            "start": _link(f"/o/{organization.slug}/"),
        },
    )  # fmt: skip
    return True


def _link(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
