"""How far a closed programme had come: kept as it last stood, since what is known today says nothing of that day."""

from __future__ import annotations

from typing import Any

from compliance.programmes.models import Programme
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import here

from .models import Figures, FiguresAtClose
from .programme import Controls, readiness


def keep_closed(known: Controls) -> None:
    """Keep the readiness of programmes that were closed since figures were last rebuilt: what was computed last while they
    ran. Call it before the new figures replace those. One that was closed before any were is computed now, and says so by
    its `computed_at`. One query where none was closed.
    """
    closed = Programme.objects.filter(closed_at__isnull=False).exclude(pk__in=FiguresAtClose.objects.values("programme"))
    programmes = list(closed.select_related("framework"))
    if not programmes:
        return
    row = Figures.objects.filter(organization_id=here().organization_id).first()
    last = {each["id"]: each for each in row.figures.get("programmes", [])} if row else {}
    for programme in programmes:
        seen = last.get(str(programme.pk)) if row else None
        FiguresAtClose.objects.create(
            programme=programme, figures=seen or readiness(programme, known),
            computed_at=row.computed_at if row and seen else now(),
        )  # fmt: skip


def figures_at_close(programme: Programme) -> dict[str, Any] | None:
    """The readiness of a closed programme with the moment of which it speaks; None where none was kept yet."""
    row = FiguresAtClose.objects.filter(programme=programme).first()
    return {**row.figures, "computed_at": row.computed_at} if row else None
