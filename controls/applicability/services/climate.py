"""Determining whether climate change is relevant (ISO/IEC 27001:2022/Amd 1:2024, clauses 4.1 and 4.2)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from compliance.tenancy.clock import now
from compliance.trail.actors import Actor
from compliance.trail.services import record

from ..models import Statement
from ..reading import climate_kept
from ..reasons import says_nothing
from .beginning import note_author, refuse_closed

LONGEST = 4_000


@transaction.atomic
def determine_climate(*, actor: Actor, statement: Statement, issue: bool, parties: bool, reason: str) -> Statement:
    """Keep what was determined, by whom and when: whether climate change is a relevant issue, and whether interested
    parties have requirements related to it. Either answer needs its reason.

    Raises ValidationError for a reason that says nothing, and for a programme that has ended.
    """
    reason = reason.strip()
    if says_nothing(reason):
        raise ValidationError({"reason": "Say what the answer rests on. An auditor asks how it was determined."})
    if len(reason) > LONGEST:
        raise ValidationError({"reason": f"It holds {LONGEST:,} characters at most."})
    statement = Statement.objects.select_for_update(of=("self",)).select_related("programme").get(pk=statement.pk)
    refuse_closed(statement)
    before = climate_kept(statement)
    statement.climate_issue, statement.climate_parties, statement.climate_reason = issue, parties, reason
    statement.climate_by, statement.climate_at = actor.label[:254], now()
    statement.save()
    note_author(statement, actor.membership_id)
    record(actor=actor, action="applicability.climate.determined", target=statement, before=before, after=climate_kept(statement))
    return statement
