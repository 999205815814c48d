"""What a command calls. `with services() as environment:` has the servers up inside, started by us or by another.

The first command starts them, the last one's end stops them (see `keeper`). What the environment names already
(DATABASE_URL, REDIS_URL, SECRET_KEY, …) is used as it is and not started.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config.embedded import locations
from config.embedded.locations import CLONE, EmbeddedError, Place
from config.embedded.locks import Lock

_STARTING = 180.0  # seconds; the first start copies 30 MB and runs initdb, on a busy machine
_STOPPING = 45.0


def given() -> bool:
    """Does the environment name every service already?"""
    return "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ


@contextmanager
def services(place: Place | None = None) -> Iterator[dict[str, str]]:
    """The servers of this clone (or of `place`); `os.environ` is filled with how they are reached, and that is yielded.

    Raises EmbeddedError, with what to do about it. Afterwards the servers are stopped unless somebody else uses them.
    """
    place = place or Place(locations.home())
    place.prepare()
    using = Lock(place.root / "users.lock")
    filled = _added(_attach_or_start(place, using))
    try:
        yield filled
    finally:
        for name in filled:
            os.environ.pop(name, None)
        using.release()
        _wait_until_stopped(place)


@contextmanager
def throwaway_services(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Servers on a folder of their own, removed at the end; fast unless `durable`. For tests and benchmarks."""
    _sweep_abandoned()
    place = locations.new_throwaway(durable=durable)
    try:
        with services(place) as filled:
            yield filled
    finally:
        if place.root.exists() and _nobody_keeps(place):
            place.remove()


def _attach_or_start(place: Place, using: Lock) -> dict[str, str]:
    starting = Lock(place.root / "start.lock")
    starting.within(_STARTING, f"Another command has been starting the services in {place.root} for three minutes.")
    try:
        using.within(_STOPPING, f"The services in {place.root} are stopping, and do not end.", shared=True)
        if _nobody_keeps(place):
            _start_keeper(place)
        return _reached(place)
    finally:
        starting.release()


def _start_keeper(place: Place) -> None:
    command = [sys.executable, "-m", "config.embedded.keeper", str(place.root)]
    if place.throwaway:
        command.append("--throwaway")
    if not place.durable:
        command.append("--fast")
    with (place.log / "keeper.log").open("ab") as log:
        keeper = subprocess.Popen(
            command,
            cwd=CLONE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command; the keeper sees its lock go
        )
    assert keeper.stdout is not None
    with keeper.stdout:
        answer = keeper.stdout.read().decode().strip()
    if answer != "ready":
        raise EmbeddedError(answer.removeprefix("error ") or f"The services did not start; see {place.log}.")


def _reached(place: Place) -> dict[str, str]:
    reached: dict[str, str] = json.loads(place.state.read_text())
    for name in ("DATABASE_URL", "REDIS_URL"):
        if name not in reached and name not in os.environ:
            raise EmbeddedError(
                f"The running services were started with {name} given: set it here too, or end them first."
            )
    return reached


def _added(reached: dict[str, str]) -> dict[str, str]:
    """Put into the environment what is not there; a given DATABASE_URL never meets the embedded owner's URL."""
    if "DATABASE_URL" in os.environ:
        reached = {name: value for name, value in reached.items() if name != "DATABASE_OWNER_URL"}
    added = {name: value for name, value in reached.items() if name not in os.environ}
    os.environ.update(added)
    return added


def kept(place: Place) -> bool:
    """Are the servers of this place up?"""
    return not _nobody_keeps(place)


def _nobody_keeps(place: Place) -> bool:
    lock = Lock(place.root / "keeper.lock")
    free = lock.try_shared()
    lock.release()
    return free


def _wait_until_stopped(place: Place) -> None:
    """When nobody else uses the servers, wait for the keeper, so that the command's end is the end of it all."""
    if not (place.root / "users.lock").exists():
        return
    last = Lock(place.root / "users.lock")
    others = not last.try_exclusive() and not _stopping(place)
    last.release()
    if others:
        return
    lock = Lock(place.root / "keeper.lock")
    try:
        lock.within(_STOPPING, f"The services in {place.root} do not stop; see {place.log}.", shared=True)
    finally:
        lock.release()


def _stopping(place: Place) -> bool:
    """Does the keeper hold the users' lock already?"""
    shared = Lock(place.root / "users.lock")
    taken = not shared.try_shared()
    shared.release()
    return taken


def _sweep_abandoned() -> None:
    """Throw away what a killed run could not."""
    for folder in locations.throwaway_parent().glob(locations.THROWAWAY_PREFIX + "*"):
        place = Place(folder, throwaway=True)
        try:
            if folder.lstat().st_uid == os.geteuid() and (folder / "keeper.lock").exists() and _nobody_keeps(place):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
