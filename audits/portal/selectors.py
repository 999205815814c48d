"""What an auditor can read. Every function takes the seat and reads its audit only.

Never read here: internal comments, other auditors' notes, evidence that was not submitted, severity, gaps, readiness,
outlook, standings, and controls that are only planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from compliance.people.models import User
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here
from evidence.models import Version, VersionDecision

from ..criteria import natural
from ..models import AuditorNote, ExternalComment, PortalOpening, Request, RequestEvidence, RequestState, Seat
from ..moves import WAITS_FOR_US
from ..selectors.seats import is_open

#: An auditor sees that a request is being answered, not how the organisation goes about it.
BEING_ANSWERED = (RequestState.OPEN, RequestState.ASSIGNED, RequestState.IN_REVIEW)
SHOWN_STATES = {
    "open": "Open",
    "submitted": "Submitted, waits for you",
    "returned": "Returned by you",
    "fulfilled": "Fulfilled",
}


#: What the log may be narrowed to by its days.
OVERDUE = "overdue"


@dataclass(frozen=True)
class Tally:
    """A state as the portal shows it, with how many requests are in it and how many of these are overdue."""

    state: str
    label: str
    count: int
    overdue: int


def open_seat(user: User, audit_id: UUID) -> Seat | None:
    """The seat of a signed-in person at an audit of this room, where it is open today; else None."""
    held = Seat.objects.filter(organization_id=here().organization_id, audit_id=audit_id, user_id=user.pk)
    seat = held.select_related("audit__programme__framework").first()
    return seat if seat is not None and is_open(seat) else None


def shown_state(state: str) -> str:
    """A state as an auditor is shown it."""
    return "open" if state in BEING_ANSWERED else state


def requests_for(seat: Seat, *, state: str = "", criterion: str = "", text: str = "", due: str = "") -> QuerySet[Request]:
    """The lines of the log, each with `given`, the number of versions that were submitted for it."""
    rows = Request.objects.filter(audit_id=seat.audit_id).annotate(
        given=Count("evidence", filter=Q(evidence__submitted_at__isnull=False))
    )
    if state == "open":
        rows = rows.filter(state__in=BEING_ANSWERED)
    elif state in SHOWN_STATES:
        rows = rows.filter(state=state)
    if due == OVERDUE:
        rows = rows.filter(_late())
    if criterion:
        rows = rows.filter(criteria_refs__contains=[criterion])
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(detail__icontains=text) | Q(ref__iexact=text) | Q(auditor_ref__iexact=text)
        )
    return rows


def criteria_for(seat: Seat) -> list[str]:
    """Every single criterion that the log names, in natural order."""
    named: set[str] = set()
    for refs in (
        Request.objects.filter(audit_id=seat.audit_id).order_by().values_list("criteria_refs", flat=True).distinct()
    ):
        named.update(refs)
    return sorted(named, key=natural)


def tallies(seat: Seat) -> list[Tally]:
    """The log by shown state; the counts sum to all requests."""
    rows = (
        Request.objects.filter(audit_id=seat.audit_id)
        .order_by()
        .values_list("state")
        .annotate(count=Count("id"), overdue=Count("id", filter=_late()))
    )
    sums = dict.fromkeys(SHOWN_STATES, (0, 0))
    for state, count, overdue in rows:
        before = sums[shown_state(state)]
        sums[shown_state(state)] = (before[0] + count, before[1] + overdue)
    return [Tally(state, SHOWN_STATES[state], *sums[state]) for state in SHOWN_STATES]


def _late() -> Q:
    """Requests that wait for the organisation beyond their day."""
    return Q(state__in=WAITS_FOR_US, due_date__lt=today(here().timezone))


def evidence_of(seat: Seat, request: Request) -> list[RequestEvidence]:
    """The versions that were submitted for a request, in order of submission."""
    given = RequestEvidence.objects.filter(request=request, request__audit_id=seat.audit_id, submitted_at__isnull=False)
    return list(
        given.select_related("version__artefact").annotate(**_decision("version_id")).order_by("submitted_at", "pk")
    )


def versions_for(seat: Seat, text: str = "") -> QuerySet[Version]:
    """Every version that was submitted for a request of this audit, once."""
    given = RequestEvidence.objects.filter(request__audit_id=seat.audit_id, submitted_at__isnull=False)
    found = (
        Version.objects.filter(pk__in=given.values("version_id")).select_related("artefact").annotate(**_decision("pk"))
    )
    if text:
        found = found.filter(Q(artefact__title__icontains=text) | Q(artefact__ref__istartswith=text))
    return found


def requests_answered_by(seat: Seat, version: Version) -> list[Request]:
    """The requests of this audit for which a version was submitted."""
    found = Request.objects.filter(
        audit_id=seat.audit_id, evidence__version=version, evidence__submitted_at__isnull=False
    )
    return list(found.distinct().order_by("ref"))


def comments_on(seat: Seat, request: Request) -> QuerySet[ExternalComment]:
    """What was said between the organisation and its auditors."""
    return ExternalComment.objects.filter(request=request, request__audit_id=seat.audit_id).order_by("id")


def notes_on(seat: Seat, request: Request) -> QuerySet[AuditorNote]:
    """The auditor's own notes on a request; nobody else's."""
    return AuditorNote.objects.filter(seat=seat, request=request).order_by("id")


def notes_of(seat: Seat) -> QuerySet[AuditorNote]:
    """All own notes, for the auditor to take away."""
    return AuditorNote.objects.filter(seat=seat).select_related("request").order_by("id")


def openings_of(seat: Seat) -> QuerySet[PortalOpening]:
    """What was recorded of this seat."""
    return PortalOpening.objects.filter(seat=seat).order_by("-id")


def _decision(version: str) -> dict[str, Subquery]:
    """The organisation's own last decision on a version: `decision`, `decided_by`, `decided_at`."""
    last = VersionDecision.objects.filter(version_id=OuterRef(version)).order_by("-id")
    return {
        "decision": Subquery(last.values("acceptance")[:1]),
        "decided_by": Subquery(last.values("decided_by")[:1]),
        "decided_at": Subquery(last.values("decided_at")[:1]),
    }
