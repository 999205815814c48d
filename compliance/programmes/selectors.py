"""Reading programmes, and the criteria that one is measured by."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from compliance.frameworks.models import Requirement

from .models import Phase, Programme


def programmes() -> QuerySet[Programme]:
    """Every programme with its framework, those under way first, newest first."""
    return Programme.objects.select_related("framework").order_by("closed_at", "-id")


def open_programmes() -> QuerySet[Programme]:
    """Programmes that are under way, in the order in which they were begun."""
    return Programme.objects.select_related("framework").filter(closed_at__isnull=True).order_by("id")


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


def shows_percentage(programme: Programme) -> bool:
    """A framework whose clauses are not all loaded shows no percentage."""
    return programme.framework.all_clauses_loaded


def is_soc2(programme: Programme) -> bool:
    """Whether the categories of the Trust Services Criteria apply."""
    return programme.framework.key.startswith("soc2")


def may_be_left_out(programme: Programme, requirement: Requirement) -> bool:
    """The clauses of ISO 27001 apply to everybody; of it only Annex A controls can be excluded."""
    return not (programme.framework.key.startswith("iso27001") and requirement.category == "clause")
