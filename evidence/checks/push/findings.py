"""What a scanner of one's own found: Prowler, or a script."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.checks.base import Facts, Finding, Reason, Row, Severity, Unreadable, check, required
from evidence.checks.push.reading import each_sent

FINDINGS = "push.findings"


@check(
    "push.findings.open", title="What the scanner looks at passes", resource="finding", severity=Severity.HIGH,
    criteria="CC7.1 CC4.2", annex_a="A.8.8", facts=FINDINGS,
    why="A deviation that our own scanner reports and nobody closes is a deficiency that we knew of.",
    remedy="Put right what the finding names, or ask for an exception here: muting it at the scanner decides nothing.",
)  # fmt: skip
def open_findings(facts: Facts) -> Iterator[Finding]:
    def judge(row: Row) -> tuple[bool, str]:
        status = str(required(row, "status"))
        if status == "pass":
            return True, ""
        if status == "manual":
            raise Unreadable(Reason.NOT_COLLECTED, f"a person has to look: {_said(row)}")
        if status != "fail":
            raise Unreadable(Reason.MALFORMED, f"the scanner did not say what it found: {_said(row)}")
        muted = "Muted at the scanner, which is no exception. " if row.get("muted") else ""
        return False, f"{muted}{_severity(row)}{_said(row)}{_mapped(row)}"

    return each_sent(facts, FINDINGS, named, judge)


def named(row: Row) -> str:
    """Check and resource, and the region where the resource's own name does not hold it."""
    region = str(row.get("region") or "")
    where = f" in {region}" if region and region not in str(row.get("resource")) else ""
    return f"{row.get('check')}: {row.get('resource')}{where}"


def _said(row: Row) -> str:
    return str(row.get("detail") or row.get("title") or row.get("check"))[:500]


def _severity(row: Row) -> str:
    return f"{str(row['severity']).capitalize()}: " if row.get("severity") else ""


def _mapped(row: Row) -> str:
    wanted = [str(each) for each in row.get("requirements") or ()]
    soc2 = [each for each in wanted if each.upper().startswith("SOC2")]
    shown = (soc2 or wanted)[:6]
    return f" ({', '.join(shown)})" if shown else ""
