"""Links of a request: made for a mail, good for one request, revoked when there is nothing left to hand in."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from compliance.people.secrets import issue
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Ask, AskLink

#: Days after the due day on which a link still opens: what comes late is better than nothing, and says that it is late.
GOOD_AFTER = 14
#: Days that a link is good for at least.
GOOD_FOR = 14
#: And at most, however far off the due day is: a mail lies in a mailbox for years. Each reminder brings a new link.
GOOD_AT_MOST = 30


def make_link(*, actor: Actor, ask: Ask) -> tuple[str, date]:
    """A new link, to be mailed, and the day until which it opens. Nobody can read it again: only its hash is kept."""
    handed, kept = issue(here().organization_id)
    days = min(max((ask.due_on - now().date()).days + GOOD_AFTER, GOOD_FOR), GOOD_AT_MOST)
    made = AskLink.objects.create(ask=ask, secret_hash=kept, expires_at=now() + timedelta(days=days))
    record(actor=actor, action="evidence_requests.link.made", target=ask, after={"email": ask.email, "until": made.expires_at})
    until = made.expires_at.astimezone(ZoneInfo(here().timezone)).date()
    return settings.SITE_URL.rstrip("/") + reverse("hand_in", args=[handed]), until


def revoke_links(*, actor: Actor, ask: Ask) -> None:
    """No link of this request opens any more."""
    revoked = ask.links.filter(revoked_at__isnull=True).update(revoked_at=now())
    if revoked:
        record(actor=actor, action="evidence_requests.link.revoked", target=ask, after={"links": revoked})
