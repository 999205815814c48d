"""Each Okta check by example: what passes, what fails, and what cannot be said."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evidence.checks import okta as _registered  # noqa: F401
from evidence.checks.base import REGISTRY, Facts, FactSet, Outcome, Reason, checks_of, run
from evidence.collectors.okta.vendor import VENDOR

NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)
LIST = Path(__file__).parents[4] / "shared/domain/checks.csv"

PASS, FAIL, UNKNOWN, NONE = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def facts(sets: dict[str, Any], **thresholds: Any) -> Facts:
    """Facts by kind. A Reason in place of rows is a kind that could not be read."""
    built = {}
    for kind, rows in sets.items():
        empty = kind == "org.scope" or (kind.startswith("okta.") and VENDOR.kind(kind).can_be_empty)
        reason = rows if isinstance(rows, Reason) else None
        built[kind] = FactSet(kind, () if reason else rows, NOW, reason, can_be_empty=empty)
    return Facts(NOW, built, thresholds)


def outcomes(check: str, sets: dict[str, Any], **thresholds: Any) -> dict[str, Outcome]:
    return {finding.resource: finding.outcome for finding in run(REGISTRY[check], facts(sets, **thresholds))}


def factor(type_: str, status: str = "ACTIVE") -> dict[str, str]:
    return {"type": type_, "status": status}


def has(*factors: dict[str, str], status: str = "ACTIVE") -> dict[str, Any]:
    return {"user_id": "00u1", "login": "ada", "status": status, "factors": list(factors)}


def signon(idle: Any = 60, lifetime: Any = 720, factor: Any = True, access: str = "ALLOW") -> dict[str, Any]:
    session = {"maxSessionIdleMinutes": idle, "maxSessionLifetimeMinutes": lifetime}
    return {"name": "r", "status": "ACTIVE", "actions": {"signon": {"access": access, "requireFactor": factor,
                                                                    "session": session}}}  # fmt: skip


def policy(*rules: Any, name: str = "p", status: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "status": status, "rules": list(rules), **more}


def way(mode: str = "2FA", *, resistant: bool = False, system: bool = True, access: str = "ALLOW", **more: Any) -> Any:
    possession = {"phishingResistant": "REQUIRED" if resistant else "OPTIONAL"}
    method = {"type": "ASSURANCE", "factorMode": mode, "constraints": [{"possession": possession}]}
    return {"name": "r", "status": "ACTIVE", "system": system, "conditions": more.pop("conditions", {}),
            "actions": {"appSignOn": {"access": access, "verificationMethod": more.pop("method", method)}}}  # fmt: skip


KEY = {"key": "webauthn", "method": "webauthn", "phishingResistant": "REQUIRED"}
PUSH, PASSWORD = {"key": "okta_verify", "method": "push"}, {"key": "okta_password", "method": "password"}


def chain(*steps: list[dict[str, str]]) -> dict[str, Any]:
    """Steps one after another; the methods of a step are alternatives, as Okta's console offers them."""
    first, *later = steps
    return {"authenticationMethods": first} | ({"next": [chain(*later)]} if later else {})


def chains(*ways: dict[str, Any]) -> dict[str, Any]:
    return {"type": "AUTH_METHOD_CHAIN", "chains": list(ways)}


CHAIN = chains(chain([PASSWORD], [PUSH]))
EITHER = chains(chain([PASSWORD, PUSH]))
ONE_LINK = {"type": "AUTH_METHOD_CHAIN", "chains": [{"authenticationMethods": [{"key": "okta_verify"}]}]}
RESISTANT = {"type": "AUTH_METHOD_CHAIN", "chains": [
    {"authenticationMethods": [{"key": "webauthn", "phishingResistant": "REQUIRED"}]}]}  # fmt: skip


def enrolling(key: str, how: str, rule: str = "LOGIN") -> dict[str, Any]:
    settings = {"type": "AUTHENTICATORS", "authenticators": [{"key": key, "enroll": {"self": how}}]}
    return policy({"name": "r", "status": "ACTIVE", "actions": {"enroll": {"self": rule}}}, settings=settings)


