"""Pages and lists of the API, each beside a bare one of the same run, and how many queries each makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.client import Latency, Refused, latency, throughput
from benchmarks.company import Company
from benchmarks.rows import Figure
from benchmarks.servers import served


@dataclass(frozen=True)
class Kind:
    """The aims of performance: milliseconds, requests a second, times the bare one, queries."""

    bare: str
    p50: float
    times: float
    per_second: float | None = None
    queries: float | None = None


API = Kind("api", 15, 5, per_second=100)
PAGE = Kind("page", 30, 4)
DASHBOARD = Kind("page", 30, 4, queries=15)
SUBJECTS: tuple[tuple[str, str, Kind], ...] = (
    ("dashboard", "/o/{slug}/", DASHBOARD),
    ("matrix", "/o/{slug}/controls/", PAGE),
    ("gap register", "/o/{slug}/gaps/", PAGE),
    ("evidence requirements", "/o/{slug}/evidence/", PAGE),
    ("evidence artefacts", "/o/{slug}/evidence/artefacts/", PAGE),
    ("api controls", "/api/v1/controls/", API),
    ("api evidence", "/api/v1/evidence/", API),
    ("api gaps by rank", "/api/v1/gaps/?ordering=rank", API),
    ("api check results", "/api/v1/check-results/", API),
)


@dataclass(frozen=True)
class Effort:
    requests: int
    seconds: float


def measure(company: Company, small: Company, effort: Effort) -> Iterator[Figure]:
    """`small` is a company with a fiftieth of the rows: what is flat costs the same there."""
    bare: dict[str, Latency] = {}
    with served("config.settings", "/healthz") as site, served("benchmarks.bare_settings", f"/api/{small.slug}/") as plain:
        for kind in ("api", "page"):
            url = f"{plain}/{kind}/{company.slug}/"
            bare[kind] = latency(url, {}, effort.requests)
            yield Figure(f"bare {kind} of 50 rows", "p50", bare[kind].p50, "ms")
            yield Figure(f"bare {kind} of 50 rows", "8 clients", throughput(url, {}, effort.seconds), "/s")
        for name, path, kind in SUBJECTS:
            try:
                yield from _subject(name, path, kind, company, small, site, plain, effort)
            except Refused as refused:
                yield Figure(name, path, None, "", note=_why(refused.status))


def _why(status: int) -> str:
    return "skipped: this address does not exist yet" if status == 404 else f"answered {status}"


def _subject(
    name: str, path: str, kind: Kind, company: Company, small: Company, site: str, plain: str, effort: Effort
) -> Iterator[Figure]:
    url, headers = site + path.format(slug=company.slug), _headers(company, path)
    bare = latency(f"{plain}/{kind.bare}/{company.slug}/", {}, effort.requests)  # side by side: machines are noisy
    found = latency(url, headers, effort.requests)
    yield Figure(name, "p50", found.p50, "ms", aim=kind.p50)
    yield Figure(name, "p95", found.p95, "ms")
    yield Figure(name, f"p50 over bare {kind.bare} ({bare.p50:.1f} ms)", found.p50 / bare.p50, "×", aim=kind.times)
    yield Figure(name, "8 clients", throughput(url, headers, effort.seconds), "/s", aim=kind.per_second, at_least=True)
    few = latency(site + path.format(slug=small.slug), _headers(small, path), effort.requests)
    yield Figure(name, "p50 over the small company's", found.p50 / few.p50, "×", aim=1.5 if kind is DASHBOARD else None)
    many, less = queries(company, path), queries(small, path)
    yield Figure(name, "queries", many, "", aim=kind.queries)
    yield Figure(name, "queries beyond the small one's", max(0, many - less), "", aim=1)


def _headers(company: Company, path: str) -> dict[str, str]:
    if path.startswith("/api/"):
        return {"Authorization": f"Bearer {company.token}", "Accept": "application/json"}
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={_signed_in(company).cookies[settings.SESSION_COOKIE_NAME].value}"}


def _signed_in(company: Company) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(company.user)
    return client


def visitor(company: Company, path: str) -> Callable[[], Any]:
    """A visit in this process, by the person who is signed in or with the token."""
    client: Any = _signed_in(company)
    headers = {"authorization": f"Bearer {company.token}"} if path.startswith("/api/") else {}
    return partial(client.get, path.format(slug=company.slug), headers=headers)


def queries(company: Company, path: str) -> int:
    """Queries of one request in this process, after one that fills the caches."""
    visit = visitor(company, path)
    visit()
    with CaptureQueriesContext(connection) as captured:
        answer = visit()
    if answer.status_code != 200:
        raise Refused(answer.status_code)
    return len(captured)
