"""Looking at evidence: the list and its sums, a requirement, an artefact with its provenance, the bytes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.frameworks.models import Framework
from compliance.programmes.models import Programme
from compliance.tenancy.clock import today
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.models import EvidenceRequirement
from tests.factories.controls import make_control
from tests.factories.evidence import PDF, bring, collect, judged, make_connection, make_requirement, make_run

pytestmark = pytest.mark.django_db
LIST = reverse("evidence:list", args=["acme"])


def at(name, thing):
    return reverse(f"evidence:{name}", args=["acme", thing.pk])


def refs(answer):
    return [row.ref for row in answer.context["page"]]


@pytest.fixture()
def three(acme, mei, jonas):
    """A missing one of Jonas', a current one, and one that a collector brings."""
    with scope(acme):
        control = make_control(owner=jonas.membership)
        missing = make_requirement(mei.actor, control, key="a", title="Access review", first_due="2026-01-01")
        current = make_requirement(mei.actor, make_control("HR-01"), key="b", title="Screening")
        bring(mei, current)
        collected = make_requirement(
            mei.actor, control, key="c", title="Second factors", source="collector", cadence="monthly", checks=["github.org.2fa_required"]
        )
        return missing, current, collected


def test_what_is_missing_comes_first_and_the_sums_cast(acme, mei, three):
    answer = mei.client.get(LIST)
    assert refs(answer) == ["EVR-001", "EVR-003", "EVR-002"]
    counts = {state: number for state, _, number in answer.context["counts"]}
    assert counts == {"missing": 1, "stale": 0, "due_soon": 0, "not_yet_due": 1, "current": 1, "event_driven": 0}
    assert answer.context["total"] == 3
    assert b'href="?state=missing"' in answer.content


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("state=missing", ["EVR-001"]), ("state=overdue", ["EVR-001"]), ("control=AC-07", ["EVR-001", "EVR-003"]),
        ("q=screening", ["EVR-002"]), ("q=EVR-003", ["EVR-003"]), ("source=collector", ["EVR-003"]),
        ("vendor=github", ["EVR-003"]), ("vendor=okta", []), ("owner=none", ["EVR-002"]),
        ("state=nonsense", ["EVR-001", "EVR-003", "EVR-002"]),
    ],
)  # fmt: skip
def test_filters_stand_in_the_address(acme, mei, three, asked, expected):
    assert refs(mei.client.get(f"{LIST}?{asked}")) == expected


def test_the_sums_leave_the_state_aside_so_that_each_leads_on(acme, mei, three):
    answer = mei.client.get(f"{LIST}?state=missing&control=AC-07")
    assert answer.context["total"] == 2


def test_of_a_retired_control_nothing_is_asked(acme, mei, three):
    with scope(acme):
        control = three[1].control
        control.implementation = "retired"
        control.save()
    assert refs(mei.client.get(LIST)) == ["EVR-001", "EVR-003"]


def test_the_number_of_queries_does_not_grow_with_rows(acme, mei, jonas, three):
    client = mei.client

    def queries():
        with CaptureQueriesContext(database) as captured:
            client.get(LIST)
        return len(captured)

    queries()  # whatever is counted once and kept
    few = queries()
    with scope(acme):
        for number in range(20):
            make_requirement(mei.actor, make_control(f"CR-{number}"), owner=jonas.membership)
    assert queries() == few


def test_a_requirement_shows_what_shows_it_and_what_judges_it(acme, mei, jonas, three):
    with scope(acme):
        connection = make_connection(mei.actor)
        collect(connection, three[2])
        judged(connection, "fail", message="not required")
    content = jonas.client.get(at("requirement", three[2])).content.decode()
    for words in ("github.org.2fa_required", "3 rows in 2 calls", "Fail"):
        assert words in content
    shown = jonas.client.get(at("requirement", three[1])).content.decode()
    assert "review.pdf" in shown
    assert "Bring evidence" not in shown


