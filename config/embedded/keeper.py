"""The process that owns the servers while anybody uses them.

Every command that uses a place holds a shared lock on its `users.lock`. The keeper waits for the exclusive one: it
gets it when the last user is gone, by exit, Ctrl-C or kill -9 alike. Then it stops the servers and ends. A server that
dies while it is used takes the keeper with it, and a keeper that is killed takes the servers (on Linux, where the
kernel tells them).

    python -m config.embedded.keeper FOLDER [--throwaway] [--fast]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from config.embedded import binaries
from config.embedded.credentials import load_or_make, write_private
from config.embedded.locations import EmbeddedError, Place
from config.embedded.locks import Lock
from config.embedded.postgres import APP, OWNER, Cluster
from config.embedded.redis import Redis

Server = Cluster | Redis


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="keeper")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--throwaway", action="store_true")
    parser.add_argument("--fast", action="store_true")
    chosen = parser.parse_args(arguments)
    place = Place(chosen.folder, throwaway=chosen.throwaway, durable=not chosen.fast)
    mine = Lock(place.root / "keeper.lock")
    if not mine.try_exclusive():
        return _answer(f"error A keeper is running already, with pid {mine.read()}.")
    mine.write(str(os.getpid()))
    wake = threading.Event()
    _wake_on_signals(wake)
    servers: list[Server] = []
    try:
        try:
            _start(place, servers)
        except (EmbeddedError, OSError) as error:
            return _answer(f"error {error}")
        _answer("ready")
        _keep(place, servers, wake)
    finally:
        place.state.unlink(missing_ok=True)
        for server in reversed(servers):
            server.stop()
        if place.throwaway:
            place.remove()
    return 0


def _start(place: Place, servers: list[Server]) -> None:
    """Start what the environment does not name already, and write down how it is reached."""
    place.prepare()
    credentials = load_or_make(place.secrets)
    reached = {
        "SECRET_KEY": credentials["secret_key"],
        "FIELDWORK_KEYS": credentials["keys"],
        "EVIDENCE_ROOT": str(place.evidence),
    }
    if "DATABASE_URL" not in os.environ:
        cluster = Cluster(place, binaries.postgres_binaries(), credentials)
        servers.append(cluster)
        cluster.start()
        reached |= {"DATABASE_URL": cluster.url(APP), "DATABASE_OWNER_URL": cluster.url(OWNER)}
    if "REDIS_URL" not in os.environ:
        redis = Redis(place, binaries.redis_server())
        servers.append(redis)
        redis.start()
        reached["REDIS_URL"] = redis.url
    write_private(place.state, json.dumps(reached, indent=1))


def _keep(place: Place, servers: list[Server], wake: threading.Event) -> None:
    """Until the last user is gone, a server has died, or somebody asks us to end."""
    over = threading.Event()

    def wait_for_last_user() -> None:
        Lock(place.root / "users.lock").wait_exclusive()
        over.set()
        wake.set()

    threading.Thread(target=wait_for_last_user, daemon=True).start()
    while not over.is_set():
        wake.wait()
        wake.clear()
        if any(server.process is None or server.process.poll() is not None for server in servers):
            print("a server ended by itself", file=sys.stderr)
            return
        if _asked_to_end.is_set():
            return


_asked_to_end = threading.Event()


def _wake_on_signals(wake: threading.Event) -> None:
    def note(signum: int, frame: FrameType | None) -> None:
        if signum != signal.SIGCHLD:
            _asked_to_end.set()
        wake.set()

    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(signum, note)


def _answer(words: str) -> int:
    """Tell the command that started us, once; it stops listening then."""
    print(words, flush=True)
    os.close(1)
    os.open(os.devnull, os.O_WRONLY)
    return 1 if words.startswith("error") else 0


if __name__ == "__main__":
    sys.exit(main())
