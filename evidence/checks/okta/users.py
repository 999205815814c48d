"""User accounts: unused ones, and ones that belong to nobody."""

from __future__ import annotations

from collections.abc import Iterable

from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required
from evidence.checks.okta.reading import is_service_account, moment, service_accounts, user_name


@check(
    "okta.users.inactive",
    title="No active account lies unused",
    resource="user", severity=Severity.MEDIUM, criteria="CC6.2", annex_a="A.5.18",
    facts=("okta.users", "org.scope"), days=90,
    why="Nobody notices when an account that nobody uses is used by somebody else.",
    remedy="Ask the manager whether the account is needed; if not, suspend or deactivate it.",
)
def inactive(facts: Facts) -> Iterable[Finding]:
    tagged, limit = service_accounts(facts), int(facts.thresholds["days"])

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") != "ACTIVE" or is_service_account(row, tagged):
            return None
        last = known(row, "last_login")
        # Never signed in: the clock runs from the day the account was made usable.
        since = moment(last or row.get("activated") or required(row, "created"))
        idle = (facts.now - since).days
        return idle <= limit, f"last signed in {idle} days ago" if last else f"never signed in, for {idle} days"

    return each(facts, "okta.users", user_name, judge)


@check(
    "okta.users.orphans",
    title="Every active account belongs to a worker or is a known service account",
    resource="user", severity=Severity.HIGH, criteria="CC6.2", annex_a="A.5.16",
    facts=("okta.users", "org.workers", "org.scope"),
    why="An account that joins to no worker has nobody who answers for it, and no leaving date that would end it.",
    remedy="Find the owner and add the worker, tag the account as a service account in the register, or remove it.",
)
def orphans(facts: Facts) -> Iterable[Finding]:
    tagged, workers = service_accounts(facts), facts.rows("org.workers")
    ids = {(worker.get("accounts") or {}).get("okta") for worker in workers}
    emails = {str(worker.get("email")).lower() for worker in workers if worker.get("email")}

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") != "ACTIVE":
            return None
        if is_service_account(row, tagged):
            return True, "tagged as a service account"
        addresses = {str(row.get(key)).lower() for key in ("login", "email") if row.get(key)}
        if required(row, "id") in ids or addresses & emails:
            return True, "belongs to a worker"
        return False, "belongs to no worker, and is not tagged as a service account"

    return each(facts, "okta.users", user_name, judge)
