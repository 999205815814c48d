"""Accounts: one for each person, from shortly before the first day to hours after the last, and a few for services."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sample.base import Clock
from sample.people import CAST, DOMAIN, Person

#: Services sign in by token; one account is kept sealed for the day when nobody else can get in.
SERVICES = {
    "svc-fieldwork": "READ_ONLY_ADMIN", "svc-terraform": "APP_ADMIN", "svc-metrics": "REPORT_ADMIN",
    "break-glass": "SUPER_ADMIN",
}  # fmt: skip

_ROLES = {
    "administrator": "SUPER_ADMIN", "owner_security": "SUPER_ADMIN", "owner_access": "APP_ADMIN",
    "compliance_manager": "READ_ONLY_ADMIN",
}  # fmt: skip


def oid(prefix: str, name: str) -> str:
    """An id as Okta's look: a prefix and as many characters as make twenty, the same for the same name."""
    return (prefix + hashlib.sha256(f"halyard/{prefix}/{name}".encode()).hexdigest())[:20]


def spread(name: str, among: int) -> int:
    """A number below `among` that is the same for the same name on every run."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % among


@dataclass
class Account:
    """One user of the organisation. `worker` is None for what belongs to nobody; `idle_since` stops signing in."""

    id: str
    login: str
    first: str
    last: str
    created: datetime
    activated: datetime
    team: str = ""
    title: str = ""
    worker: str | None = None
    closed: datetime | None = None
    idle_since: datetime | None = None
    factors: list[str] = field(default_factory=lambda: ["push", "signed_nonce"])
    roles: list[str] = field(default_factory=list)
    signs_in: bool = True

    def status(self, now: datetime) -> str | None:
        """Okta's status at a time; None where the account does not exist yet."""
        if now < self.created:
            return None
        if now < self.activated:
            return "STAGED"
        return "DEPROVISIONED" if self.closed is not None and self.closed <= now else "ACTIVE"

    def last_login(self, now: datetime) -> datetime | None:
        """The latest sign-in before a time: people sign in every few days while the account is open and in use."""
        if not self.signs_in:
            return None
        if self.idle_since is not None and self.idle_since < now:
            return self.idle_since
        until = min(moment for moment in (now, self.closed) if moment is not None)
        morning = until.replace(hour=7, minute=spread(self.login, 60), second=11)
        latest = morning - timedelta(days=1 + spread(f"{self.login}{until.date()}", 3))
        first = self.activated + timedelta(minutes=20)
        return max(latest, first) if until >= first else None


def of_person(person: Person, clock: Clock) -> Account:
    """The account of a worker, opened and closed by the people system."""
    first_day = clock.at(person.start_day)
    closed = None
    if person.end_day is not None:
        closed = clock.at(person.end_day) + timedelta(hours=10, minutes=spread(person.id, 150))
    first, _, last = person.name.partition(" ")
    factors = ["push", "signed_nonce"] + (["webauthn"] if person.github or person.cast else [])
    return Account(
        id=person.okta_id, login=person.email, first=first, last=last or first, worker=person.id,
        created=first_day - timedelta(days=4, hours=-3), activated=first_day + timedelta(hours=3),
        closed=closed, team=person.team, title=person.title, factors=factors,
        roles=[_ROLES[person.cast]] if person.cast in _ROLES else [],
    )  # fmt: skip


def of_service(name: str, clock: Clock, roles: Iterable[str] = (), *, age: int = 900) -> Account:
    """An account that belongs to no person."""
    created = clock.at(-age) + timedelta(hours=spread(name, 8))
    return Account(
        id=oid("00u", name), login=f"{name}@{DOMAIN}", first=name, last="Service", created=created,
        activated=created + timedelta(minutes=5), factors=[], roles=list(roles), signs_in=False,
    )  # fmt: skip


def starting_accounts(people: Iterable[Person], clock: Clock) -> dict[str, Account]:
    """Every account of the story by login."""
    accounts = [of_person(person, clock) for person in people]
    accounts += [of_service(name, clock, [role]) for name, role in SERVICES.items()]
    return {account.login: account for account in accounts}


def login_of(part: str) -> str:
    """The login of someone in the cast."""
    return CAST[part].email


def stamp(moment: datetime | None) -> str | None:
    """A time as Okta writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z") if moment else None


def user_body(account: Account, now: datetime, base: str) -> dict[str, Any]:
    """The account as `GET /api/v1/users` answers it."""
    status = account.status(now)
    opened = account.activated if status != "STAGED" else None
    changed = account.closed if status == "DEPROVISIONED" else opened
    return {
        "id": account.id, "status": status, "created": stamp(account.created), "activated": stamp(opened),
        "statusChanged": stamp(changed), "lastLogin": stamp(account.last_login(now)) if opened else None,
        "lastUpdated": stamp(changed or account.created), "passwordChanged": stamp(opened),
        "type": {"id": oid("oty", "default")},
        "profile": {
            "firstName": account.first, "lastName": account.last, "login": account.login, "email": account.login,
            "mobilePhone": None, "secondEmail": None, "department": account.team, "title": account.title or None,
            "employeeNumber": account.worker or "",
        },
        "credentials": {"password": {}, "provider": {"type": "OKTA", "name": "OKTA"}},
        "_links": {"self": {"href": f"{base}/api/v1/users/{account.id}"}},
    }  # fmt: skip


_FACTORS = {
    "push": ("OKTA", "OKTA"), "signed_nonce": ("OKTA", "OKTA"), "webauthn": ("FIDO", "FIDO"),
    "sms": ("OKTA", "OKTA"), "token:software:totp": ("GOOGLE", "GOOGLE"),
}  # fmt: skip


def factor_body(account: Account, kind: str, base: str) -> dict[str, Any]:
    """One enrolled factor as `GET /api/v1/users/{id}/factors` answers it."""
    id, (provider, vendor) = oid("opf", f"{account.id}{kind}"), _FACTORS[kind]
    profile: dict[str, Any] = {"credentialId": account.login}
    if kind == "sms":
        profile = {"phoneNumber": "+15555550100"}
    elif kind == "webauthn":
        profile = {"credentialId": oid("cre", account.id), "authenticatorName": "Security key"}
    enrolled = stamp(account.activated + timedelta(minutes=30))
    return {
        "id": id, "factorType": kind, "provider": provider, "vendorName": vendor, "status": "ACTIVE",
        "created": enrolled, "lastUpdated": enrolled, "profile": profile,
        "_links": {"self": {"href": f"{base}/api/v1/users/{account.id}/factors/{id}"}},
    }  # fmt: skip
