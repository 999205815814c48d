"""The frame of a command that starts processes: services up, signals heard, everything stopped in order."""

from __future__ import annotations

import sys
from collections.abc import Callable

from config.embedded import locations
from config.embedded.locations import Place
from config.embedded.locks import Lock
from config.embedded.services import services
from config.embedded.supervisor import AskedToStop, ChildFailedError, Supervisor, say, stopping_on_signals
from config.management.site import only_site

Work = Callable[[Supervisor, Place, Lock], None]


def supervised(work: Work) -> int:
    """Do `work` with the services up and one site at a time. 0 when it ended or was asked to, 1 when something failed.

    A signal before `work` has come to its end says so by 130, as the shell does, unless the site was up by then.
    """
    place = Place(locations.home())
    place.prepare()
    supervisor = Supervisor(place.log)
    announced = False
    try:
        with stopping_on_signals(), only_site(place) as announce:
            say("Starting PostgreSQL and Redis.")
            with services(place):
                try:
                    work(supervisor, place, announce)
                finally:
                    announced = bool(announce.read())
                    supervisor.stop()
    except AskedToStop:
        say("\nStopped.")
        return 0 if announced else 130
    except ChildFailedError as error:
        print(f"{error} Everything is stopped.", file=sys.stderr)
        return 1
    return 0
