"""What scanners and detectors found: each finding over the looks of a period, with its age against its target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from evidence.checks.base import Reason, Row, unknown

from ..dark import dark_parts, is_dark
from ..given import Drawn, Excluded, Given, Look, System, instant, left_out, moment, needed, told
from ..items import Item, is_unknown
from ..spans import Hole

#: Days to mend, by severity, unless the population says others.
TARGET_DAYS = {"critical": 7, "high": 30, "medium": 90, "low": 180}
VULNERABILITIES = ("github.dependabot_alerts", "github.code_scanning", "aws.inspector.findings")
ALERTS = ("github.secret_scanning", "aws.guardduty.findings")
BACKUPS = "aws.backup.jobs"
_UNSAID = unknown(Reason.NOT_COLLECTED)


@dataclass(frozen=True)
class Episode:
    """One finding: the row that last showed it, the last look that found it open, and the first that no longer did."""

    row: Row
    open_at: datetime
    closed_by: datetime | None


def episodes(looks: Sequence[Look], name: Callable[[Row], str | None]) -> dict[str, Episode]:
    """Every finding over the looks. One that comes back is open again, under its old id."""
    found: dict[str, Episode] = {}
    for look in looks:
        present = {id: row for row in look.rows if not is_dark(row) and (id := name(row))}
        for id, row in present.items():
            found[id] = Episode(row, look.at, None)
        if any(is_dark(row) for row in look.rows):
            continue  # what is not there may lie in the part that could not be read
        for id, episode in found.items():
            if id not in present and episode.closed_by is None:
                found[id] = Episode(episode.row, episode.open_at, look.at)
    return found


def vulnerabilities(given: Given) -> Drawn:
    """Every vulnerability that some look of the period found open."""
    return _draw(given, VULNERABILITIES, _vulnerability)


def alerts(given: Given) -> Drawn:
    """Every alert that some look of the period found open."""
    return _draw(given, ALERTS, _alert)


def _draw(given: Given, kinds: tuple[str, ...], make: Any) -> Drawn:
    items: list[Item] = []
    excluded: list[Excluded] = []
    holes: list[Hole] = []
    for system in given.systems:
        out = left_out(given.scope, system.vendor)
        for kind in kinds:
            holes += dark_parts(kind, system.of(kind), given.period)
            for id, episode in episodes(system.of(kind), lambda row, kind=kind: _id(kind, row)).items():  # type: ignore[misc]
                if (raised := _first_seen(episode.row)) and raised >= given.period.ends:
                    continue  # the look after the period bounds what came before; what was raised since is of the next
                if kind == "github.code_scanning" and episode.row.get("severity") is None:
                    excluded.append(Excluded(system.slug, id, "It is about quality: the source gives it no security severity."))
                elif episode.row.get("repository") in out:
                    excluded.append(Excluded(system.slug, id, f"{episode.row['repository']} was decided to be out of scope."))
                else:
                    items.append(make(given, system, kind, id, episode))
    return Drawn(items, excluded, holes)


def _id(kind: str, row: Row) -> str | None:
    if row.get("arn"):
        return str(row["arn"])
    number = row.get("number")
    return f"{kind.rpartition('.')[2]} {row.get('repository')}#{number}" if isinstance(number, int) else None


def _first_seen(row: Row) -> datetime | None:
    raised = _raised(row)
    return None if is_unknown(raised) else instant(raised)


def _raised(row: Row) -> Any:
    return moment(needed(row, "first_seen" if "first_seen" in row else "created_at"))


def _vulnerability(given: Given, system: System, kind: str, id: str, episode: Episode) -> Item:
    row, raised, first = episode.row, _raised(episode.row), _first_seen(episode.row)
    target = _target(given.settings, row.get("severity"))
    return Item(system.slug, id, {
        "system": f"{system.name}: {kind.split('.')[1].replace('_', ' ')}", "finding": id,
        "about": row.get("repository") or row.get("about"), "title": row.get("title"), "severity": _severity(row), "first_seen": raised,
        "last_open_at": moment(episode.open_at), "closed_by": moment(episode.closed_by),
        "age_days": (episode.open_at - first).days if first else _UNSAID, "target_days": target,
        "in_time": in_time(first, episode, target),
    })  # fmt: skip


def in_time(first: datetime | None, episode: Episode, target: int) -> Any:
    """Whether it was closed within its days. None while they are not over; where they ran out between two looks, nobody can
    say."""
    if first is None:
        return _UNSAID
    limit = first + timedelta(days=target)
    if episode.open_at > limit:
        return False
    if episode.closed_by is None:
        return None
    return True if episode.closed_by <= limit else _UNSAID


def _severity(row: Row) -> Any:
    found = needed(row, "severity")
    return found.lower() if isinstance(found, str) else found


def _target(settings: Mapping[str, Any], severity: Any) -> int:
    """Days allowed; a severity that the policy does not name counts as high."""
    days = TARGET_DAYS | dict(settings.get("target_days") or {})
    return int(days.get(str(severity).lower(), days["high"]))


def _alert(given: Given, system: System, kind: str, id: str, episode: Episode) -> Item:
    row = episode.row
    return Item(system.slug, id, {
        "system": f"{system.name}: {kind.split('.')[1].replace('_', ' ')}", "alert": id, "title": row.get("title"),
        "severity": told(row, "severity") if "severity" in row else _UNSAID, "raised_at": _raised(row),
        "last_open_at": moment(episode.open_at), "closed_by": moment(episode.closed_by), "handled_by": _UNSAID,
    })  # fmt: skip


def backups(given: Given) -> Drawn:
    """Every backup job that started in the period: each look lists those of two weeks, so they are put together."""
    found: dict[tuple[str, str], Item] = {}
    holes: list[Hole] = []
    for system in given.systems:
        holes += dark_parts(BACKUPS, system.of(BACKUPS), given.period)
        for look in system.of(BACKUPS):
            found |= {item.identity: item for item in _jobs(given, system, look)}
    return Drawn(list(found.values()), holes=holes)


def _jobs(given: Given, system: System, look: Look) -> Iterator[Item]:
    for row in look.rows:
        at = instant(row.get("created"))
        if is_dark(row) or (at is not None and not given.period.holds(at)):
            continue
        yield Item(system.slug, str(row.get("job")), {
            "job": needed(row, "job"), "what": needed(row, "arn"), "started_at": moment(needed(row, "created")),
            "result": _result(row), "followed_up": _UNSAID,
        })  # fmt: skip


def _result(row: Row) -> Any:
    state = needed(row, "state")
    if not isinstance(state, str):
        return state
    return f"{state.lower()}: {row['message']}" if row.get("message") else state.lower()
