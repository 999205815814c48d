"""API tokens, each as mighty as its owner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evidence.checks.base import Facts, Finding, Reason, Row, Severity, Unreadable, check, each, required
from evidence.checks.okta.reading import moment, namer


@check(
    "okta.tokens.review",
    title="API tokens have a living owner, a fixed network and no more than they need",
    resource="API token", severity=Severity.HIGH, criteria="CC6.1 CC6.3", annex_a="A.5.17 A.8.2",
    facts=("okta.api_tokens", "okta.users", "okta.admin_roles"), unused_days=90,
    why="A token acts with all of its owner's rights, without a second factor, from wherever it is used.",
    remedy="Revoke tokens of leavers and unused ones; restrict the others to a network zone and to an owner with a "
    "narrow role.",
)
def review(facts: Facts) -> Iterable[Finding]:
    rows = facts.rows("okta.api_tokens")
    status = {user.get("id"): user.get("status") for user in facts.rows("okta.users")}
    unused = int(facts.thresholds["unused_days"])

    def judge(row: Row) -> tuple[bool, str] | None:
        owner, faults = required(row, "user_id"), []
        if owner in status and status[owner] is None:
            raise Unreadable(Reason.MALFORMED, "the status of its owner is missing")
        if status.get(owner) != "ACTIVE":
            faults.append(f"its owner is {str(status.get(owner) or 'not a user any more').lower()}")
        idle = (facts.now - moment(required(row, "last_updated"))).days
        if idle > unused:
            faults.append(f"unused for {idle} days")
        if required(row, "connection") == "ANYWHERE":
            faults.append("usable from any network")
        if faults:
            # What is known to be wrong stays wrong, whether or not the roles could be read.
            return False, "; ".join(faults)
        if _is_super(facts.rows("okta.admin_roles"), owner):
            return False, "its owner is a super administrator"
        return True, "owner active, in use, bound to a network zone"

    return each(facts, "okta.api_tokens", namer(rows, "token"), judge)


def _is_super(assigned: Sequence[Row], owner: str) -> bool:
    """Whether a user holds the highest role. Raises where that user's roles could not be read."""
    for row in assigned:
        if row.get("user_id") == owner:
            return any(required(role, "type") == "SUPER_ADMIN" for role in required(row, "roles"))
    return False