def test_the_period_of_a_requirement_says_what_fills_each_interval(acme, mei, three):
    day = today("Europe/Lisbon")
    with scope(acme):
        framework = Framework.objects.get(key__startswith="soc2")
        Programme.objects.create(
            name="SOC 2", kind="soc2_type_2", framework=framework, framework_owner_id=framework.organization_id,
            period_start=day.replace(month=1, day=1), period_end=day.replace(month=12, day=31),
        )  # fmt: skip
    answer = mei.client.get(at("requirement", three[1]))
    with scope(acme):
        words = [each.words for each in answer.context["account"].drawn]
    assert len(words) == 4
    assert any("filled by EV-0001" in each for each in words)


def test_the_panel_of_a_control_is_a_fragment_for_its_page_and_a_page_by_itself(acme, mei, three):
    address = at("of_control", three[0].control)
    assert b"<html" in mei.client.get(address).content
    fragment = mei.client.get(address, headers={"HX-Request": "true"}).content
    assert b"<html" not in fragment
    assert b"EVR-001" in fragment
    assert b"github.org.2fa_required" in fragment


def test_an_artefact_tells_where_it_came_from_in_full(acme, mei, jonas, three):
    with scope(acme):
        connection = make_connection(mei.actor)
        run = make_run(mei.actor, connection)
        version = collect(connection, three[2])
    content = jonas.client.get(at("artefact", version.artefact)).content.decode()
    for words in (version.sha256, "GET /orgs/acme", "per_page=100", "acme-bot", "3 in 2 calls", "version 1"):
        assert words in content
    assert reverse("connections:run", args=["acme", run.pk]) in content


def test_an_earlier_version_can_be_looked_at(acme, mei, three):
    with scope(acme):
        first = bring(mei, three[0])
        bring(mei, three[0], artefact=first.artefact, content=PDF + b"2")
    content = mei.client.get(at("artefact", first.artefact) + "?version=1").content.decode()
    assert "A newer one is here" in content
    assert first.sha256 in content
    for number in ("9", "x", "99999999999999999999"):
        assert mei.client.get(at("artefact", first.artefact) + f"?version={number}").status_code == 404


def test_the_list_of_artefacts_can_be_narrowed(acme, mei, three):
    with scope(acme):
        collect(make_connection(mei.actor), three[2])
    address = reverse("evidence:artefacts", args=["acme"])
    assert refs(mei.client.get(address)) == ["EV-0002", "EV-0001"]
    assert refs(mei.client.get(address + "?source=person&acceptance=received")) == ["EV-0001"]
    assert refs(mei.client.get(address + "?vendor=github")) == ["EV-0002"]
    assert refs(mei.client.get(address + "?q=nothing")) == []


def test_a_download_is_an_attachment_that_no_browser_opens_and_the_trail_keeps_it(acme, jonas, mei, three):
    with scope(acme):
        version = bring(mei, three[0])
    answer = jonas.client.get(at("download", version))
    assert b"".join(answer.streaming_content) == PDF
    filed = f"{version.artefact.ref}-v01_{version.effective_end.astimezone(ZoneInfo('Europe/Lisbon')):%Y-%m-%d}_access-review.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{filed}"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    with scope(acme):
        entry = Entry.objects.get(action="evidence.version.downloaded")
        assert (entry.actor_label, entry.after["sha256"]) == ("Jonas Lindqvist", version.sha256)


def test_what_is_no_kind_we_know_leaves_as_bytes_without_a_meaning(acme, mei, three):
    with scope(acme):
        version = bring(mei, three[0], media_type="text/html", filename="x.html")
    assert mei.client.get(at("download", version))["Content-Type"] == "application/octet-stream"


def test_an_empty_room_says_what_to_do(acme, mei):
    assert b"No control has to show anything yet" in mei.client.get(LIST).content
    assert b"Nothing was collected or brought yet" in mei.client.get(reverse("evidence:artefacts", args=["acme"])).content


def test_an_employee_is_refused_and_another_organisation_finds_nothing(acme, borealis, mei, noor, stranger, three):
    with scope(acme):
        version = bring(mei, three[0])
    things = [
        ("requirement", three[0]), ("artefact", version.artefact), ("download", version), ("of_control", three[0].control),
    ]
    for name, thing in things:
        assert noor.client.get(at(name, thing)).status_code == 403
        assert stranger.client.get(at(name, thing)).status_code == 404
        own = reverse(f"evidence:{name}", args=["borealis", thing.pk])
        assert stranger.client.get(own).status_code == 404
    with scope(borealis):
        assert not EvidenceRequirement.objects.exists()
