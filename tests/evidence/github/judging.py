"""From a collection to findings, as the product does it, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import evidence.checks.github  # noqa: F401 - registers its checks
from evidence.checks.base import Facts, FactSet, Finding, Reason, checks_of, run
from evidence.collectors.base import Context, Page, collect_all
from evidence.collectors.github.vendor import VENDOR
from sample.github import GitHubWorld
from sample.github.scope import decisions
from sample.people import workers

Collected = Mapping[str, tuple[list[Page], Reason | None, str]]


def facts_of(world: GitHubWorld, found: Collected) -> Facts:
    """The facts of a collection, with the house's own beside them."""
    now = world.clock.now
    sets = {"org.workers": FactSet("org.workers", workers(world.clock), now)}
    sets["org.scope"] = FactSet("org.scope", decisions(), now)
    for kind in VENDOR.kinds:
        pages, reason, message = found.get(kind.id, ([], Reason.NOT_COLLECTED, ""))
        rows = list(kind.rows(pages)) if reason is None else []
        sets[kind.id] = FactSet(kind.id, rows, now, reason, message, kind.can_be_empty)
    return Facts(now, sets)


def findings_of(facts: Facts, checks: Iterable[str] | None = None) -> dict[str, list[Finding]]:
    """Findings by check, of every check of GitHub or the ones named."""
    wanted = set(checks) if checks is not None else None
    return {c.id: run(c, facts) for c in checks_of("github") if wanted is None or c.id in wanted}


def collected(context: Context, kinds: Iterable[str] | None = None, **changed: Any) -> dict[str, Any]:
    """Collect, with some of the context changed."""
    for name, value in changed.items():
        setattr(context, name, value)
    return collect_all(VENDOR, context, kinds)
