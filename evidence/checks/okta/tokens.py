"""API tokens, each as mighty as its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from evidence.checks.base import Facts, Finding, Reason, Row, Severity, Unreadable, check, each, required
from evidence.checks.okta.reading import moment, namer


@check(
    "okta.tokens.review", title="API tokens have a living owner", version=2,
    resource="API token", severity=Severity.HIGH, criteria="CC6.1 CC6.3", annex_a="A.5.17 A.8.2",
    facts=("okta.api_tokens", "okta.users"),
    why="A token acts with all of its owner's rights, also when the owner has left.",
    remedy="Revoke tokens of leavers; give what used them a token of a service account.",
)
def review(facts: Facts) -> Iterable[Finding]:
    status = {user.get("id"): user.get("status") for user in facts.rows("okta.users")}

    def judge(row: Row) -> tuple[bool, str]:
        owner = required(row, "user_id")
        if owner in status and status[owner] is None:
            raise Unreadable(Reason.MALFORMED, "the status of its owner is missing")
        alive = status.get(owner) == "ACTIVE"
        said = f"its owner is {str(status.get(owner) or 'not a user any more').lower()}"
        return alive, "owner active" if alive else said

    return _each_token(facts, judge)


@check(
    "okta.tokens.unused", title="No API token lies unused",
    resource="API token", severity=Severity.HIGH, criteria="CC6.1 CC6.3", annex_a="A.5.17", facts="okta.api_tokens",
    unused_days=90,
    why="Nobody misses a token that is not used, and nobody notices who begins to use it.",
    remedy="Revoke tokens that nothing has used for as long as the policy says.",
)
def unused(facts: Facts) -> Iterable[Finding]:
    limit = int(facts.thresholds["unused_days"])

    def judge(row: Row) -> tuple[bool, str]:
        idle = (facts.now - moment(required(row, "last_updated"))).days
        return idle <= limit, f"unused for {idle} days" if idle > limit else "in use"

    return _each_token(facts, judge)


@check(
    "okta.tokens.network", title="API tokens are bound to a network",
    resource="API token", severity=Severity.HIGH, criteria="CC6.1 CC6.3", annex_a="A.5.17", facts="okta.api_tokens",
    why="A token works without a second factor; from any network, whoever finds it can use it.",
    remedy="Restrict the token to a network zone.",
)
def network(facts: Facts) -> Iterable[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        anywhere = required(row, "connection") == "ANYWHERE"
        return not anywhere, "usable from any network" if anywhere else "bound to a network zone"

    return _each_token(facts, judge)


@check(
    "okta.tokens.not_super_admin", title="No API token is a super administrator's",
    resource="API token", severity=Severity.HIGH, criteria="CC6.1 CC6.3", annex_a="A.5.17 A.8.2",
    facts=("okta.api_tokens", "okta.admin_roles"),
    why="A token of a super administrator can change every rule, without a second factor and without a person.",
    remedy="Make the token anew by an account with the narrow role that its work needs.",
)
def not_super_admin(facts: Facts) -> Iterable[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        above = _is_super(facts.rows("okta.admin_roles"), required(row, "user_id"))
        return not above, "its owner is a super administrator" if above else "its owner holds a narrower role"

    return _each_token(facts, judge)


def _each_token(facts: Facts, judge: Callable[[Row], tuple[bool, str]]) -> Iterable[Finding]:
    return each(facts, "okta.api_tokens", namer(facts.rows("okta.api_tokens"), "token"), judge)


def _is_super(assigned: Sequence[Row], owner: str) -> bool:
    """Whether a user holds the highest role. Raises where that user's roles could not be read."""
    for row in assigned:
        if row.get("user_id") == owner:
            return any(required(role, "type") == "SUPER_ADMIN" for role in required(row, "roles"))
    return False
