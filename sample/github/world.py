"""The sample organisation at the clock's time: what is true of it, before anyone asks over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sample.base import Clock, Planted
from sample.github import alerts, changes, defects
from sample.github.repositories import REPOSITORIES, STRAY, Repository
from sample.people import CAST, PEOPLE, Person

TOKEN = "github_pat_sample_halyard"  # opens nothing but this world
_OWNERS = ("owner_engineering", "owner_platform", "owner_security", "owner_changes", "owner_access", "administrator")
#: Which flaw the first suitable change on or after a day may have.
_FLAWS = (("alone", 37), ("red", 66), ("stale", 88), ("alone", 121), ("bot", 143), ("red", 152), ("alone", 171))


class GitHubWorld:
    """Everything is a function of `clock.now` and of the defects that are planted (`active`).

    Nothing is wrong until `plant` of an entry of `planted` is called. An effect shows from its own day, whenever it
    was planted, so that they may all be planted at the start.
    """

    def __init__(self, clock: Clock, people: Iterable[Person] = PEOPLE, *, token: str = TOKEN) -> None:
        self.clock = clock
        self.people: Sequence[Person] = tuple(people)
        self.token = token
        self.active: set[str] = set()
        self.trouble: Any = None  # see sample.github.trouble
        self.app: Any = None  # see sample.github.app
        self.calls = 0
        self.meter: Any = None  # see sample.github.metering
        coders = {p.github: p for p in self.people if p.github}
        lasting = [p.github for key in _OWNERS if (p := CAST.get(key)) and p.github in coders]
        lasting += [p.github for p in self.people if p.github and p.end_day is None and p.start_day < 0]
        self.owners: list[str] = list(dict.fromkeys(str(login) for login in lasting))[:6]
        self.leaver = max((p for p in coders.values() if p.end_day is not None), key=lambda p: p.end_day or 0).github
        self.changes = changes.write(clock, self.people)
        self._mark_flaws()
        self.alerts = [*alerts.find(clock), *alerts.planted(clock)]
        self.planted: list[Planted] = defects.plan(self)

    def wsgi(self, environ: Any, start_response: Any) -> Any:
        """GitHub's REST API, as far as this organisation has one."""
        from sample.github.server import answer

        return answer(self, environ, start_response)

    def plant_all(self) -> None:
        """Plant every defect; each shows from its own day."""
        for planted in self.planted:
            planted.plant(self)

    def _mark_flaws(self) -> None:
        for flaw, day in _FLAWS:
            change = next(
                c for c in self.changes
                if c.merged_at and c.merged_at >= self.clock.at(day) and not c.flaw and not c.from_bot
                and c.repository.decision == "in"
            )  # fmt: skip
            change.flaw = flaw

    @property
    def now(self) -> datetime:
        return self.clock.now

    def on(self, effect: str) -> bool:
        """Whether a defect shows now."""
        if effect not in self.active:
            return False
        span = defects.EFFECTS.get(effect)
        day = self.clock.day
        return span is None or (span.day <= day and (span.until is None or day < span.until))

    def members(self) -> list[str]:
        """Logins of the members: who works here and writes code, and whoever was forgotten."""
        day = self.clock.day
        found = [str(p.github) for p in self.people if p.github and p.employed(day)]
        return [*found, str(self.leaver)] if self.on("leaver") and self.leaver not in found else found

    def owners_now(self) -> list[str]:
        return self.owners[:6] if self.on("six-owners") else self.owners[:3]

    def repositories(self) -> list[Repository]:
        """The repositories there are, by name."""
        found = [*REPOSITORIES, STRAY] if self.on("stray") else list(REPOSITORIES)
        return sorted(found, key=lambda repository: repository.name)

    def repository(self, name: str) -> Repository | None:
        return next((r for r in self.repositories() if r.name == name), None)

    def private(self, repository: Repository) -> bool:
        published = repository.name == "fraud-rules" and self.on("public")
        return not published and "public" not in repository.marks

    def guarded(self, repository: Repository) -> str:
        """How the default branch is guarded now: classic, ruleset or none."""
        lost = repository.name == "payout-scheduler" and self.on("unprotected")
        return "none" if lost else repository.guard

    def closed_changes(self, repository: Repository) -> list[changes.Change]:
        """Changes closed by now, merged or not."""
        return [c for c in self.changes if c.repository == repository and c.closed_at <= self.now]

    def flawed(self, change: changes.Change) -> bool:
        return bool(change.flaw) and self.on(f"change-{change.key}")

    def alerts_of(self, scanner: str) -> list[alerts.Alert]:
        """What a scanner has raised by now, newest first."""
        found = [a for a in self.alerts if a.scanner == scanner and a.created_at <= self.now]
        return sorted((a for a in found if not a.flaw or self.on(a.flaw)), key=lambda a: a.created_at, reverse=True)
