"""Around the accounts: blocked networks, threat detection, the log's way out, and devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evidence.checks.base import Facts, Finding, Row, Severity, Unreadable, check, each, known, required
from evidence.checks.okta.reading import ORG, namer, unreadable, verdict


@check(
    "okta.zones.blocklist",
    title="A network zone blocks known bad sources",
    resource="zone", severity=Severity.LOW, criteria="CC6.6", annex_a="A.8.20",
    facts="okta.zones",
    why="Most password guessing comes through anonymising networks that nobody at the company uses.",
    remedy="In Security > Networks activate a blocklist zone with addresses, or one for anonymisers.",
)
def blocklist(facts: Facts) -> Iterator[Finding]:
    yield _any_of(facts.rows("okta.zones"), _blocks, "blocking: {names}", "no active zone blocks anything")


def _any_of(rows: Sequence[Row], serves: Callable[[Row], bool], met: str, unmet: str) -> Finding:
    """Pass where one row serves, fail where none does; unknown where none does and one could not be read."""
    names, gaps = [], []
    for row in rows:
        try:
            if serves(row):
                names.append(str(row.get("name")))
        except Unreadable as gap:
            gaps.append(gap)
    if gaps and not names:
        return unreadable(ORG, gaps[0])
    return verdict(ORG, bool(names), met.format(names=", ".join(names)) if names else unmet)


def _blocks(zone: Row) -> bool:
    used = required(zone, "usage") == "BLOCKLIST" and required(zone, "status") == "ACTIVE"
    return used and _holds_something(zone)


def _holds_something(zone: Row) -> bool:
    """Okta ships an active blocklist zone that is empty; it blocks nobody."""
    if zone.get("type") == "IP":
        return bool(known(zone, "gateways") or zone.get("proxies"))
    chosen = (zone.get("asns"), zone.get("locations"), zone.get("service_categories"))
    return zone.get("proxy_type") not in (None, "null") or any(_chosen(value) for value in chosen)


def _chosen(value: object) -> bool:
    """A list, or Okta's newer {include, exclude}."""
    return bool(value.get("include")) if isinstance(value, dict) else bool(value)


@check(
    "okta.threatinsight.block",
    title="ThreatInsight watches sign-ins: it blocks, or at least logs",
    resource="org", severity=Severity.MEDIUM, criteria="CC7.2 CC6.6", annex_a="A.8.16",
    facts="okta.threatinsight",
    why="Okta knows the addresses that attack its other customers; switched off, that knowledge is not used.",
    remedy="In Security > General set ThreatInsight to log and block.",
)
def threat_insight(facts: Facts) -> Iterator[Finding]:
    action = required(facts.one("okta.threatinsight"), "action")
    said = {"block": "suspicious sign-ins are blocked", "audit": "suspicious sign-ins are logged and let in"}
    yield verdict(ORG, action in said, said.get(action, f"action is {action}"))


@check(
    "okta.logs.streaming",
    title="The System Log is streamed out of Okta",
    resource="log stream", severity=Severity.MEDIUM, criteria="CC7.2", annex_a="A.8.15",
    facts="okta.log_streams",
    why="Okta keeps its log for 90 days; what is not streamed out by then is lost to any later investigation.",
    remedy="In Reports > Log Streaming add a stream to the log store, or activate the one that stopped.",
)
def log_streaming(facts: Facts) -> Iterator[Finding]:
    rows = facts.rows("okta.log_streams")
    stopped = ", ".join(str(row.get("name")) for row in rows)
    unmet = f"not active: {stopped}" if rows else "no log stream is set up"
    yield _any_of(rows, lambda row: required(row, "status") == "ACTIVE", "streams to {names}", unmet)


@check(
    "okta.devices.registered", title="Devices are registered", version=2,
    resource="device", severity=Severity.LOW, criteria="CC6.7 CC6.8", annex_a="A.8.1", facts="okta.devices",
    why="A device that nothing is known of may be unlocked or somebody else's.",
    remedy="Register the device with Okta Verify.",
)
def devices(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        known_here = bool(known(row, "registered"))
        return known_here, "registered" if known_here else "not registered"

    yield from _each_device(facts, judge)


@check(
    "okta.devices.encrypted", title="Disks of registered devices are encrypted",
    resource="device", severity=Severity.LOW, criteria="CC6.7 CC6.8", annex_a="A.8.1", facts="okta.devices",
    why="A lost laptop with a bare disk is a lost copy of everything on it.",
    remedy="Switch disk encryption on, and let Okta Verify report it.",
)
def device_encryption(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if not known(row, "registered"):
            return None  # of what is not registered nothing is told
        kept = known(row, "encryption")
        if kept is None:
            return None  # its platform does not tell
        return kept != "NONE", "its disk is not encrypted" if kept == "NONE" else "its disk is encrypted"

    yield from _each_device(facts, judge)


@check(
    "okta.devices.assurance_policy", title="There is a policy that devices may be held to",
    resource="org", severity=Severity.LOW, criteria="CC6.7 CC6.8", annex_a="A.8.1", facts="okta.device_assurances",
    why="A list of devices asks nothing of them; a device assurance policy does, where an access policy requires it.",
    remedy="Write a device assurance policy, and require it in the access policies: that they do is not read here.",
)
def assurance_policy(facts: Facts) -> Iterator[Finding]:
    policies = [required(row, "name") for row in facts.rows("okta.device_assurances")]
    yield verdict(ORG, bool(policies), f"{len(policies)} assurance policies" if policies else "no assurance policy")


def _each_device(facts: Facts, judge: Callable[[Row], tuple[bool, str] | None]) -> Iterator[Finding]:
    """Each device that is in use."""
    rows = facts.rows("okta.devices")

    def applicable(row: Row) -> tuple[bool, str] | None:
        return judge(row) if required(row, "status") == "ACTIVE" else None

    yield from each(facts, "okta.devices", namer(rows, "device"), applicable)
