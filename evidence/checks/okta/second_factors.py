"""Second factors: who has one, who is made to have one, and what protects the administrators' console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.checks.base import (
    Facts,
    Finding,
    Reason,
    Row,
    Severity,
    Unreadable,
    check,
    each,
    known,
    required,
)
from evidence.checks.okta.reading import (
    CAN_SIGN_IN,
    is_service_account,
    namer,
    service_accounts,
    unreadable,
    user_name,
    verdict,
)

#: Factor types that a phone number, a mailbox or a memory gives away.
WEAK_FACTORS = frozenset({"sms", "call", "email", "question"})
#: Their authenticators, by Okta's keys, and the password, which is no second factor.
WEAK_KEYS = frozenset({"phone_number", "okta_email", "security_question", "okta_password", "tac"})
_WEAK_CLASSIC = frozenset({"okta_sms", "okta_call", "okta_email", "okta_question", "okta_password"})


@check(
    "okta.mfa.all_users",
    title="Everyone who can sign in has a strong second factor",
    resource="user", severity=Severity.CRITICAL, criteria="CC6.1", annex_a="A.5.17 A.8.5",
    facts=("okta.factors", "org.scope"),
    why="One account with a password alone is enough to enter every application behind single sign-on.",
    remedy="Ask the person to enrol Okta Verify or a security key, or have the policy require it at the next sign-in.",
)
def all_users(facts: Facts) -> Iterable[Finding]:
    tagged = service_accounts(facts)

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") not in CAN_SIGN_IN or is_service_account(row, tagged):
            return None
        active = sorted({required(f, "type") for f in required(row, "factors") if required(f, "status") == "ACTIVE"})
        strong = [kind for kind in active if kind not in WEAK_FACTORS]
        if strong:
            return True, f"has {', '.join(strong)}"
        return False, f"only {', '.join(active)}, which can be taken over" if active else "no second factor enrolled"

    return each(facts, "okta.factors", user_name, judge)


@check(
    "okta.mfa.enroll_policy",
    title="Enrolment policies require a strong authenticator",
    resource="policy", severity=Severity.HIGH, criteria="CC6.1", annex_a="A.8.5",
    facts="okta.policies.mfa_enroll",
    why="Where enrolment is optional, the next joiner is the one without a second factor.",
    remedy="In Security > Authenticators > Enrolment set Okta Verify or FIDO2 (WebAuthn) to required in each policy.",
)
def enroll_policy(facts: Facts) -> Iterable[Finding]:
    rows = facts.rows("okta.policies.mfa_enroll")

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") != "ACTIVE":
            return None
        demanded = sorted(_required_authenticators(required(row, "settings")))
        if not demanded:
            return False, "no strong authenticator is required"
        rules = [rule for rule in required(row, "rules") if required(rule, "status") == "ACTIVE"]
        asking = [rule for rule in rules if str(required(rule, "actions.enroll.self")) in ("CHALLENGE", "LOGIN")]
        if not asking:
            return False, "no active rule asks anyone to enrol"
        return True, f"requires {', '.join(demanded)}"

    return each(facts, "okta.policies.mfa_enroll", namer(rows, "policy"), judge)


def _required_authenticators(settings: Mapping[str, Any]) -> set[str]:
    """Strong authenticators that a policy makes obligatory, in Identity Engine's form or the classic one."""
    if "authenticators" in settings:
        return {
            str(required(each_, "key"))
            for each_ in required(settings, "authenticators")
            if known(each_, "enroll.self") == "REQUIRED" and required(each_, "key") not in WEAK_KEYS
        }
    factors = required(settings, "factors")
    return {
        name for name, factor in factors.items()
        if name not in _WEAK_CLASSIC and known(factor, "enroll.self") == "REQUIRED"
    }  # fmt: skip


@check(
    "okta.mfa.admin_console_phishing_resistant",
    title="The Admin Console asks for a phishing-resistant factor",
    resource="app policy", severity=Severity.CRITICAL, criteria="CC6.1 CC6.3", annex_a="A.8.2 A.8.5",
    facts=("okta.apps", "okta.policies.access"), version=2,
    why="Whoever reaches the Admin Console can let themselves into everything; a code can be phished, a key cannot.",
    remedy="In the Admin Console's authentication policy require a phishing-resistant possession factor in each rule.",
)
def admin_console(facts: Facts) -> Iterator[Finding]:
    policies = {row.get("id"): row for row in facts.rows("okta.policies.access")}
    consoles = [row for row in facts.rows("okta.apps") if row.get("name") == "saasure"]
    if not consoles:
        raise Unreadable(Reason.EMPTY, "the Admin Console is not among the applications that this token may see")
    for console in consoles:
        name = f"app:{console.get('label') or 'Okta Admin Console'}"
        try:
            policy = policies.get(required(console, "access_policy_id"))
            if policy is None:
                raise Unreadable(Reason.MALFORMED, "its access policy is not among the policies listed")
            open_rules = [str(rule.get("name")) for rule in letting_in(policy) if not _resists_phishing(rule)]
        except Unreadable as gap:
            yield unreadable(name, gap)
            continue
        yield verdict(
            name, not open_rules,
            f"rule {', '.join(open_rules)} lets in without a phishing-resistant factor"
            if open_rules else "every rule asks for a phishing-resistant factor",
        )  # fmt: skip


def letting_in(policy: Row) -> list[Row]:
    """The active rules of an access policy that allow. Raises where the rules could not be read, or there are none."""
    rules = required(policy, "rules")
    if not rules:
        raise Unreadable(Reason.EMPTY, "an access policy always has a rule, and none was returned")
    return [
        rule for rule in rules
        if required(rule, "status") == "ACTIVE" and required(rule, "actions.appSignOn.access") == "ALLOW"
    ]  # fmt: skip


def _resists_phishing(rule: Row) -> bool:
    """Whether every way that a rule offers contains a phishing-resistant factor. Constraints are alternatives, as chains are."""
    method = required(rule, "actions.appSignOn.verificationMethod")
    if method.get("type") == "AUTH_METHOD_CHAIN":
        chains = required(method, "chains")
        return bool(chains) and all(any(_leaves_no_other(step) for step in _steps(chain)) for chain in chains)
    constraints = method.get("constraints") or []
    return bool(constraints) and all(_is_resistant(way.get("possession") or {}) for way in constraints)


def _steps(chain: Row) -> list[list[Row]]:
    """The steps of a chain, one after another; each a list of methods, of which one is enough."""
    return [required(chain, "authenticationMethods"), *(step for later in chain.get("next") or () for step in _steps(later))]


def _leaves_no_other(step: list[Row]) -> bool:
    return bool(step) and all(_is_resistant(method) for method in step)


def _is_resistant(method: Mapping[str, Any]) -> bool:
    return method.get("phishingResistant") == "REQUIRED"


@check(
    "okta.authenticators.weak_disabled",
    title="Phone and security question cannot be used to sign in",
    resource="authenticator", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.8.5",
    facts="okta.authenticators",
    why="A text message can be diverted and a security question looked up; neither proves who is there.",
    remedy="In Security > Authenticators allow phone and security question for recovery only, or switch them off.",
)
def weak_authenticators(facts: Facts) -> Iterable[Finding]:
    rows = facts.rows("okta.authenticators")

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "key") not in ("phone_number", "security_question"):
            return None
        if required(row, "status") != "ACTIVE":
            return True, "switched off"
        use = required(row, "allowed_for")
        return use in ("recovery", "none"), f"allowed for {use}"

    return each(facts, "okta.authenticators", namer(rows, "authenticator"), judge)
