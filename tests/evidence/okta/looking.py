"""Collect from a world and judge what was found, as a run of a connection does, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from evidence.checks import okta as _registered  # noqa: F401
from evidence.checks.base import Facts, FactSet, Finding, Outcome, checks_of, run
from evidence.collectors.base import Call, Context, Page, Vendor, collect_all
from evidence.collectors.okta.vendor import VENDOR, open_session
from sample.okta import OktaWorld
from sample.people import workers

#: For answers that are meant to come too late; anything else would be cut off on a busy machine.
IMPATIENT = replace(VENDOR, open=partial(open_session, timeout=0.3, attempts=2, max_wait=30))


@dataclass
class Look:
    """What one collection brought, the calls that it made and the seconds that it would have waited."""

    pages: dict[str, tuple[list[Page], Any, str]]
    context: Context
    calls: list[Call]
    waits: list[float]

    def rows(self, kind: str) -> list[Any]:
        return list(VENDOR.kind(kind).rows(self.pages[kind][0]))


@dataclass
class Observer:
    """Looks at a world again and again, keeping the log's pages and cursor as the product does."""

    world: OktaWorld
    url: str
    cursor: Mapping[str, Any] | None = None
    log_pages: list[Page] = field(default_factory=list)

    def look(self, kinds: Iterable[str] | None = None, *, vendor: Vendor = VENDOR) -> Look:
        calls: list[Call] = []
        waits: list[float] = []
        context = Context(
            config={"org_url": "https://halyard.okta.example"}, secret={"token": self.world.token},
            now=self.world.clock.now, endpoint=self.url, cursor=self.cursor, log=calls.append, sleep=waits.append,
        )  # fmt: skip
        found = collect_all(vendor, context, kinds)
        if "okta.system_log" in found and found["okta.system_log"][1] is None:
            self.cursor = context.next_cursor
            self.log_pages += found["okta.system_log"][0]
            found["okta.system_log"] = (list(self.log_pages), None, "")
        return Look(found, context, calls, waits)

    def facts(self, look: Look | None = None) -> Facts:
        look = look or self.look()
        sets = {
            id: FactSet(id, look.rows(id), self.world.clock.now, reason, message, VENDOR.kind(id).can_be_empty)
            for id, (_, reason, message) in look.pages.items()
        }
        sets["org.workers"] = FactSet("org.workers", workers(self.world.clock))
        sets["org.scope"] = FactSet("org.scope", self.world.scope(), can_be_empty=True)
        return Facts(self.world.clock.now, sets)


def judged(facts: Facts, reading: str | None = None) -> dict[str, list[Finding]]:
    """Findings of every Okta check by its id; with `reading`, of those that read that kind."""
    return {check.id: run(check, facts) for check in checks_of("okta") if reading is None or reading in check.facts}


def those(findings: Mapping[str, Sequence[Finding]], outcome: Outcome) -> set[tuple[str, str]]:
    """(check, resource) of an outcome."""
    return {(id, finding.resource) for id, found in findings.items() for finding in found if finding.outcome is outcome}
