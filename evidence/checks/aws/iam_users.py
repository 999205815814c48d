"""IAM users: their second factor, the age and use of their credentials, and the people behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.checks.aws.reading import arn, days_since, moment, scope_of
from evidence.checks.base import (
    Facts,
    FactSet,
    Finding,
    Outcome,
    Row,
    Severity,
    Unreadable,
    check,
    each,
    known,
    required,
)

REPORT, USERS = "aws.iam.credential_report", "aws.iam.users"


@check(
    "aws.iam.user_console_mfa", title="Every user with a console password has MFA", resource="IAM user",
    severity=Severity.CRITICAL, criteria="CC6.1", annex_a="A.5.17 A.8.5", facts=REPORT,
    why="A stolen or guessed password is the commonest way in; the auditor asks for MFA on every interactive account.",
    remedy="Have the person enrol a device under IAM, Security credentials, or remove the console password.",
)  # fmt: skip
def user_console_mfa(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "root") or not required(row, "password_enabled"):
            return None
        return (True, "") if required(row, "mfa_active") else (False, f"{row['user']} signs in without MFA.")

    return each(facts, REPORT, arn, judge)


@check(
    "aws.iam.key_rotation_90d", title="Access keys are rotated", resource="access key", severity=Severity.MEDIUM,
    criteria="CC6.1", annex_a="A.5.17", facts=REPORT, days=90,
    why="The longer a key lives, the more laptops, logs and repositories hold a copy of it.",
    remedy="Make a second key, move what uses the old one, deactivate it, and delete it after a quiet week.",
)  # fmt: skip
def key_rotation_90d(facts: Facts) -> Iterator[Finding]:
    limit = facts.thresholds["days"]

    def judge(row: Row) -> tuple[bool, str] | None:
        if not required(row, "active"):
            return None
        age = days_since(facts, required(row, "rotated"), "rotated")
        return age <= limit, f"Rotated {age} days ago; {limit} are allowed."

    yield from _each_key(facts, judge)


def _each_key(facts: Facts, judge: Callable[[Row], tuple[bool, str] | None]) -> Iterator[Finding]:
    """One finding for each access key of the report; a user's row that cannot be read is unknown as one."""
    for row in facts.rows(REPORT):
        try:
            keys = required(row, "keys")
        except Unreadable as gap:
            yield Finding(arn(row), Outcome.UNKNOWN, str(gap), gap.reason)
            continue
        named = [{**key, "arn": f"{row['arn']}/access-key-{key['number']}"} for key in keys]
        yield from each(Facts(facts.now, {REPORT: FactSet(REPORT, named)}), REPORT, arn, judge)


@check(
    "aws.iam.unused_credentials", title="Credentials that nobody uses are disabled", resource="IAM user",
    severity=Severity.MEDIUM, criteria="CC6.2 CC6.3", annex_a="A.5.18", facts=REPORT, days=90,
    why="Access that nobody uses is access that nobody would miss, nor see misused.",
    remedy="Remove the console password or deactivate the key; delete the user if nothing is left.",
)  # fmt: skip
def unused_credentials(facts: Facts) -> Iterator[Finding]:
    limit = facts.thresholds["days"]

    def idle(label: str, used: object, made: object) -> str | None:
        """What to say of one credential that has rested too long; one never used counts from when it was made."""
        age = days_since(facts, used if used is not None else made, label)
        return f"{label} unused for {age} days" if age > limit else None

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "root"):
            return None
        looked: list[str | None] = []
        if required(row, "password_enabled"):
            made = known(row, "password_last_changed") or required(row, "created")
            looked.append(idle("password", known(row, "password_last_used"), made))
        for key in required(row, "keys"):
            if required(key, "active"):
                looked.append(idle(f"key {key['number']}", known(key, "used"), required(key, "rotated")))
        if not looked:
            return None
        resting = [said for said in looked if said]
        return not resting, "; ".join(resting) + f"; {limit} days are allowed." if resting else ""

    return each(facts, REPORT, arn, judge)


@check(
    "aws.iam.user_linked_to_worker", title="Every human IAM user is an active worker", resource="IAM user",
    severity=Severity.HIGH, criteria="CC6.2 CC6.3", annex_a="A.5.16 A.5.18",
    facts=(USERS, "org.workers", "org.scope"), grace_hours=24,
    why="An account that outlives its owner is the exception auditors find most often.",
    remedy="Delete the user, or where it belongs to a machine tag it kind=service and record who answers for it.",
)  # fmt: skip
def user_linked_to_worker(facts: Facts) -> Iterator[Finding]:
    workers = list(facts.rows("org.workers"))

    def judge(row: Row) -> tuple[bool, str] | None:
        if _is_service(facts, row):
            return None
        worker = next((one for one in workers if _same(one, row)), None)
        if worker is None:
            return False, f"No worker is known for {row['name']}."
        return _employed(facts, worker, facts.thresholds["grace_hours"])

    return each(facts, USERS, arn, judge)


def _is_service(facts: Facts, row: Row) -> bool:
    tags = required(row, "tags")
    placed = scope_of(facts, arn(row))
    return tags.get("kind", "").lower() == "service" or bool(placed and placed.get("service_account"))


def _same(worker: Row, user: Row) -> bool:
    """Whether an IAM user is a worker's: by the register's own word, by the user's email tag, or by its name."""
    name, email = str(required(user, "name")).lower(), str(worker.get("email") or "").lower()
    linked = str((worker.get("accounts") or {}).get("aws") or "").lower()
    tagged = str(required(user, "tags").get("email", "")).lower()
    return name == linked or (bool(email) and email in (name, tagged))


def _employed(facts: Facts, worker: Row, grace_hours: int) -> tuple[bool, str]:
    """An account may stand for the hours of grace after the last day of work, which ends at midnight UTC."""
    ended = worker.get("end_date")
    if ended is None:
        if worker.get("active"):
            return True, f"{worker.get('name')}."
        return False, f"{worker.get('name')} is not an active worker."
    gone = (facts.now - moment(f"{str(ended)[:10]}T00:00:00+00:00", "end_date")).total_seconds() / 3600 - 24
    if gone <= grace_hours:
        return True, f"{worker.get('name')}, leaving on {ended}."
    return False, f"{worker.get('name')} left on {ended}, {int(gone // 24)} days ago, and the account is still there."
