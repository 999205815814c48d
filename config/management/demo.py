"""`./run demo`: a sample company with six months of earned history, on embedded services.

What the sample company itself does is behind four commands (`sample/`, `compliance/frameworks/`):

    load_catalogues        the shipped frameworks; again and again without harm
    build_sample           makes the company, or leaves a finished one as it is and replaces a half-made one;
                           says at its end who can sign in. With --once it is one program with the catalogues before
                           it and the summary behind it, and sets the vendors up while the database is made
    sample_summary FOLDER  prints the readiness summary, writes summary.json and readiness.pdf
    serve_sample_vendors   the vendors on loopback, without the database; its first line is the JSON of
                           FIELDWORK_VENDOR_ENDPOINTS, said when it listens
"""

from __future__ import annotations

import argparse
import json

from config.embedded.locations import CLONE, Place
from config.embedded.locks import Lock
from config.embedded.supervisor import Child, ChildFailedError, Supervisor, say
from config.management.children import manage
from config.management.places import on_loopback
from config.management.running import supervised
from config.management.site import listening, prepare, start_jobs, start_web, watch

OUTPUT = CLONE / "var" / "demo"


def main(arguments: list[str]) -> int:
    """0 when --once is done or Ctrl-C was pressed; 1 when something failed, and then everything is stopped."""
    parser = argparse.ArgumentParser(prog="./run demo", description="A sample company on embedded services.")
    parser.add_argument("--once", action="store_true", help="print the readiness summary, write the PDF, and end")
    parser.add_argument("--port", type=int, default=0, help="the site's port (else the system chooses one)")
    chosen = parser.parse_args(arguments)
    if chosen.once:
        return supervised(_once)
    return supervised(lambda *running: _serve(chosen.port, *running))


def _once(supervisor: Supervisor, place: Place, announce: Lock) -> None:
    with on_loopback(port=0, sample=True):
        say("Preparing the database.")
        command = manage("build_sample", "--when-told", "--catalogues", "--summary", str(OUTPUT))
        building = supervisor.begin("build_sample", command, waits=True)
        supervisor.run("migrate", manage("migrate", "--verbosity", "0"))
        supervisor.finish(building)


def _serve(port: int, supervisor: Supervisor, place: Place, announce: Lock) -> None:
    with listening(port) as listener, on_loopback(listener.getsockname()[1], sample=True):
        url = f"http://localhost:{listener.getsockname()[1]}/"
        vendors = supervisor.start("vendors", manage("serve_sample_vendors"))
        prepare(supervisor)
        supervisor.wait_until(vendors.said_first_line.is_set, "The vendors' start", 120)
        endpoints = {"FIELDWORK_VENDOR_ENDPOINTS": _endpoints(vendors)}
        start_web(supervisor, listener, endpoints)
        announce.write(url)
        say(f"The site is up at {url}\nThe sample company is being built; its pages fill while you look.")
        supervisor.run("build_sample", manage("build_sample"))
        start_jobs(supervisor, place, endpoints)
        watch(supervisor, place, url)


def _endpoints(vendors: Child) -> str:
    try:
        endpoints = json.loads(vendors.first_line)
    except json.JSONDecodeError:
        endpoints = None
    if not isinstance(endpoints, dict):
        raise ChildFailedError(f"The sample vendors did not say where they listen; their log is {vendors.log}.")
    return vendors.first_line
