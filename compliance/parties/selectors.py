"""Reading third parties: the list, the dossiers that the rules look at, and the warnings that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from compliance.frameworks.models import Requirement
from compliance.registers.models import CUSTOMER_CLASSES, Decision, Direction, Flow, Kind, System
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import here

from .cadence import Due, schedule
from .coverage import InUse, Letter, Paper, Span
from .dossiers import Dossier, LetterFacts, ReportFacts
from .models import BridgeLetter, Incidents, OwnUserEntityControl, Party, PartyReport, UserEntityControl
from .periods import main_period
from .rules import NO_ROLE, judge
from .warning_lines import Warning, from_above

_SHELVES = (
    "reports__nested", "reports__user_entity_controls", "letters", "reviews", "expected_controls__bears_on__requirement",
)  # fmt: skip


def parties(*, role: str = "", method: str = "", text: str = "") -> QuerySet[Party]:
    """Third parties in the order in which they were entered, with their systems and reviewers."""
    found = Party.objects.select_related("system", "reviewer").order_by("id")
    if role:
        found = found.filter(role=role)
    if method:
        found = found.filter(method=method)
    if text:
        found = found.filter(Q(system__name__icontains=text) | Q(system__ref__istartswith=text))
    return found


def with_papers(found: QuerySet[Party]) -> QuerySet[Party]:
    """The same, with everything that a dossier is made of, in a fixed number of queries."""
    return found.prefetch_related(*_SHELVES)


def without_role() -> QuerySet[System]:
    """Third parties of the scope register that nobody has given a role; those out of scope need none."""
    known = Party.objects.values("system_id")
    return System.objects.filter(kind=Kind.THIRD_PARTY).exclude(decision=Decision.OUT).exclude(pk__in=known).order_by("id")


def dossier(party: Party, *, on: date, period: Span | None, reached: frozenset[UUID] | None = None) -> Dossier:
    """What is known of a party that was read `with_papers`. `reached`: systems that customer data flows to, where the
    caller has asked for many parties at once."""
    reached = systems_reached() if reached is None else reached
    dues = dues_of(party, on)
    return Dossier(
        id=party.pk, name=party.name, role=party.role, method=party.method, on=on, period=period,
        used=InUse(tuple(party.services_used), tuple(party.regions)),
        reports=tuple(_report(each) for each in party.reports.all()),
        letters=tuple(_letter(each) for each in party.letters.all()),
        dues=tuple(dues), reviewed=any(due.state == "done" for due in dues),
        handles_data=party.system.holds_customer_data or party.system_id in reached,
        expected_controls=len(party.expected_controls.all()),
    )  # fmt: skip


def systems_reached() -> frozenset[UUID]:
    """Systems that a data flow of customer data leads to, or that one in both ways begins at."""
    reached: set[UUID] = set()
    for source, target, classes, direction in Flow.objects.values_list(
        "source_id", "target_id", "data_classes", "direction"
    ):
        if not CUSTOMER_CLASSES.isdisjoint(classes):
            reached |= {target, source} if direction == Direction.BOTH_WAYS else {target}
    return frozenset(reached)


def dues_of(party: Party, on: date) -> list[Due]:
    """Every review that fell due, and the next."""
    recorded = {each.due_on: each.outcome for each in party.reviews.all()}
    return schedule(party.first_review_due, party.review_months, recorded, on)


def warnings(*, on: date | None = None, period: Span | None = None) -> list[Warning]:
    """Every warning on third parties, those of one party together. Without a period that of the programme that began first.

    Each carries `rule` (id, severity, title), `subject`, `reason`, `todo` and `url`.
    """
    return warnings_among(dossiers(on=on, period=period)) + roleless()


def dossiers(*, on: date | None = None, period: Span | None = None) -> dict[Party, Dossier]:
    """What is known of every party, in a fixed number of queries; day and period as `warnings` takes them."""
    on = on or today(here().timezone)
    if period is None and (main := main_period()):
        period = main.span
    reached = systems_reached()
    return {party: dossier(party, on=on, period=period, reached=reached) for party in with_papers(parties())}


def warnings_among(found: Mapping[Party, Dossier]) -> list[Warning]:
    """What the rules say of some parties, read `with_papers`, by their dossiers; and what the floors above add."""
    said = [
        Warning(each.rule, str(party.system), each.reason, each.todo, _url(party.pk), party.pk)
        for party, known in found.items()
        for each in judge(known)
    ]
    return said + from_above(list(found))


def warning_counts(said: Iterable[Warning]) -> Counter[UUID]:
    """How many warnings each party has."""
    return Counter(each.party_id for each in said if each.party_id)


def own_controls() -> QuerySet[OwnUserEntityControl]:
    """CUECs of our own, with the criteria that they bear on."""
    return OwnUserEntityControl.objects.prefetch_related("bears_on__requirement").order_by("id")


def current_cuecs(party: Party) -> QuerySet[UserEntityControl]:
    """The CUECs of a party's newest report that has any: what an earlier one asked is superseded."""
    newest = party.reports.filter(user_entity_controls__isnull=False).order_by("-ends_on", "-id").values("pk")[:1]
    return UserEntityControl.objects.filter(report_id__in=newest).select_related("report").order_by("id")


def criteria_offered() -> QuerySet[Requirement]:
    """What an expected control or a CUEC may bear on: every assessable requirement that the room can read."""
    return Requirement.objects.filter(assessable=True).select_related("framework").order_by("framework_id", "position")


def paper_of(report: PartyReport) -> Paper:
    """A report, as coverage sees it."""
    return Paper(
        str(report.pk), report.kind, report.starts_on, report.ends_on, tuple(report.services), tuple(report.regions),
        report.opinion,
    )  # fmt: skip


def letter_of(letter: BridgeLetter) -> Letter:
    """A letter, as coverage sees it."""
    return Letter(
        str(letter.pk), str(letter.report_id), letter.starts_on, letter.ends_on, letter.signed_on, tuple(letter.services)
    )


def _report(report: PartyReport) -> ReportFacts:
    unanswered = tuple(each.name for each in report.nested.all() if not each.answer)
    return ReportFacts(_label(report), paper_of(report), report.exceptions, unanswered)


def _label(report: PartyReport) -> str:
    return f"{report.get_kind_display()} of {report.issuer} to {report.ends_on:%-d %b %Y}"


def _letter(letter: BridgeLetter) -> LetterFacts:
    span = Span(letter.starts_on, letter.ends_on)
    return LetterFacts(f"Bridge letter for {span}", letter_of(letter), letter.incidents == Incidents.SILENT)


def roleless() -> list[Warning]:
    """A warning for each third party that nobody has given a role."""
    return [
        Warning(
            NO_ROLE, str(system), "It is a third party in scope, and nobody has said whether our commitments rest on its controls.",
            "Say whether it is a vendor or a subservice organisation.",
            f"{reverse('parties:add', args=[here().slug])}?system={system.pk}", system_id=system.pk,
        )  # fmt: skip
        for system in without_role()
    ]


def _url(party_id: UUID) -> str:
    return reverse("parties:party", args=[here().slug, party_id])
