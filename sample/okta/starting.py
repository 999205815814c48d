"""What the organisation looks like before anything goes wrong: policies, applications, groups and settings.

Stored as Okta's own bodies, so that the story changes what an administrator would change.
"""

from __future__ import annotations

from typing import Any

from sample.base import Clock
from sample.okta.accounts import oid, stamp

Body = dict[str, Any]

ENGINEERING = ("Security", "IT", "Platform Engineering", "Payments Engineering", "Product Engineering",
               "Engineering Enablement")  # fmt: skip
EVERYONE = ("*",)

#: label, Okta's name, how it signs on, its authentication policy, and the teams that are assigned.
APPS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("Okta Admin Console", "saasure", "OPENID_CONNECT", "Okta Admin Console", ("IT", "Security")),
    ("Okta Dashboard", "okta_enduser", "OPENID_CONNECT", "Any two factors", EVERYONE),
    ("AWS IAM Identity Center", "amazon_aws_sso", "SAML_2_0", "Production access",
     ("Security", "Platform Engineering")),
    ("GitHub Enterprise Cloud", "github_cloud", "SAML_2_0", "Production access", ENGINEERING),
    ("Halyard Back Office", "oidc_client", "OPENID_CONNECT", "Production access", ("Customer Support", "Finance")),
    ("Datadog", "datadog", "SAML_2_0", "Any two factors", ENGINEERING),
    ("PagerDuty", "pagerduty", "SAML_2_0", "Any two factors", ("Platform Engineering", "Payments Engineering")),
    ("Snowflake", "snowflake", "SAML_2_0", "Production access", ("Engineering Enablement", "Finance")),
    ("Google Workspace", "google", "SAML_2_0", "Any two factors", EVERYONE),
    ("Slack", "slack", "SAML_2_0", "Any two factors", EVERYONE),
    ("Atlassian Cloud", "atlassian", "SAML_2_0", "Any two factors", EVERYONE),
    ("HiBob", "hibob", "SAML_2_0", "Any two factors", EVERYONE),
    ("1Password Business", "onepassword", "OPENID_CONNECT", "Any two factors", EVERYONE),
    ("Zendesk", "zendesk", "SAML_2_0", "Support tools", ("Customer Support",)),
    ("Figma", "figma", "SAML_2_0", "Any two factors", ("Design", "Product")),
    ("NetSuite", "netsuite", "SAML_2_0", "Any two factors", ("Finance",)),
    ("Salesforce", "salesforce", "SAML_2_0", "Any two factors", ("Sales", "Marketing")),
)

_SIGN_ON: Body = {
    "allowMultipleAcsEndpoints": False, "assertionSigned": True, "honorForceAuthn": True,
    "requestCompressed": False, "responseSigned": True,
}  # fmt: skip


def app(label: str, name: str, mode: str, policy: str, clock: Clock, base: str, *, day: int = -600) -> Body:
    """One application."""
    id = oid("0oa", label)
    settings: Body = {"app": {}, "notifications": {"vpn": {"network": {"connection": "DISABLED"}}}}
    credentials: Body = {"userNameTemplate": {"template": "${source.login}", "type": "BUILT_IN"}}
    if mode == "SAML_2_0":
        settings["signOn"] = dict(_SIGN_ON)
    elif mode == "OPENID_CONNECT":
        settings["oauthClient"] = {"application_type": "web", "grant_types": ["authorization_code"]}
        credentials["oauthClient"] = {"client_id": id, "token_endpoint_auth_method": "client_secret_basic"}
    return {
        "id": id, "name": name, "label": label, "status": "ACTIVE", "signOnMode": mode,
        "created": stamp(clock.at(day)), "lastUpdated": stamp(clock.at(day)), "features": [],
        "accessibility": {"selfService": False}, "credentials": credentials, "settings": settings,
        "visibility": {"autoSubmitToolbar": False, "hide": {"iOS": False, "web": False}, "appLinks": {"login": True}},
        "_links": {
            "accessPolicy": {"href": f"{base}/api/v1/policies/{oid('rst', policy)}"},
            "users": {"href": f"{base}/api/v1/apps/{id}/users"},
        },
    }  # fmt: skip


