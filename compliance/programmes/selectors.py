"""Reading programmes, and the criteria that one is measured by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.frameworks.models import Requirement
from compliance.registers.models import Service

from .models import BudgetLine, Demand, Phase, Programme, ProgrammeKind, ProgrammeService, Selection


def programmes() -> QuerySet[Programme]:
    """Every programme with its framework, those under way first, newest first."""
    return Programme.objects.select_related("framework").order_by("closed_at", "-id")


def open_programmes() -> QuerySet[Programme]:
    """Programmes that are under way, in the order in which they were begun."""
    return Programme.objects.select_related("framework").filter(closed_at__isnull=True).order_by("id")


def periods_of(programmes: Iterable[Programme]) -> list[tuple[date, date]]:
    """The observation periods of those programmes that have one, both days included."""
    return [(each.period_start, each.period_end) for each in programmes if each.period_start and each.period_end]


def share_a_day(first: date, last: date, periods: Collection[tuple[date, date]]) -> bool:
    """Whether a span and one of the periods have a day in common; where no period is given every span counts."""
    return not periods or any(first <= end and last >= start for start, end in periods)


def phases(programme: Programme) -> QuerySet[Phase]:
    """The phases of a programme, in order."""
    return programme.phases.order_by("position")


def requirements_offered(programme: Programme) -> QuerySet[Requirement]:
    """What the framework and the options chosen ask, before anything is left out as not relevant.

    SOC 2: the common criteria and the series of the categories chosen. Others: every assessable requirement, which
    for ISO 27001 is the leaf clauses and Annex A.
    """
    found = Requirement.objects.filter(framework_id=programme.framework_id, assessable=True).order_by("position")
    if is_soc2(programme):
        chosen = [category.replace("_", "-") for category in programme.categories]
        found = found.filter(Q(category="security") | Q(category__in=chosen))
    return found


def requirements_in_scope(programme: Programme) -> QuerySet[Requirement]:
    """D, the denominator of readiness (definitions, Readiness): what is asked, less what was approved as not relevant
    with a reason."""
    return requirements_offered(programme).exclude(ref__in=list(programme.not_relevant))


def requirement_ids_in_scope(programme: Programme) -> list[UUID]:
    """The ids of `requirements_in_scope`, some hundred at most, in its order.

    Asked once for a programme as it was read: every floor needs them for one page. What is changed of the programme in
    between changes the question, and so is asked anew.
    """
    asked = requirements_in_scope(programme)
    question, held = str(asked.query), programme.__dict__.get("_requirement_ids", ("", []))
    if held[0] != question:
        held = programme.__dict__["_requirement_ids"] = question, list(asked.values_list("pk", flat=True))
    return list(held[1])


#: How the standards number the controls of an annex: A.5.1, where clauses begin with a digit.
_ANNEX = r"^[A-Z]\.[0-9]"


def annex_of(programme: Programme) -> QuerySet[Requirement]:
    """The controls of its framework's annex, in the publisher's order, whether they apply or not."""
    return requirements_offered(programme).filter(ref__regex=_ANNEX)


def shows_percentage(programme: Programme) -> bool:
    """A framework whose clauses are not all loaded shows no percentage."""
    return programme.framework.all_clauses_loaded


def is_soc2(programme: Programme) -> bool:
    """Whether the categories of the Trust Services Criteria apply."""
    return programme.framework.key.startswith("soc2")


def may_be_left_out(programme: Programme, requirement: Requirement) -> bool:
    """The clauses of ISO 27001 apply to everybody; of it only Annex A controls can be excluded."""
    return not (programme.framework.key.startswith("iso27001") and requirement.category == "clause")


def terms_of(programme: Programme) -> dict[str, Any]:
    """What an approval of the choice is given for: kind, options, days and services, as they can be kept and compared."""
    days = {name: getattr(programme, name) for name in ("as_of", "period_start", "period_end", "fieldwork_start")}
    return {
        "kind": programme.kind, "categories": sorted(programme.categories), "pci_report": programme.pci_report,
        "pci_party": programme.pci_party, "pci_level": programme.pci_level,
        "services": [service.ref for service in services_covered(programme)],
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }  # fmt: skip


def services_covered(programme: Programme) -> QuerySet[Service]:
    """The services that a programme names, by reference. None of them means that it covers all."""
    return Service.objects.filter(pk__in=ProgrammeService.objects.filter(programme=programme).values("service")).order_by("ref")


def demands(programme: Programme) -> QuerySet[Demand]:
    """Who asked for the report, the most pressing first; those without a day last."""
    return programme.demands.order_by("needed_by", "id")


def selection_of(programme: Programme) -> Selection | None:
    """Why this report was chosen, with who approved it; None where nothing is written."""
    return Selection.objects.filter(programme=programme).first()


def budget_lines(programme: Programme) -> QuerySet[BudgetLine]:
    """What its phases are to cost and have cost."""
    return programme.budget.order_by("phase", "unit", "id")


def last_covered_before(programme: Programme) -> date | None:
    """The last day that an earlier SOC 2 programme speaks of, so that days which no report covers can be named."""
    starts = programme.period_start
    if not programme.is_soc2_kind or starts is None:
        return None
    others = Programme.objects.exclude(pk=programme.pk).filter(
        kind__in=(ProgrammeKind.SOC2_TYPE_1, ProgrammeKind.SOC2_TYPE_2)
    )
    days = others.values_list("period_end", "as_of")
    return max((day for pair in days for day in pair if day and day < starts), default=None)
