"""Beginning a statement: a row for each control of the annex, undecided."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.programmes.models import Programme
from compliance.programmes.selectors import annex_of
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Row, Statement


@transaction.atomic
def statement_for(*, actor: Actor, programme: Programme) -> Statement:
    """The statement of a programme, begun where there is none, with a row for every control of the annex, undecided.

    That of a programme which has ended gets no further rows. Raises ValidationError for a programme without an annex.
    """
    if not programme.has_annex:
        raise ValidationError("Only an ISO 27001 or ISO 27701 programme has a statement of applicability.")
    statement, made = Statement.objects.get_or_create(programme=programme)
    statement.programme = programme
    if programme.closed_at is not None and not made:
        return statement
    asked = {requirement.pk: requirement for requirement in annex_of(programme)}
    missing = asked.keys() - set(statement.rows.values_list("requirement_id", flat=True))
    Row.objects.bulk_create(
        [
            Row(statement=statement, requirement=each, framework_owner_id=each.organization_id)
            for pk, each in asked.items()
            if pk in missing
        ],
        ignore_conflicts=True,
    )
    if made:
        record(actor=actor, action="applicability.statement.begun", target=statement, after={"controls": len(asked)})
    return statement


def refuse_closed(statement: Statement) -> None:
    """Raises ValidationError where the programme has ended: what it stated stays as it was."""
    if statement.programme.closed_at is not None:
        raise ValidationError("The programme has ended. Its statement stays as it was.")


def note_author(statement: Statement, member: object) -> None:
    """Keep that a member wrote in a statement, so that somebody else approves it. The statement has to be locked."""
    if member and str(member) not in statement.authors:
        statement.authors = [*statement.authors, str(member)]
        statement.save(update_fields=["authors"])
