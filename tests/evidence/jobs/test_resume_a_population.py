"""A population of many hours is kept as it comes in: an error in the middle costs what was not read, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from evidence.checks.base import Reason
from evidence.collectors import registry
from evidence.collectors.base import CollectionError, Context, FactKind, Page
from evidence.collectors.facts import facts_at, facts_of
from evidence.collectors.models import Connection, Cursor, KindState, RunStep, Snapshot
from evidence.collectors.services.execute import execute_run
from evidence.models import EvidenceLink, Version
from tests.evidence.jobs.conftest import Slow, ask

pytestmark = pytest.mark.usefixtures("unheard")
KIND = "okta.system_log"
LAST = 5


class Log:
    """Five pages of a population; it breaks before the page it is told to."""

    def __init__(self) -> None:
        self.breaks_before = 3
        self.read: list[int] = []

    def collect(self, session: Any, context: Context) -> Iterator[Page]:
        for number in range((context.cursor or {}).get("next", 1), LAST + 1):
            if number == self.breaks_before:
                raise CollectionError(Reason.RATE_LIMITED, "Enough for this hour.", remedy="It goes on by itself.")
            self.read.append(number)
            yield Page("GET /log", {"page": number}, [{"event": number}])
            context.next_cursor = {"next": number + 1}


@pytest.fixture()
def log(okta: Slow, monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log()
    vendor = registry.vendor_of("okta")
    kinds = tuple(_with(kind, made) if kind.id == KIND else kind for kind in vendor.kinds)
    known = {**registry.vendors(), "okta": replace(vendor, kinds=kinds)}
    monkeypatch.setattr(registry, "vendors", lambda: known)
    return made


def _with(kind: FactKind, log: Log) -> FactKind:
    return replace(kind, collect=log.collect, rows=lambda pages: [row for page in pages for row in page.body])


def _run(company: Organization, link: Connection) -> KindState:
    run = ask(company, link, (KIND,))
    assert execute_run(organization_id=company.pk, run_id=run.pk, worker="one")
    with scope(company):
        return KindState.objects.get(fact_kind=KIND)


def _cursor(company: Organization) -> Any:
    with scope(company):
        return Cursor.objects.filter(fact_kind=KIND).values_list("state", flat=True).first()


def test_pages_before_an_error_are_kept_and_the_next_run_goes_on(company: Organization, link: Connection, log: Log) -> None:
    state = _run(company, link)
    assert (_cursor(company), state.reason, state.last_good) == ({"next": 3}, Reason.RATE_LIMITED, None)
    with scope(company):
        part = Snapshot.objects.get(fact_kind=KIND)
        assert (part.rows, part.version.provenance["incomplete"]) == (2, "rate_limited")
        assert RunStep.objects.get(fact_kind=KIND).rows == 2
        found = facts_of(link).sets[KIND]
        assert (found.reason, list(found.rows)) == (Reason.RATE_LIMITED, [])
        assert KIND not in facts_at(link, part.collected_at).sets, "a part is not a good look"
        assert not EvidenceLink.objects.exists()
    log.breaks_before = 0
    state = _run(company, link)
    assert log.read == [1, 2, 3, 4, 5], "no page is read twice"
    assert (_cursor(company), state.reason) == ({"next": 6}, "")
    with scope(company):
        assert [row["event"] for row in facts_of(link).sets[KIND].rows] == [1, 2, 3, 4, 5]
        assert Version.objects.filter(artefact__collected_key=f"{link.pk}:{KIND}").count() == 2


def test_a_part_makes_no_evidence_fresh(company: Organization, link: Connection, log: Log) -> None:
    log.breaks_before = 0
    good = _run(company, link)
    with scope(company):
        Cursor.objects.filter(fact_kind=KIND).update(state={"next": 4})
    log.breaks_before = 5
    state = _run(company, link)
    assert (_cursor(company), state.last_good_id) == ({"next": 5}, good.last_good_id)
    with scope(company):
        newest = Version.objects.filter(artefact__collected_key=f"{link.pk}:{KIND}").order_by("-number").first()
        assert newest is not None
        assert newest.effective_end == good.last_good_at
        assert newest.artefact.latest_effective_end == good.last_good_at


def test_an_error_before_the_first_page_keeps_the_old_cursor(company: Organization, link: Connection, log: Log) -> None:
    log.breaks_before = 1
    state = _run(company, link)
    assert (_cursor(company), state.reason) == (None, Reason.RATE_LIMITED)
    with scope(company):
        assert not Snapshot.objects.filter(fact_kind=KIND).exists()
