"""The state behind the fake: accounts that follow the people, and settings that the story changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sample.base import Clock, Planted
from sample.okta import journal, starting
from sample.okta.accounts import Account, oid, starting_accounts
from sample.okta.server import Server
from sample.okta.service_app import ServiceApp
from sample.okta.trouble import Trouble
from sample.people import PEOPLE, Person

#: Where the organisation would be found. Links in answers point to the host that was asked.
ADDRESS = "https://halyard.okta.example"


class OktaWorld:
    """The sample company's Okta organisation at the clock's time.

    `planted` are the defects of the story; with `clean` there are none, and no check fails on it.
    `trouble` makes answers go wrong; None is the rule.
    """

    def __init__(self, clock: Clock, people: Iterable[Person] = PEOPLE, *, clean: bool = False) -> None:
        from sample.okta import defects  # the defects change a world, so they know its class

        self.clock = clock
        self.token = "00halyardSampleTokenThatIsNoSecret"
        self.trouble: Trouble | None = None
        self.app: ServiceApp | None = None
        self.accounts: dict[str, Account] = starting_accounts(people, clock)
        self.policies, self.rules = starting.starting_policies(clock)
        self.apps = {spec[0]: starting.app(*spec[:4], clock, ADDRESS) for spec in starting.APPS}
        self.assigned: dict[str, tuple[str, ...]] = {spec[0]: spec[4] for spec in starting.APPS}
        self.authenticators = starting.starting_authenticators(clock)
        self.zones = starting.starting_zones(clock)
        self.log_streams = starting.starting_log_streams(clock, ADDRESS)
        self.assurances = starting.starting_assurances(clock)
        self.threat_insight = "block"
        self.broken_rules: set[str] = set()
        self.unregistered: set[str] = set()
        self.denied: dict[str, tuple[int, int]] = {}  # part of a path: from which day to which its reader lacks the right
        self.tokens = {
            name: starting.token(name, oid("00u", owner), clock)
            for name, owner in (
                ("fieldwork", "svc-fieldwork"), ("terraform", "svc-terraform"), ("metrics-exporter", "svc-metrics")
            )
        }  # fmt: skip
        self.told: list[dict[str, Any]] = []
        self.planted: list[Planted] = [] if clean else defects.planted()
        if not clean:
            defects.prepare(self)
        self.wsgi = Server(self)

    def account(self, login: str) -> Account:
        """An account by login; KeyError where there is none."""
        return self.accounts[login]

    def existing(self) -> list[Account]:
        """Accounts that exist by now, oldest first."""
        present = [a for a in self.accounts.values() if a.status(self.clock.now) is not None]
        return sorted(present, key=lambda account: (account.created, account.id))

    def active(self) -> list[Account]:
        """Accounts that can sign in now."""
        return [account for account in self.existing() if account.status(self.clock.now) == "ACTIVE"]

    def teams(self) -> list[str]:
        """Every team of the people, each of which is a group."""
        return sorted({account.team for account in self.accounts.values() if account.team})

    def app_users(self, label: str) -> list[Account]:
        """Active accounts assigned to an application through their team."""
        teams = self.assigned[label]
        return [a for a in self.active() if a.worker and (a.team in teams or "*" in teams)]

    def close(self, login: str) -> None:
        """Deactivate an account now. The log tells it by itself."""
        self.account(login).closed = self.clock.now

    def tell(self, kind: str, *targets: dict[str, Any]) -> None:
        """Enter an event of the story into the log, now."""
        self.told.append(journal.event(kind, self.clock.now, targets))

    def log(self) -> list[dict[str, Any]]:
        """Every event that Okta still keeps."""
        events = list(self.told)
        for account in self.accounts.values():
            if journal.long_past(account, self.clock.now):
                continue
            apps = [(self.apps[label]["id"], label) for label, teams in self.assigned.items()
                    if account.worker and (account.team in teams or "*" in teams)]  # fmt: skip
            events += journal.lifecycle(account, apps)
        return journal.kept(events, self.clock.now)

    def denies(self, path: str) -> bool:
        """Whether the right to read a path is taken away just now."""
        return any(part in path and start <= self.clock.day < end for part, (start, end) in self.denied.items())

    def scope(self) -> list[dict[str, Any]]:
        """The house fact `org.scope` as the sample company's register has it for this organisation."""
        known = {spec[0] for spec in starting.APPS}
        decided = [(app["id"], label) for label, app in self.apps.items() if label in known]
        rows = [
            {"kind": "application", "external_id": f"okta:{id}", "name": label, "decision": "in",
             "environment": "production", "data_classes": [], "service_account": False}
            for id, label in decided
        ]  # fmt: skip
        services = [a for a in self.accounts.values() if not a.worker and a.last == "Service"]
        return rows + [
            {"kind": "other", "external_id": f"okta:{a.id}", "name": a.login, "decision": "in",
             "environment": "production", "data_classes": [], "service_account": True}
            for a in services
        ]  # fmt: skip
