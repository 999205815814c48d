"""The sample organisation's repositories, read from the list beside this file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

ORGANIZATION = "halyard-payments"
LIST = Path(__file__).with_name("repositories.txt")


def number_of(text: str, digits: int = 9) -> int:
    """A stable number that looks like one of GitHub's ids."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10**digits + 10**digits


def sha_of(text: str) -> str:
    """A stable commit id: forty hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Repository:
    """One repository as it is while nothing is wrong with it. `created_day` counts from the story's start."""

    name: str
    language: str
    decision: str
    reason: str
    data_classes: tuple[str, ...]
    environment: str
    guard: str
    marks: frozenset[str] = frozenset()
    weight: int = 0
    created_day: int = -400

    @property
    def full_name(self) -> str:
        return f"{ORGANIZATION}/{self.name}"

    @property
    def id(self) -> int:
        return number_of(self.full_name)


def read(path: Path = LIST) -> tuple[Repository, ...]:
    """Every repository of the list, in its order."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, language, scope, classes, environment, guard, last = (part.strip() for part in line.split("|"))
        decision, _, reason = scope.partition(":")
        *marks, weight = last.split()
        found.append(
            Repository(
                name=name, language=language, decision=decision, reason=reason.strip(), data_classes=(classes,),
                environment=environment, guard=guard, marks=frozenset(marks), weight=int(weight),
                created_day=-400 - 17 * len(found),
            )
        )  # fmt: skip
    return tuple(found)


REPOSITORIES = read()

#: Created in mid-story and told to nobody: the scope register does not know it.
STRAY = Repository(
    name="pricing-experiment", language="Python", decision="undecided", reason="", data_classes=(), environment="",
    guard="ruleset", created_day=147,
)  # fmt: skip
