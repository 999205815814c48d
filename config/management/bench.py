"""`./run bench`: the benchmarks, on a database of their own that is as durable as a real one."""

from __future__ import annotations

import sys

from config.embedded.services import throwaway_services
from config.management.children import manage, run
from config.management.places import on_loopback

_PREPARE = (["migrate", "--verbosity", "0"], ["load_catalogues"], ["collectstatic", "--noinput", "--verbosity", "0"])


def main(arguments: list[str]) -> int:
    with throwaway_services(durable=True), on_loopback(port=0, sample=True):
        for command in _PREPARE:
            status = run(manage(*command))
            if status:
                return status
        return run([sys.executable, "-m", "benchmarks", *arguments])
