"""Applications and the groups that lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evidence.checks.base import Facts, Finding, Row, Severity, Unreadable, check, each, required
from evidence.checks.okta.reading import OKTA_ITSELF, ORG, left_out, listed, namer, unreadable, verdict

_FEDERATED = {
    "SAML_2_0": "SAML", "SAML_1_1": "SAML", "OPENID_CONNECT": "OpenID Connect", "WS_FEDERATION": "WS-Federation",
}  # fmt: skip
_STORED = {
    "BROWSER_PLUGIN": "stored passwords (SWA)", "AUTO_LOGIN": "stored passwords (SWA)",
    "SECURE_PASSWORD_STORE": "stored passwords", "BASIC_AUTH": "basic authentication", "BOOKMARK": "a bookmark only",
}  # fmt: skip


@check(
    "okta.apps.sso_coverage",
    title="Applications in scope use federated sign-on",
    resource="app", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.16 A.8.5",
    facts=("okta.apps", "org.scope"),
    why="Where Okta only types in a stored password, the application can be entered without its second factor.",
    remedy="Move the application to SAML or OpenID Connect, or decide it out of scope with the reason.",
)
def sso_coverage(facts: Facts) -> Iterable[Finding]:
    rows, out = facts.rows("okta.apps"), left_out(facts, "application")

    def judge(row: Row) -> tuple[bool, str] | None:
        if required(row, "status") != "ACTIVE" or required(row, "id") in out or row.get("name") in OKTA_ITSELF:
            return None
        mode = str(required(row, "sign_on_mode"))
        if mode in _FEDERATED:
            return True, _FEDERATED[mode]
        return False, f"signs on with {_STORED.get(mode, mode)}"

    return each(facts, "okta.apps", namer(rows, "app", "label"), judge)


@check(
    "okta.apps.assignment_population",
    title="Who is assigned to each application in scope",
    resource="app", severity=Severity.MEDIUM, criteria="CC6.2 CC6.3", annex_a="A.5.18",
    facts=("okta.app_assignments", "org.scope"), population=True,
    why="An access review needs the complete list; one drawn up from memory leaves out what nobody remembers.",
    remedy="Review the list with the application's owner and remove what is not needed.",
)
def assignment_population(facts: Facts) -> Iterator[Finding]:
    rows, out = facts.rows("okta.app_assignments"), left_out(facts, "application")
    name = namer(rows, "app", "label")
    for row in rows:
        if row.get("id") in out:
            continue
        try:
            people, groups = len(required(row, "users")), len(required(row, "groups"))
        except Unreadable as gap:
            yield unreadable(name(row), gap)
            continue
        yield listed(name(row), f"{people} people and {groups} groups assigned, to be reviewed")


@check(
    "okta.groups.rules",
    title="Group rules give access by role, and none is broken",
    resource="group rule", severity=Severity.LOW, criteria="CC6.3", annex_a="A.5.15",
    facts="okta.group_rules",
    why="A rule that Okta has marked invalid silently stops moving people: joiners get nothing, movers keep all.",
    remedy="Mend or delete the invalid rule, then check who should have been moved meanwhile.",
)
def group_rules(facts: Facts) -> Iterator[Finding]:
    rows = facts.rows("okta.group_rules")

    def judge(row: Row) -> tuple[bool, str] | None:
        status = required(row, "status")
        return None if status == "INACTIVE" else (status == "ACTIVE", str(status).lower())

    yield from each(facts, "okta.group_rules", namer(rows, "rule"), judge)
    if all(row.get("status") in ("INACTIVE", "INVALID") for row in rows):
        yield verdict(ORG, False, "no group rule is active: access is given by hand")
