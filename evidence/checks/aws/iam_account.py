"""IAM, the account as a whole: its root user and its password policy."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import account, moment
from evidence.checks.base import Facts, Finding, Outcome, Reason, Row, Severity, check, each, known, required

SUMMARY, REPORT = "aws.iam.account_summary", "aws.iam.credential_report"


@check(
    "aws.iam.root_mfa", title="The root user has MFA", resource="account", severity=Severity.CRITICAL,
    criteria="CC6.1", annex_a="A.5.17 A.8.5", facts=SUMMARY,
    why="The root user can do anything and no policy binds it; a password alone must not be enough to become it.",
    remedy="Sign in as root, open Security credentials, assign a hardware key or an authenticator, and keep it apart "
    "from the password.",
)  # fmt: skip
def root_mfa(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        if required(row, "root_mfa") != 1:
            return False, "The root user signs in with a password alone."
        return True, "A virtual device." if row.get("root_mfa_virtual") else "A hardware key."

    return each(facts, SUMMARY, account, judge)


@check(
    "aws.iam.root_no_access_keys", title="The root user has no access keys", resource="account",
    severity=Severity.CRITICAL, criteria="CC6.1 CC6.3", annex_a="A.8.2", facts=SUMMARY,
    why="A root key is unlimited power in a text file, with no person and no MFA behind it.",
    remedy="Sign in as root, delete every access key under Security credentials, and give what used it a role.",
)  # fmt: skip
def root_no_access_keys(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        present = required(row, "root_access_keys")
        return present == 0, "" if present == 0 else "The root user has an access key."

    return each(facts, SUMMARY, account, judge)


@check(
    "aws.iam.root_not_used", title="The root user is not used in everyday work", resource="account",
    severity=Severity.HIGH, criteria="CC6.1 CC7.2", annex_a="A.8.2", facts=REPORT, days=90,
    why="Each use of root escapes the least-privilege design and cannot be laid at one person's door.",
    remedy="Find in CloudTrail what root was used for, give a role for it, and alarm on the next use.",
)  # fmt: skip
def root_not_used(facts: Facts) -> Iterator[Finding]:
    limit = facts.thresholds["days"]

    def judge(row: Row) -> tuple[bool, str] | None:
        if not required(row, "root"):
            return None
        used = [known(row, "password_last_used"), *(known(key, "used") for key in required(row, "keys"))]
        last = max((moment(one) for one in used if one is not None), default=None)
        if last is None:
            return True, "Never used."
        age = (facts.now - last).days
        return age > limit, f"Last used {age} days ago; it should rest for over {limit}."

    findings = [f for f in each(facts, REPORT, account, judge) if f.outcome is not Outcome.NOT_APPLICABLE]
    if not findings:
        findings = [_no_root(facts)]
    yield from findings


def _no_root(facts: Facts) -> Finding:
    return Finding(
        account(facts.rows(REPORT)[0]), Outcome.UNKNOWN, "The report has no line for the root user.", Reason.MALFORMED
    )


@check(
    "aws.iam.password_policy", title="The password policy asks for long passwords, or nobody has one", resource="account",
    severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17", facts=("aws.iam.password_policy", REPORT), version=2,
    min_length=14,
    why="Where people sign in with IAM passwords, the account's policy is the only thing that makes them good ones.",
    remedy="IAM, Account settings, Password policy: as long as your policy says; "
    "better, move people to Identity Center and take their passwords away.",
)  # fmt: skip
def password_policy(facts: Facts) -> Iterator[Finding]:
    return _policy(facts, "min_length", facts.thresholds["min_length"], "characters long")


@check(
    "aws.iam.password_reuse", title="The password policy lets no old password return, or nobody has one",
    resource="account", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17",
    facts=("aws.iam.password_policy", REPORT), reuse=24,
    why="A password that may come back after every change was never changed.",
    remedy="IAM, Account settings, Password policy: prevent reuse of as many as your policy says.",
)  # fmt: skip
def password_reuse(facts: Facts) -> Iterator[Finding]:
    return _policy(facts, "reuse", facts.thresholds["reuse"], "remembered")


def _policy(facts: Facts, name: str, least: int, said: str) -> Iterator[Finding]:
    def nobody() -> bool:
        return not any(required(row, "password_enabled") for row in facts.rows(REPORT) if not required(row, "root"))

    def judge(row: Row) -> tuple[bool, str]:
        exists = required(row, "exists")
        if exists and required(row, name) >= least:
            return True, f"{row[name]} {said}."
        if nobody():
            return True, "No IAM user has a password."
        return False, f"{row[name]} {said} (want {least})." if exists else "There is no password policy."

    return each(facts, "aws.iam.password_policy", account, judge)
