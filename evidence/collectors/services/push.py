"""Facts that are pushed to us: they take the way of collected ones, and say wherever they are shown that they were pushed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record
from evidence.checks import catalogue
from evidence.checks.base import Reason

from ..base import CollectionError, Context, FactKind, Page
from ..house import HOUSE_KINDS
from ..models import Connection, KindState, Run, RunState, RunStep
from ..push.fitting import fitting
from ..registry import vendor_of
from .finish import finish_run
from .guarding import refuse_retired
from .steps import Looked, Sent, finish_step

#: How late a push may come after the moment that it speaks of; later it would be back-dating.
MOST_LATE = timedelta(days=7)
#: How far the sender's clock may be ahead of ours.
MOST_AHEAD = timedelta(minutes=2)
_ROWS_IN_PAGE = 500


class StaleError(ValidationError):
    """What stands already is as new as what was pushed."""


@dataclass(frozen=True)
class Push:
    """What somebody says of the rows that they push.

    `as_of`: the moment that they speak of. `complete`: they are the whole list. `way` is push or drop, `by` and `origin` say
    who sent them (a token, a member) and from where, `form` what they were sent as.
    """

    kind: str
    as_of: datetime
    complete: bool
    way: str
    by: str
    origin: str
    form: str = "rows"
    filename: str = ""


@transaction.atomic
def push_facts(
    *, actor: Actor, member: Membership | None, connection: Connection, push: Push, rows: Iterable[tuple[int, Any]]
) -> Run:
    """Take in rows of one kind, all or none; the run that holds them, with its step and what was kept.

    Raises ValidationError by field for a kind, a source or a time that cannot be, StaleError where a list of the same
    moment or a later one is kept already, UnfitError for rows that do not fit the kind's schema.
    """
    received = now()
    connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
    kind = _kind(connection, push)
    check_moment(connection, kind.id, push.as_of, received)
    run = _begun(connection, push, actor, received)
    with ExitStack() as stack:
        looked = Looked(kind, min(push.as_of, received), sent=_sent(actor, member, push, received))
        stack.enter_context(looked.pages)
        for page in _pages(kind, push, fitting(kind, rows)):
            looked.pages.append(page)
        _say_what_is_missing(looked, push)
        for place, each in enumerate([*_of_the_house(kind), looked]):
            stack.enter_context(each.pages)
            step = RunStep.objects.create(run=run, fact_kind=each.kind.id, position=place, started_at=received)
            finish_step(run=run, step=step, looked=each, identity="")
    finish_run(run_id=run.pk, worker=run.worker, identity=f"{push.by}, from {push.origin}")
    run.refresh_from_db()
    record(
        actor=actor, action="evidence.facts.pushed", target=run,
        after={"fact_kind": kind.id, "rows": run.rows, "as_of": push.as_of, "complete": push.complete, "from": push.origin},
    )
    return run


def _kind(connection: Connection, push: Push) -> FactKind:
    vendor = vendor_of(connection.vendor)
    if not vendor.pushed:
        raise ValidationError({"source": "This connection collects its facts itself. Push to a source without an API."})
    refuse_retired(connection, "source")
    if not connection.active:
        raise ValidationError({"source": "This source is paused. Resume it first."})
    kind = next((each for each in vendor.kinds if each.id == push.kind), None)
    if kind is None:
        raise ValidationError({"kind": f"Nothing of this kind can be pushed. There are {', '.join(each.id for each in vendor.kinds)}."})
    return kind


def check_moment(connection: Connection, kind: str, as_of: datetime, received: datetime) -> None:
    """Refuse a moment in the future, one long gone, and one that is not after what is kept already: facts of a kind follow
    each other. Raises ValidationError at `as_of`, or StaleError."""
    if as_of > received + MOST_AHEAD:
        raise ValidationError({"as_of": "This moment has not come yet."})
    if as_of < received - MOST_LATE:
        raise ValidationError({"as_of": f"This is more than {MOST_LATE.days} days ago: facts are pushed while they are fresh."})
    state = KindState.objects.filter(connection=connection, fact_kind=kind).first()
    if state is None:
        return
    if state.last_good_at is not None and as_of <= state.last_good_at:
        raise StaleError(f"A list of this kind as of {state.last_good_at.isoformat(timespec='seconds')} is kept already.")
    if state.last_looked_at is not None and as_of < state.last_looked_at:
        raise StaleError(f"A push of this kind as of {state.last_looked_at.isoformat(timespec='seconds')} is kept already.")


def _begun(connection: Connection, push: Push, actor: Actor, received: datetime) -> Run:
    last = Run.objects.filter(connection=connection).aggregate(last=Max("number"))["last"] or 0
    return Run.objects.create(
        connection=connection, number=last + 1, trigger=push.way, requested_by=actor.label[:254], kinds=[push.kind],
        state=RunState.RUNNING, worker=f"{push.way}:{last + 1}", started_at=received, due_at=received,
    )


def _sent(actor: Actor, member: Membership | None, push: Push, received: datetime) -> Sent:
    told = {
        "pushed": push.way, "by": push.by[:200], "from": push.origin[:200], "stated_at": push.as_of.isoformat(),
        "received_at": received.isoformat(), "complete": push.complete, "format": push.form,
    }
    return Sent(min(push.as_of, received), actor, member, told | ({"filename": push.filename[:255]} if push.filename else {}))


def _pages(kind: FactKind, push: Push, rows: Iterable[Any]) -> Iterator[Page]:
    """Rows in pages, so that no more of them is held than one; one page even where there are none."""
    body: list[Any] = []
    number = 1
    for row in rows:
        if len(body) == _ROWS_IN_PAGE:
            yield _page(push, number, body)
            body, number = [], number + 1
        body.append(row)
    yield _page(push, number, body)


def _page(push: Push, number: int, body: list[Any]) -> Page:
    return Page(call=f"{push.way} {push.kind}", parameters={"page": number, "as_of": push.as_of.isoformat()}, body=list(body))


def _say_what_is_missing(looked: Looked, push: Push) -> None:
    """A part never reads as the whole; no rows at all never do where the kind cannot be empty (decisions, 18)."""
    rows = sum(len(page.body) for page in looked.pages)
    if not push.complete:
        looked.error = CollectionError(
            Reason.NOT_COLLECTED, f"Only a part of the list was pushed: {rows} row{'' if rows == 1 else 's'}.",
            remedy="Push the whole list, and say that it is complete.",
        )
    elif not rows and not looked.kind.can_be_empty:
        looked.error = CollectionError(
            Reason.EMPTY, "A list without a row was pushed, which cannot be the truth of this kind.",
            remedy="Look at what draws the list.",
        )


def _of_the_house(kind: FactKind) -> list[Looked]:
    """The house's own facts that checks read beside this kind, as they stand now."""
    read = {fact for check in catalogue.load().values() if kind.id in check.facts for fact in check.facts}
    found = []
    for house in (HOUSE_KINDS[id] for id in HOUSE_KINDS if id in read):
        looked = Looked(house, now())
        for page in house.collect(None, Context(config={}, secret={}, now=now())):
            looked.pages.append(page)
        found.append(looked)
    return found
