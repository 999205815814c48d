"""The three sample vendors on loopback, and the story that changes them as its days pass."""

from __future__ import annotations

from typing import Any

from sample.aws.world import AwsWorld
from sample.base import DAYS, Clock, Planted
from sample.github.world import GitHubWorld
from sample.okta.defects import DENIED
from sample.okta.world import OktaWorld
from sample.people import PEOPLE
from sample.serving import serve

#: Which world a sample connection belongs to.
WORLD_OF = {"aws-production": "aws", "aws-sandbox": "aws", "github": "github", "okta": "okta"}


class SampleVendors:
    """AWS, GitHub and Okta as they stand at the clock's time, each on a port that the system chose."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.worlds: dict[str, Any] = {
            "aws": AwsWorld(clock, PEOPLE), "github": GitHubWorld(clock, PEOPLE), "okta": OktaWorld(clock, PEOPLE)
        }
        self.worlds["okta"].denied = dict(DENIED)
        self.done: set[tuple[str, str]] = set()
        self.servers = {name: serve(world.wsgi) for name, world in self.worlds.items()}

    @property
    def endpoints(self) -> dict[str, str]:
        """What FIELDWORK_VENDOR_ENDPOINTS is to hold."""
        return {name: f"http://127.0.0.1:{server.server_port}" for name, server in self.servers.items()}

    @property
    def planted(self) -> list[Planted]:
        return [planted for world in self.worlds.values() for planted in world.planted]

    def advance(self, day: int) -> None:
        """Move the clock to a day, planting and mending on the way what is due by then, in order."""
        acts = [
            (when, order, planted)
            for planted in self.planted
            for order, when in enumerate((planted.day, planted.until))
            if when is not None and when <= day
        ]
        for when, order, planted in sorted(acts, key=lambda act: (act[0], act[1], act[2].id)):
            mark = (planted.id, "mend" if order else "plant")
            if mark in self.done:
                continue
            self.clock.now = max(self.clock.now, self.clock.at(when))
            (planted.mend if order else planted.plant)(self.worlds[WORLD_OF[planted.connection]])
            self.done.add(mark)
        self.clock.now = self.clock.at(day)

    def close(self) -> None:
        for server in self.servers.values():
            server.shutdown()
            server.server_close()


def finished(clock: Clock | None = None) -> SampleVendors:
    """The vendors as they stand at the end of the story."""
    vendors = SampleVendors(clock or Clock.ending_today())
    vendors.advance(DAYS)
    return vendors
