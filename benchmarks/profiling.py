"""Where one subject's time goes: its requests in this process, under the profiler."""

from __future__ import annotations

import cProfile
import pstats
import time
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.company import Company
from benchmarks.pages import SUBJECTS, visitor
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope

_REQUESTS = 40
_SLOW = 0.003  # seconds


def profile(company: Company, subjects: list[str], lines: int = 70) -> None:
    """Print, for each subject named (all: "all"), the CPU time of a request, its queries, and the costliest functions."""
    for name, path, _ in SUBJECTS:
        if "all" in subjects or name in subjects:
            _subject(company, name, path, lines)


def _subject(company: Company, name: str, path: str, lines: int) -> None:
    visit = visitor(company, path)
    for _ in range(3):
        visit()
    with CaptureQueriesContext(connection) as captured:
        visit()
    asked = list(captured.captured_queries)  # the next request begins a new list
    spent = []
    for _ in range(_REQUESTS):
        began, cpu = time.perf_counter(), time.process_time()
        visit()
        spent.append((time.process_time() - cpu, time.perf_counter() - began))
    print(f"\n== {name}: CPU {median(c for c, _ in spent) * 1000:.1f} ms, wall {median(w for _, w in spent) * 1000:.1f} ms, "
          f"{len(asked)} queries")  # fmt: skip
    for query in asked:
        print(f"   {query['time']} {query['sql'][:160]}")
    _explain(company, asked)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(_REQUESTS):
        visit()
    profiler.disable()
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(lines)


def _explain(company: Company, asked: list[dict[str, str]]) -> None:
    """The plans of the slow statements, made in the company's room."""
    slow = [query["sql"] for query in asked if float(query["time"]) >= _SLOW and query["sql"].startswith("SELECT")]
    with scope(Organization.objects.get(slug=company.slug)), connection.cursor() as cursor:
        for sql in slow:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
            print("   " + sql[:300], *(line for (line,) in cursor.fetchall()), sep="\n      ")
