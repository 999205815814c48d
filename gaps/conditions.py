"""What gaps say of a programme's exits."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from compliance.programmes.conditions import Condition
from compliance.programmes.models import PhaseKind, Programme
from compliance.tenancy.rooms import here
from controls.conditions import controls_ever_asked

from .models import Gap, GapControl, GapState, Severity


def conditions(programme: Programme) -> Iterator[Condition]:
    """Remediation: no critical gap open. The graver of the computed severity and a person's counts: an override hides
    nothing. A gap without a control bears on every programme, and one of a control that was retired since still does."""
    bearing = GapControl.objects.filter(control__in=controls_ever_asked(programme)).values("gap")
    grave = Q(severity=Severity.CRITICAL) | Q(severity_override=Severity.CRITICAL)
    open_ones = Gap.objects.exclude(state=GapState.CLOSED).filter(grave)
    found = open_ones.filter(Q(pk__in=bearing) | Q(control__isnull=True)).count()
    yield Condition(
        PhaseKind.REMEDIATION, "no_critical", "No critical gap is open", found == 0, f"{found} open",
        f"{reverse('gaps:list', args=[here().slug])}?severity=critical", 10,
    )  # fmt: skip
