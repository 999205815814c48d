"""IAM access: policies that allow everything, who the administrators are, and whom roles trust outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.checks.aws.reading import account, arn, optional
from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, Unreadable, check, each, known, required

USERS, GROUPS, ROLES, POLICIES = "aws.iam.users", "aws.iam.groups", "aws.iam.roles", "aws.iam.policies"


@check(
    "aws.iam.no_admin_star", title="No customer-managed policy allows everything on everything", resource="IAM policy",
    severity=Severity.HIGH, criteria="CC6.3", annex_a="A.8.2 A.5.15", facts=POLICIES,
    why="A policy of *:* is administration under another name, and escapes every review of administrators.",
    remedy="Replace the policy with the actions that are used (IAM Access Analyzer can draft it from CloudTrail), or "
    "attach AdministratorAccess by its own name so that the review sees it.",
)  # fmt: skip
def no_admin_star(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        everything = required(row, "allows_everything")
        return not everything, f"{row['name']} allows every action on every resource." if everything else ""

    return each(facts, POLICIES, arn, judge)


@check(
    "aws.iam.admin_population", title="Principals with full administration, for review", resource="principal",
    severity=Severity.HIGH, criteria="CC6.3", annex_a="A.8.2 A.5.18", facts=(USERS, GROUPS, ROLES, POLICIES),
    population=True,
    why="The auditor draws from this list and asks for the approval behind each name; it is only evidence once "
    "somebody has reviewed it.",
    remedy="Open an access review on this population, decide each principal, and remove what nobody can justify.",
)  # fmt: skip
def admin_population(facts: Facts) -> Iterator[Finding]:
    full = {arn(row) for row in facts.rows(POLICIES) if known(row, "allows_everything")}
    groups = {str(row["name"]): row for row in facts.rows(GROUPS) if "name" in row}
    through = {name for name, row in groups.items() if _administers(row, full)}
    found = 0
    for kind in (USERS, ROLES):
        for row in facts.rows(kind):
            try:
                how = _how(row, full, through)
            except Unreadable as gap:
                yield Finding(arn(row), Outcome.UNKNOWN, str(gap), gap.reason)
                continue
            if how:
                found += 1
                yield Finding(arn(row), Outcome.NOT_APPLICABLE, f"Administrator {how}; awaits review.")
    if not found:
        yield Finding(account(facts.rows(ROLES)[0]), Outcome.NOT_APPLICABLE, "Nobody has full administration.")


def _administers(row: Row, full: set[str]) -> bool:
    attached = required(row, "attached")
    return bool(
        any(str(one).endswith(":aws:policy/AdministratorAccess") for one in attached)
        or full & set(attached) or required(row, "inline_admin")
    )  # fmt: skip


def _how(row: Row, full: set[str], through: set[str]) -> str:
    if row.get("service_linked"):
        return ""
    if _administers(row, full):
        return "by a policy of its own"
    groups = sorted(through & set(row.get("groups") or ()))
    return f"through the group {groups[0]}" if groups else ""


@check(
    "aws.iam.external_trust", title="Other accounts are trusted with an ExternalId only", resource="IAM role",
    severity=Severity.HIGH, criteria="CC6.6 CC9.2", annex_a="A.5.19 A.5.23", facts=(ROLES, "org.scope"), version=2,
    why="A role that any customer of a supplier can ask for is the confused deputy: their breach becomes yours.",
    remedy="Add to the trust policy the condition sts:ExternalId with the value that the supplier made for you; delete "
    "the role if the supplier is gone.",
)  # fmt: skip
def external_trust(facts: Facts) -> Iterator[Finding]:
    return _of_strangers(facts, _without_external_id)


@check(
    "aws.iam.known_accounts", title="Roles name the accounts that they trust, and none beside a stated list", resource="IAM role",
    severity=Severity.HIGH, criteria="CC6.6 CC9.2", annex_a="A.5.19 A.5.23", facts=(ROLES, "org.scope"),
    known_accounts=(),
    why="Whom a role lets in is a supplier's access to the account: one that nobody can name was reviewed by nobody.",
    remedy="Name the trusted account in the trust policy in place of *, and take out whoever is not on the list of "
    "known accounts; where the control states no list, every account that is named counts as known.",
)  # fmt: skip
def known_accounts(facts: Facts) -> Iterator[Finding]:
    listed = {str(one) for one in facts.thresholds["known_accounts"]}
    return _of_strangers(facts, lambda who, statement: _not_known(who, statement, listed))


def _of_strangers(facts: Facts, wrong_with: Callable[[str, Row], str]) -> Iterator[Finding]:
    """Each role that lets another account in, judged statement by statement; accounts of our own are no strangers."""
    own = {str(row.get("external_id")) for row in optional(facts, "org.scope") if row.get("kind") == "account"}

    def judge(row: Row) -> tuple[bool, str] | None:
        if row.get("service_linked"):
            return None
        home = {str(row["account"])} | own
        strangers = [
            (who, statement) for statement in required(row, "trust") for who in statement["accounts"] if who not in home
        ]
        if not strangers:
            return None
        wrong = [problem for who, statement in strangers if (problem := wrong_with(who, statement))]
        return not wrong, " ".join(wrong) or f"Trusts {', '.join(sorted({str(who) for who, _ in strangers}))}."

    return each(facts, ROLES, arn, judge)


def _without_external_id(who: str, statement: Row) -> str:
    if statement["organization_only"] or statement["external_id"]:
        return ""
    return "Anybody may assume this role." if who == "*" else f"Account {who} is trusted without an ExternalId."


def _not_known(who: str, statement: Row, listed: set[str]) -> str:
    if statement["organization_only"]:
        return ""
    if who == "*":
        return "The role names no account: whoever meets its conditions may assume it."
    return f"Account {who} is trusted and is not among the known accounts." if listed and who not in listed else ""
