"""Sign-on: the global session, and what each application's access policy falls back to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evidence.checks.base import Facts, Finding, Reason, Row, Severity, Unreadable, check, each, known, required
from evidence.checks.okta.reading import namer
from evidence.checks.okta.second_factors import letting_in


@check(
    "okta.signon.global_session", title="The global session asks for a second factor", version=2,
    resource="policy", severity=Severity.HIGH, criteria="CC6.1", annex_a="A.8.5", facts="okta.policies.sign_on",
    why="A session that a password alone begins reaches everything that single sign-on reaches.",
    remedy="In Security > Global Session Policy require a second factor in each rule.",
)
def global_session(facts: Facts) -> Iterable[Finding]:
    def fault(rule: Row) -> str:
        return "" if known(rule, "actions.signon.requireFactor") else "no second factor"

    return _each_rule(facts, fault, "second factor required")


@check(
    "okta.signon.idle", title="An idle session ends", resource="policy", severity=Severity.HIGH, criteria="CC6.1",
    annex_a="A.8.5", facts="okta.policies.sign_on", idle_minutes=120,
    why="A session that idles for half a day belongs to whoever finds the laptop.",
    remedy="In Security > Global Session Policy end sessions after as many idle minutes as the policy says.",
)
def idle(facts: Facts) -> Iterable[Finding]:
    limit = int(facts.thresholds["idle_minutes"])

    def fault(rule: Row) -> str:
        minutes = int(required(rule, "actions.signon.session.maxSessionIdleMinutes"))
        if minutes <= 0:
            return "no idle limit"
        return f"idle limit {_span(minutes)}, more than {_span(limit)}" if minutes > limit else ""

    return _each_rule(facts, fault, "idle sessions end")


@check(
    "okta.signon.lifetime", title="Every session ends", resource="policy", severity=Severity.HIGH, criteria="CC6.1",
    annex_a="A.8.5", facts="okta.policies.sign_on",
    why="A stolen session that never ends is access for good.",
    remedy="In Security > Global Session Policy set a maximum lifetime in each rule.",
)
def lifetime(facts: Facts) -> Iterable[Finding]:
    def fault(rule: Row) -> str:
        ends = int(required(rule, "actions.signon.session.maxSessionLifetimeMinutes")) > 0
        return "" if ends else "no maximum lifetime"

    return _each_rule(facts, fault, "sessions end")


def _each_rule(facts: Facts, fault: Callable[[Row], str], met: str) -> Iterable[Finding]:
    """Each active policy by the rules that let somebody in; what each lacks, in a few words."""
    rows = facts.rows("okta.policies.sign_on")

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") != "ACTIVE":
            return None
        every = required(row, "rules")
        if not every and row.get("system"):
            raise Unreadable(Reason.EMPTY, "the default policy always has a rule, and none was returned")
        rules = [
            rule for rule in every
            if required(rule, "status") == "ACTIVE" and required(rule, "actions.signon.access") == "ALLOW"
        ]  # fmt: skip
        if not rules:
            return None
        faults = [f"rule {rule.get('name')}: {said}" for rule in rules if (said := fault(rule))]
        return not faults, "; ".join(faults) or met

    return each(facts, "okta.policies.sign_on", namer(rows, "policy"), judge)


def _span(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


@check(
    "okta.access_policy.no_1fa_catchall",
    title="No access policy falls back to a single factor",
    resource="policy", severity=Severity.HIGH, criteria="CC6.1", annex_a="A.8.5",
    facts="okta.policies.access", version=2,
    why="The catch-all rule decides for everyone whom no other rule names; if it asks for one factor, so do they all.",
    remedy="Set the catch-all rule of the policy to two factor types, or to deny.",
)
def no_single_factor_catch_all(facts: Facts) -> Iterable[Finding]:
    rows = facts.rows("okta.policies.access")

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") != "ACTIVE":
            return None
        catching = [rule for rule in letting_in(row) if _catches_all(rule)]
        weak = [str(rule.get("name")) for rule in catching if _asks_for_one_factor(rule)]
        if weak:
            return False, f"{', '.join(weak)} lets everyone else in with one factor"
        return True, "the catch-all asks for two factors" if catching else "the catch-all denies"

    return each(facts, "okta.policies.access", namer(rows, "policy"), judge)


def _asks_for_one_factor(rule: Row) -> bool:
    """Whether some way in needs one factor only. A chain of one step is one factor under another name: the methods of a
    step are alternatives, of which one is enough."""
    method = required(rule, "actions.appSignOn.verificationMethod")
    if method.get("type") == "AUTH_METHOD_CHAIN":
        chains = required(method, "chains")
        return any(not chain.get("next") for chain in chains)
    return bool(required(method, "factorMode") == "1FA")


def _catches_all(rule: Row) -> bool:
    """Okta's own last rule is a system rule; one without a condition catches as much."""
    return bool(rule.get("system")) or not _narrowed(rule.get("conditions") or {})


def _narrowed(conditions: Row) -> bool:
    """Whether any condition of a rule leaves somebody out. Empty lists and ANYWHERE leave nobody out."""
    people, network = conditions.get("people") or {}, conditions.get("network") or {}
    groups, users = people.get("groups") or {}, people.get("users") or {}
    return bool(
        groups.get("include") or users.get("include")
        or network.get("connection") not in (None, "ANYWHERE")
        or conditions.get("device") or conditions.get("elCondition")
        or (conditions.get("platform") or {}).get("include") or conditions.get("userType")
        or (conditions.get("riskScore") or {}).get("level") not in (None, "ANY")
    )  # fmt: skip
