"""What a programme review begins from: facts of the days that it looks back on, drawn from the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from compliance.commitments.models import Commitment
from compliance.frameworks.models import Framework
from compliance.ledger.selectors import changes_between, incidents_between
from compliance.programmes.models import Programme
from compliance.registers.models import Decision, ScopeDecision, System
from compliance.tenancy.contributors import Contributors
from compliance.tenancy.rooms import here
from compliance.web.documents.parts import Table, table
from compliance.web.words import day

from .models import Action, Review
from .selectors import changes_since, latest_confirmation
from .snapshot import of_programme

#: A contributor of a floor above: takes a programme and a span of days, and answers tables.
Contributor = Callable[[Programme, date, date], Iterable[Table]]
_contributors: Contributors[Contributor] = Contributors()


def register(name: str, contributor: Contributor) -> None:
    """Give facts to programme reviews."""
    _contributors.register(name, contributor)


def facts_for(review: Review) -> list[Table]:
    """Every table of facts, those without rows too: that nothing happened is said as well."""
    first, last = review.covers_from, review.covers_to
    found = [
        _changes(first, last), _incidents(first, last), _decisions(first, last), _undecided(), _commitments(first, last),
        _since_confirmed(review.programme), _frameworks(review.programme), _earlier_actions(review),
    ]  # fmt: skip
    for contributor in _contributors:
        found += contributor(review.programme, first, last)
    return found


def _changes(first: date, last: date) -> Table:
    rows = [
        (each.ref, each.title, each.get_kind_display(), day(each.happened_on), each.get_disclosure_display())
        for each in changes_between(first, last)
    ]
    return table("Business changes", ("Ref", "Change", "Of", "On", "In the description"), rows)


def _incidents(first: date, last: date) -> Table:
    rows = [
        (each.ref, each.title, day(each.started_on), each.get_disclosure_display()) for each in incidents_between(first, last)
    ]
    return table("Incidents", ("Ref", "Incident", "From", "In the description"), rows)


def _decisions(first: date, last: date) -> Table:
    found = ScopeDecision.objects.filter(decided_at__range=_instants(first, last)).select_related("system").order_by("id")
    rows = [(each.system.ref, each.system.name, each.get_decision_display(), each.decided_by) for each in found]
    return table("Scope decisions", ("Ref", "System", "Decision", "By"), rows)


def _undecided() -> Table:
    found = System.objects.filter(decision=Decision.UNDECIDED).order_by("ref").values_list("ref", "name", "discovered_by")
    return table("Systems that wait for a decision", ("Ref", "System", "Seen by"), found)


def _commitments(first: date, last: date) -> Table:
    new = Commitment.objects.filter(created_at__range=_instants(first, last)).order_by("ref")
    gone = Commitment.objects.filter(withdrawn_on__range=(first, last)).order_by("ref")
    rows = [*((each.ref, each.text, "New") for each in new), *((each.ref, each.text, "Withdrawn") for each in gone)]
    return table("Commitments", ("Ref", "Commitment", "What happened"), rows)


def _since_confirmed(programme: Programme) -> Table:
    confirmed = latest_confirmation(programme)
    found = changes_since(confirmed, of_programme(programme)) if confirmed else []
    rows = [(each.title, ", ".join(each.removed), ", ".join(each.added)) for each in found]
    return table("Changed since the auditor confirmed the scope", ("What", "Was", "Is"), rows)


def _frameworks(programme: Programme) -> Table:
    """Newer versions of the programme's own framework."""
    family = programme.framework.key.split("-")[0]
    newer = Framework.objects.filter(key__startswith=family).exclude(pk=programme.framework_id)
    rows = [
        (each.short_title, each.version) for each in newer.order_by("version") if each.version > programme.framework.version
    ]
    return table("Newer versions of the framework", ("Framework", "Version"), rows)


def _earlier_actions(review: Review) -> Table:
    found = Action.objects.filter(review__programme=review.programme_id, done_at__isnull=True).exclude(review=review)
    rows = [(each.text, each.owner_name, day(each.due_on)) for each in found.order_by("due_on", "id")]
    return table("Actions of earlier reviews that are open", ("Action", "Owner", "Due"), rows)


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(here().timezone)
    return datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)
