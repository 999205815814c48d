"""A year of merged changes of a large organisation: within GitHub's limit, killed in the middle, resumed, and read back.

    python -m benchmarks.a_year work ORGANIZATION RUN     one worker on a run, in a process of its own; prints one line of JSON
    python -m benchmarks.a_year read CONNECTION           the rows of the population, as a check reads them
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.collecting import peak_memory
from benchmarks.rows import Figure

CHANGES, PUSHES = "github.merged_pull_requests", "github.direct_pushes"
KINDS = [CHANGES, PUSHES]
#: What GitHub allows an installation in an hour.
LIMIT = 5000


def measure_a_year(repositories: int, changes: int) -> list[Figure]:
    """Expects Django to be set up."""
    from sample.base import Clock
    from sample.github.many import ManyWorld
    from sample.github.metering import Meter
    from sample.serving import serve

    world = ManyWorld(Clock(datetime.now(UTC).replace(microsecond=0)), repositories, changes)
    world.meter = Meter(limit=LIMIT)
    server = serve(world.wsgi)
    os.environ["FIELDWORK_VENDOR_ENDPOINTS"] = json.dumps({"github": f"http://127.0.0.1:{server.server_port}"})
    try:
        return _figures(world, changes, f"a year: {repositories} repositories, {changes} changes")
    finally:
        server.shutdown()
        server.server_close()


def _figures(world: Any, changes: int, name: str) -> list[Figure]:
    work = _Work(world)
    first = work.collect(killed_after=20)  # within its first hour
    read = Counter(work.stored())
    wanted = {change.key for change in world.changes}
    rows = work.read()
    charged, most, hours, refused = world.meter.charged, world.meter.most, world.meter.hours, world.meter.refused
    world.meter.charged = world.meter.unchanged = 0
    second = work.collect()
    return [
        Figure(name, "calls charged", charged, "", note=f"{hours} hours of {LIMIT}, {first.workers} workers, one of them killed"),
        Figure(name, "most of one hour", most, "", aim=LIMIT),
        Figure(name, "calls refused at the limit", refused, "", aim=0),
        Figure(name, "changes that are missing", len(wanted - read.keys()), "", aim=0),
        Figure(name, "changes read twice", sum(count - 1 for count in read.values()), "", aim=0),
        Figure(name, "rows that a check reads", rows["rows"], "", note=f"{rows['distinct']} distinct"),
        Figure(name, "collected, waiting left out", first.seconds, "s"),
        Figure(name, "peak memory of a worker (VmHWM)", first.mebibytes, "MiB", aim=200),
        Figure(name, "at rest, with Django", first.at_rest, "MiB"),
        Figure(name, "read back", rows["seconds"], "s"),
        Figure(name, "peak memory of reading back (VmHWM)", rows["mebibytes"], "MiB", aim=300),
        Figure(name, "calls charged on the next day", world.meter.charged, "", note=f"{world.meter.unchanged} answered 304, at no cost"),
        Figure(name, "the next day", second.seconds, "s"),
    ]  # fmt: skip


@dataclass
class _Done:
    seconds: float = 0.0
    mebibytes: float = 0.0
    at_rest: float = 0.0
    workers: int = 0


class _Work:
    """A connection to the world, and the workers on its runs."""

    def __init__(self, world: Any) -> None:
        from compliance.tenancy.models import Organization
        from compliance.tenancy.rooms import scope
        from compliance.trail.actors import SYSTEM
        from evidence.collectors.services.connect import create_connection

        self.world = world
        self.company = Organization.objects.create(name="A year", slug=f"a-year-{os.getpid()}")
        with scope(self.company):
            self.connection = create_connection(
                actor=SYSTEM, vendor="github", name="GitHub", fields={"organization": "halyard-payments", "token": world.token}
            )

    def collect(self, killed_after: int = 0) -> _Done:
        """One run to its end. The first worker is killed once it holds so many pages; whenever the run pauses, an hour passes."""
        from compliance.tenancy.clock import now
        from compliance.tenancy.rooms import scope
        from compliance.trail.actors import SYSTEM
        from evidence.collectors.models import Run
        from evidence.collectors.services.request import request_run

        with scope(self.company):
            run = request_run(actor=SYSTEM, connection=self.connection, kinds=KINDS)
        done, began = _Done(), time.monotonic()
        while run.state != "finished":  # refreshed in the room, below
            done.workers += 1
            if killed_after:
                self._killed(run, killed_after)
                killed_after = 0
            else:
                told = _run("work", str(self.company.pk), str(run.pk))
                done.mebibytes, done.at_rest = max(done.mebibytes, told["mebibytes"]), told["at_rest"]
            with scope(self.company):
                Run.objects.filter(pk=run.pk).exclude(state="finished").update(due_at=now(), lease_until=now() - timedelta(seconds=1))
                paused = run.pauses
                run.refresh_from_db()
            if run.pauses > paused:
                self.world.meter.renew()
        done.seconds = time.monotonic() - began
        assert run.outcome == "ok", run.message
        return done

    def _killed(self, run: Any, pages: int) -> None:
        from compliance.tenancy.rooms import scope
        from evidence.collectors.models import PageInHand

        worker = subprocess.Popen([sys.executable, "-m", "benchmarks.a_year", "work", str(self.company.pk), str(run.pk)])
        held = 0
        while held < pages and worker.poll() is None:
            time.sleep(0.2)
            with scope(self.company):
                held = PageInHand.objects.count()
        worker.send_signal(signal.SIGKILL)
        worker.wait(30)

    def stored(self) -> list[str]:
        """Each change as it lies in the stored pages, as often as it lies there."""
        from compliance.tenancy.rooms import scope
        from evidence.collectors.models import Snapshot
        from evidence.collectors.pages import streamed

        with scope(self.company):
            digests = list(Snapshot.objects.filter(fact_kind=CHANGES).values_list("version__sha256", flat=True))
            return [
                f"{page.body['repository']}#{pull['number']}"
                for digest in digests for page in streamed(digest) for pull in page.body.get("pulls", ())
            ]  # fmt: skip

    def read(self) -> dict[str, Any]:
        return _run("read", str(self.company.pk), str(self.connection.pk))


def work(organization: str, run: str) -> dict[str, Any]:
    """One worker on one run."""
    from uuid import UUID

    from evidence.collectors.services.execute import execute_run

    at_rest = peak_memory()
    execute_run(organization_id=UUID(organization), run_id=UUID(run), worker=f"bench-{os.getpid()}")
    return {"at_rest": at_rest}


def read(organization: str, connection: str) -> dict[str, Any]:
    """The population as a check reads it."""
    from uuid import UUID

    from compliance.tenancy.rooms import scope
    from evidence.collectors.facts import facts_of
    from evidence.collectors.models import Connection

    began = time.monotonic()
    with scope(UUID(organization)):
        rows = facts_of(Connection.objects.get(pk=connection), kinds=[CHANGES]).sets[CHANGES].rows
    ids = [row["id"] for row in rows if row["number"]]
    return {"rows": len(ids), "distinct": len(set(ids)), "seconds": time.monotonic() - began}


def _run(*command: str) -> dict[str, Any]:
    told = subprocess.run([sys.executable, "-m", "benchmarks.a_year", *command], stdout=subprocess.PIPE, check=True, timeout=1800)
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    told = {"work": work, "read": read}[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(told | {"mebibytes": peak_memory()}))
