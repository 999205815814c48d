"""A list that is followed is read back after an outage: the version says from when on it holds everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.checks.base import Reason
from evidence.collectors import registry
from evidence.collectors.base import CollectionError, Context, Page
from evidence.collectors.models import Connection
from evidence.collectors.services.execute import execute_run
from evidence.models import Version
from tests.evidence.jobs.conftest import Slow, ask

pytestmark = pytest.mark.usefixtures("unheard")
KIND = "okta.system_log"
BEGAN = datetime(2026, 2, 1, 6, tzinfo=UTC)
KEPT = timedelta(days=30)


class Log:
    """A log that tells of itself how far it was read, as the collectors do; `lost` is what its source no longer has."""

    def __init__(self) -> None:
        self.lost: dict[str, Any] = {}
        self.refuses = False
        self.event = 0

    def collect(self, session: Any, context: Context) -> Iterator[Page]:
        if self.refuses:
            raise CollectionError(Reason.DENIED, "Not now.", remedy="Wait.")
        before = context.cursor or {"from": (context.now - KEPT).isoformat()}
        context.next_cursor = {"from": before["from"], "to": context.now.isoformat()}
        yield Page("GET /log", dict(self.lost), [{"event": self.event}])


@pytest.fixture()
def log(okta: Slow, monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log()
    vendor = registry.vendor_of("okta")
    kinds = tuple(
        replace(kind, collect=made.collect, rows=lambda pages: [row for page in pages for row in page.body]) if kind.id == KIND else kind
        for kind in vendor.kinds
    )
    known = {**registry.vendors(), "okta": replace(vendor, kinds=kinds)}
    monkeypatch.setattr(registry, "vendors", lambda: known)
    return made


def run(company: Organization, link: Connection) -> tuple[datetime, datetime]:
    """One run; the span of what it kept last."""
    asked = ask(company, link, (KIND,))
    assert execute_run(organization_id=company.pk, run_id=asked.pk, worker="a", sleep=lambda seconds: None)
    with scope(company):
        newest = Version.objects.filter(artefact__collected_key=f"{link.pk}:{KIND}").order_by("-number")[0]
        return newest.effective_start, newest.effective_end


def test_the_first_look_reaches_as_far_back_as_it_read_and_the_next_from_where_that_ended(
    company: Organization, link: Connection, log: Log
) -> None:
    with time_machine.travel(BEGAN, tick=False) as clock:
        assert run(company, link) == (BEGAN - KEPT, BEGAN)
        log.refuses = True
        clock.shift(timedelta(days=10))
        run(company, link)
        log.refuses, log.event = False, 1
        clock.shift(timedelta(days=60))
        assert run(company, link) == (BEGAN, BEGAN + timedelta(days=70))


def test_what_the_source_no_longer_kept_is_not_claimed(company: Organization, link: Connection, log: Log) -> None:
    with time_machine.travel(BEGAN, tick=False) as clock:
        run(company, link)
        clock.shift(timedelta(days=100))
        oldest = BEGAN + timedelta(days=70)
        log.lost = {"not_kept": {"from": BEGAN.isoformat(), "to": oldest.isoformat()}}
        assert run(company, link) == (oldest, BEGAN + timedelta(days=100))
