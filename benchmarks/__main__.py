"""`./run bench [--quick]`: measure, print one table, and keep the figures in var/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

OUTPUT = Path("var/bench.json")


def main() -> int:
    """0 where everything could be measured, aims met or missed; 1 where something answered with an error."""
    parser = argparse.ArgumentParser(prog="./run bench", description="What is fast, measured.")
    parser.add_argument("--quick", action="store_true", help="fewer neighbours, fewer requests, a smaller account")
    parser.add_argument("--only", choices=["pages", "collecting"], help="one part alone")
    parser.add_argument("--profile", metavar="SUBJECT", nargs="+", help="instead: where the time of these subjects goes (or all)")
    parser.add_argument("--only", choices=["pages", "collecting", "packs"], help="one part alone")
    parser.add_argument("--only", choices=["pages", "collecting", "coverage"], help="one part alone")
    parser.add_argument("--only", choices=["pages", "collecting", "judging"], help="one part alone")
    parser.add_argument("--only", choices=["pages", "collecting", "uploading"], help="one part alone")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("API_RATE", "10000000/min")  # the limit is for customers' programs, not for this one

    from benchmarks.rows import table

    began = time.monotonic()
    if chosen.profile:
        return _profile(chosen.profile)
    figures = []
    if chosen.only in {None, "pages"}:
        figures += _pages(chosen.quick)
    if chosen.only in {None, "packs"}:
        figures += _packs(chosen.quick)
    if chosen.only in {None, "collecting"}:
    if chosen.only in (None, "pages"):
        figures += _pages(chosen.quick)
    if chosen.only in (None, "coverage"):
        figures += _coverage()
    if chosen.only in (None, "collecting"):
    if chosen.only in {None, "judging"}:
        from benchmarks.rejudging import measure_rejudging

        figures += measure_rejudging(10 if chosen.quick else 40)
    if chosen.only in {None, "collecting"}:
    if chosen.only in (None, "pages"):
        figures += _pages(chosen.quick)
    if chosen.only in (None, "uploading"):
        from benchmarks.uploading import measure_uploading

        figures += measure_uploading(100 if chosen.quick else 500)
    if chosen.only in (None, "collecting"):
        from benchmarks.account import measure_collecting

        figures += measure_collecting(200 if chosen.quick else 1000)
    print(table(figures))
    print(f"{time.monotonic() - began:.0f} s in all; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps([figure.as_json() for figure in figures], indent=1))
    return 1 if any(figure.verdict == "ERROR" for figure in figures) else 0


def _profile(subjects: list[str]) -> int:
    company, _ = _companies(neighbours=20)
    from benchmarks.profiling import profile

    profile(company, subjects)
    return 0


def _companies(neighbours: int) -> tuple:
def _coverage() -> list:
    import django

    django.setup()

    from benchmarks.coverage import measure_coverage

    return list(measure_coverage())


def _pages(quick: bool) -> list:
    import django

    django.setup()

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


def _packs(quick: bool) -> list:
    import django

    django.setup()

    from benchmarks.packing import measure_packing

    return measure_packing(1000 if quick else 10_000)


if __name__ == "__main__":
    sys.exit(main())
