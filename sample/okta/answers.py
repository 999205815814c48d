"""What each endpoint answers, as a function of the world and the query."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sample.okta.accounts import Account, factor_body, oid, spread, stamp, user_body

if TYPE_CHECKING:
    from sample.okta.world import OktaWorld

Query = dict[str, str]
Bodies = list[dict[str, Any]]

POLICY_TYPES = ("ACCESS_POLICY", "IDP_DISCOVERY", "MFA_ENROLL", "OKTA_SIGN_ON", "PASSWORD", "PROFILE_ENROLLMENT")
_LABELS = {
    "SUPER_ADMIN": "Super Administrator", "APP_ADMIN": "Application Administrator",
    "READ_ONLY_ADMIN": "Read-only Administrator", "HELP_DESK_ADMIN": "Help Desk Administrator",
    "REPORT_ADMIN": "Report Administrator",
}  # fmt: skip
#: Roles that a whole team holds, through its group.
TEAM_ROLES = {"IT": "HELP_DESK_ADMIN"}


class Missing(Exception):
    """No such resource: 404."""


class Bad(Exception):
    """The request does not make sense: 400."""


def org(world: OktaWorld, query: Query, base: str) -> dict[str, Any]:
    born = stamp(world.clock.at(-900))
    return {"id": oid("00o", "halyard"), "subdomain": "halyard", "companyName": "Halyard Payments", "status": "ACTIVE",
            "created": born, "lastUpdated": born, "website": "https://halyard.example"}  # fmt: skip


def users(world: OktaWorld, query: Query, base: str) -> Bodies:
    """All users but the deactivated ones, unless a filter asks for a status."""
    asked = query.get("filter") or query.get("search") or ""
    wanted = set(re.findall(r'status eq "(\w+)"', asked))
    if asked and not wanted:
        raise Bad("filter")
    bodies = [user_body(account, world.clock.now, base) for account in world.existing()]
    return [b for b in bodies if (b["status"] in wanted if wanted else b["status"] != "DEPROVISIONED")]


def user(world: OktaWorld, query: Query, base: str, id: str) -> dict[str, Any]:
    owner = next(token["userId"] for token in world.tokens.values() if token["name"] == "fieldwork")
    return user_body(_account(world, owner if id == "me" else id), world.clock.now, base)


def _account(world: OktaWorld, id: str) -> Account:
    for account in world.existing():
        if id in (account.id, account.login):
            return account
    raise Missing(f"{id} (User)")


def factors(world: OktaWorld, query: Query, base: str, id: str) -> Bodies:
    account = _account(world, id)
    return [factor_body(account, kind, base) for kind in account.factors]


def _role(world: OktaWorld, type_: str, via: str, assignee: str) -> dict[str, Any]:
    born = stamp(world.clock.at(-500))
    return {"id": oid("ra1", f"{type_}{assignee}"), "label": _LABELS[type_], "type": type_, "status": "ACTIVE",
            "created": born, "lastUpdated": born, "assignmentType": via}  # fmt: skip


def _roles(world: OktaWorld, account: Account) -> Bodies:
    """Roles held now. Okta takes them away from whoever is deactivated."""
    if account.status(world.clock.now) != "ACTIVE":
        return []
    own = [_role(world, type_, "USER", account.id) for type_ in account.roles]
    if account.team in TEAM_ROLES:
        own.append(_role(world, TEAM_ROLES[account.team], "GROUP", account.id))
    return own


def user_roles(world: OktaWorld, query: Query, base: str, id: str) -> Bodies:
    return _roles(world, _account(world, id))


def assignees(world: OktaWorld, query: Query, base: str) -> dict[str, Any]:
    held = [account for account in world.existing() if _roles(world, account)]
    return {"value": [{"id": a.id, "orn": f"orn:okta:directory:{oid('00o', 'halyard')}:users:{a.id}"} for a in held]}


def policies(world: OktaWorld, query: Query, base: str) -> Bodies:
    if query.get("type") not in POLICY_TYPES:
        raise Bad("type")
    return [policy for policy in world.policies.values() if policy["type"] == query["type"]]


def rules(world: OktaWorld, query: Query, base: str, id: str) -> Bodies:
    if id not in world.rules:
        raise Missing(f"{id} (Policy)")
    return world.rules[id]


def apps(world: OktaWorld, query: Query, base: str) -> Bodies:
    return list(world.apps.values())


def _label(world: OktaWorld, id: str) -> str:
    for label, app in world.apps.items():
        if app["id"] == id:
            return label
    raise Missing(f"{id} (AppInstance)")


def app_users(world: OktaWorld, query: Query, base: str, id: str) -> Bodies:
    return [
        {"id": account.id, "scope": "GROUP", "status": "ACTIVE", "created": stamp(account.activated),
         "lastUpdated": stamp(account.activated), "statusChanged": stamp(account.activated), "syncState": "DISABLED",
         "credentials": {"userName": account.login}, "profile": {}}
        for account in world.app_users(_label(world, id))
    ]  # fmt: skip


def app_groups(world: OktaWorld, query: Query, base: str, id: str) -> Bodies:
    teams = world.assigned[_label(world, id)]
    born = stamp(world.clock.at(-500))
    named = [("Everyone", oid("00g", "*"))] if "*" in teams else [(team, oid("00g", team)) for team in teams]
    return [{"id": id, "priority": place, "lastUpdated": born, "profile": {}} for place, (_, id) in enumerate(named)]


def groups(world: OktaWorld, query: Query, base: str) -> Bodies:
    born = stamp(world.clock.at(-900))
    every = [("Everyone", oid("00g", "*"), "BUILT_IN")]
    every += [(team, oid("00g", team), "OKTA_GROUP") for team in world.teams()]
    return [
        {"id": id, "type": type_, "created": born, "lastUpdated": born, "lastMembershipUpdated": born,
         "objectClass": ["okta:user_group"], "profile": {"name": name, "description": f"{name} of Halyard Payments"}}
        for name, id, type_ in every
    ]  # fmt: skip


def group_rules(world: OktaWorld, query: Query, base: str) -> Bodies:
    born = stamp(world.clock.at(-600))
    return [
        {"type": "group_rule", "id": oid("0pr", f"group {team}"), "name": f"Department is {team}",
         "status": "INVALID" if team in world.broken_rules else "ACTIVE", "created": born, "lastUpdated": born,
         "conditions": {"expression": {"type": "urn:okta:expression:1.0", "value": f'user.department=="{team}"'}},
         "actions": {"assignUserToGroups": {"groupIds": [oid("00g", team)]}}}
        for team in world.teams()
    ]  # fmt: skip


def group_roles(world: OktaWorld, query: Query, base: str, id: str) -> Bodies:
    if id == oid("00g", "*"):
        return []
    for team in world.teams():
        if oid("00g", team) == id:
            return [_role(world, TEAM_ROLES[team], "GROUP", id)] if team in TEAM_ROLES else []
    raise Missing(f"{id} (UserGroup)")


def authenticators(world: OktaWorld, query: Query, base: str) -> Bodies:
    return world.authenticators


def tokens(world: OktaWorld, query: Query, base: str) -> Bodies:
    """API tokens, used an hour ago while their owner lives."""
    owners = {account.id: account for account in world.existing()}
    listed = []
    for token in world.tokens.values():
        owner = owners.get(token["userId"])
        used = min(moment for moment in (world.clock.now, owner.closed if owner else None) if moment is not None)
        latest = used - timedelta(minutes=spread(token["name"], 60))
        listed.append({**token, "lastUpdated": stamp(latest), "expiresAt": stamp(latest + timedelta(days=30))})
    return listed


def zones(world: OktaWorld, query: Query, base: str) -> Bodies:
    return world.zones


def threat_insight(world: OktaWorld, query: Query, base: str) -> dict[str, Any]:
    born = stamp(world.clock.at(-900))
    return {"action": world.threat_insight, "excludeZones": [], "created": born, "lastUpdated": born}


def log_streams(world: OktaWorld, query: Query, base: str) -> Bodies:
    return world.log_streams


def assurances(world: OktaWorld, query: Query, base: str) -> Bodies:
    return world.assurances


def devices(world: OktaWorld, query: Query, base: str) -> Bodies:
    """One laptop for each person at work."""
    return [_device(world, account) for account in world.active() if account.worker]


def _device(world: OktaWorld, account: Account) -> dict[str, Any]:
    id, serial = oid("guo", account.id), oid("C02", account.id)[:12].upper()
    platform = ("MACOS", "WINDOWS")[spread(account.id, 4) == 0]
    name = f"HAL-{serial[-6:]}"
    return {
        "id": id, "status": "ACTIVE", "created": stamp(account.activated), "lastUpdated": stamp(account.activated),
        "profile": {"displayName": name, "platform": platform, "registered": name not in world.unregistered,
                    "serialNumber": serial, "secureHardwarePresent": True,
                    "diskEncryptionType": "ALL_INTERNAL_VOLUMES"},
        "resourceType": "UDDevice", "resourceId": id, "resourceDisplayName": {"value": name, "sensitive": False},
    }  # fmt: skip


def log(world: OktaWorld, query: Query) -> Bodies:
    """Events after the cursor, or since a time, of the types that the filter names."""
    wanted = set(re.findall(r'eventType eq "([\w.]+)"', query.get("filter", "")))
    events = [event for event in world.log() if not wanted or event["eventType"] in wanted]
    if query.get("after"):
        return [event for event in events if f"{event['published']}_{event['uuid']}" > query["after"]]
    since = query.get("since") or stamp(world.clock.now - timedelta(days=7)) or ""
    until = query.get("until") or stamp(world.clock.now) or ""
    return [event for event in events if since <= event["published"] <= until]
