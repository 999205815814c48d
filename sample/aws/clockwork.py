"""moto's clock, put under the story's: moto has none of its own and always says the wall clock's time.

It must be told before its services are loaded, because each takes `utcnow` by name.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

# Read by moto when it is imported: without it every region holds 1,300 snapshots and images of Amazon's.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "0")

from moto.core import utils  # noqa: E402

from sample.base import Clock  # noqa: E402

_WALL = utils.utcnow
_running: list[Clock] = []
#: Credentials end by the wall clock, which is also what botocore goes by.
_ON_WALL_TIME = {"moto.sts.models"}


def _story_time() -> datetime:
    """What moto asks for: the story's time, in UTC without a zone."""
    return _running[-1].now.astimezone(UTC).replace(tzinfo=None) if _running else _WALL()


def wind(clock: Clock) -> None:
    """From now on moto tells this clock's time."""
    _running[:] = [clock]
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and name not in _ON_WALL_TIME and getattr(module, "utcnow", None) is _WALL:
            module.utcnow = _story_time  # type: ignore[attr-defined]
    wall = sys.modules.get("moto.sts.models")
    if wall is not None:
        wall.utcnow = _WALL  # type: ignore[attr-defined]


def stop() -> None:
    """moto tells the wall clock's time again."""
    _running.clear()
