"""A file of rows: received for good, mapped, looked through with the faults beside the cells, and frozen whole or not at all."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from compliance.tenancy.rooms import scope
from compliance.web.workbook import workbook
from evidence.models import Artefact, Version
from evidence.populations import receiving
from evidence.populations.catalogue import template
from evidence.populations.items import is_unknown
from evidence.populations.models import Draft, Population, PopulationVersion
from evidence.populations.reading import Read, read_file
from evidence.populations.selectors import rows_of
from evidence.populations.services.keep import add_population
from evidence.populations.spans import Period
from evidence.populations.standing import standing_of
from evidence.populations.tasks import make_version
from evidence.scanning import InfectedError

JOINERS, CHANGES = template("joiners"), template("production_changes")
MAY = Period(date(2026, 5, 1), date(2026, 5, 31), UTC)
CSV = b"Employee id,Full name,Hired,Dept\nw1,Ada,2026-05-04,Platform\nw2,Bo,2026-05-18,\n"
MAPPING = {"Employee id": "worker", "Full name": "name", "Hired": "started_on", "Dept": "team"}


def read(content: bytes, mapping: Any = MAPPING, kind: Any = JOINERS, period: Period = MAY) -> Read:
    return read_file(content, kind, mapping, period, "HR")


def test_columns_are_read_as_a_person_says_and_empty_cells_are_unknown():
    made = read(CSV)
    assert made.may_freeze
    first, second = made.items
    assert (first.id, first.cells["name"], first.cells["started_on"], first.cells["team"]) == ("w1", "Ada", "2026-05-04", "Platform")
    assert is_unknown(second.cells["team"])
    assert is_unknown(first.cells["screened_on"])


def test_columns_are_found_by_their_own_names_without_being_told():
    made = read(b"Worker,Name,First day\nw1,Ada,2026-05-04\n", {})
    assert (made.chosen, made.items[0].id) == (["worker", "name", "started_on"], "w1")


def test_without_the_column_that_tells_rows_apart_nothing_is_read():
    assert "Worker" in read(b"Name\nAda\n", {}).problem


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (b"w1,Ada,4 May,Platform", "First day", "Write the day as 2026-11-30."),
        (b",Ada,2026-05-04,Platform", "Worker", "Worker is missing."),
        (b"w1,Ada,2026-06-01,Platform", "First day", "It lies outside 2026-05-01 to 2026-05-31."),
        (b"w1," + b"x" * 2001 + b",2026-05-04,Platform", "Name", "Longer than 2,000 characters."),
    ],
)
def test_each_fault_stands_beside_its_cell(line, column, words):
    made = read(b"Employee id,Full name,Hired,Dept\n" + line + b"\n")
    assert not made.may_freeze
    assert [(each.line, each.column, each.what) for each in made.faults] == [(2, column, words)]


def test_a_time_without_an_offset_is_of_the_zone_that_was_asked():
    lisbon = Period(date(2026, 5, 1), date(2026, 5, 31), ZoneInfo("Europe/Lisbon"))
    rows = b"Change,Repository,Author,Merged\n1,api,ana,2026-05-04 10:00\n2,api,ana,2026-05-04T10:00:00Z\n3,api,ana,2026-05-31 23:59\n"
    made = read(rows, {}, CHANGES, lisbon)
    assert made.may_freeze
    assert [item.cells["merged_at"] for item in made.items] == [
        "2026-05-04T09:00:00+00:00", "2026-05-04T10:00:00+00:00", "2026-05-31T22:59:00+00:00"
    ]  # fmt: skip


def test_numbers_and_flags_are_typed_and_what_is_neither_is_a_fault():
    kind = template("devices")
    made = read(b"Device,Holder,Encrypted\nd1,Ada,yes\nd2,Bo,perhaps\n", {}, kind)
    assert made.items[0].cells["encrypted"] is True
    assert made.faults[0].what == "Write yes or no."


def test_a_workbook_is_read_alike():
    file = workbook(["Worker", "Name", "First day"], [["w1", "Ada", date(2026, 5, 4)]], sheet="List")
    made = read(file.read(), {})
    assert (made.problem, made.items[0].cells["started_on"]) == ("", "2026-05-04")


def test_fifty_thousand_rows_are_read_and_more_than_the_limit_are_refused(monkeypatch):
    from evidence.populations import reading

    body = b"Worker,Name,First day\n" + b"".join(b"w%d,Ada,2026-05-04\n" % n for n in range(50_000))
    assert len(read(body, {}).items) == 50_000
    monkeypatch.setattr(reading, "MOST_ROWS", 100)
    assert "more than 100 rows" in read(body, {}).problem


def test_what_is_no_table_says_so():
    assert "neither a workbook" in read(b"\x00\x01\x02", {}).problem


@pytest.fixture()
def kept(acme: Any, mei: Any, priya: Any) -> Population:
    with scope(acme):
        return add_population(actor=mei.actor, template="joiners", name="New hires", source="upload", owner=priya.membership)


def send(who: Any, kept: Population, content: bytes = CSV, name: str = "hires.csv", **more: Any) -> Any:
    fields = {
        "file": SimpleUploadedFile(name, content), "first": "2026-05-01", "last": "2026-05-31", "zone": "Europe/Lisbon",
        "system": "Personio, production", "query": "Report New hires, May, no filter", "drawn_at": "2026-06-02T09:30", "total": "2",
    }  # fmt: skip
    return who.client.post(reverse("populations:bring", args=["acme", kept.pk]), fields | more)


@pytest.mark.django_db
class TestPages:
    def test_a_file_is_received_mapped_and_frozen(self, acme, priya, kept):
        answer = send(priya, kept)
        with scope(acme):
            draft = Draft.objects.get()
            assert answer["Location"] == reverse("populations:draft", args=["acme", draft.pk])
            assert "Say which column holds: Worker" in draft.report["problem"]
            assert Version.objects.get(pk=draft.raw_id).provided_by_id == priya.membership.pk
        priya.client.post(reverse("populations:draft", args=["acme", draft.pk]), {
            "column-0": "worker", "column-1": "name", "column-2": "started_on", "column-3": "",
        })
        page = priya.client.get(reverse("populations:draft", args=["acme", draft.pk])).content.decode()
        assert "Freeze all of it" in page
        frozen = priya.client.post(reverse("populations:freeze_file", args=["acme", draft.pk]))
        with scope(acme):
            version = PopulationVersion.objects.select_related("population", "rows", "raw").get()
            assert frozen["Location"] == reverse("populations:version", args=["acme", version.pk])
            assert [item.id for item in rows_of(version)] == ["w1", "w2"]
            assert (version.total, version.collected, version.covers) == (2, False, None)
            assert version.query == "Report New hires, May, no filter"
            standing = standing_of(version)
            assert standing.verdicts["count"].by_facts
            assert {"source", "query", "period"} <= {step.key for step in standing.steps if step.key not in standing.verdicts}

    def test_the_mapping_is_remembered_for_the_next_file(self, acme, priya, kept):
        send(priya, kept)
        with scope(acme):
            first = Draft.objects.get()
        columns = {"column-0": "worker", "column-1": "name", "column-2": "started_on"}
        priya.client.post(reverse("populations:draft", args=["acme", first.pk]), columns)
        send(priya, kept)
        with scope(acme):
            assert Draft.objects.order_by("-id").first().report["problem"] == ""

    def test_a_file_with_faults_freezes_nothing(self, acme, priya, kept):
        send(priya, kept, b"Worker,Name,First day\nw1,Ada,soon\n")
        with scope(acme):
            draft = Draft.objects.get()
        page = priya.client.get(reverse("populations:draft", args=["acme", draft.pk])).content.decode()
        assert "Write the day as 2026-11-30." in page
        priya.client.post(reverse("populations:freeze_file", args=["acme", draft.pk]))
        with scope(acme):
            assert not PopulationVersion.objects.exists()

    def test_a_file_put_aside_stays_in_evidence(self, acme, priya, kept):
        send(priya, kept)
        with scope(acme):
            draft = Draft.objects.get()
        priya.client.post(reverse("populations:discard", args=["acme", draft.pk]))
        with scope(acme):
            assert Draft.objects.get().state == "discarded"
            assert Artefact.objects.filter(title__startswith="Files of population").count() == 1

    def test_where_it_comes_from_is_asked_and_nothing_is_lost(self, acme, priya, kept):
        answer = send(priya, kept, system="", drawn_at="2199-01-01T00:00")
        assert answer.status_code == 422
        form = answer.context["form"]
        assert "system" in form.errors
        assert form["query"].value() == "Report New hires, May, no filter"
        assert send(priya, kept, drawn_at="2199-01-01T00:00").context["form"].errors["drawn_at"]

    def test_a_long_file_waits_for_a_worker(self, acme, priya, kept, monkeypatch):
        from evidence.populations.services import bring

        monkeypatch.setattr(bring, "READ_AT_ONCE", 10)
        send(priya, kept, b"Worker,Name,First day\nw1,Ada,2026-05-04\n")
        with scope(acme):
            draft = Draft.objects.get()
            assert draft.state == "due"
        make_version(str(acme.pk), str(draft.pk))
        with scope(acme):
            assert Draft.objects.get().state == "looked"
        priya.client.post(reverse("populations:freeze_file", args=["acme", draft.pk]))
        for _ in range(2):  # told twice, frozen once
            make_version(str(acme.pk), str(draft.pk))
        with scope(acme):
            assert PopulationVersion.objects.count() == 1

    def test_a_workbook_is_never_unpacked_while_somebody_waits(self, acme, priya, kept):
        file = workbook(["Worker", "Name", "First day"], [["w1", "Ada", date(2026, 5, 4)]], sheet="List")
        send(priya, kept, file.read(), "hires.xlsx")
        with scope(acme):
            draft = Draft.objects.get()
            assert draft.state == "due"
        make_version(str(acme.pk), str(draft.pk))
        with scope(acme):
            assert Draft.objects.get().report["rows"] == 1

    def test_only_its_owner_or_who_brings_evidence_for_all_may_bring_it(self, kept, jonas, femi, noor):
        for who in (jonas, femi, noor):
            assert send(who, kept).status_code == 403


@pytest.mark.django_db
class TestWhatIsNotReceived:
    def test_a_file_that_the_scanner_knows(self, acme, priya, kept, monkeypatch):
        def found(chunks: Any) -> str:
            raise InfectedError("Eicar-Signature")

        monkeypatch.setattr(receiving, "scan", found)
        answer = send(priya, kept)
        assert answer.status_code == 422
        assert "Eicar-Signature" in answer.content.decode()
        with scope(acme):
            assert not Draft.objects.exists()

    @pytest.mark.parametrize(("name", "content", "said"), [
        ("joiners.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "a PNG picture"),
        ("joiners.csv", b"worker\n\x00\x01\x02", "no kind of file"),
        ("joiners.html", CSV, "its name has to end in"),
        ("joiners.pdf", b"%PDF-1.7\n%%EOF", "no list"),
    ])  # fmt: skip
    def test_what_is_no_list_is_not_received(self, acme, priya, kept, name, content, said):
        page = send(priya, kept, content, name)
        assert (page.status_code, said in page.content.decode()) == (422, True)
        with scope(acme):
            assert not Version.objects.exists()

    def test_an_archive_that_is_no_workbook(self, acme, priya, kept):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("run.exe", b"MZ")
        assert "An archive hides what is in it" in send(priya, kept, made.getvalue(), "hires.xlsx").content.decode()

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
    def test_a_moment_that_no_table_gives_back(self, acme, priya, kept, moment):
        assert "Give a time from 1970-01-01" in send(priya, kept, drawn_at=moment).content.decode()
