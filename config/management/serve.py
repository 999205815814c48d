"""`./run serve`: the whole of Fieldwork on this machine, for one's own accounts, on embedded services."""

from __future__ import annotations

import argparse
import os

import psycopg2

from config.embedded.locations import EmbeddedError, Place
from config.embedded.locks import Lock
from config.embedded.supervisor import Supervisor
from config.management.places import on_loopback
from config.management.running import supervised
from config.management.site import listening, prepare, start_jobs, start_web, watch


def main(arguments: list[str]) -> int:
    """0 when Ctrl-C was pressed; 1 when something failed, and then everything is stopped."""
    parser = argparse.ArgumentParser(
        prog="./run serve", description="Fieldwork on this machine, for your own accounts."
    )
    parser.add_argument("--port", type=int, default=0, help="the site's port (else the system chooses one)")
    chosen = parser.parse_args(arguments)
    return supervised(lambda *running: _serve(chosen.port, *running))


def _serve(port: int, supervisor: Supervisor, place: Place, announce: Lock) -> None:
    with listening(port) as listener, on_loopback(listener.getsockname()[1], sample=False):
        url = f"http://localhost:{listener.getsockname()[1]}/"
        prepare(supervisor)
        _refuse_sample_company(place)
        start_web(supervisor, listener, {})
        announce.write(url)
        start_jobs(supervisor, place, {})
        watch(supervisor, place, url)


def _refuse_sample_company(place: Place) -> None:
    """Without its vendors on loopback, the sample company's connections would call the real ones."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM tenancy_organization WHERE is_sample LIMIT 1")
        if cursor.fetchone():
            raise EmbeddedError(
                f"The database in {place.root} holds the sample company. Set FIELDWORK_HOME to a folder of your own, "
                "and what you keep stays apart from the demo."
            )
    finally:
        connection.close()
