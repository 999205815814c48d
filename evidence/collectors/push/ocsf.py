"""OCSF Detection Findings (class 2004), as Prowler writes them with `-M json-ocsf`, to rows of `push.findings`.

Pure. The format: https://schema.ocsf.io/classes/detection_finding; what Prowler puts where is told in its documentation:
`status_code` is the outcome (PASS, FAIL, MANUAL), `status` Suppressed says that it is muted, `metadata.event_code` is the
check, `unmapped.compliance` maps frameworks to their requirements. What is not said stays unsaid: unknown, never passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .quick import is_moment
from .streams import RowError

CLASS = 2004
_SEVERITY = {1: "informational", 2: "low", 3: "medium", 4: "high", 5: "critical", 6: "critical"}
_STATUS = {"PASS": "pass", "FAIL": "fail", "MANUAL": "manual"}
_SUPPRESSED = 3
#: Later than this many seconds no clock of today is: then it is milliseconds, as OCSF has it. Prowler writes seconds.
_MILLISECONDS = 10**11


def row_of(index: int, event: Any) -> dict[str, Any]:
    """The row of one event. Raises RowError where it is none of its class, or does not say what was looked at."""
    event = _mapping(event)
    if event.get("class_uid") != CLASS:
        raise RowError(index, "/class_uid", f"It is {str(event.get('class_uid'))[:40]}; Detection Findings are {CLASS}.")
    resource, cloud, about = _first(event.get("resources")), _mapping(event.get("cloud")), _mapping(event.get("finding_info"))
    metadata = _mapping(event.get("metadata"))
    row = {
        "uid": _text(about.get("uid"), 1000),
        "check": _text(metadata.get("event_code"), 300),
        "title": _text(about.get("title"), 1000),
        "status": _STATUS.get(str(event.get("status_code")).upper(), "unknown"),
        "severity": _severity(event),
        "resource": _text(resource.get("uid") or resource.get("name"), 1000),
        "resource_name": _text(resource.get("name"), 1000),
        "resource_type": _text(resource.get("type")),
        "account": _text(_mapping(cloud.get("account")).get("uid")),
        "region": _text(resource.get("region") or cloud.get("region") or resource.get("namespace")),
        "service": _text(_mapping(resource.get("group")).get("name")),
        "detail": _text(event.get("status_detail") or event.get("message"), 4000),
        "remedy": _text(_mapping(event.get("remediation")).get("desc"), 4000),
        "muted": _is_muted(event),
        "found_at": _moment(event),
        "requirements": list(_requirements(event))[:200],
    }
    for name, path in (("check", "/metadata/event_code"), ("resource", "/resources/0/uid")):
        if row[name] is None:
            raise RowError(index, path, "It is missing.")
    return {name: value for name, value in row.items() if value is not None}


def _severity(event: Mapping[str, Any]) -> str:
    number = event.get("severity_id")
    return _SEVERITY.get(number, "unknown") if isinstance(number, int) else "unknown"


def _is_muted(event: Mapping[str, Any]) -> bool:
    said = (event.get("status"), event.get("status_code"))
    return event.get("status_id") == _SUPPRESSED or any(str(each).lower() in {"suppressed", "muted"} for each in said)


def _moment(event: Mapping[str, Any]) -> str | None:
    """When it was looked at. `time` counts from the epoch; `time_dt`, which Prowler writes without an offset, is not used."""
    seconds = event.get("time")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        found = datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    told = found.isoformat(timespec="seconds").replace("+00:00", "Z")
    return told if is_moment(told) else None  # of another age: nothing is known of it


def _requirements(event: Mapping[str, Any]) -> Iterator[str]:
    """`SOC2 cc_6_1`, `CIS-3.0 2.1.4`: the framework as the scanner calls it, and its requirement."""
    for framework, wanted in _mapping(_mapping(event.get("unmapped")).get("compliance")).items():
        for each in wanted if isinstance(wanted, list) else []:
            if (text := _text(f"{framework} {each}", 300)) is not None:
                yield text


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return _mapping(value[0]) if isinstance(value, list) and value else {}


def _text(value: Any, most: int = 500) -> str | None:
    """A text as a row can hold it, cut where a scanner wrote more; None where nothing was said."""
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).replace("\x00", "").strip()[:most] or None


def rows_of_events(events: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Rows of events, one by one. Raises RowError like `row_of`."""
    return ((index, row_of(index, event)) for index, event in events)


def newest(events: Iterable[tuple[int, Any]]) -> datetime | None:
    """When the newest of them was found; None where none says so."""
    told = (_moment(_mapping(event)) for _, event in events)
    return max((datetime.fromisoformat(each) for each in told if each), default=None)
