"""The processes of a whole Fieldwork on this machine: web, worker and beat, for `./run demo` and `./run serve`."""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from config.embedded.locations import EmbeddedError, Place
from config.embedded.locks import Lock
from config.embedded.services import kept
from config.embedded.supervisor import ChildFailedError, Supervisor, say
from config.management.children import manage

_CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "config.celery:app"]  # quiet: no banner; logs are as loud


@contextmanager
def only_site(place: Place) -> Iterator[Lock]:
    """One site of a place at a time; the second hears where the first one is."""
    lock = Lock(place.root / "site.lock")
    try:
        if not lock.try_exclusive():
            where = lock.read()
            raise EmbeddedError(f"Fieldwork is running already{f' at {where}' if where else ''}. End that one first.")
        lock.write("")
        yield lock
    finally:
        lock.release()


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """The site's socket, opened here and handed to gunicorn, so that nobody takes the port in between."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise EmbeddedError(f"Port {port} cannot be had: {error}. Leave --port out to take any.") from error
        listener.listen(256)
        yield listener


def prepare(supervisor: Supervisor) -> None:
    """A database of the newest shape, with the shipped frameworks in it, and the static files with their hashes."""
    say("Preparing the database.")
    static = supervisor.begin("collectstatic", manage("collectstatic", "--noinput", "--verbosity", "0"))
    supervisor.run("migrate", manage("migrate", "--verbosity", "0"))
    supervisor.run("load_catalogues", manage("load_catalogues"))
    supervisor.finish(static)


def start_web(supervisor: Supervisor, listener: socket.socket, environment: Mapping[str, str]) -> None:
    """Returns when the site answers and reaches its services."""
    bind = {**environment, "BIND": f"fd://{listener.fileno()}"}
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
    supervisor.start("web", gunicorn, bind, pass_fds=[listener.fileno()])
    port = listener.getsockname()[1]
    supervisor.wait_until(lambda: _is_ready(port), "The site's start", 180)


def start_jobs(supervisor: Supervisor, place: Place, environment: Mapping[str, str]) -> None:
    # Beat's file belongs to the database, not to the clone. Whoever starts this as root on their own machine knows that they do.
    beside = {**environment, "FIELDWORK_VAR": str(place.root), "FIELDWORK_ROOT_IS_MEANT": "1"}
    supervisor.start("worker", [*_CELERY, "worker", "--concurrency=2", "--loglevel=WARNING"], beside)
    supervisor.start("beat", [*_CELERY, "beat", "--loglevel=WARNING", "--pidfile="], beside)


def watch(supervisor: Supervisor, place: Place, url: str) -> None:
    """Until Ctrl-C, or until a process or a server ends."""

    def complain_without_services() -> None:
        if not kept(place):
            raise ChildFailedError(f"PostgreSQL or Redis ended; the logs are in {place.log}.")

    say(f"\nFieldwork is at {url}\nCtrl-C stops it; the logs are in {supervisor.log_folder}.")
    supervisor.watch(complain_without_services)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
