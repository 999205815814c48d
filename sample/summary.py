"""The readiness summary: what was earned, as text and as JSON."""

from __future__ import annotations

from typing import Any

from audits.readiness.figures import figures_of_room
from compliance.tenancy.rooms import here
from evidence.collectors.house import HOUSE_KINDS
from evidence.collectors.models import Connection, RunStep
from gaps.models import Gap, GapState


def summary() -> dict[str, Any]:
    """`summary.json`, by decisions, 22: `evidence` is of requirements, `runs` the latest step of each kind."""
    row = figures_of_room()
    figures = row.figures if row else {"programmes": [], "evidence": {}, "gaps": {}}
    wanted = ("current", "due_soon", "stale", "missing", "collected", "total")
    return {
        "organization": here().slug,
        "as_at": row.computed_at.isoformat() if row else None,
        "frameworks": [
            {"name": p["framework"], "programme": p["name"], "readiness": p["percent"], "ready": p["ready"], "requirements": p["d"],
             "on_track": p["on_track"], "buckets": p["buckets"], "controls": p["controls"], "controls_assessed": p["assessed"]}
            for p in figures["programmes"]
        ],
        "evidence": {name: figures["evidence"].get(name, 0) for name in wanted},
        "gaps": {name: figures["gaps"].get(name, 0) for name in ("critical", "significant", "minor")},
        "runs": _runs(),
        "top_gaps": [_gap(gap) for gap in _open_gaps()[:10]],
    }


def _open_gaps() -> list[Gap]:
    return list(Gap.objects.exclude(state=GapState.CLOSED).select_related("owner", "connection").order_by("rank"))


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "rank": gap.rank, "ref": gap.ref, "severity": gap.effective_severity, "title": gap.title, "points": gap.points,
        "criteria": gap.criteria, "owner": gap.owner.name if gap.owner else None,
        "due": gap.due_date.isoformat() if gap.due_date else None, "reason": " ".join(gap.reasons),
    }


def _runs() -> list[dict[str, Any]]:
    found = []
    for connection in Connection.objects.order_by("slug"):
        steps = RunStep.objects.filter(run__connection=connection, state="done").exclude(fact_kind__in=list(HOUSE_KINDS))
        for step in steps.order_by("fact_kind", "-run__number").distinct("fact_kind"):
            found.append({
                "connection": connection.slug, "fact_kind": step.fact_kind, "outcome": step.reason or "ok", "rows": step.rows,
            })
    return found


def as_text(found: dict[str, Any]) -> str:
    """The same for a terminal of 100 columns."""
    lines = [f"Readiness of {found['organization']}, as at {found['as_at']}", ""]
    for programme in found["frameworks"]:
        share = "–" if programme["readiness"] is None else f"{programme['readiness']}%"
        lines.append(
            f"  {programme['programme']:<26} {share:>4}  {programme['ready']} of {programme['requirements']} requirements ready; "
            f"{programme['controls_assessed']} of {programme['controls']} controls assessed"
        )
    evidence, gaps = found["evidence"], found["gaps"]
    lines += [
        "",
        f"  Evidence   {evidence['current']} current, {evidence['due_soon']} due soon, {evidence['stale']} stale, "
        f"{evidence['missing']} missing; {evidence['collected']} of {evidence['total']} collected",
        f"  Gaps       {gaps['critical']} critical, {gaps['significant']} significant, {gaps['minor']} minor",
        f"  Runs       {len(found['runs'])} kinds of fact, {sum(run['outcome'] != 'ok' for run in found['runs'])} that could not be read",
        "", "What fails an audit first:",
    ]
    for gap in found["top_gaps"]:
        lines += [f"  {gap['rank']:>2}  {gap['ref']}  {gap['severity']:<11} {gap['title']}", f"      {gap['reason']}"]
    return "\n".join(lines)
