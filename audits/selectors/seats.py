"""Seats: who holds one, whether it is open, and what speaks against giving one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from compliance.people.entrances import Door
from compliance.people.models import Membership, User
from compliance.people.secrets import digest
from compliance.people.selectors import members
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from compliance.trail.models import Entry
from compliance.web.words import day

from ..models import Audit, PortalAct, PortalOpening, Seat

#: An auditor who left the organisation within this time is a threat to independence worth a warning (definitions).
COOLING_OFF = timedelta(days=730)
SIGNED_IN = "audits.portal.signed_in"


def is_open(seat: Seat) -> bool:
    """Whether a seat opens the portal today, in the organisation's time zone. Its person must not be a member."""
    on = today(here().timezone)
    return (
        seat.accepted_at is not None
        and seat.user_id is not None
        and seat.revoked_at is None
        and seat.starts_on <= on <= seat.until
        and not members().filter(user_id=seat.user_id).exists()
    )


def seats_of(audit: Audit) -> list[Seat]:
    """The seats of an audit. Each carries `condition` (a word for its state), `signed_in_at` and `downloads`: sign-ins
    and totals are all that the organisation sees of an auditor's reading until the report is issued."""
    seats = list(Seat.objects.filter(audit=audit).order_by("email"))
    signed_in = _signed_in(seats)
    downloads = _downloads(audit)
    inside = set(members().filter(user_id__in=[seat.user_id for seat in seats]).values_list("user_id", flat=True))
    for seat in seats:
        seat.condition = condition(seat, is_member=seat.user_id in inside)  # type: ignore[attr-defined]
        seat.signed_in_at = signed_in.get(seat.pk)  # type: ignore[attr-defined]
        seat.downloads = downloads.get(seat.pk, 0)  # type: ignore[attr-defined]
    return seats


def condition(seat: Seat, *, is_member: bool = False) -> str:
    """revoked, ended, suspended (its person became a member), invited, not_begun or open."""
    on = today(here().timezone)
    if seat.revoked_at is not None:
        return "revoked"
    if on > seat.until:
        return "ended"
    if is_member:
        return "suspended"
    if seat.accepted_at is None:
        return "invited"
    return "not_begun" if on < seat.starts_on else "open"


def seat_for_secret(handed: str) -> Seat | None:
    """The seat that an invitation's secret belongs to, within this room; None where it is unknown, revoked or over."""
    kept = digest(handed)
    found = Seat.objects.filter(organization_id=here().organization_id, secret_hash=kept)
    seat = found.select_related("audit__programme").first()
    if seat is None or not constant_time_compare(seat.secret_hash, kept):
        return None
    return None if condition(seat) in {"revoked", "ended"} else seat


def doors(user: User) -> list[Door]:
    """The portals that a person may enter today. Runs outside every room and reads their own seats and memberships."""
    inside = Membership.objects.filter(user=user, ended_at__isnull=True).values_list("organization_id", flat=True)
    held = Seat.objects.filter(user=user, accepted_at__isnull=False, revoked_at__isnull=True)
    return [
        Door(
            seat.organization.name,
            reverse("portal:overview", args=[seat.organization.slug, seat.audit_id]),
            f"Auditor, {seat.firm}, until {day(seat.until)}",
        )
        for seat in held.exclude(organization_id__in=list(inside)).select_related("organization")
        if seat.starts_on <= today(seat.organization.timezone) <= seat.until
    ]


def objection_to_membership(email: str) -> str:
    """Why somebody with this address may not become a member: they are to audit this organisation, or do."""
    theirs = Q(email__iexact=email) | Q(user__email__iexact=email)
    held = Seat.objects.filter(theirs, organization_id=here().organization_id, revoked_at__isnull=True)
    if held.filter(until__gte=today(here().timezone)).exists():
        return "This person holds an auditor's seat here, and nobody audits their own work. Close the seat first."
    return ""


def concerns(email: str) -> list[str]:
    """What may threaten an auditor's independence, in sentences: worth a second look, not a refusal."""
    address = email.strip().casefold()
    domain = address.rpartition("@")[2]
    found = []
    if domain and members().filter(email__iendswith=f"@{domain}").exists():
        found.append(
            f"Members of this organisation have addresses at {domain} too: an auditor's firm must be independent."
        )
    ended = Membership.objects.filter(organization_id=here().organization_id, ended_at__gt=now() - COOLING_OFF)
    known = Q(email__iexact=address) | Q(user__email__iexact=address) | Q(former_emails__contains=[address])
    if ended.filter(known).exists():
        found.append("This person was a member of the organisation within the last 24 months.")
    return found


def _signed_in(seats: list[Seat]) -> dict[Any, Any]:
    rows = Entry.objects.filter(action=SIGNED_IN, target_id__in=[seat.pk for seat in seats])
    return dict(rows.order_by().values_list("target_id").annotate(Max("at")))


def _downloads(audit: Audit) -> dict[Any, int]:
    rows = PortalOpening.objects.filter(audit=audit, act=PortalAct.DOWNLOADED)
    return dict(rows.order_by().values_list("seat_id").annotate(Count("id")))
