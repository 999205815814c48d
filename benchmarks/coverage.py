"""Coverage of 300 requirements over a year, daily ones among them: counting all of it, and the page that shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.planner import analyse
from benchmarks.rows import Figure
from compliance.frameworks.models import Framework, Requirement
from compliance.people.models import Membership, User
from compliance.programmes.models import Programme
from compliance.tenancy.clock import now, today
from compliance.tenancy.ids import NIL
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from controls.models import Control, Implementation, Mapping
from evidence.coverage.services import refresh_coverage
from evidence.judging.services.stand import refresh_standings
from evidence.models import Artefact, EvidenceLink, EvidenceRequirement, Version

#: How many requirements of each cadence, and how many days lie between two performances.
MIX = (("daily", 60, 1), ("weekly", 60, 7), ("monthly", 90, 30), ("quarterly", 60, 90), ("annual", 30, 300))
DIGEST = "0" * 64


def measure_coverage() -> Iterator[Figure]:
    """Made in bulk in a room of its own: every thirteenth performance is left out, so that there are holes to name."""
    user = User.objects.create_user("coverage@bench.example", name="Bench")
    organization = Organization.objects.create(name="Covered", slug="covered", timezone="Europe/Lisbon")
    with scope(organization):
        Membership.objects.create(user=user, role="administrator", name=user.name, email=user.email)
        versions = _fill()
    analyse()
    with scope(organization):
        note = f"{sum(number for _, number, _ in MIX)} requirements, {versions:,} versions, a year"
        yield from _figures("coverage, from nothing", refresh_coverage, note)
        yield from _figures("coverage, again", refresh_coverage, "nothing changed")
        yield from _figures("standings with coverage", refresh_standings, "of all its controls")
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    answer = client.get("/o/covered/evidence/coverage/")
    with CaptureQueriesContext(connection) as found:
        figures = list(_figures("coverage page", lambda: client.get("/o/covered/evidence/coverage/"), f"answered {answer.status_code}"))
    yield from figures
    yield Figure("coverage page", "queries", len(found), "", note=f"{len(answer.content):,} bytes")


def _figures(subject: str, call: Callable[[], Any], note: str) -> Iterator[Figure]:
    """Wall time, and what this process computed in it: on a busy machine the second is the one to compare."""
    began, computed = time.perf_counter(), time.process_time()
    call()
    yield Figure(subject, "wall", (time.perf_counter() - began) * 1000, "ms", note=note)
    yield Figure(subject, "computing", (time.process_time() - computed) * 1000, "ms")


def _fill() -> int:
    day = today()
    start = day - timedelta(days=330)
    framework = Framework.objects.get(organization_id=NIL, key="soc2-tsc-2017")
    Programme.objects.create(
        name="SOC 2 Type II", kind="soc2_type_2", framework=framework, period_start=start, period_end=start + timedelta(days=364),
    )
    criteria = list(Requirement.objects.filter(framework=framework, assessable=True))
    controls = Control.objects.bulk_create(
        Control(ref=f"B-{n:03}", title=f"Control {n}", statement="It is done.", implementation=Implementation.IMPLEMENTED)
        for n in range(150)
    )
    Mapping.objects.bulk_create(Mapping(control=one, requirement=criteria[n % len(criteria)]) for n, one in enumerate(controls))
    kinds = [(cadence, step) for cadence, number, step in MIX for _ in range(number)]
    asked = EvidenceRequirement.objects.bulk_create(
        EvidenceRequirement(
            ref=f"EVR-{n:04}", control=controls[n % 150], key=f"k{n}", title=f"Evidence {n}", cadence=cadence, source="collector",
        )
        for n, (cadence, _) in enumerate(kinds)
    )
    artefacts = Artefact.objects.bulk_create(
        Artefact(ref=f"EV-{n:04}", title=f"Evidence {n}", source="collector", latest_number=1) for n in range(len(asked))
    )
    EvidenceLink.objects.bulk_create(EvidenceLink(requirement=one, artefact=artefacts[n]) for n, one in enumerate(asked))
    moment = now()
    versions = [
        Version(
            artefact=artefacts[n], number=number + 1, sha256=DIGEST, size=1, media_type="text/plain", filename="x", received_at=moment,
            effective_start=at, effective_end=at, provided_by_label="bench",
        )
        for n, (_, step) in enumerate(kinds)
        for number, away in enumerate(range(0, 330, step)) if (number + n) % 13
        for at in [datetime(start.year, start.month, start.day, 9, tzinfo=UTC) + timedelta(days=away)]
    ]
    Version.objects.bulk_create(versions, batch_size=2000)
    return len(versions)
