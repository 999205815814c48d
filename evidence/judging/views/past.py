"""A day that has passed, judged again; the facts that a check reads; what it is held to."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.tenancy.clock import now, today
from compliance.web.refusals import show_refusal
from evidence.checks.base import Check, Row, Unreadable
from evidence.collectors.models import Connection
from evidence.collectors.registry import kind_of
from evidence.models import Version
from evidence.threshold_values import NotAValueError, read

from ..forms.past import DayFilter, SinceForm, ThresholdForm
from ..models import LookBack
from ..selectors_of_past import FactsOfDays, Looks, in_use_on, judge_day, worst_first
from ..services.hold_to import set_threshold
from ..services.look_back import begin_look_back
from ..strips import called
from ..tasks import look_back
from ..thresholds import thresholds_of
from .checks import check_page, find_check

#: Resources of one connection and rows of facts that a page shows.
SHOWN, ROWS, WIDE = 200, 25, 600


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def on_day(request: PageRequest, organization: str, check_id: str) -> HttpResponse:
    """What today's version of the check gives on the facts of a past day. Nothing is written."""
    return _page(request, find_check(check_id))


@require_POST
@requires(Permission.CHECK_CHANGE)
def judge_past(request: PageRequest, organization: str, check_id: str) -> HttpResponse:
    """Let the check judge the days before it first spoke."""
    check, form = find_check(check_id), SinceForm(request.POST)
    if form.is_valid():
        try:
            begun = [
                each for connection in _connections(check)
                for each in begin_look_back(
                    actor=request.actor, connection=connection, check_ids=[check.id], since=form.cleaned_data["since"]
                )
            ]  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            for each in begun:
                look_back.delay(str(each.organization_id), str(each.pk))
            said = "It judges the days before it first spoke." if begun else "There is nothing before it first spoke."
            messages.success(request, said)
            return redirect("checks:on_day", organization, check.id)
    return _page(request, check, since_form=form, status=422)


def _page(request: PageRequest, check: Check, *, since_form: SinceForm | None = None, status: int = 200) -> HttpResponse:
    connections = _connections(check, retired=True)
    form = DayFilter(request.GET, connections=[(each.slug, called(each.name, each.retired_at)) for each in connections])
    asked = form.asked
    day = asked.get("day") or today(request.organization.timezone) - timedelta(days=1)
    on_that_day = connections if form.errors else in_use_on(connections, day)  # type: ignore[arg-type]
    chosen = [each for each in on_that_day if each.slug == asked.get("connection", each.slug)][:1]
    judged = [] if form.errors else judge_day(check, chosen, day)  # type: ignore[arg-type]
    versions = _versions([look.version_id for each in judged for look in each.looks.values() if look.version_id])
    parts = [
        {
            "judged": each, "findings": worst_first(each.findings)[:SHOWN], "more": max(0, len(each.findings) - SHOWN),
            "looks": [(kind, look, versions.get(look.version_id)) for kind, look in sorted(each.looks.items())],
        }
        for each in judged
    ]  # fmt: skip
    context = {
        "check": check, "filter": form, "day": day, "parts": parts, "since_form": since_form or SinceForm(),
        "look_backs": list(LookBack.objects.filter(check_id=check.id).select_related("connection")[:10]),
    }  # fmt: skip
    return render(request, "judging/on_day.html", context, status=422 if form.errors else status)


@require_GET
@requires(Permission.EVIDENCE_VIEW)
def facts(request: PageRequest, organization: str, check_id: str) -> HttpResponse:
    """The first rows of what a check reads, with the snapshot that they come from."""
    check, moment = find_check(check_id), now()
    parts = []
    for connection in _connections(check)[:5]:
        found, looks = FactsOfDays(Looks(connection, check.facts, moment)).at(moment)
        versions = _versions([look.version_id for look in looks.values() if look.version_id])
        for kind in check.facts:
            look = looks.get(kind)
            try:
                rows, said = found.rows(kind), ""
            except Unreadable as gap:
                rows, said = (), gap.detail or str(gap.reason)
            shown = [_told(row) for row in rows[:ROWS]]
            title = kind_of(check.vendor, kind).title
            parts.append({
                "connection": connection, "kind": kind, "title": title, "look": look, "rows": shown, "number": len(rows),
                "said": said, "version": versions.get(look.version_id) if look else None,
            })  # fmt: skip
    return render(request, "judging/facts.html", {"check": check, "parts": parts})


def _told(row: Row) -> list[tuple[str, str]]:
    """A row field by field, a text as it is and the rest as JSON; WIDE characters of it."""
    told, left = [], WIDE
    for name, value in row.items():
        text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
        told.append((name, text if len(text) <= left else f"{text[: max(left, 0)]}…"))
        left -= len(name) + len(text)
        if left <= 0:
            break
    return told


@require_POST
@requires(Permission.CHECK_CHANGE)
def hold_to(request: PageRequest, organization: str, check_id: str) -> HttpResponse:
    """Set a threshold of the check."""
    check = find_check(check_id)
    form = ThresholdForm(request.POST, thresholds=thresholds_of(check))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            value = _value(asked["value"], check, asked["name"])
            set_threshold(
                actor=request.actor, member=request.membership, check=check, name=asked["name"], value=value,
                reason=asked["reason"], control=asked["control"],
            )  # fmt: skip
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The threshold is set. The check is judged again by it now.")
            return redirect("checks:check", organization, check.id)
    return check_page(request, check, threshold_form=form, status=422)


def _value(text: str, check: Check, name: str) -> object:
    if not text.strip():
        return None
    try:
        value = read(text, check.thresholds[name])
    except NotAValueError as error:
        raise ValidationError({"value": str(error)}) from error
    return list(value) if isinstance(value, tuple) else value


def _connections(check: Check, *, retired: bool = False) -> list[Connection]:
    """Those that bring what a check reads; with `retired` those that once did, after the others."""
    if check.vendor not in {each.split(".", 1)[0] for each in check.facts}:
        raise Http404("No connection brings what it reads.")
    found = Connection.objects.filter(vendor=check.vendor).defer("secret").order_by(F("retired_at").asc(nulls_first=True), "name")
    return [each for each in found if retired or each.retired_at is None]


def _versions(ids: list[UUID]) -> dict[UUID | None, Version]:
    return {each.pk: each for each in Version.objects.filter(pk__in=ids).select_related("artefact")}


