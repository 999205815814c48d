"""Finding what the address names."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from compliance.people.requests import PageRequest

from ..models import Row, Statement, Version
from ..selectors import rows_of, stated_programmes
from ..services import statement_for


def find_statement(request: PageRequest, programme: UUID) -> Statement:
    """The statement of an ISO programme, begun where something is sent to it; 404 for any other.

    Reading begins nothing: where there is none yet, it is one without rows that is not kept.
    """
    found = get_object_or_404(stated_programmes(), pk=programme)
    if request.method not in {"GET", "HEAD"}:
        return statement_for(actor=request.actor, programme=found)
    statement = Statement.objects.filter(programme=found).first() or Statement(programme=found)
    statement.programme = found
    return statement


def find_row(statement: Statement, row: UUID) -> Row:
    """A row of a statement."""
    return get_object_or_404(rows_of(statement), pk=row)


def find_version(statement: Statement, number: int) -> Version:
    """A version by its number."""
    version = statement.versions.select_related("approval").filter(number=number).first() if number < 2**31 else None
    if version is None:
        raise Http404
    version.statement = statement
    return version


def ticked(request: PageRequest, statement: Statement) -> dict[str, Row]:
    """The rows of a statement among what was ticked, by id; anything else is passed over."""
    identifiers = []
    for each in request.POST.getlist("rows"):
        with suppress(ValueError):
            identifiers.append(UUID(each))
    return {str(row.pk): row for row in rows_of(statement).filter(pk__in=identifiers)}


def revisions_read(request: PageRequest) -> dict[UUID, int]:
    """The revision of each row as the page that was sent showed it."""
    found = {}
    for name, value in request.POST.items():
        if name.startswith("revision-"):
            with suppress(ValueError):
                found[UUID(name.removeprefix("revision-"))] = int(str(value)[:12])
    return found
