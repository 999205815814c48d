"""Reading warnings of scope, the decisions on them, and check lists."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from compliance.people.models import Membership
from compliance.programmes.models import Programme, ProgrammeService
from compliance.registers.models import System, SystemService

from .models import CheckList, ScopeWarning, Severity, State, WarningDecision


def warnings(
    *, state: str = State.OPEN, rule: str = "", severity: str = "", system: str = "", programme: Programme | None = None
) -> QuerySet[ScopeWarning]:
    """Warnings, the worst first and rule by rule; `rank`, `rule` and `id` order them, for paging.

    `system` is a reference. Of a programme are those that name it, and those that concern what it covers: of systems the
    ones that serve a service of it, and what is about the whole room. `all` is every state.
    """
    found = ScopeWarning.objects.select_related("system", "programme").annotate(rank=_rank()).order_by("rank", "rule", "id")
    if state != "all":
        found = found.filter(state=state)
    if rule:
        found = found.filter(rule=rule)
    if severity:
        found = found.filter(severity=severity)
    if system:
        found = found.filter(system__ref=system)
    return found if programme is None else found.filter(concerns(programme.pk))


def concerns(programme: UUID) -> Q:
    """What a programme has to mind. Without services of its own it covers all; so does a system without any."""
    links = SystemService.objects.filter(system=OuterRef("system_id"))
    covered = ProgrammeService.objects.filter(programme=programme)
    shared = Exists(links.filter(service__in=covered.values("service")))
    inside = Q(system__isnull=True) | ~Exists(links) | Q(shared) | ~Q(Exists(covered))
    return Q(programme=programme) | (Q(programme__isnull=True) & inside)


def open_count() -> int:
    """How many warnings nobody has decided on."""
    return ScopeWarning.objects.filter(state=State.OPEN).count()


def severity_counts(found: QuerySet[ScopeWarning]) -> dict[str, int]:
    """How many of the given warnings have each severity."""
    counted: dict[str, int] = found.order_by().aggregate(
        **{each.value: Count("pk", filter=Q(severity=each)) for each in Severity}
    )
    return counted


def rules_raised() -> dict[str, str]:
    """Every rule that ever raised a warning here, id to title."""
    return dict(ScopeWarning.objects.order_by("rule").values_list("rule", "title").distinct())


def decisions(warning: ScopeWarning) -> QuerySet[WarningDecision]:
    """Every decision on a warning, newest first."""
    return warning.decisions.order_by("-id")


def latest_decisions(found: Iterable[ScopeWarning] | None = None) -> dict[UUID, WarningDecision]:
    """The newest decision on each warning that has any, by the warning's id."""
    rows = WarningDecision.objects.order_by("warning_id", "-id").distinct("warning_id")
    if found is not None:
        rows = rows.filter(warning__in=list(found))
    return {each.warning_id: each for each in rows}


def check_lists(*, system: System | None = None, open_only: bool = False) -> QuerySet[CheckList]:
    """Check lists with their system, its owner, and their programme, the newest first."""
    found = CheckList.objects.select_related("system__owner", "programme").order_by("-id")
    if system is not None:
        found = found.filter(system=system)
    return found.filter(closed_at__isnull=True, programme__closed_at__isnull=True) if open_only else found


def warnings_of_owner(membership: Membership) -> QuerySet[ScopeWarning]:
    """Open warnings on systems that a member owns."""
    return warnings().filter(system__owner=membership)


def _rank() -> Case:
    whens = [When(severity=severity, then=Value(place)) for place, severity in enumerate(Severity.values)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())
