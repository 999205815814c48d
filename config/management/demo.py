"""`./run demo`: a sample company with six months of earned history, on embedded services.

What the sample company itself does is behind four commands (`sample/`, `compliance/frameworks/`):

    load_catalogues        the shipped frameworks; again and again without harm
    build_sample           makes the company, or leaves a finished one as it is and replaces a half-made one;
                           says at its end who can sign in
    sample_summary FOLDER  prints the readiness summary, writes summary.json and readiness.pdf
    serve_sample_vendors   the vendors on loopback, without the database; its first line is the JSON of
                           FIELDWORK_VENDOR_ENDPOINTS, said when it listens
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config.embedded import locations
from config.embedded.locations import CLONE, EmbeddedError, Place
from config.embedded.locks import Lock
from config.embedded.services import kept, services
from config.embedded.supervisor import AskedToStop, ChildFailedError, Supervisor, stopping_on_signals
from config.management.children import manage
from config.management.places import on_loopback

OUTPUT = CLONE / "var" / "demo"
_CELERY = [sys.executable, "-m", "celery", "-A", "config.celery:app"]


def main(arguments: list[str]) -> int:
    """0 when --once is done or Ctrl-C was pressed; 1 when something failed, and then everything is stopped."""
    chosen = _parser().parse_args(arguments)
    place = Place(locations.home())
    place.prepare()
    supervisor = Supervisor(OUTPUT / "log")
    try:
        with stopping_on_signals(), _only_demo(place) as announce, services(place):
            try:
                _once(supervisor) if chosen.once else _serve(supervisor, chosen.port, place, announce)
            finally:
                supervisor.stop()
    except AskedToStop:
        print("\nStopped.")
        return 130 if chosen.once else 0
    except ChildFailedError as error:
        print(f"{error} Everything is stopped.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run demo", description="A sample company on embedded services.")
    parser.add_argument("--once", action="store_true", help="print the readiness summary, write the PDF, and end")
    parser.add_argument("--port", type=int, default=0, help="the site's port (else the system chooses one)")
    return parser


def _once(supervisor: Supervisor) -> None:
    with on_loopback(port=0):
        _prepare(supervisor)
        supervisor.run("build_sample", manage("build_sample"))
        supervisor.run("sample_summary", manage("sample_summary", str(OUTPUT)))


def _serve(supervisor: Supervisor, port: int, place: Place, announce: Lock) -> None:
    with _listening(port) as listener, on_loopback(listener.getsockname()[1]):
        url = f"http://localhost:{listener.getsockname()[1]}/"
        vendors = supervisor.start("vendors", manage("serve_sample_vendors"))
        _prepare(supervisor)
        supervisor.run("collectstatic", manage("collectstatic", "--noinput", "--verbosity", "0"))
        supervisor.wait_until(vendors.said_first_line.is_set, "The vendors' start", 120)
        endpoints = {"FIELDWORK_VENDOR_ENDPOINTS": _endpoints(vendors.first_line)}
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
        bind = {**endpoints, "BIND": f"fd://{listener.fileno()}"}
        supervisor.start("web", gunicorn, bind, pass_fds=[listener.fileno()])
        supervisor.wait_until(lambda: _is_ready(listener.getsockname()[1]), "The site's start", 60)
        announce.write(url)
        print(f"The site is up at {url}\nThe sample company is being built; its pages fill while you look.", flush=True)
        supervisor.run("build_sample", manage("build_sample"))
        supervisor.start("worker", [*_CELERY, "worker", "--concurrency=2", "--loglevel=WARNING"], endpoints)
        supervisor.start("beat", [*_CELERY, "beat", "--loglevel=WARNING", "--pidfile="], endpoints)
        print(f"\nFieldwork is at {url}\nCtrl-C stops it; the logs are in {OUTPUT / 'log'}.", flush=True)
        supervisor.watch(lambda: _complain_without_services(place))


def _prepare(supervisor: Supervisor) -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    supervisor.run("migrate", manage("migrate", "--verbosity", "0"))
    supervisor.run("load_catalogues", manage("load_catalogues"))


@contextmanager
def _only_demo(place: Place) -> Iterator[Lock]:
    """One demo of a clone at a time; the second hears where the first one is."""
    lock = Lock(place.root / "demo.lock")
    try:
        if not lock.try_exclusive():
            where = lock.read()
            raise EmbeddedError(
                f"A demo of this clone is running already{f' at {where}' if where else ''}. End it first."
            )
        lock.write("")
        yield lock
    finally:
        lock.release()


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The site's socket, opened here and handed to gunicorn, so that nobody takes the port in between."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise EmbeddedError(f"Port {port} cannot be had: {error}. Leave --port out to take any.") from error
        listener.listen(256)
        yield listener


def _endpoints(line: str) -> str:
    try:
        endpoints = json.loads(line)
    except json.JSONDecodeError:
        endpoints = None
    if not isinstance(endpoints, dict):
        raise ChildFailedError(f"vendors said {line!r} where their addresses were awaited.")
    return line


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _complain_without_services(place: Place) -> None:
    if not kept(place):
        raise ChildFailedError(f"PostgreSQL or Redis ended; the logs are in {place.log}.")