def password(length: Any = 14, history: Any = 12, attempts: Any = 8, common: Any = True, **more: Any) -> dict[str, Any]:
    settings = {"password": {"complexity": {"minLength": length, "dictionary": {"common": {"exclude": common}}},
                             "age": {"historyCount": history}, "lockout": {"maxAttempts": attempts}}}  # fmt: skip
    return policy(settings=settings, **more)


def user(status: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    return {"id": "00u1", "login": "ada", "email": "ada@x", "status": status, "created": "2020-01-01T00:00:00.000Z",
            "activated": "2020-01-01T00:00:00.000Z", "last_login": "2026-06-29T08:00:00.000Z", **more}  # fmt: skip


def role(type_: str = "APP_ADMIN", status: str = "ACTIVE") -> dict[str, str]:
    return {"type": type_, "label": type_, "status": status, "via": "USER"}


def admins(supers: int, others: int = 1) -> list[dict[str, Any]]:
    return [{"user_id": f"s{n}", "login": f"s{n}", "roles": [role("SUPER_ADMIN")]} for n in range(supers)] + [
        {"user_id": f"o{n}", "login": f"o{n}", "roles": [role()]} for n in range(others)
    ]


def token(connection: Any = "ZONE", used: str = "2026-06-29T00:00:00.000Z", owner: str = "00u1") -> dict[str, Any]:
    return {"id": "00T1", "name": "ci", "user_id": owner, "last_updated": used, "connection": connection}


def zone(**more: Any) -> dict[str, Any]:
    return {"id": "nzo1", "name": "z", "type": "IP", "usage": "BLOCKLIST", "status": "ACTIVE", "gateways": [1], **more}


def app(mode: Any = "SAML_2_0", **more: Any) -> dict[str, Any]:
    return {"id": "0oa1", "name": "slack", "label": "Slack", "status": "ACTIVE", "sign_on_mode": mode, **more}


OUT = [{"kind": "application", "external_id": "okta:0oa1", "decision": "out"}]
SERVICE = [{"kind": "other", "external_id": "okta:00u1", "decision": "in", "service_account": True}]
DENIED = {"$unknown": "denied"}
CONSOLE = {"id": "0oa9", "name": "saasure", "label": "Admin Console", "access_policy_id": "id-p"}

# check, facts, what is expected of which resource
EXAMPLES: list[tuple[str, dict[str, Any], dict[str, Outcome]]] = [
    ("okta.mfa.all_users", {"okta.factors": [has(factor("push"))]}, {"user:ada": PASS}),
    ("okta.mfa.all_users", {"okta.factors": [has(factor("sms"), factor("webauthn"))]}, {"user:ada": PASS}),
    ("okta.mfa.all_users", {"okta.factors": [has()]}, {"user:ada": FAIL}),
    ("okta.mfa.all_users", {"okta.factors": [has(factor("sms"), factor("question"))]}, {"user:ada": FAIL}),
    ("okta.mfa.all_users", {"okta.factors": [has(factor("push", "PENDING_ACTIVATION"))]}, {"user:ada": FAIL}),
    ("okta.mfa.all_users", {"okta.factors": [has(status="PASSWORD_EXPIRED")]}, {"user:ada": FAIL}),
    ("okta.mfa.all_users", {"okta.factors": [has(status="SUSPENDED")]}, {"user:ada": NONE}),
    ("okta.mfa.all_users", {"okta.factors": [{**has(), "factors": DENIED}]}, {"user:ada": UNKNOWN}),
    ("okta.mfa.all_users", {"okta.factors": [has()], "org.scope": SERVICE}, {"user:ada": NONE}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [enrolling("okta_verify", "REQUIRED")]},
     {"policy:p": PASS}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [{**enrolling("okta_verify", "OPTIONAL"), "status": "INACTIVE"}]},
     {"policy:p": NONE}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way("1FA"), status="INACTIVE")]}, {"policy:p": NONE}),
    ("okta.users.orphans", {"okta.users": [user("DEPROVISIONED")], "org.workers": [{"email": "ADA@x"}]}, {"user:ada": NONE}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [enrolling("okta_verify", "OPTIONAL")]},
     {"policy:p": FAIL}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [enrolling("phone_number", "REQUIRED")]},
     {"policy:p": FAIL}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [enrolling("webauthn", "REQUIRED", "NEVER")]},
     {"policy:p": FAIL}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [{**enrolling("webauthn", "REQUIRED"), "rules": DENIED}]},
     {"policy:p": UNKNOWN}),
    ("okta.mfa.enroll_policy", {"okta.policies.mfa_enroll": [policy(
        {"name": "r", "status": "ACTIVE", "actions": {"enroll": {"self": "CHALLENGE"}}},
        settings={"type": "FACTORS", "factors": {"okta_push": {"enroll": {"self": "REQUIRED"}}}})]},
     {"policy:p": PASS}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(resistant=True))]}, {"app:Admin Console": PASS}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(method=RESISTANT))]}, {"app:Admin Console": PASS}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(resistant=True), way())]},
     {"app:Admin Console": FAIL}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(method=CHAIN))]}, {"app:Admin Console": FAIL}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(method=chains(chain([PASSWORD], [KEY]))))]},
     {"app:Admin Console": PASS}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(method=chains(chain([PASSWORD], [KEY, PUSH]))))]},
     {"app:Admin Console": FAIL}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy(way(method=chains(chain([KEY]), chain([PUSH]))))]},
     {"app:Admin Console": FAIL}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [app()], "okta.policies.access": [policy(way())]}, {"*": UNKNOWN}),
    ("okta.mfa.admin_console_phishing_resistant",
     {"okta.apps": [CONSOLE], "okta.policies.access": [policy()]}, {"app:Admin Console": UNKNOWN}),
    ("okta.signon.global_session", {"okta.policies.sign_on": [policy(signon())]}, {"policy:p": PASS}),
    ("okta.signon.idle", {"okta.policies.sign_on": [policy(signon(idle=720))]}, {"policy:p": FAIL}),
    ("okta.signon.lifetime", {"okta.policies.sign_on": [policy(signon(lifetime=0))]}, {"policy:p": FAIL}),
    ("okta.signon.global_session", {"okta.policies.sign_on": [policy(signon(), signon(factor=False))]},
     {"policy:p": FAIL}),
    ("okta.signon.global_session", {"okta.policies.sign_on": [policy(signon(access="DENY"))]}, {"policy:p": NONE}),
    ("okta.signon.idle", {"okta.policies.sign_on": [policy(signon(idle=None))]}, {"policy:p": UNKNOWN}),
    ("okta.signon.global_session", {"okta.policies.sign_on": [policy(system=True)]}, {"policy:p": UNKNOWN}),
    ("okta.signon.global_session", {"okta.policies.sign_on": [policy(status="INACTIVE")]}, {"policy:p": NONE}),
    ("okta.signon.idle", {"okta.policies.sign_on": [policy(signon())]}, {"policy:p": PASS}),
    ("okta.signon.idle", {"okta.policies.sign_on": [policy(status="INACTIVE")]}, {"policy:p": NONE}),
    ("okta.signon.lifetime", {"okta.policies.sign_on": [policy(signon())]}, {"policy:p": PASS}),
    ("okta.signon.lifetime", {"okta.policies.sign_on": [policy(signon(access="DENY"))]}, {"policy:p": NONE}),
    ("okta.signon.lifetime", {"okta.policies.sign_on": [policy(system=True)]}, {"policy:p": UNKNOWN}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way())]}, {"policy:p": PASS}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way("1FA"))]}, {"policy:p": FAIL}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way("1FA", access="DENY"))]},
     {"policy:p": PASS}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way("1FA", system=False))]},
     {"policy:p": FAIL}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(
        way("1FA", system=False, conditions={"network": {"connection": "ZONE", "include": ["x"]}}), way())]},
     {"policy:p": PASS}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way(method=ONE_LINK))]},
     {"policy:p": FAIL}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way(method=EITHER))]}, {"policy:p": FAIL}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way(method=CHAIN))]}, {"policy:p": PASS}),
    ("okta.access_policy.no_1fa_catchall", {"okta.policies.access": [policy(way(None))]}, {"policy:p": UNKNOWN}),
    ("okta.password.policy", {"okta.policies.password": [password()]}, {"policy:p": PASS}),
    ("okta.password.policy", {"okta.policies.password": [password(length=8)]}, {"policy:p": FAIL}),
    ("okta.password.history", {"okta.policies.password": [password(history=0)]}, {"policy:p": FAIL}),
    ("okta.password.lockout", {"okta.policies.password": [password(attempts=0)]}, {"policy:p": FAIL}),
    ("okta.password.common", {"okta.policies.password": [password(common=False)]}, {"policy:p": FAIL}),
    ("okta.password.policy", {"okta.policies.password": [password(length=None)]}, {"policy:p": UNKNOWN}),
    ("okta.password.policy", {"okta.policies.password": [
        password(length=6, conditions={"authProvider": {"provider": "ACTIVE_DIRECTORY"}})]}, {"policy:p": NONE}),
    *(
        example
        for id in ("history", "lockout", "common")
        for example in (
            (f"okta.password.{id}", {"okta.policies.password": [password()]}, {"policy:p": PASS}),
            (f"okta.password.{id}", {"okta.policies.password": [{**password(), "settings": {}}]}, {"policy:p": UNKNOWN}),
            (f"okta.password.{id}", {"okta.policies.password": [
                password(conditions={"authProvider": {"provider": "ACTIVE_DIRECTORY"}})]}, {"policy:p": NONE}),
        )
    ),
    ("okta.authenticators.weak_disabled", {"okta.authenticators": [
        {"name": "Phone", "key": "phone_number", "status": "ACTIVE", "allowed_for": "recovery"},
        {"name": "Question", "key": "security_question", "status": "INACTIVE"},
        {"name": "Okta Verify", "key": "okta_verify", "status": "ACTIVE"}]},
     {"authenticator:Phone": PASS, "authenticator:Question": PASS, "authenticator:Okta Verify": NONE}),
    ("okta.authenticators.weak_disabled", {"okta.authenticators": [
        {"name": "Phone", "key": "phone_number", "status": "ACTIVE", "allowed_for": "any"},
        {"name": "Question", "key": "security_question", "status": "ACTIVE"}]},
     {"authenticator:Phone": FAIL, "authenticator:Question": UNKNOWN}),
    ("okta.admins.population", {"okta.admin_roles": admins(3)},
     {"user:s0": NONE, "user:s1": NONE, "user:s2": NONE, "user:o0": NONE}),
    ("okta.admins.population", {"okta.admin_roles": [*admins(1, 0), {"login": "x", "roles": DENIED}]},
     {"user:s0": NONE, "user:x": UNKNOWN}),
    ("okta.admins.super_count", {"okta.admin_roles": admins(3)}, {"org": PASS}),
    ("okta.admins.super_count", {"okta.admin_roles": admins(6, 0)}, {"org": FAIL}),
    ("okta.admins.super_count", {"okta.admin_roles": admins(1, 0)}, {"org": FAIL}),
    ("okta.admins.super_count", {"okta.admin_roles": [*admins(1, 0), {"login": "x", "roles": DENIED}]}, {"org": UNKNOWN}),
    ("okta.admins.groups_roles", {"okta.group_roles": [
        {"id": "1", "name": "IT", "roles": [role()]}, {"id": "2", "name": "Sales", "roles": []},
        {"id": "3", "name": "Secret", "roles": DENIED}]}, {"group:IT": NONE, "group:Secret": UNKNOWN}),
    ("okta.users.inactive", {"okta.users": [user()]}, {"user:ada": PASS}),
    ("okta.users.inactive", {"okta.users": [user(last_login="2026-03-01T00:00:00.000Z")]}, {"user:ada": FAIL}),
    ("okta.users.inactive", {"okta.users": [user(last_login=None)]}, {"user:ada": FAIL}),
    ("okta.users.inactive", {"okta.users": [user(last_login=None, activated="2026-06-20T00:00:00.000Z")]},
     {"user:ada": PASS}),
    ("okta.users.inactive", {"okta.users": [{"login": "ada", "status": "ACTIVE"}]}, {"user:ada": UNKNOWN}),
    ("okta.users.inactive", {"okta.users": [user("SUSPENDED", last_login=None)]}, {"user:ada": NONE}),
    ("okta.users.inactive", {"okta.users": [user(last_login="2021-06-14 14:45:46")]}, {"user:ada": FAIL}),
    ("okta.users.orphans", {"okta.users": [user()], "org.workers": [{"email": "ADA@x"}]}, {"user:ada": PASS}),
    ("okta.users.orphans", {"okta.users": [user(email="other")], "org.workers": [{"accounts": {"okta": "00u1"}}]},
     {"user:ada": PASS}),
    ("okta.users.orphans", {"okta.users": [user()], "org.workers": [{"email": "eve@x"}]}, {"user:ada": FAIL}),
    ("okta.users.orphans", {"okta.users": [user()], "org.workers": [{"email": "eve@x"}], "org.scope": SERVICE},
     {"user:ada": PASS}),
    ("okta.users.orphans", {"okta.users": [user()], "org.workers": Reason.NOT_COLLECTED}, {"*": UNKNOWN}),
    ("okta.apps.sso_coverage", {"okta.apps": [app()], "org.scope": []}, {"app:Slack": PASS}),
    ("okta.apps.sso_coverage", {"okta.apps": [app("OPENID_CONNECT")]}, {"app:Slack": PASS}),
    ("okta.apps.sso_coverage", {"okta.apps": [app("BROWSER_PLUGIN")]}, {"app:Slack": FAIL}),
    ("okta.apps.sso_coverage", {"okta.apps": [app("BOOKMARK")], "org.scope": OUT}, {"app:Slack": NONE}),
    ("okta.apps.sso_coverage", {"okta.apps": [app(None)]}, {"app:Slack": UNKNOWN}),
    ("okta.apps.sso_coverage", {"okta.apps": [app(), app("AUTO_LOGIN", id="0oa2")]},
     {"app:Slack (0oa1)": PASS, "app:Slack (0oa2)": FAIL}),
    ("okta.apps.assignment_population", {"okta.app_assignments": [
        {"id": "0oa1", "label": "Slack", "users": [{}], "groups": []},
        {"id": "0oa2", "label": "Figma", "users": DENIED, "groups": []}]}, {"app:Slack": NONE, "app:Figma": UNKNOWN}),
    ("okta.apps.assignment_population", {"okta.app_assignments": [
        {"id": "0oa1", "label": "Slack", "users": [], "groups": []}], "org.scope": OUT}, {}),
    ("okta.groups.rules", {"okta.group_rules": [{"name": "a", "status": "ACTIVE"},
     {"name": "b", "status": "INACTIVE"}]},
     {"rule:a": PASS, "rule:b": NONE}),
    ("okta.groups.rules", {"okta.group_rules": [{"name": "a", "status": "ACTIVE"}, {"name": "b", "status": "INVALID"}]},
     {"rule:a": PASS, "rule:b": FAIL}),
    ("okta.groups.rules", {"okta.group_rules": []}, {"org": FAIL}),
    ("okta.groups.rules", {"okta.group_rules": [{"name": "a"}]}, {"rule:a": UNKNOWN}),
    ("okta.tokens.review", {"okta.api_tokens": [token()], "okta.users": [user()]}, {"token:ci": PASS}),
    ("okta.tokens.review", {"okta.api_tokens": [token()], "okta.users": [user("DEPROVISIONED")]}, {"token:ci": FAIL}),
    ("okta.tokens.review", {"okta.api_tokens": [{**token(), "user_id": None}], "okta.users": [user()]}, {"token:ci": UNKNOWN}),
    ("okta.tokens.network", {"okta.api_tokens": [token()]}, {"token:ci": PASS}),
    ("okta.tokens.network", {"okta.api_tokens": [token("ANYWHERE")]}, {"token:ci": FAIL}),
    ("okta.tokens.network", {"okta.api_tokens": [{**token(), "connection": None}]}, {"token:ci": UNKNOWN}),
    ("okta.tokens.unused", {"okta.api_tokens": [token()]}, {"token:ci": PASS}),
    ("okta.tokens.unused", {"okta.api_tokens": [token(used="2026-01-01T00:00:00.000Z")]}, {"token:ci": FAIL}),
    ("okta.tokens.unused", {"okta.api_tokens": [{**token(), "last_updated": None}]}, {"token:ci": UNKNOWN}),
    ("okta.tokens.not_super_admin", {"okta.api_tokens": [token()], "okta.admin_roles": admins(2)}, {"token:ci": PASS}),
    ("okta.tokens.not_super_admin", {"okta.api_tokens": [token(owner="s0")], "okta.admin_roles": admins(2)}, {"token:ci": FAIL}),
    ("okta.tokens.not_super_admin", {"okta.api_tokens": [token()], "okta.admin_roles": Reason.DENIED}, {"token:ci": UNKNOWN}),
    ("okta.zones.blocklist", {"okta.zones": [zone()]}, {"org": PASS}),
    ("okta.zones.blocklist",
     {"okta.zones": [zone(type="DYNAMIC_V2", service_categories={"include": ["ALL_ANONYMIZERS"]})]},
     {"org": PASS}),
    ("okta.zones.blocklist", {"okta.zones": [zone(gateways=None)]}, {"org": FAIL}),
    ("okta.zones.blocklist", {"okta.zones": [zone(status="INACTIVE"), zone(usage="POLICY")]}, {"org": FAIL}),
    ("okta.zones.blocklist", {"okta.zones": [zone(usage=None), zone(usage="POLICY")]}, {"org": UNKNOWN}),
    ("okta.threatinsight.block", {"okta.threatinsight": [{"action": "block"}]}, {"org": PASS}),
    ("okta.threatinsight.block", {"okta.threatinsight": [{"action": "none"}]}, {"org": FAIL}),
    ("okta.threatinsight.block", {"okta.threatinsight": [{}]}, {"*": UNKNOWN}),
    ("okta.logs.streaming", {"okta.log_streams": [{"name": "old", "status": "INACTIVE"},
     {"name": "s", "status": "ACTIVE"}]},
     {"org": PASS}),
    ("okta.logs.streaming", {"okta.log_streams": [{"name": "s", "status": "INACTIVE"}]}, {"org": FAIL}),
    ("okta.logs.streaming", {"okta.log_streams": []}, {"org": FAIL}),
    ("okta.logs.streaming", {"okta.log_streams": [{"name": "s"}]}, {"org": UNKNOWN}),
    ("okta.logs.streaming", {"okta.log_streams": Reason.NOT_LICENSED}, {"*": UNKNOWN}),
    ("okta.devices.registered", {"okta.devices": [{"name": "d", "status": "ACTIVE", "registered": True}]}, {"device:d": PASS}),
    ("okta.devices.registered", {"okta.devices": [{"name": "d", "status": "ACTIVE", "registered": False}]}, {"device:d": FAIL}),
    ("okta.devices.registered", {"okta.devices": [{"name": "d", "status": "ACTIVE"}]}, {"device:d": UNKNOWN}),
    ("okta.devices.registered", {"okta.devices": [{"name": "d", "status": "SUSPENDED"}]}, {"device:d": NONE}),
    ("okta.devices.encrypted", {"okta.devices": [
        {"name": "d", "status": "ACTIVE", "registered": True, "encryption": "ALL_INTERNAL_VOLUMES"},
        {"name": "e", "status": "ACTIVE", "registered": True, "encryption": "NONE"},
        {"name": "f", "status": "ACTIVE", "registered": False, "encryption": None},
        {"name": "g", "status": "ACTIVE", "registered": True}]},
     {"device:d": PASS, "device:e": FAIL, "device:f": NONE, "device:g": UNKNOWN}),
    ("okta.devices.assurance_policy", {"okta.device_assurances": [{"name": "Mac"}]}, {"org": PASS}),
    ("okta.devices.assurance_policy", {"okta.device_assurances": []}, {"org": FAIL}),
    ("okta.devices.assurance_policy", {"okta.device_assurances": [{}]}, {"*": UNKNOWN}),
]  # fmt: skip