def policy(
    name: str, type_: str, clock: Clock, *, settings: Body | None = None, conditions: Body | None = None
) -> Body:
    """One policy without its rules. Those of Okta's own making are system policies."""
    prefix = "rst" if type_ == "ACCESS_POLICY" else "00p"
    id = oid(prefix, name if type_ == "ACCESS_POLICY" else f"{type_} {name}")
    body: Body = {
        "id": id, "name": name, "type": type_, "status": "ACTIVE", "priority": 1,
        "system": name in ("Default Policy", "Any two factors"),
        "created": stamp(clock.at(-900)), "lastUpdated": stamp(clock.at(-200)),
    }  # fmt: skip
    if conditions is not None:
        body["conditions"] = conditions
    if settings is not None:
        body["settings"] = settings
    return body


def rule(
    owner: str, name: str, type_: str, actions: Body, conditions: Body | None = None, *, system: bool = False
) -> Body:
    """One rule of a policy."""
    return {
        "id": oid("0pr", f"{owner} {name}"), "name": name, "type": type_, "status": "ACTIVE", "priority": 1,
        "system": system, "created": None, "lastUpdated": None, "actions": actions, "conditions": conditions or {},
    }  # fmt: skip


def session_actions(*, idle: int = 60, factor: bool = True) -> Body:
    return {"signon": {
        "access": "ALLOW", "requireFactor": factor, "primaryFactor": "PASSWORD_IDP_ANY_FACTOR",
        "factorPromptMode": "SESSION", "rememberDeviceByDefault": False,
        "session": {"usePersistentCookie": False, "maxSessionIdleMinutes": idle, "maxSessionLifetimeMinutes": 720},
    }}  # fmt: skip


def app_actions(mode: str = "2FA", *, resistant: bool = False) -> Body:
    possession = {"required": True, "deviceBound": "REQUIRED", "userPresence": "REQUIRED"}
    if resistant:
        possession["phishingResistant"] = "REQUIRED"
    constraints = [{"possession": possession}] if mode == "2FA" else []
    return {"appSignOn": {"access": "ALLOW", "verificationMethod": {
        "type": "ASSURANCE", "factorMode": mode, "reauthenticateIn": "PT12H", "constraints": constraints,
    }}}  # fmt: skip


def password_settings(*, length: int = 14, common: bool = True) -> Body:
    return {"password": {
        "complexity": {"minLength": length, "minLowerCase": 1, "minUpperCase": 1, "minNumber": 1, "minSymbol": 0,
                       "excludeUsername": True, "dictionary": {"common": {"exclude": common}}, "excludeAttributes": []},
        "age": {"maxAgeDays": 0, "expireWarnDays": 0, "minAgeMinutes": 0, "historyCount": 12},
        "lockout": {"maxAttempts": 8, "autoUnlockMinutes": 0, "userLockoutNotificationChannels": [],
                    "showLockoutFailures": False},
    }}  # fmt: skip


def _enrolment() -> Body:
    wanted = {"okta_password": "REQUIRED", "okta_verify": "REQUIRED", "webauthn": "OPTIONAL",
              "phone_number": "NOT_ALLOWED"}  # fmt: skip
    return {
        "type": "AUTHENTICATORS",
        "authenticators": [{"key": key, "enroll": {"self": how}} for key, how in wanted.items()],
    }


def starting_policies(clock: Clock) -> tuple[dict[str, Body], dict[str, list[Body]]]:
    """Policies by id, and the rules of each."""
    policies: dict[str, Body] = {}
    rules: dict[str, list[Body]] = {}

    def add(body: Body, *its_rules: Body) -> None:
        policies[body["id"]], rules[body["id"]] = body, list(its_rules)

    anywhere = {"network": {"connection": "ANYWHERE"}}
    for name in ("Workforce enrolment", "Default Policy"):
        add(policy(name, "MFA_ENROLL", clock, settings=_enrolment()),
            rule(f"mfa {name}", "Enrol at first sign-in", "MFA_ENROLL", {"enroll": {"self": "LOGIN"}}, anywhere))
    for name in ("Workforce session", "Default Policy"):
        add(policy(name, "OKTA_SIGN_ON", clock),
            rule(f"session {name}", "Default Rule", "SIGN_ON", session_actions(), anywhere, system=True))
    for name in ("Workforce passwords", "Default Policy"):
        add(policy(name, "PASSWORD", clock, settings=password_settings(),
                   conditions={"authProvider": {"provider": "OKTA"}}),
            rule(f"password {name}", "Default Rule", "PASSWORD", {
                "passwordChange": {"access": "ALLOW"}, "selfServicePasswordReset": {"access": "ALLOW"},
                "selfServiceUnlock": {"access": "DENY"},
            }, anywhere))
    for name in ("Okta Admin Console", "Any two factors", "Production access", "Support tools"):
        resistant = name in ("Okta Admin Console", "Production access")
        add(policy(name, "ACCESS_POLICY", clock),
            rule(f"access {name}", "Catch-all Rule", "ACCESS_POLICY", app_actions(resistant=resistant), system=True))
    return policies, rules  # fmt: skip


