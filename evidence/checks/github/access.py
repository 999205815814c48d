"""Checks of who has access: owners, members, outsiders, apps and personal tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from evidence.checks.base import Facts, Finding, Outcome, Row, Severity, check, each, known, required
from evidence.checks.github.reading import SCOPE, WORKERS, moment, scope, why_not_active, workers_by_login

_ADMINISTRATIVE = ("administration", "members", "organization_administration", "organization_secrets", "secrets")


@check(
    "github.org.owners", title="There are two to five owners",
    resource="org", severity=Severity.HIGH, criteria="CC6.3", annex_a="A.8.2", version=2,
    facts=("github.org", "github.members"),
    why="An owner can undo every rule here. One is too few to survive a lost phone, many are too many to watch.",
    remedy="Reduce or add owners under People.",
    least=2, most=5,
)
def owners(facts: Facts) -> Iterator[Finding]:
    found = _owners(facts)
    least, most = facts.thresholds["least"], facts.thresholds["most"]
    right, said = least <= len(found) <= most, f"{len(found)} owners ({', '.join(found)})"
    org = f"org:{required(facts.one('github.org'), 'login')}"
    yield Finding(org, Outcome.PASS if right else Outcome.FAIL, said if right else f"{said}, {least} to {most} are allowed")


@check(
    "github.org.owners_at_work", title="Each owner is an active worker",
    resource="member", severity=Severity.HIGH, criteria="CC6.3", annex_a="A.8.2", facts=("github.members", WORKERS),
    why="A leaver who still owns the organisation can undo every rule in it.",
    remedy="Remove owners who no longer work here, or enter on the roster whose account it is.",
    leaver_days=1,
)
def owners_at_work(facts: Facts) -> Iterator[Finding]:
    workers, grace = workers_by_login(facts), facts.thresholds["leaver_days"]

    def judge(member: Row) -> tuple[bool, str] | None:
        if not required(member, "owner"):
            return None
        why = why_not_active(workers.get(required(member, "login").lower()), facts.now, grace)
        return (False, why) if why else (True, "at work")

    yield from each(facts, "github.members", lambda m: f"member:{m.get('login')}", judge)


def _owners(facts: Facts) -> list[str]:
    return sorted(required(m, "login") for m in facts.rows("github.members") if required(m, "owner"))


@check(
    "github.org.members_mapped", title="Every member is an active worker, and leavers are removed in time",
    resource="member", severity=Severity.HIGH, criteria="CC6.2", annex_a="A.5.16 A.5.18",
    facts=("github.org", "github.members", WORKERS, SCOPE),
    why="An account that nobody on the roster answers for is how a leaver keeps the source code.",
    remedy="Remove the member, or enter on the roster whose account it is (a service account: in the scope register).",
    leaver_days=1,
)
def members_mapped(facts: Facts) -> Iterator[Finding]:
    workers, register = workers_by_login(facts), scope(facts)
    org = required(facts.one("github.org"), "login")

    def judge(member: Row) -> tuple[bool, str] | None:
        login = required(member, "login")
        if register.get(f"{org}/{login}", {}).get("service_account"):
            return None
        why = why_not_active(workers.get(login.lower()), facts.now, facts.thresholds["leaver_days"])
        return (False, why) if why else (True, f"belongs to {workers[login.lower()].get('name')}")

    yield from each(facts, "github.members", lambda m: f"member:{m.get('login')}", judge)


@check(
    "github.org.outside_collaborators", title="Outside collaborators are listed and approved",
    resource="collaborator", severity=Severity.MEDIUM, criteria="CC6.2 CC9.2", annex_a="A.5.18 A.5.19",
    facts=("github.outside_collaborators", WORKERS), population=True,
    why="They are outside the organisation's own rules, and are forgotten first.",
    remedy="Remove who is no longer needed; approve the others by name in the control's statement.",
    approved=(),
)
def outside_collaborators(facts: Facts) -> Iterator[Finding]:
    workers, approved = workers_by_login(facts), {str(a).lower() for a in facts.thresholds["approved"]}

    def judge(person: Row) -> tuple[bool, str] | None:
        login = required(person, "login").lower()
        if login in approved or (workers.get(login) or {}).get("active"):
            return None  # listed; the review of the list is what can pass
        reach = known(person, "repositories")
        return False, f"nobody approved this account, which reaches {', '.join(sorted(reach)) or 'no repository'}"

    yield from each(facts, "github.outside_collaborators", lambda p: f"collaborator:{p.get('login')}", judge)


@check(
    "github.org.apps_review", title="No GitHub App holds administrative rights that nobody approved",
    resource="app installation", severity=Severity.MEDIUM, criteria="CC6.3 CC9.2", annex_a="A.5.19 A.8.4",
    facts="github.app_installations",
    why="An app keeps its rights when the person who installed it leaves, and its maker's breach becomes ours.",
    remedy="Uninstall the app, reduce its permissions, or approve it by name in the control's statement.",
    approved=(),
)
def apps(facts: Facts) -> Iterator[Finding]:
    def judge(app: Row) -> tuple[bool, str] | None:
        if app.get("suspended"):
            return None
        held = required(app, "permissions")
        strong = sorted(name for name in _ADMINISTRATIVE if held.get(name) in ("write", "admin"))
        if not strong or required(app, "slug") in facts.thresholds["approved"]:
            return True, f"{len(held)} permissions, none of them administrative unless approved"
        return False, f"may write: {', '.join(strong)}"

    yield from each(facts, "github.app_installations", lambda a: f"app:{a.get('slug')}", judge)


@check(
    "github.org.pat_policy", title="Fine-grained personal tokens expire within a year",
    resource="token", severity=Severity.MEDIUM, criteria="CC6.1", annex_a="A.5.17", facts="github.pat_grants",
    why="A token without an end works for whoever finds it, for ever.",
    remedy="Revoke the token, and set a maximum lifetime under Settings, Personal access tokens.",
    most_days=366,
)
def tokens(facts: Facts) -> Iterator[Finding]:
    def judge(grant: Row) -> tuple[bool, str] | None:
        if required(grant, "expired"):
            return None
        if known(grant, "expires_at") is None:
            return False, "never expires"
        life, most = moment(grant, "expires_at") - moment(grant, "granted_at"), facts.thresholds["most_days"]
        return life <= timedelta(days=most), f"lives {life.days} days, {most} are allowed"

    yield from each(facts, "github.pat_grants", lambda g: f"token:{g.get('owner')}/{g.get('name')}", judge)


