"""Load balancers and certificates: what customers connect to."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.aws.reading import arn, moment
from evidence.checks.base import Facts, Finding, Row, Severity, check, each, known, required

LISTENERS, CERTIFICATES = "aws.elb.listeners", "aws.acm.certificates"
_OLD = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"}


@check(
    "aws.elb.tls", title="Listeners on the internet speak TLS 1.2 or better", resource="listener",
    severity=Severity.HIGH, criteria="CC6.7", annex_a="A.8.24 A.8.21", facts=LISTENERS, version=2,
    why="Data in transit is promised to be encrypted with protocols that are not broken.",
    remedy="Set the listener's security policy to ELBSecurityPolicy-TLS13-1-2-2021-06.",
)  # fmt: skip
def tls(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if _open_to(row) not in ("HTTPS", "TLS"):
            return None  # plain HTTP is another check; passed through, what stands behind it speaks TLS or does not
        old = sorted(_OLD & set(required(row, "tls")))
        return not old, f"{row['balancer']} still speaks {', '.join(old)} ({row['policy']})." if old else ""

    return each(facts, LISTENERS, arn, judge)


@check(
    "aws.elb.http_redirects", title="Plain HTTP on the internet only leads to HTTPS", resource="listener",
    severity=Severity.HIGH, criteria="CC6.7", annex_a="A.8.24 A.8.21", facts=LISTENERS,
    why="A page that is also served in the clear is encrypted only for whoever asks for it: the rest can be read and altered.",
    remedy="Set the default action of the HTTP listener to a redirect to HTTPS, or delete the listener.",
)  # fmt: skip
def http_redirects(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str] | None:
        if _open_to(row) != "HTTP":
            return None
        kept = known(row, "redirects_to") != "HTTPS"
        return not kept, f"{row['balancer']} serves plain HTTP on port {row['port']}." if kept else ""

    return each(facts, LISTENERS, arn, judge)


def _open_to(row: Row) -> str | None:
    """The protocol of a listener that the internet reaches; None where it does not."""
    known(row, "listeners") if "listeners" in row else None  # listeners that could not be listed
    return str(required(row, "protocol")) if required(row, "scheme") == "internet-facing" else None


@check(
    "aws.acm.expiry", title="No certificate in use is about to end", resource="certificate",
    severity=Severity.MEDIUM, criteria="CC6.7", annex_a="A.8.24", facts=CERTIFICATES, days=30,
    why="An expired certificate is an outage that had a date on it.",
    remedy="Renew it; a certificate validated by DNS renews itself as long as its record stands.",
)  # fmt: skip
def expiry(facts: Facts) -> Iterator[Finding]:
    least = facts.thresholds["days"]

    def judge(row: Row) -> tuple[bool, str] | None:
        if not required(row, "in_use"):
            return None
        left = (moment(required(row, "ends"), "ends") - facts.now).days
        return left > least, f"{row['domain']} ends in {left} days."

    return each(facts, CERTIFICATES, arn, judge)
