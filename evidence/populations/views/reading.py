"""Looking at populations: the list by template, one with its versions, a version with all that makes it trustworthy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.models import Membership
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import today
from compliance.web.keyset import keyset_page

from .. import selectors
from ..answering import answerable, froze
from ..checklist import Result
from ..forms import MismatchForm, NoteForm, PopulationFilter, StepForm
from ..items import cell_text, is_unknown
from ..limits import limits_of
from ..models import Population, PopulationVersion, Ruling, State
from ..services.authority import CONFIRMERS, RULERS, may_keep, may_rule, refusal
from ..showing import columns_of, found_in, number_in, shown
from ..sources import source_of
from ..standing import Standing, standing_of, standings
from .finding import population_or_404, version_or_404

_MISMATCHES = 50


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def populations(request: PageRequest, organization: str) -> HttpResponse:
    """Every template, with the populations that are kept of it."""
    owners = Membership.objects.filter(pk__in=Population.objects.filter(owner__isnull=False).values("owner")).order_by("name")
    form = PopulationFilter(request.GET, owners=list(owners))
    asked = form.asked
    found = list(selectors.populations_matching(state=asked.get("state", ""), owner=asked.get("owner", "")))
    grouped = selectors.by_template(found)
    context = {
        "filter": form, "any": bool(asked), "today": today(request.organization.timezone),
        "groups": sorted(((kind, kept) for kind, kept in grouped if kept or not asked), key=lambda group: not group[1]),
        "counts": {"all": len(found), "confirmed": sum(1 for each in found if each.state == State.CONFIRMED),
                   "open": sum(1 for each in found if each.state not in (State.CONFIRMED, State.NONE)),
                   "none": sum(1 for _, kept in grouped if not kept)},
    }  # fmt: skip
    return render(request, "populations/list.html", context)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def population(request: PageRequest, organization: str, population: UUID) -> HttpResponse:
    """One population: what it lists, its versions, and what is on its way."""
    found = population_or_404(population)
    versions = selectors.population_versions().filter(population=found).defer("excluded", "places", "holes", "parameters", "deviations")
    page = keyset_page(versions, order=("-number",), cursor=request.GET.get("cursor", ""), size=20)
    source = source_of(found.source)
    context = {
        "population": found, "kind": found.kind, "page": page, "standings": standings(page.rows),
        "source": source.title if source else "A file that somebody brings" if found.is_uploaded else "Nothing any more",
        "drafts": list(selectors.drafts_of(found)[:10]), "may_keep": may_keep(request.membership, found),
        "today": today(request.organization.timezone), "limits": limits_of(found),
    }  # fmt: skip
    return render(request, "populations/population.html", context)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def version(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """One frozen version: provenance, the check list, and where two lists disagree."""
    return version_page(request, version_or_404(population_version))


def version_page(request: PageRequest, found: PopulationVersion, *, status: int = 200, **refused: Any) -> HttpResponse:
    """The page, with a form that was refused in the place of a fresh one: `step_form`, `mismatch_form` or `note_form`."""
    standing = standing_of(found)
    keeps = may_keep(request.membership, found.population)
    only_open = request.GET.get("open") == "1"
    listed = selectors.mismatches_of(found, open_only=only_open)
    page = keyset_page(listed, order=("id",), cursor=request.GET.get("cursor", ""), size=_MISMATCHES)
    barred = answerable(found)
    is_open = standing.state != State.CONFIRMED
    may_decide = may_rule(request.membership) and request.membership.pk not in barred and is_open
    context: dict[str, Any] = {
        "version": found, "population": found.population, "kind": found.population.kind, "standing": standing,
        "steps": _steps(standing, refused.get("step_form"), keeps and is_open),
        "may_keep": keeps, "not_by_you": _not_by_you(request.membership, found, barred, is_open),
        "page": page, "only_open": only_open,
        "mismatches": _mismatches(page.rows, refused, may_decide),
        "kinds": selectors.unequal_by_kind(found), "note_form": refused.get("note_form") or NoteForm(),
        "is_latest": found.number == found.population.latest_number, "holds": standing.result == Result.HOLDS,
        "first_rows": shown(found, selectors.rows_of(found, 0, 8)), "columns": columns_of(found),
        "claims": found_in(found),
    }  # fmt: skip
    return render(request, "populations/version.html", context, status=status)


def _not_by_you(membership: Membership, version: PopulationVersion, answered: dict[UUID, str], is_open: bool) -> str:
    """Why a member does not confirm, or rule, although their role would let them, and who can; empty where they can."""
    rights = CONFIRMERS if membership.may(Permission.EVIDENCE_REVIEW) else RULERS
    barred = froze(version) | answered if rights == CONFIRMERS else answered
    able = may_rule(membership) or (is_open and membership.may(Permission.EVIDENCE_PROVIDE_OWN))
    return refusal(barred, membership.pk, rights) if membership.pk in barred and able else ""


def _steps(standing: Standing, refused: StepForm | None, may_answer: bool) -> list[dict[str, Any]]:
    """Each step with its verdict, and its form where a person may answer it."""
    asked = refused.data.get("step") if refused is not None else ""
    told = []
    for step in standing.steps:
        verdict = standing.verdicts.get(step.key)
        by_facts = verdict is not None and verdict.by_facts
        form = None
        if may_answer and not by_facts and step.key != "second":
            form = refused if asked == step.key else StepForm(initial={"step": step.key})
        told.append({"step": step, "verdict": verdict, "answer": None if by_facts else standing.answers.get(step.key), "form": form})
    return told


def _mismatches(rows: list[Any], refused: dict[str, Any], may_decide: bool) -> list[dict[str, Any]]:
    labels = dict(Ruling.choices)
    told = []
    for row in rows:
        decision = list(row.decisions.all())[-1:] or [None]
        form = None
        if may_decide and not row.explained:
            fresh = MismatchForm(auto_id=f"id_{row.pk.hex[-8:]}_%s")
            form = refused["mismatch_form"] if refused.get("mismatch") == row.pk else fresh
        ruling = labels.get(decision[0].ruling, "") if decision[0] else ""
        told.append({"row": row, "decision": decision[0], "ruling": ruling, "form": form})
    return told


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def rows(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """The rows, a page at a time; `?from=200` begins after the two hundredth."""
    found = version_or_404(population_version)
    start = number_in(request.GET.get("from", ""))
    if start and start >= found.row_count:
        raise Http404("This version has no such rows.")
    items = selectors.rows_of(found, start, selectors.PAGE)
    context = {
        "version": found, "population": found.population, "columns": columns_of(found), "rows": shown(found, items, start),
        "first": start + 1, "last": start + len(items),
        "previous": max(0, start - selectors.PAGE) if start else None,
        "next": start + selectors.PAGE if start + selectors.PAGE < found.row_count else None,
    }  # fmt: skip
    return render(request, "populations/rows.html", context)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def changes(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """What was added, removed and changed since the version before."""
    found = version_or_404(population_version)
    earlier = selectors.before(found)
    start = number_in(request.GET.get("from", ""))
    made = selectors.changes_between(earlier, found, start, selectors.PAGE) if earlier else []
    total = (found.added or 0) + (found.removed or 0) + (found.changed or 0)
    labels = {each.name: each.label for each in found.population.kind.attributes} if found.population.kind else {}
    told = [
        {"change": each, "cells": [(labels.get(name, name), cell_text(old), cell_text(new)) for name, old, new in each.cells],
         "only": _in_words(labels, (each.after or each.before)[0])}
        for each in made
    ]  # fmt: skip
    context = {
        "version": found, "earlier": earlier, "population": found.population, "rows": told, "total": total,
        "previous": max(0, start - selectors.PAGE) if start else None,
        "next": start + selectors.PAGE if start + selectors.PAGE < total else None, "first": start + 1, "last": start + len(made),
    }  # fmt: skip
    return render(request, "populations/changes.html", context)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def left_out(request: PageRequest, organization: str, population_version: UUID) -> HttpResponse:
    """What was left out, each with its reason."""
    found = version_or_404(population_version)
    start = number_in(request.GET.get("from", ""))
    count = len(found.excluded)
    context = {
        "version": found, "population": found.population, "rows": found.excluded[start : start + selectors.PAGE],
        "previous": max(0, start - selectors.PAGE) if start else None, "first": start + 1,
        "last": min(count, start + selectors.PAGE), "total": count,
        "next": start + selectors.PAGE if start + selectors.PAGE < count else None,
    }  # fmt: skip
    return render(request, "populations/left_out.html", context)


def _in_words(labels: dict[str, str], cells: Any) -> str:
    said = ((label, cells.get(name)) for name, label in labels.items())
    return "; ".join([f"{label} {cell_text(cell)}" for label, cell in said if cell is not None and not is_unknown(cell)][:6])
