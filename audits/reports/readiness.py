"""The readiness report: where the programmes stand, what fails an audit first, and what could not be read."""

from __future__ import annotations

from typing import Any

from audits.readiness.figures import figures_of_room
from audits.readiness.requirements import State
from compliance.tenancy.clock import now
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import here
from compliance.web.charts.bars import Part, stackbar
from compliance.web.documents.paper import set_as_pdf
from compliance.web.states import look_of
from evidence.collectors.models import SPEAKS, Connection, Health, KindState
from evidence.models import Freshness
from gaps.models import Severity

from .registers import by_area, open_gaps

#: How much of each list is printed; what is beyond is told as a count, so that the report stays readable.
MOST_GAPS = 30
MOST_UNREAD = 60
_STATES = [*State]
_EVIDENCE = [*Freshness]


def readiness_pdf() -> bytes:
    """The readiness report of the room as a PDF/UA file. Figures are those of the dashboard, as at their own time."""
    return set_as_pdf("reports/readiness.html", readiness_context())


def readiness_context() -> dict[str, Any]:
    """What the report says. `figures` is None before the figures were first worked out."""
    row = figures_of_room()
    areas = by_area()
    gaps = open_gaps()
    total = sum(area["open"] for area in areas)
    return {
        "organization": Organization.objects.get(pk=here().organization_id),
        "zone": here().timezone,
        "as_at": row.computed_at if row else None,
        "made_at": now(),
        "programmes": [_programme(each) for each in row.figures["programmes"]] if row else [],
        "evidence": _evidence(row.figures["evidence"]) if row else None,
        "areas": areas,
        "severities": [(each.value, sum(area[each.value] for area in areas)) for each in Severity],
        "gaps": gaps[:MOST_GAPS],
        "gaps_total": total,
        "gaps_beyond": max(total - MOST_GAPS, 0),
        **_unread(),
    }


def _programme(found: dict[str, Any]) -> dict[str, Any]:
    """A programme's figures with its buckets in order and drawn; the buckets sum to D."""
    buckets = [(state.value, found["buckets"].get(state.value, 0)) for state in _STATES]
    parts = [Part(_tone(state), number, look_of(state).word) for state, number in buckets]
    drawn = stackbar(parts, whole=f"{found['d']} requirements", on_paper=True) if found["d"] else ""
    return {**{name: found[name] for name in ("name", "framework", "d", "ready", "percent", "on_track", "controls", "assessed")},
            "buckets": buckets, "bar": drawn}


def _tone(state: str) -> str:
    tone = look_of(state).tone
    return {"tocome": "line"}.get(tone, tone)


def _evidence(counts: dict[str, int]) -> dict[str, Any]:
    return {"states": [(state.value, counts.get(state.value, 0)) for state in _EVIDENCE], **counts}


def _unread() -> dict[str, Any]:
    """Connections in use that are not healthy, and the kinds of fact that could not be read, each with its reason."""
    used = Connection.objects.filter(retired_at__isnull=True)
    unwell = used.exclude(health=Health.OK).only("name", "health", "health_note", "last_good_at", "organization")
    kinds = KindState.objects.filter(SPEAKS).exclude(reason="").select_related("connection").defer("connection__secret")
    return {
        "connections_total": used.count(),
        "unwell": unwell.order_by("name"),
        "unread": list(kinds.order_by("connection__name", "fact_kind")[:MOST_UNREAD]),
        "unread_beyond": max(kinds.count() - MOST_UNREAD, 0),
    }
