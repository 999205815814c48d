"""Days on which nothing changes: what they cost in rows and files, what is still known of each, and that it can be proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from compliance.tenancy.clock import simulated
from compliance.tenancy.ids import uuid7
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.collectors import registry
from evidence.collectors.base import Context, FactKind, Page
from evidence.collectors.facts import facts_at, facts_of
from evidence.collectors.models import Connection, Cursor, KindState, PageInHand, Run, RunStep, Snapshot, Validator
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.execute import execute_run
from evidence.collectors.services.request import request_run
from evidence.collectors.services.sightings import WHOLE
from evidence.coverage.facts import Facts
from evidence.judging.models import CheckState, ResourceInterval
from evidence.judging.selectors_of_past import Looks
from evidence.judging.services.judge import judge_connection
from evidence.log.models import Leaf
from evidence.models import Acceptance, Artefact, EvidenceRequirement, Version
from evidence.packs.making import make
from evidence.packs.subjects import of_control
from evidence.services.decide import decide_version
from evidence.services.freshness import refresh_requirements
from evidence.services.verify import verify_log
from tests.conftest import join
from tests.factories.gaps import make_control
from tests.packs.verifying import Said, verified

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
KINDS = ("okta.log_streams", "okta.zones", "okta.system_log")
_BODIES = {
    "okta.log_streams": [{"id": "ls1", "name": "SIEM", "type": "aws_eventbridge", "status": "ACTIVE"}],
    "okta.zones": [{"id": "z1", "name": "Blocked", "type": "IP", "status": "ACTIVE", "usage": "BLOCKLIST"}],
    "okta.system_log": [],
}  # fmt: skip


class _Still:
    """A vendor that answers the same, until it is told otherwise, and opens without a network."""

    def __init__(self, vendor: Any) -> None:
        self.bodies: dict[str, Any] = dict(_BODIES)
        self.meanwhile: Callable[[], object] = lambda: None
        kinds = tuple(self._still(kind) if kind.id in KINDS else kind for kind in vendor.kinds)
        self.vendor = replace(
            vendor, kinds=kinds, open=lambda context: self, identity=lambda session, context: "read only", discover=lambda rows: []
        )

    def close(self) -> None:
        """Nothing is open."""

    def _still(self, kind: FactKind) -> FactKind:
        def collect(session: Any, context: Context) -> Iterator[Page]:
            self.meanwhile()
            if kind.incremental:
                context.next_cursor = {"from": START.isoformat(), "to": context.now.isoformat(), "rows": 0}
            yield Page(f"GET /{kind.id}", {}, self.bodies[kind.id])

        return replace(kind, collect=collect)


@pytest.fixture()
def still(monkeypatch: pytest.MonkeyPatch) -> _Still:
    made = _Still(registry.vendor_of("okta"))
    known = {**registry.vendors(), "okta": made.vendor}
    monkeypatch.setattr(registry, "vendors", lambda: known)
    return made


@pytest.fixture()
def sample(db: None, unheard: None) -> Iterator[Organization]:
    """A room whose clock may be simulated; the transaction of the test holds all of it."""
    company = Organization.objects.create(name="Still", slug="still", is_sample=True)
    with scope(company):
        yield company


@pytest.fixture()
def link(sample: Organization, still: _Still) -> Connection:
    fields = {"org_url": "https://halyard.okta.com", "token": "00halyardSampleTokenThatIsNoSecret"}
    with simulated(START):
        return create_connection(actor=SYSTEM, vendor="okta", name="Okta", fields=fields)


def _days(company: Organization, link: Connection, first: int, last: int) -> None:
    for day in range(first, last):
        with simulated(START + timedelta(days=day)):
            run = request_run(actor=SYSTEM, connection=Connection.objects.get(pk=link.pk), kinds=KINDS, trigger="schedule")
            assert execute_run(organization_id=company.pk, run_id=run.pk, worker=f"day {day}")
            judge_connection(Connection.objects.get(pk=link.pk))


_TABLES: tuple[Any, ...] = (
    Version, Artefact, Snapshot, KindState, Cursor, PageInHand, Validator, CheckState, ResourceInterval, RunStep, Run, Leaf, Entry,
)  # fmt: skip


def _counted(company: Organization) -> dict[str, int]:
    files = sum(1 for path in (Path(settings.EVIDENCE_ROOT) / str(company.pk)).rglob("*") if path.is_file())
    return {model.__name__: model.objects.count() for model in _TABLES} | {"files": files}


def test_days_without_a_change_cost_one_small_row_of_a_run_each(sample: Organization, link: Connection) -> None:
    _days(sample, link, 0, WHOLE + 2)
    before = _counted(sample)
    _days(sample, link, WHOLE + 2, WHOLE + 12)
    after = _counted(sample)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"Run": 10, "Leaf": 10, "Entry": 20}, "the run, its leaf, and that it was asked for and ended"
    kinds = len(KINDS) + 2  # and the house's own: the people list and the scope register
    assert after["Version"] == after["Snapshot"] == after["files"] == kinds
    assert after["RunStep"] <= (WHOLE + 1) * after["Version"]


def test_each_day_is_known_as_if_it_had_been_received(sample: Organization, link: Connection) -> None:
    _days(sample, link, 0, 6)
    snapshot = Snapshot.objects.get(fact_kind=KINDS[0])
    assert snapshot.looks == [START + timedelta(days=day) for day in range(6)]
    assert KindState.objects.get(fact_kind=KINDS[0]).last_good_at == START + timedelta(days=5)
    assert snapshot.version.artefact.latest_effective_end == START + timedelta(days=5)
    past = facts_at(link, START + timedelta(days=3, hours=2))
    assert past.sets[KINDS[0]].collected_at == START + timedelta(days=3)
    assert len(past.sets[KINDS[0]].rows) == 1
    newest = facts_of(link, kinds=KINDS)
    assert newest.now == START + timedelta(days=5)
    looks = Looks(link, KINDS[:1], START + timedelta(days=4, hours=1))
    assert [look.at for look in looks.good_up_to(KINDS[0], START + timedelta(days=9))] == [START + timedelta(days=day) for day in range(5)]
    assert set(ResourceInterval.objects.values_list("started_at", "seen_until", "ended_at")) == {
        (START, START + timedelta(days=5), None)
    }


def test_each_day_on_which_it_looked_fills_its_interval_and_no_other(sample: Organization, link: Connection) -> None:
    asked = EvidenceRequirement.objects.create(
        ref="EVR-001", control=make_control(), key="zones", title="Zones", cadence="daily", source="collector", fact_kinds=["okta.zones"]
    )
    _days(sample, link, 0, 3)
    _days(sample, link, 4, 6)
    _, [line] = Facts([], [asked], on=START.date() + timedelta(days=9))._shown_by(asked)
    assert [item.day for item in line.shown.items] == [START.date() + timedelta(days=day) for day in (0, 1, 2, 4, 5)]
    assert {item.key.number for item in line.shown.items} == {1}
    asked.refresh_from_db()
    with simulated(START + timedelta(days=5, hours=1)):
        refresh_requirements(actor=SYSTEM)
    asked.refresh_from_db()
    assert asked.effective_end == START + timedelta(days=5)


def test_what_changes_is_received_and_what_returns_is_received_again(sample: Organization, link: Connection, still: _Still) -> None:
    _days(sample, link, 0, 2)
    still.bodies["okta.zones"] = [{**_BODIES["okta.zones"][0], "status": "INACTIVE"}]
    _days(sample, link, 2, 4)
    still.bodies = dict(_BODIES)
    _days(sample, link, 4, 6)
    rows = Snapshot.objects.filter(fact_kind="okta.zones").order_by("collected_at")
    assert [len(row.looks) for row in rows] == [2, 2, 2]
    assert [row.version.number for row in rows] == [1, 2, 3]
    assert rows[0].version.sha256 == rows[2].version.sha256, "and costs no file"
    assert Snapshot.objects.filter(fact_kind="okta.log_streams").count() == 1


def test_what_a_person_has_judged_is_not_seen_again_but_received(sample: Organization, link: Connection) -> None:
    _days(sample, link, 0, 2)
    version = Version.objects.get(artefact__collected_key=f"{link.pk}:okta.zones")
    with simulated(START + timedelta(days=1, hours=1)):
        judge = join(sample, "mei@acme.example", "Mei Tanaka", "compliance_manager")
        decide_version(actor=judge.actor, version=version, acceptance=Acceptance.APPROVED, reason="")
    _days(sample, link, 2, 4)
    rows = Snapshot.objects.filter(fact_kind="okta.zones").order_by("collected_at")
    assert [len(row.looks) for row in rows] == [2, 2]
    assert Artefact.objects.get(pk=version.artefact_id).acceptance == Acceptance.RECEIVED


def test_the_log_has_each_look_and_knows_one_that_is_made_up(sample: Organization, link: Connection) -> None:
    _days(sample, link, 0, 4)
    assert Leaf.objects.filter(kind="sightings").count() == 3
    assert verify_log(actor=SYSTEM).found == 0
    Snapshot.objects.filter(fact_kind=KINDS[0]).update(again=[*Snapshot.objects.get(fact_kind=KINDS[0]).again, START + timedelta(days=30)])
    found = verify_log(actor=SYSTEM)
    assert found.found == 1
    assert "was seen again at 2026-02-04T06:00:00.000000Z, and the log does not" in str(found.problems)


def test_a_pack_proves_each_look_and_names_one_that_is_made_up(sample: Organization, link: Connection, tmp_path: Path) -> None:
    control = make_control()
    EvidenceRequirement.objects.create(
        ref="EVR-001", control=control, key="zones", title="Zones", cadence="daily", source="collector", fact_kinds=["okta.zones"]
    )
    _days(sample, link, 0, 4)
    said = _pack(sample, control, tmp_path)
    assert said.lines[-1] == "Nothing differs."
    assert "3 leaves of what was seen again" in " ".join(said.lines)
    zones = Snapshot.objects.filter(fact_kind="okta.zones")
    zones.update(again=[*zones.get().again, START + timedelta(days=30)])
    made_up = "its row says that it was seen again at 2026-02-04T06:00:00.000000Z, and no leaf says so"
    assert made_up in str(_pack(sample, control, tmp_path).problems)


def test_what_a_run_under_way_has_seen_is_not_told_by_a_pack_before_its_leaf_is(
    sample: Organization, link: Connection, still: _Still, tmp_path: Path
) -> None:
    control, said = make_control(), []
    EvidenceRequirement.objects.create(
        ref="EVR-001", control=control, key="all", title="All", cadence="daily", source="collector", fact_kinds=list(KINDS)
    )
    _days(sample, link, 0, 3)

    def while_it_runs() -> None:
        with simulated(START + timedelta(days=3, hours=1)):
            said.append(_pack(sample, control, tmp_path).lines[-1])

    still.meanwhile = while_it_runs
    _days(sample, link, 3, 4)
    assert said == ["Nothing differs."] * len(KINDS)


def _pack(company: Organization, control: Any, folder: Path) -> Said:
    with (folder / "pack.zip").open("w+b") as file:
        make(file, organization_id=company.pk, pack_id=uuid7(), subject=of_control(control), actor=SYSTEM, made_by="Mei-Ling Chu")
    return verified(folder, folder / "pack.zip")


def test_a_look_cannot_be_taken_away_from_the_database(sample: Organization, link: Connection) -> None:
    _days(sample, link, 0, 3)
    with pytest.raises(DatabaseError, match="can only be seen again"), transaction.atomic():
        Snapshot.objects.filter(fact_kind=KINDS[0]).update(again=[])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM collectors_snapshot WHERE again = '{}'")
        assert cursor.fetchone() == (0,)
