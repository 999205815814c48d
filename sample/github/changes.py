"""Four hundred merged changes over the six months: who wrote, who reviewed, what the checks said, and when.

The same changes every time, whatever day it is: only the dates move with the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sample.base import DAYS, Clock
from sample.github.repositories import REPOSITORIES, Repository, sha_of

COUNT = 400
_TITLES = (
    "Retry {thing} when the upstream times out", "Log the reference of {thing}", "Speed up {thing}",
    "Validate {thing} before it is stored", "Remove the old path for {thing}", "Fix rounding in {thing}",
    "Add figures for {thing}", "Show why {thing} was refused", "Move {thing} to its own module",
    "Bound the queue of {thing}", "Translate the errors of {thing}", "Cover {thing} with tests",
)  # fmt: skip
_THINGS = (
    "settlement files", "refunds", "card tokens", "payout batches", "webhook deliveries", "sign-in", "chargebacks",
    "merchant search", "exchange rates", "fee tables", "bank statements", "audit events", "sessions", "exports",
)  # fmt: skip
_BUMPED = ("jackson", "urllib3", "react", "tokio", "golang.org/x/net")


@dataclass
class Review:
    """One review: by whom, what it came to, when, and of which commit. `bot` marks an app's."""

    by: str
    state: str
    at: datetime
    commit: str
    bot: bool = False


@dataclass
class Change:
    """One pull request. `flaw` names the defect that may be planted in it; until it is, the change is sound."""

    repository: Repository
    number: int
    title: str
    author: str
    reviewer: str
    merged_by: str
    created_at: datetime
    approved_at: datetime
    merged_at: datetime | None
    closed_at: datetime
    from_bot: bool = False
    remark_at: datetime | None = None
    flaw: str = ""
    commits: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.repository.full_name}#{self.number}"

    @property
    def head(self) -> str:
        return self.commits[-1]

    @property
    def merge_commit(self) -> str:
        return sha_of(f"merge {self.key}")

    def updated_at(self, now: datetime) -> datetime:
        """When it last changed, as far as `now` can know: a late remark moves a merged change to the top again."""
        return self.remark_at if self.remark_at and self.remark_at <= now else self.closed_at

    def reviews(self, flawed: bool) -> list[Review]:
        """The reviews it got. With its flaw planted: none but the author's own, one of an older commit, or a bot's."""
        first = Review(self.reviewer, "COMMENTED", self.approved_at - timedelta(minutes=50), self.head)
        approval = Review(self.reviewer, "APPROVED", self.approved_at, self.head)
        if flawed and self.flaw == "alone":
            return [Review(self.author, "COMMENTED", self.approved_at, self.head)]
        if flawed and self.flaw == "stale":
            return [first, Review(self.reviewer, "APPROVED", self.approved_at, self.commits[0])]
        if flawed and self.flaw == "bot":
            return [Review("merge-helper[bot]", "APPROVED", self.approved_at, self.head, bot=True)]
        if self.number % 7 == 0:
            return [Review(self.reviewer, "CHANGES_REQUESTED", first.at, self.commits[0]), approval]
        return [first, approval] if self.number % 3 == 0 else [approval]


def write(clock: Clock, people: Any) -> list[Change]:
    """The changes, oldest first, and thirty that were closed without being merged."""
    random = Random(400)
    weights = [r.weight for r in REPOSITORIES]
    numbers = dict.fromkeys(REPOSITORIES, 0)
    found = []
    for index in range(COUNT + 30):
        day = int(index * (DAYS - 1) / (COUNT + 30))
        repository = random.choices(REPOSITORIES, weights)[0]
        numbers[repository] += random.choice((1, 1, 1, 2, 3))  # issues take numbers too
        found.append(_change(clock, people, random, repository, numbers[repository], day, merged=index % 14 != 13))
    return sorted(found, key=lambda change: change.closed_at)


def _change(
    clock: Clock, people: Any, random: Random, repository: Repository, number: int, day: int, merged: bool
) -> Change:
    closed = _working_day(clock.at(day)) + timedelta(hours=random.randint(3, 11), minutes=random.randint(0, 59))
    writers = [p for p in people if p.github and p.employed(day) and p.start_day <= day - 3]
    author = random.choice(writers)
    mates = [p for p in writers if p is not author and p.team == author.team] or [p for p in writers if p is not author]
    reviewer, opened = random.choice(mates), closed - timedelta(hours=random.randint(4, 70))
    from_bot = random.random() < 0.07
    key = f"{repository.full_name}#{number}"
    title = random.choice(_TITLES).format(thing=random.choice(_THINGS))
    bump = f"Bump {random.choice(_BUMPED)}"
    return Change(
        repository=repository, number=number, author="dependabot[bot]" if from_bot else author.github,
        title=bump if from_bot else title,
        reviewer=reviewer.github, merged_by=random.choice((author, reviewer)).github,
        created_at=opened, approved_at=closed - timedelta(minutes=random.randint(12, 180)),
        merged_at=closed if merged else None, closed_at=closed, from_bot=from_bot,
        remark_at=closed + timedelta(days=random.randint(1, 9)) if random.random() < 0.05 else None,
        commits=[sha_of(f"{key} first"), sha_of(f"{key} head")],
    )  # fmt: skip


def _working_day(moment: datetime) -> datetime:
    """The day itself, or the Friday before a weekend."""
    return moment - timedelta(days=max(0, moment.weekday() - 4))