def _named(value: Any) -> str:
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("check", "sets", "expected"), EXAMPLES, ids=_named)
def test_the_check_decides_as_the_example_says(check: str, sets: dict[str, Any], expected: dict[str, Outcome]) -> None:
    assert outcomes(check, sets) == expected


def test_every_check_has_examples_of_both_or_is_a_population() -> None:
    shown = {(check, outcome) for check, _, expected in EXAMPLES for outcome in expected.values()}
    for check in checks_of("okta"):
        if check.id == "okta.users.terminated_deactivated":
            continue  # in test_leavers.py
        assert (check.id, UNKNOWN) in shown, check.id
        assert check.population or {(check.id, PASS), (check.id, FAIL)} <= shown, check.id


def test_a_population_never_passes_by_being_there() -> None:
    for check, _, expected in EXAMPLES:
        if REGISTRY[check].population:
            assert PASS not in expected.values()


def test_a_control_may_state_its_own_threshold() -> None:
    sets = {"okta.policies.password": [password(length=13)]}
    assert outcomes("okta.password.policy", sets) == {"policy:p": PASS}
    assert outcomes("okta.password.policy", sets, min_length=16) == {"policy:p": FAIL}
    sets = {"okta.policies.sign_on": [policy(signon(idle=120))]}
    assert outcomes("okta.signon.idle", sets, idle_minutes=15) == {"policy:p": FAIL}


