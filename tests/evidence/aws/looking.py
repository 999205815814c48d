"""Collect from a sample account and judge what was found, as a run of a connection does, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.checks import aws as _registered  # noqa: F401
from evidence.checks.base import Facts, FactSet, Finding, Outcome, Reason, checks_of, run
from evidence.collectors.aws.vendor import VENDOR
from evidence.collectors.base import Call, Context, Page, collect_all
from sample.aws import AwsWorld
from sample.people import workers

Collected = dict[str, tuple[list[Page], Reason | None, str]]


@dataclass
class Look:
    """What one collection brought, the calls that it made and the seconds that it would have waited."""

    pages: Collected
    calls: list[Call]
    waits: list[float]
    context: Context

    def rows(self, kind: str) -> list[Any]:
        return list(VENDOR.kind(kind).rows(self.pages[kind][0]))

    def reason(self, kind: str) -> Reason | None:
        return self.pages[kind][1]


def context_for(config: Mapping[str, Any], now: Any, url: str) -> tuple[Context, list[Call], list[float]]:
    calls: list[Call] = []
    waits: list[float] = []
    context = Context(config=config, secret={}, now=now, endpoint=url, log=calls.append, sleep=waits.append)
    return context, calls, waits


def collect(config: Mapping[str, Any], now: Any, url: str, kinds: Iterable[str] | None = None) -> Look:
    context, calls, waits = context_for(config, now, url)
    return Look(collect_all(VENDOR, context, kinds), calls, waits, context)


class Observer:
    """Looks at one account again and again; what a look does not ask for stays as it was seen last."""

    def __init__(self, world: AwsWorld, slug: str, url: str) -> None:
        self.world, self.slug, self.url = world, slug, url
        self.sets: dict[str, FactSet] = {}

    def look(self, kinds: Iterable[str] | None = None) -> Look:
        now = self.world.clock.now
        look = collect(self.world.credentials[self.slug]["config"], now, self.url, kinds)
        for id, (pages, reason, message) in look.pages.items():
            kind = VENDOR.kind(id)
            stored = [Page(page.call, page.parameters, json.loads(json.dumps(page.body))) for page in pages]
            rows = list(kind.rows(stored)) if reason is None else []
            self.sets[id] = FactSet(id, json.loads(json.dumps(rows)), now, reason, message, kind.can_be_empty)
        return look

    def facts(self) -> Facts:
        house = {
            "org.workers": FactSet("org.workers", workers(self.world.clock)),
            "org.scope": FactSet("org.scope", (), can_be_empty=True),
        }
        return Facts(self.world.clock.now, {**self.sets, **house})


def judged(facts: Facts) -> dict[str, list[Finding]]:
    """Findings of every AWS check by its id."""
    return {check.id: run(check, facts) for check in checks_of("aws")}


def those(findings: Mapping[str, list[Finding]], outcome: Outcome) -> set[tuple[str, str]]:
    """(check, resource) of an outcome."""
    return {(id, finding.resource) for id, found in findings.items() for finding in found if finding.outcome is outcome}
