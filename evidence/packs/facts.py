"""What stood about the controls of a pack when it was made: what they must show, how fresh it was, what the checks found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from controls.models import Control
from controls.operating import Operating
from controls.stood import Away
from evidence.cadences import Said, history_of, label_of
from evidence.checks import catalogue
from evidence.coverage.selectors import programmes_counted
from evidence.judging.models import CheckState
from evidence.models import EvidenceRequirement, Freshness

_OUTCOMES = {
    "pass": "Pass",
    "fail": "Fail",
    "unknown": "Unknown",
    "excepted": "Excepted",
    "not_applicable": "Not applicable",
}


@dataclass(frozen=True)
class Asked:
    """One thing that a control must show. `checks` are sentences: the check, its outcome, where, since when."""

    ref: str
    title: str
    cadence: str
    freshness: str
    until: datetime | None
    checks: tuple[str, ...]


class Facts:
    """Read once; by control. No severity, no gap and no outlook: these are management's own (definitions, Words)."""

    def __init__(self, control_ids: Sequence[UUID]) -> None:
        outcomes = _outcomes()
        self._away = _away(control_ids)
        self._asked: dict[UUID, list[Asked]] = defaultdict(list)
        rows: Any = EvidenceRequirement.objects.filter(control__in=control_ids).order_by("ref")
        said = _cadences(control_ids)
        names = ("pk", "control_id", "ref", "title", "cadence", "freshness", "stale_at", "checks")
        for pk, control, ref, title, cadence, freshness, until, checks in rows.values_list(*names):
            found = tuple(sentence for each in checks for sentence in outcomes.get(each, [_not_judged(each)]))
            asked = Asked(ref, title, said.get(pk) or label_of(cadence), Freshness(freshness).label, until, found)
            self._asked[control].append(asked)

    def of(self, control_id: UUID) -> list[Asked]:
        """What a control must show, by reference."""
        return self._asked.get(control_id, [])


    def stood_retired(self, control_id: UUID) -> list[str]:
        """Sentences: when a control stood as retired in the period of a programme under way, and that these days count."""
        found = self._away.get(control_id, [])
        return [f"It stood as retired from {each}, and these days count. {each.why}" for each in found]


def _away(control_ids: Sequence[UUID]) -> dict[UUID, list[Away]]:
    operating, periods = Operating(control_ids), [period.span for _, period in programmes_counted()]
    return {
        each.pk: list(dict.fromkeys(away for period in periods for away in operating.away(each, period)))
        for each in Control.objects.filter(pk__in=control_ids)
    }


def _cadences(control_ids: Sequence[UUID]) -> dict[UUID, str]:
    """How often each was to be shown whose cadence was changed: `Annual since 2026-06-14, monthly before`. Two queries."""
    changed = EvidenceRequirement.objects.filter(control__in=control_ids, cadences__isnull=False).distinct()
    return {each.pk: _turned(history_of(each)) for each in changed.prefetch_related("cadences")}


def _turned(said: Sequence[Said]) -> str:
    held = [each for each in said if not each.overruled]
    words = [f"{each.after} since {each.row.since:%Y-%m-%d}" for each in held]
    return ", ".join([*words, f"{held[-1].before} before"])


def _outcomes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    states = CheckState.objects.order_by("check_id", "connection__name")
    rows = states.values_list("check_id", "connection__name", "outcome", "since", "judged_at")
    for check, connection, outcome, since, judged in rows:
        word = _OUTCOMES.get(outcome, outcome)
        found[check].append(
            f"{_title(check)}: {word} on {connection}, since {since:%Y-%m-%d}, last judged {judged:%Y-%m-%d %H:%M} UTC"
        )
    return found


def _not_judged(check: str) -> str:
    return f"{_title(check)}: not judged yet"


def _title(check: str) -> str:
    known = catalogue.get(check)
    return known.title if known else check