@pytest.mark.parametrize("check", [check.id for check in checks_of("okta")])
def test_nothing_collected_is_unknown(check: str) -> None:
    assert {finding.outcome for finding in run(REGISTRY[check], Facts(NOW, {}))} == {UNKNOWN}


@pytest.mark.parametrize("check", checks_of("okta"), ids=lambda check: check.id)
def test_every_check_says_what_it_is_why_and_what_to_do(check: Any) -> None:
    assert all(text.strip() for text in (check.title, check.why, check.remedy, check.resource))
    assert check.why.endswith(".")
    assert check.remedy.endswith(".")
    assert not check.title.endswith(".")
    assert set(check.facts) <= {kind.id for kind in VENDOR.kinds} | {"org.workers", "org.scope"}


@pytest.mark.specs
@pytest.mark.skipif(not LIST.exists(), reason="the list of checks is not here")
def test_the_checks_are_those_of_the_list_with_its_criteria_and_severity() -> None:
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file) if row["id"].startswith("okta.")}
    checks = {check.id: check for check in checks_of("okta")}
    assert checks.keys() >= rows.keys()
    for id, row in rows.items():
        check = checks[id]
        assert " ".join(check.criteria) == row["tsc"]
        assert " ".join(check.annex_a) == row["iso27001_2022"]
        assert check.severity == row["technical_severity"]
        assert check.population is (row["kind"] == "population")
