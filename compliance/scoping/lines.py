"""A warning as a page shows it, with where it is put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compliance.tenancy.rooms import here
from compliance.web.addresses import address, address_of

from .catalogue import BY_ID
from .models import ScopeWarning, State, WarningDecision
from .selectors import latest_decisions


@dataclass(frozen=True)
class Line:
    """One warning, the decision that it rests on or once rested on, why an auditor would mind, and the page to act on."""

    warning: ScopeWarning
    decision: WarningDecision | None
    why: str
    url: str

    @property
    def returned(self) -> bool:
        """Whether there was a decision that no longer holds."""
        return self.warning.state == State.OPEN and self.decision is not None and self.decision.verdict == "stands"


def lines(found: Iterable[ScopeWarning]) -> list[Line]:
    """Warnings with what stands beside each, in one query."""
    rows = list(found)
    decided = latest_decisions(rows)
    return [Line(each, decided.get(each.pk), why_of(each), place_of(each)) for each in rows]


def why_of(warning: ScopeWarning) -> str:
    """Why an auditor would mind; rules of third parties say it in their reason."""
    rule = BY_ID.get(warning.rule)
    return rule.why if rule else ""


def place_of(warning: ScopeWarning) -> str:
    """Where a warning is put right."""
    slug = here().slug
    url = address_of(warning.place, slug, warning.place_id) if warning.place_id else address(warning.place, slug)
    return f"{url}?{warning.place_query}" if warning.place_query else url
