"""`./run bench [--quick]`: measure, print one table, and keep the figures in var/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

OUTPUT = Path("var/bench.json")


def main() -> int:
    """0 where everything could be measured, aims met or missed; 1 where something answered with an error."""
    parser = argparse.ArgumentParser(prog="./run bench", description="What is fast, measured.")
    parser.add_argument("--quick", action="store_true", help="fewer neighbours, fewer requests, a smaller account")
    parser.add_argument("--only", choices=list(PARTS), help="one part alone")
    parser.add_argument("--profile", metavar="SUBJECT", nargs="+", help="instead: where the time of these pages goes (or all)")
    parser.add_argument("--install", action="store_true", help="bring Prowler into var/prowler where it is not there")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("API_RATE", "10000000/min")  # the limit is for customers' programs, not for this one
    if chosen.profile:
        return _profile(chosen.profile)

    from benchmarks import prowler
    from benchmarks.rows import table

    prowler.may_install = chosen.install
    began = time.monotonic()
    figures = list(_measured(chosen.only, chosen.quick))
    print(table(figures))
    print(f"{time.monotonic() - began:.0f} s in all; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps([figure.as_json() for figure in figures], indent=1))
    return 1 if any(figure.verdict == "ERROR" for figure in figures) else 0


def _measured(only: str | None, quick: bool) -> Iterator:
    """The figures of one part, or of all in turn."""
    import django

    django.setup()
    for name, part in PARTS.items():
        if only in (None, name):
            yield from part(quick)


def _profile(subjects: list[str]) -> int:
    import django

    django.setup()
    company, _ = _companies(neighbours=20)
    from benchmarks.profiling import profile

    profile(company, subjects)
    return 0


def _companies(neighbours: int) -> tuple:
    from benchmarks.company import FULL, SMALL, make_company, make_neighbours
    from benchmarks.planner import analyse
    from compliance.people.models import User

    user = User.objects.create_user("bench@bench.example", name="Bench")
    companies = make_company("bench", FULL, user), make_company("small", SMALL, user)
    make_neighbours(neighbours)
    analyse()
    return companies


def _pages(quick: bool) -> list:
    began = time.monotonic()
    company, small = _companies(100 if quick else 1000)
    from benchmarks.company import FULL
    from benchmarks.pages import Effort, measure

    print(f"{FULL.controls} controls, {FULL.artefacts} evidence items, {FULL.gaps} gaps, "
          f"{100 if quick else 1000} neighbours: written in {time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
    return list(measure(company, small, Effort(20, 1.5) if quick else Effort(60, 5)))


def _coverage(quick: bool) -> list:
    from benchmarks.coverage import measure_coverage

    return list(measure_coverage())


def _judging(quick: bool) -> list:
    from benchmarks.rejudging import measure_rejudging

    return measure_rejudging(10 if quick else 40)


def _uploading(quick: bool) -> list:
    from benchmarks.uploading import measure_uploading

    return measure_uploading(100 if quick else 500)


def _packs(quick: bool) -> list:
    from benchmarks.packing import measure_packing

    return measure_packing(1000 if quick else 10_000)


def _collecting(quick: bool) -> list:
    from benchmarks.account import measure_collecting

    return measure_collecting(200 if quick else 1000)


def _a_year(quick: bool) -> list:
    from benchmarks.a_year import measure_a_year

    return measure_a_year(*((50, 3000) if quick else (200, 20_000)))


def _beside_prowler(quick: bool) -> list:
    from benchmarks.prowler import measure_beside_prowler

    return measure_beside_prowler(100 if quick else 1000)


#: What is measured, in this order.
PARTS: dict[str, Callable[[bool], list]] = {
    "pages": _pages, "coverage": _coverage, "judging": _judging, "uploading": _uploading, "packs": _packs,
    "collecting": _collecting, "a_year": _a_year, "beside_prowler": _beside_prowler,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
