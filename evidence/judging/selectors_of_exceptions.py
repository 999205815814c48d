"""Reading exceptions of checks, and what state each is in on a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from compliance.people.models import Membership
from compliance.tenancy.clock import now, today
from compliance.tenancy.rooms import here
from evidence.checks import catalogue
from evidence.collectors.models import SPEAKS, Connection

from .covering import Exempt
from .models import CheckException, CheckState, ExceptionDecision, ResourceInterval, Verdict

ASKED, TO_COME, IN_FORCE, EXPIRED, REFUSED, REVOKED = "asked", "to_come", "in_force", "expired", "refused", "revoked"
STATES = [
    (ASKED, "Waits for approval"), (IN_FORCE, "In force"), (TO_COME, "Approved, to come"), (EXPIRED, "Expired"),
    (REFUSED, "Refused"), (REVOKED, "Revoked"),
]  # fmt: skip
#: How long before its end an exception is put before those who answer for it.
SOON = timedelta(days=14)


def exceptions(on: date | None = None) -> QuerySet[Any]:
    """Every exception (CheckException) with its `state` on a day, today if none is named, its connection and its decisions."""
    day = on or today(here().timezone)
    decided = ExceptionDecision.objects.filter(exception=OuterRef("pk")).order_by()
    said = {verdict: Exists(decided.filter(verdict=verdict)) for verdict in Verdict.values}
    state = Case(
        When(said["refused"], then=Value(REFUSED)), When(said["revoked"], then=Value(REVOKED)),
        When(Q(until__lt=day), then=Value(EXPIRED)), When(~said["approved"], then=Value(ASKED)),
        When(starts_on__gt=day, then=Value(TO_COME)), default=Value(IN_FORCE), output_field=CharField(),
    )  # fmt: skip
    return (
        CheckException.objects.annotate(state=state).select_related("connection").defer("connection__secret")
        .prefetch_related(Prefetch("decisions", ExceptionDecision.objects.order_by("id"))).order_by("-id")
    )  # fmt: skip


def exceptions_matching(*, state: str = "", check: str = "", connection: str = "") -> QuerySet[CheckException]:
    """Those in a state, of a check, on a connection (its slug)."""
    found = exceptions()
    for name, value in (("state", state), ("check_id", check), ("connection__slug", connection)):
        if value:
            found = found.filter(**{name: value})
    return found


def counts_by_state() -> dict[str, int]:
    """How many exceptions are in each state today."""
    counted: dict[str, int] = defaultdict(int)
    for state in exceptions().order_by().prefetch_related(None).values_list("state", flat=True):
        counted[state] += 1
    return {state: counted[state] for state, _ in STATES}


def holding(connection: Connection, on: date) -> dict[str, list[Exempt]]:
    """By check, the exceptions that hold on a connection on a day."""
    found: dict[str, list[Exempt]] = defaultdict(list)
    for each in exceptions(on).filter(connection=connection, state=IN_FORCE):
        approval = approval_of(each)
        if approval is not None:
            most = None if each.resource else approval.failing
            found[each.check_id].append(Exempt(each.ref, each.resource, each.until, approval.decided_by_name, most))
    return found


def approval_of(exception: CheckException) -> ExceptionDecision | None:
    """The approval of an exception, from what `exceptions` has fetched."""
    return next((each for each in exception.decisions.all() if each.verdict == Verdict.APPROVED), None)


def of_checks(connection_checks: Iterable[tuple[UUID, str]]) -> list[CheckException]:
    """The exceptions in force of these checks on these connections."""
    wanted = Q(pk__in=[])
    for connection_id, check_id in connection_checks:
        wanted |= Q(connection_id=connection_id, check_id=check_id)
    return list(exceptions().filter(wanted, state=IN_FORCE))


def exceptions_of(check_id: str) -> QuerySet[CheckException]:
    """The twenty latest exceptions of a check that are asked for, to come or in force."""
    return exceptions().filter(check_id=check_id, state__in=[ASKED, TO_COME, IN_FORCE])[:20]


def failing_now(connection: Connection, check_id: str) -> int:
    """How many resources a check fails on now, those that are excepted included."""
    rows = ResourceInterval.objects.filter(connection=connection, check_id=check_id, ended_at__isnull=True)
    return rows.filter(outcome__in=["fail", "excepted"]).count()


def approvals_of_all(connection: Connection) -> dict[str, list[ExceptionDecision]]:
    """By check, the approvals of exceptions of all its resources that hold today and cover as many as fail now."""
    held = list(exceptions().filter(connection=connection, resource="", state=IN_FORCE))
    rows = ResourceInterval.objects.filter(
        connection=connection, check_id__in={each.check_id for each in held}, ended_at__isnull=True, outcome__in=["fail", "excepted"]
    )
    failing = Counter(rows.values_list("check_id", flat=True))
    found: dict[str, list[ExceptionDecision]] = defaultdict(list)
    for each in held:
        said = approval_of(each)
        if said is not None and said.failing is not None and failing[each.check_id] <= said.failing:
            found[each.check_id].append(said)
    return found


def expiring(membership: Membership) -> QuerySet[CheckException]:
    """Those in force that end within a fortnight, of this member: asked for or approved by them."""
    mine = Q(asked_by=membership) | Q(decisions__decided_by=membership, decisions__verdict=Verdict.APPROVED)
    last = today(here().timezone) + SOON
    return exceptions().filter(mine, state=IN_FORCE, until__lte=last).distinct().order_by("until", "id")


def waiting() -> QuerySet[CheckException]:
    """Those that nobody has answered, the oldest first."""
    return exceptions().filter(state=ASKED).order_by("id")


def turned_connections() -> list[Connection]:
    """Connections on which an exception began or ended in the last week and that were not judged since."""
    zone, moment, day = ZoneInfo(here().timezone), now(), today(here().timezone)
    since = day - timedelta(days=7)
    recent = exceptions().filter(Q(starts_on__range=(since, day)) | Q(until__range=(since, day - timedelta(days=1))))
    judged = {
        (connection_id, check_id): at
        for connection_id, check_id, at in CheckState.objects.filter(
            connection__in=recent.order_by().values("connection")
        ).values_list("connection_id", "check_id", "judged_at")
    }
    found: dict[UUID, Connection] = {}
    for each in recent.filter(SPEAKS, state__in=[IN_FORCE, EXPIRED]):
        turned = each.starts_on if each.state == IN_FORCE else each.until + timedelta(days=1)
        at = datetime.combine(turned, time(), zone)
        last = judged.get((each.connection_id, each.check_id))
        if last is not None and last < at <= moment:
            found[each.connection_id] = each.connection
    return list(found.values())


def title_of(check_id: str) -> str:
    """What a check is called; its id where no check has it any more."""
    check = catalogue.get(check_id)
    return check.title if check else check_id
