"""Writing down what an auditor does in the portal, so that the organisation learns no more of it than it may.

Sign-ins and daily totals go into the trail, item by item into a table of its own (docs/decisions/0002).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count

from compliance.tenancy.rooms import here
from compliance.trail.actors import SYSTEM, Actor
from compliance.trail.models import Entry
from compliance.trail.services import record

from ..models import PortalAct, PortalOpening, Seat
from ..selectors.seats import SIGNED_IN

COUNTED = "audits.portal.downloads_counted"


@transaction.atomic
def record_sign_in(*, actor: Actor, seat: Seat) -> None:
    """An auditor came in: the organisation may know that at once."""
    record(actor=actor, action=SIGNED_IN, target=seat, after={"audit": seat.audit.ref})


@transaction.atomic
def record_opening(
    *, actor: Actor, seat: Seat, act: PortalAct, item_type: str, item_id: UUID | None, label: str
) -> PortalOpening:
    """An auditor opened or downloaded an item: kept apart, readable by the organisation once the report is issued."""
    return PortalOpening.objects.create(
        audit_id=seat.audit_id,
        seat=seat,
        act=act,
        item_type=item_type,
        item_id=item_id,
        item_label=label[:300],
        request_id=actor.request_id,
    )


@transaction.atomic
def count_downloads(day: date) -> int:
    """Write one trail entry per seat that downloaded something on a day of the organisation's calendar, and only once.

    Returns how many entries were written.
    """
    zone = ZoneInfo(here().timezone)
    start = datetime.combine(day, time.min, zone)
    rows = PortalOpening.objects.filter(
        act=PortalAct.DOWNLOADED, at__gte=start, at__lt=datetime.combine(day + timedelta(days=1), time.min, zone)
    )
    totals = dict(rows.order_by().values_list("seat_id").annotate(Count("id")))
    told = set(
        Entry.objects.filter(action=COUNTED, target_id__in=list(totals), after__day=day.isoformat()).values_list(
            "target_id", flat=True
        )
    )
    new = Seat.objects.filter(pk__in=set(totals) - told, organization_id=here().organization_id)
    for seat in new.select_for_update():
        record(actor=SYSTEM, action=COUNTED, target=seat, after={"day": day, "downloads": totals[seat.pk]})
    return len(new)
