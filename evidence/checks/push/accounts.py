"""Accounts and devices of systems that have no API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evidence.checks.base import Facts, Finding, Reason, Row, Severity, Unreadable, check, known
from evidence.checks.push.reading import each_sent, text, told

ACCOUNTS, DEVICES, WORKERS = "push.accounts", "push.devices", "org.workers"


def _login(row: Row) -> str:
    return f"account:{row.get('login')}"


def _is_persons(row: Row) -> bool:
    return bool(known(row, "active")) and not row.get("service_account")


@check(
    "push.accounts.second_factor", title="Signing in takes a second factor", resource="account", severity=Severity.HIGH,
    criteria="CC6.1", annex_a="A.8.5", facts=ACCOUNTS,
    why="A password alone is guessed, reused or given away; what cannot be read by a program is where the factor is forgotten.",
    remedy="Switch the second factor on for the account, or have it sign in through the identity provider.",
)  # fmt: skip
def second_factor(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if not _is_persons(row):
            return None
        return bool(told(row, "mfa")), "Signing in takes a password alone." if not row["mfa"] else ""

    return each_sent(facts, ACCOUNTS, _login, judge)


@check(
    "push.accounts.leavers", title="No account outlives its person's last day", resource="account", severity=Severity.CRITICAL,
    criteria="CC6.2 CC6.3", annex_a="A.5.18", facts=(ACCOUNTS, WORKERS),
    why="Systems without an API are left out when somebody leaves: nothing closes the account by itself.",
    remedy="Close the account now, and put the system on the leavers' check list.",
)  # fmt: skip
def leavers(facts: Facts) -> Iterator[Finding]:
    people: dict[str, list[Row]] = defaultdict(list)
    for worker in facts.rows(WORKERS):
        people[str(worker.get("email") or "").lower()].append(worker)

    def judge(row: Row) -> tuple[bool, str] | None:
        if not _is_persons(row):
            return None
        address = str(row.get("email") or row.get("login")).lower()
        found = people.get(address) or []
        if not found:
            raise Unreadable(Reason.NOT_COLLECTED, f"nobody of the people list has the address {address}")
        if any(known(worker, "active") for worker in found):
            return True, ""
        return False, f"Active, though the last day was {max(str(worker.get('end_date')) for worker in found)}."

    return each_sent(facts, ACCOUNTS, _login, judge)


@check(
    "push.devices.encrypted", title="Devices have their disks encrypted", resource="device", severity=Severity.HIGH,
    criteria="CC6.7", annex_a="A.8.1", facts=DEVICES,
    why="A lost laptop is an incident only where its disk can be read.",
    remedy="Switch on FileVault, BitLocker or LUKS, and keep the recovery key with the device management.",
)  # fmt: skip
def encrypted(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if row.get("platform") in {"ios", "android"} and row.get("encrypted") is None:
            return None  # encrypted by design; nothing to be switched on
        return bool(told(row, "encrypted")), "" if row["encrypted"] else f"The disk of {row.get('name') or text(row, 'serial')} is open."

    return each_sent(facts, DEVICES, lambda row: f"device:{row.get('serial')}", judge)
