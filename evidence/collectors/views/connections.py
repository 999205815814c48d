"""Connections: the list, one with its health, making and changing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest
from compliance.web.sent import sent

from .. import selectors
from ..base import Vendor
from ..forms import ConnectionForm
from ..instructions import drawn
from ..models import Connection
from ..reached import reached_by
from ..registry import vendors
from ..secrets import names_held
from ..services.connect import change_connection, create_connection
from .finding import connection_or_404
from .pushing import source_page

_RUNS_SHOWN = 8
#: Stands in the trust policy where the operator has not said as whom this installation appears in AWS.
_UNTOLD = "<this installation's AWS principal: FIELDWORK_AWS_PRINCIPAL>"


@requires(Permission.CONNECTION_VIEW)
def connections(request: PageRequest, organization: str) -> HttpResponse:
    """Every connection with its health, what it last read, and when it reads again."""
    rows = [(each, vendors().get(each.vendor)) for each in selectors.connections()]
    return render(request, "collectors/list.html", {"rows": rows, "vendors": vendors().values()})


@requires(Permission.CONNECTION_MANAGE)
def choose(request: PageRequest, organization: str) -> HttpResponse:
    """Choose what to connect to."""
    return render(request, "collectors/choose.html", {"vendors": vendors().values()})


@requires(Permission.CONNECTION_MANAGE)
def create(request: PageRequest, organization: str, vendor: str) -> HttpResponse:
    """Connect to a vendor; the page says what to grant there first."""
    known = vendors().get(vendor)
    if known is None:
        raise Http404
    form = ConnectionForm(sent(request), vendor=known)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = create_connection(
                actor=request.actor,
                vendor=vendor,
                name=asked["name"],
                fields=form.answers,
                every_minutes=asked["every_minutes"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            then = "Its page says how to push to it." if known.pushed else "Test it before its first collection."
            messages.success(request, f"{made.name} is kept. {then}")
            return redirect("connections:connection", organization, made.pk)
    context = {"form": form, "vendor": known, "setup": _setup(known, None)}
    return render(request, "collectors/form.html", context, status=422 if form.errors else 200)


@requires(Permission.CONNECTION_MANAGE)
def change(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """Change a connection. A secret that is left empty stays as it is."""
    found = connection_or_404(connection)
    vendor = vendors()[found.vendor]
    form = ConnectionForm(sent(request), vendor=vendor, connection=found)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            change_connection(
                actor=request.actor,
                connection=found,
                name=asked["name"],
                fields=form.answers,
                every_minutes=asked["every_minutes"],
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{found.name} was changed.{'' if vendor.pushed else ' Test it again.'}")
            return redirect("connections:connection", organization, found.pk)
    context = {"form": form, "vendor": vendor, "connection": found, "setup": _setup(vendor, found)}
    return render(request, "collectors/form.html", context, status=422 if form.errors else 200)


@requires(Permission.CONNECTION_VIEW)
def connection(request: PageRequest, organization: str, connection: UUID) -> HttpResponse:
    """A connection: its health, what the last test said, each kind of fact that it brings, its last runs."""
    found = connection_or_404(connection)
    vendor = vendors()[found.vendor]
    if vendor.pushed:
        return source_page(request, found, vendor)
    states = selectors.kind_states(found.pk)
    held, reached = names_held(found), reached_by(found)
    missing = [result for result in found.test_results if not result.get("allowed")]
    context: dict[str, Any] = {
        "connection": found, "vendor": vendor, "kinds": [(kind, states.get(kind.id)) for kind in vendor.kinds],
        "runs": list(selectors.runs_matching(connection=found.slug)[:_RUNS_SHOWN]), "missing": missing,
        "reached": reached, "running_out": [each for each in reached if each.warned],
        "allowed": [result for result in found.test_results if result.get("allowed")],
        "plain": [(field.label, found.config.get(field.name)) for field in vendor.fields if not field.secret],
        "secrets": [field.label for field in vendor.fields if field.name in held],
        "external_id": found.config.get("external_id", ""), "setup": _setup(vendor, found),
    }  # fmt: skip
    return render(request, "collectors/connection.html", context)


def _setup(vendor: Vendor, connection: Connection | None) -> SafeString:
    """What to grant at the vendor; for AWS with the ExternalId of this connection in the policy to paste."""
    if vendor.id == "aws" and connection is not None:
        from ..aws.vendor import setup

        return drawn(setup(settings.AWS_PRINCIPAL or _UNTOLD, connection.config.get("external_id", "")))
    return drawn(vendor.setup)
