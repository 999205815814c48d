"""An organisation as large as it takes: many repositories with many merged changes over a year, the same every time."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from random import Random

from sample.base import DAYS, Clock
from sample.github.changes import Change
from sample.github.repositories import Repository, sha_of
from sample.github.world import TOKEN, GitHubWorld
from sample.people import PEOPLE

_YEAR = 365


class ManyWorld(GitHubWorld):
    """Sound in everything. The clock stands at the end of the story; the changes lie in the year before it."""

    def __init__(self, clock: Clock, repositories: int, changes: int) -> None:
        self.clock, self.people, self.token = clock, tuple(PEOPLE), TOKEN
        clock.now = clock.at(DAYS)
        self.active, self.trouble, self.calls, self.meter = set(), None, 0, None
        self.leaver, self.app, self.alerts, self.planted = None, None, [], []
        writers = [str(person.github) for person in self.people if person.github]
        self.owners = writers[:3]
        self._all = [_repository(number) for number in range(repositories)]
        self._named = {repository.name: repository for repository in self._all}
        self._of: dict[str, list[Change]] = defaultdict(list)
        self.changes = []
        random = Random(20)
        for index in range(changes):
            self.add(self._all[index % repositories], writers, random, index / changes)
        for found in self._of.values():
            found.sort(key=lambda change: change.closed_at)

    def add(self, repository: Repository, writers: list[str], random: Random, share: float) -> Change:
        """One more change of a repository, merged at a share of the year."""
        closed = self.clock.at(DAYS - _YEAR) + timedelta(seconds=int(share * _YEAR * 86400 * 0.999))
        number = len(self._of[repository.name]) * 2 + 1
        author, reviewer = random.sample(writers, 2)
        key = f"{repository.full_name}#{number}"
        change = Change(
            repository=repository, number=number, title=f"PAY-{number}: bound the queue", author=author, reviewer=reviewer,
            merged_by=reviewer, created_at=closed - timedelta(hours=20), approved_at=closed - timedelta(hours=1),
            merged_at=closed, closed_at=closed, commits=[sha_of(f"{key} first"), sha_of(f"{key} head")],
        )  # fmt: skip
        self._of[repository.name].append(change)
        self.changes.append(change)
        return change

    def repositories(self) -> list[Repository]:
        return self._all

    def repository(self, name: str) -> Repository | None:
        return self._named.get(name)

    def closed_changes(self, repository: Repository) -> list[Change]:
        now = self.now
        return [change for change in self._of[repository.name] if change.closed_at <= now]


def _repository(number: int) -> Repository:
    return Repository(
        name=f"service-{number:03d}", language="Go", decision="in", reason="", data_classes=(), environment="production",
        guard="ruleset",
    )  # fmt: skip
