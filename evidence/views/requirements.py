"""What has to be shown: the list with its sums, one requirement, and the panel of a control."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page
from controls.models import Control

from .. import selectors
from ..cadences import history_of
from ..coverage.account import account_of
from ..forms import LinkForm, RequirementFilter
from ..judging import selectors as judged
from ..models import EvidenceRequirement, Freshness
from ..rows import rows_of
from ..services.authority import may_provide
from .finding import requirement_or_404


@requires(Permission.EVIDENCE_VIEW)
def requirements(request: PageRequest, organization: str) -> HttpResponse:
    """Everything that has to be shown, what is missing or stale first; the sums count what the other filters leave."""
    form = RequirementFilter(request.GET, owners=selectors.requirement_owners())
    found = selectors.requirements_in_rows(form.asked)
    page = keyset_page(found, order=("rank", "ref"), cursor=request.GET.get("cursor", ""))
    others = {name: value for name, value in form.asked.items() if name != "state"}
    counts = selectors.freshness_counts(selectors.requirements_matching(others))
    context = {
        "filter": form, "page": page, "rows": rows_of(page, organization),
        "counts": [(state, Freshness(state).label, number) for state, number in counts.items()],
        "total": sum(counts.values()), "asked": form.asked, "any": bool(form.asked),
    }  # fmt: skip
    return render(request, "evidence/list.html", context)


@requires(Permission.EVIDENCE_VIEW)
def requirement(request: PageRequest, organization: str, requirement: UUID) -> HttpResponse:
    """One requirement: how fresh it is, what shows it, what judges it, and what of the period is covered."""
    return requirement_page(request, requirement_or_404(requirement))


def requirement_page(
    request: PageRequest, found: EvidenceRequirement, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one."""
    links = list(selectors.links_of(found))
    newest = selectors.newest_versions([link.artefact_id for link in links])
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "requirement": found, "links": [(link, newest.get(link.artefact_id)) for link in links],
        "checks": check_lines([found]), "said": history_of(found), "account": account_of(found, request.GET.get("programme", "")),
        "may_provide": may_provide(request.membership, found), "link_form": LinkForm(),
        "today": today(request.organization.timezone), "q": text,
        "offered": list(selectors.artefacts_to_offer(text, found)[:20]) if text else [],
    }  # fmt: skip
    return render(request, "evidence/requirement.html", context | more, status=status)


@requires(Permission.EVIDENCE_VIEW)
def of_control(request: PageRequest, organization: str, control: UUID) -> HttpResponse:
    """What a control must show and what its checks say: a panel of the control's page, or a page by itself."""
    found = get_object_or_404(Control.objects.select_related("owner"), pk=control)
    rows = list(selectors.requirements_of_control(found.pk))
    context = {"control": found, "rows": rows, "checks": check_lines(rows)}
    fragment = request.htmx  # type: ignore[attr-defined]
    return render(request, "evidence/_of_control.html" if fragment else "evidence/of_control.html", context)


def check_lines(rows: list[EvidenceRequirement]) -> list[tuple[Any, list[Any]]]:
    """The checks bound to some requirements, each with how it stands on every connection; a line without any was not
    judged yet. One query."""
    wanted = list(dict.fromkeys(check for row in rows for check in row.checks))
    states = judged.states_of(wanted)
    known = [check for id in wanted if (check := judged.catalogue.get(id))]
    return [(check, states.get(check.id, [])) for check in known]
