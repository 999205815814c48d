"""Facts for gaps to stand on, as the floors below would have written them. Each stands in the room of its caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from compliance.frameworks.models import Requirement
from compliance.people.models import Membership
from compliance.tenancy.clock import now
from compliance.tenancy.references import next_reference
from controls.models import Control
from controls.models import Mapping as Mapped
from evidence.collectors.models import Connection, KindState
from evidence.judging.models import CheckState, ResourceInterval
from evidence.models import EvidenceRequirement
from gaps.models import Gap

CHECK = "github.org.2fa_required"
LOW = "github.org.pat_policy"


def make_connection(name: str = "GitHub", **fields: Any) -> Connection:
    """A GitHub connection that collects daily."""
    values: dict[str, Any] = {"slug": name.lower().replace(" ", "-"), "vendor": "github", "every_minutes": 1440}
    return Connection.objects.create(name=name, **values | fields)


def make_control(ref: str = "AC-01", owner: Membership | None = None, *, meets: str = "", **fields: Any) -> Control:
    """A key control in place; `meets` are references of SOC 2 criteria."""
    values: dict[str, Any] = {
        "title": f"Control {ref}", "statement": "Done daily.", "owner": owner, "frequency": "daily",
        "implementation": "implemented", "test_procedures": [{"type": "inspection", "text": "Inspect it."}],
    }  # fmt: skip
    control = Control.objects.create(ref=ref, **values | fields)
    for requirement in Requirement.objects.filter(framework__key="soc2-tsc-2017", ref__in=meets.split()):
        Mapped.objects.create(control=control, requirement=requirement)
    return control


def ask(control: Control, *, checks: tuple[str, ...] = (), **fields: Any) -> EvidenceRequirement:
    """An evidence requirement of a control."""
    ref = next_reference("EVR")
    values: dict[str, Any] = {
        "key": ref.lower(), "title": f"Evidence {ref}", "cadence": "monthly",
        "source": "collector" if checks else "person", "checks": list(checks), "freshness": "current",
    }  # fmt: skip
    return EvidenceRequirement.objects.create(ref=ref, control=control, **values | fields)


def judge(
    connection: Connection, check: str = CHECK, outcome: str = "fail", *, on: Mapping[str, str] | None = None,
    at: datetime | None = None, reason: str = "", since: datetime | None = None,
) -> CheckState:  # fmt: skip
    """A check judged on facts of `at`, now unless said otherwise; `on` are the resources that show it."""
    moment = at or now()
    resources = {"org:acme": "it is off"} if on is None and outcome == "fail" else dict(on or {})
    state, _ = CheckState.objects.update_or_create(
        connection=connection, check_id=check,
        defaults={
            "outcome": outcome, "reason": reason, "since": since or moment, "judged_at": moment, "facts_at": moment,
            "counts": {outcome: max(1, len(resources))},
        },
    )  # fmt: skip
    held = ResourceInterval.objects.filter(connection=connection, check_id=check, ended_at__isnull=True)
    held.exclude(resource__in=resources).update(ended_at=moment)
    for resource, message in resources.items():
        ResourceInterval.objects.update_or_create(
            connection=connection, check_id=check, resource=resource, ended_at=None,
            defaults={"outcome": outcome, "message": message, "started_at": moment, "seen_until": moment},
        )  # fmt: skip
    return state


def look(
    connection: Connection, kind: str, reason: str = "", *, at: datetime | None = None, since: datetime | None = None
) -> KindState:
    """A fact kind read at `at`, or not, for a reason that holds since `since`."""
    moment = at or now()
    values: dict[str, Any] = {"reason": reason, "last_looked_at": moment, "unreadable_since": (since or moment) if reason else None}
    if reason:
        values |= {"message": f"{kind} answered 403.", "remedy": f"Grant the right to read {kind}."}
    else:
        values |= {"last_good_at": moment, "message": "", "remedy": ""}
    state, _ = KindState.objects.update_or_create(connection=connection, fact_kind=kind, defaults=values)
    return state


def make_gap(ref: str = "", **fields: Any) -> Gap:
    """A gap as the register holds it, without the facts behind it, in the last place."""
    ref = ref or next_reference("GAP")
    last = Gap.objects.exclude(rank=None).order_by("-rank").values_list("rank", flat=True).first() or 0
    values: dict[str, Any] = {
        "rule": "check.fails", "subject": ref.lower(), "title": f"Something falls short, {ref}", "cause": "It fails.",
        "remedy": "Mend it.", "severity": "significant", "points": 20.0, "reasons": ["Significant: it fails."],
        "rank": None if fields.get("state") == "closed" else last + 1, "due_date": (now() + timedelta(days=30)).date(),
    }  # fmt: skip
    return Gap.objects.create(ref=ref, **values | fields)