def starting_authenticators(clock: Clock) -> list[Body]:
    """Authenticators: phone and mail serve to recover an account, never to sign in."""
    every = (
        ("okta_password", "password", "Password", "ACTIVE", None),
        ("okta_verify", "app", "Okta Verify", "ACTIVE", None),
        ("webauthn", "security_key", "FIDO2 (WebAuthn)", "ACTIVE", None),
        ("okta_email", "email", "Email", "ACTIVE", "recovery"),
        ("phone_number", "phone", "Phone", "ACTIVE", "recovery"),
        ("security_question", "security_question", "Security Question", "INACTIVE", "recovery"),
    )  # fmt: skip
    return [
        {"id": oid("aut", key), "key": key, "type": type_, "name": name, "status": status,
         "created": stamp(clock.at(-900)), "lastUpdated": stamp(clock.at(-200)),
         **({"settings": {"allowedFor": use}} if use else {})}
        for key, type_, name, status, use in every
    ]  # fmt: skip


def starting_zones(clock: Clock) -> list[Body]:
    """Networks: the office and the VPN, Okta's own empty blocklist, and one that blocks anonymisers."""
    born = {"created": stamp(clock.at(-900)), "lastUpdated": stamp(clock.at(-300))}
    office = [{"type": "CIDR", "value": "203.0.113.0/24"}, {"type": "CIDR", "value": "198.51.100.32/28"}]
    return [
        {"id": oid("nzo", "office"), "type": "IP", "name": "Office and VPN", "status": "ACTIVE", "usage": "POLICY",
         "system": False, "gateways": office, "proxies": None, **born},
        {"id": oid("nzo", "blocked"), "type": "IP", "name": "BlockedIpZone", "status": "ACTIVE", "usage": "BLOCKLIST",
         "system": True, "gateways": [], "proxies": None, **born},
        {"id": oid("nzo", "anonymisers"), "type": "DYNAMIC_V2", "name": "Anonymisers", "status": "ACTIVE",
         "usage": "BLOCKLIST", "system": False, "asns": {"include": [], "exclude": []},
         "locations": {"include": [], "exclude": []},
         "ipServiceCategories": {"include": ["ALL_ANONYMIZERS"], "exclude": []}, **born},
    ]  # fmt: skip


def starting_log_streams(clock: Clock, base: str) -> list[Body]:
    id = oid("0oa", "log stream")
    return [{
        "id": id, "type": "aws_eventbridge", "name": "Security lake", "status": "ACTIVE",
        "created": stamp(clock.at(-500)), "lastUpdated": stamp(clock.at(-500)),
        "settings": {"accountId": "222222222222", "eventSourceName": "okta-halyard", "region": "eu-west-1"},
        "_links": {"self": {"href": f"{base}/api/v1/logStreams/{id}", "method": "GET"}},
    }]  # fmt: skip


def starting_assurances(clock: Clock) -> list[Body]:
    return [
        {"id": oid("dae", platform), "name": f"{title}: encrypted and locked", "platform": platform,
         "createdDate": stamp(clock.at(-400)), "lastUpdate": stamp(clock.at(-400))}
        for platform, title in (("MACOS", "Mac"), ("WINDOWS", "Windows"), ("IOS", "iPhone"), ("ANDROID", "Android"))
    ]  # fmt: skip


def token(name: str, owner: str, clock: Clock, *, zone: bool = True) -> Body:
    """One API token, without its last use, which moves with the clock."""
    network = {"connection": "ZONE", "include": [oid("nzo", "office")]} if zone else {"connection": "ANYWHERE"}
    return {
        "id": oid("00T", name), "name": name, "userId": owner, "clientName": "Okta API", "network": network,
        "created": stamp(clock.at(-380)),
    }  # fmt: skip
