"""How long sources keep what happened, known as facts, and what is lost when nobody comes for it in time. Pure.

A kind that is not named keeps its events for as long as the source stands, or tells of a state, which has no past at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class Retention:
    """For how many days a vendor keeps the events of a kind, and where it says so."""

    days: int
    keeper: str
    source: str

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.days)

    @property
    def warned(self) -> timedelta:
        """How long before the loss it is warned of: a third of the time, so that a month's absence does not lose a day."""
        return self.span / 3


#: By fact kind. Sources as of November 2026.
KEPT: dict[str, Retention] = {
    "okta.system_log": Retention(90, "Okta", "developer.okta.com, System Log API: data retention"),
    "github.audit_log": Retention(180, "GitHub", "docs.github.com, using the audit log API; Git events 7 days"),
    "aws.cloudtrail.events": Retention(90, "AWS", "docs.aws.amazon.com, CloudTrail event history"),
}


class Risk(StrEnum):
    """Whether what a source keeps is in danger of going before it is collected."""

    NONE = "none"
    NEAR = "near"
    LOST = "lost"


@dataclass(frozen=True)
class Loss:
    """What is lost of a kind, or will be: everything from `since` on goes day by day from `begins` on."""

    risk: Risk
    retention: Retention
    since: datetime
    begins: datetime


def loss_of(fact_kind: str, last_good: datetime | None, moment: datetime) -> Loss | None:
    """The danger in which the events of a kind are that was last read in full at `last_good`.

    None where its source keeps them for good, or where it was never read: then nothing was begun that could break off.
    """
    kept = KEPT.get(fact_kind)
    if kept is None or last_good is None:
        return None
    begins = last_good + kept.span
    risk = Risk.LOST if moment >= begins else Risk.NEAR if moment >= begins - kept.warned else Risk.NONE
    return Loss(risk, kept, last_good, begins)
