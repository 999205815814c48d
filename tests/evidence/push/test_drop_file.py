"""A file of facts is dropped in the browser: looked through, its columns mapped and remembered, pushed whole or not at all."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.web.imports.models import ImportDraft
from evidence.collectors.facts import facts_of
from evidence.collectors.models import Connection, Run
from evidence.collectors.services.connect import create_connection
from evidence.judging.services.judge import judge_connection
from evidence.models import Version
from tests.evidence.push.prowler import SCAN

pytestmark = pytest.mark.django_db
CSV = b"User name,E-mail,Enabled,MFA state,Last login\nada,ada@acme.example,yes,yes,2026-11-01 09:00\nbo,bo@acme.example,yes,no,\n"


@pytest.fixture()
def source(acme, mei) -> Connection:
    with scope(acme):
        return create_connection(actor=mei.actor, vendor="push", name="Payroll", fields={"system": "Payroll"})


def at(name, *args):
    return reverse(f"connections:{name}", args=["acme", *args])


def local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def drop(client, source, content: bytes, kind: str = "push.accounts", name: str = "list.csv", **more):
    moment = now() - timedelta(minutes=2)
    fields = {"as_of": local(moment, source.organization.timezone), "complete": "on"} | more
    file = SimpleUploadedFile(name, content)
    return client.post(at("drop", source.pk, kind), {name: value for name, value in fields.items() if value} | {"file": file})


def test_a_file_goes_from_drop_to_judged(acme, mei, source):
    answer = drop(mei.client, source, CSV)
    assert answer.status_code == 302, answer.context["form"].errors
    page = mei.client.get(answer.url)
    assert page.context["unread"] == ["MFA state"]
    assert [row.label for row in page.context["plan"].added] == ["ada", "bo"]
    heads = [head for head, _ in page.context["heads"]]
    chosen = {f"column-{place}": name for place, (_, name) in enumerate(page.context["heads"])}
    mapped = mei.client.post(answer.url, chosen | {f"column-{heads.index('MFA state')}": "mfa"})
    page = mei.client.get(mapped.url)
    assert page.context["unread"] == []
    pushed = mei.client.post(page.context["apply_address"], {"seen": page.context["plan"].digest})
    with scope(acme):
        run = Run.objects.get()
        assert pushed.url == at("run", run.pk)
        assert (run.trigger, run.outcome) == ("drop", "ok")
        version = Version.objects.get(artefact__source="pushed")
        assert version.provenance["pushed"] == "drop"
        assert version.provenance["by"] == mei.actor.label
        assert version.provided_by == mei.membership
        rows = facts_of(source).sets["push.accounts"].rows
        assert [row["mfa"] for row in rows] == [True, False]
        assert "last_used_at" in rows[0]
        assert "last_used_at" not in rows[1]
        assert judge_connection(source)["push.accounts.second_factor"] == "fail"
    assert "Dropped as a file" in mei.client.get(at("connection", source.pk)).content.decode()
    assert mei.client.get(pushed.url).status_code == 200
    assert "2 added" in mei.client.get(answer.url).content.decode()


def test_the_columns_are_remembered_for_the_next_file(acme, mei, source):
    answer = drop(mei.client, source, CSV)
    page = mei.client.get(answer.url)
    chosen = {f"column-{place}": name or "mfa" for place, (_, name) in enumerate(page.context["heads"])}
    mei.client.post(answer.url, chosen)
    mei.client.post(page.context["discard_address"])
    again = mei.client.get(drop(mei.client, source, CSV).url)
    assert again.context["unread"] == []


def test_what_is_wrong_stands_beside_its_cell_and_nothing_is_pushed(acme, mei, source):
    bad = CSV + b"cy,cy@acme.example,perhaps,,yesterday\nada,x@acme.example,yes,,\n"
    page = mei.client.get(drop(mei.client, source, bad).url)
    told = {(fault["line"], fault["column"]): (fault["cell"], fault["what"]) for fault in page.context["faults"]}
    assert told[4, "Active"][0] == "perhaps"
    assert told[4, "Last used"][0] == "yesterday"
    assert "line 2" in told[5, "Login"][1]
    refused = mei.client.post(page.context["apply_address"], {"seen": page.context["plan"].digest})
    assert refused.status_code == 422
    assert "perhaps" in refused.content.decode()
    with scope(acme):
        assert not Run.objects.exists()


def test_a_workbook_is_read_like_text_and_its_formulas_are_not_run(acme, mei, source):
    book = Workbook()
    sheet = book.active
    sheet.append(["login", "active", "last_used_at", "name"])
    sheet.append(["ada", True, datetime(2026, 11, 1, 9, 30), "=1+1"])
    content = io.BytesIO()
    book.save(content)
    page = mei.client.get(drop(mei.client, source, content.getvalue(), name="list.xlsx").url)
    [row] = page.context["plan"].added
    assert row.values["active"] is True
    assert row.values["last_used_at"].endswith("Z")
    assert row.values["name"] == ""  # a formula that was never reckoned has no value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"), (b"\x00\x01\x02", "neither a workbook"), (b"colour,size\nred,9\n", "No column of the file"),
        (b"login,active\n" + b"a,yes\n" * 10_001, "more than 10,000 rows"), (b"login,active\n" + b"a" * 6_000_000, "larger than 5 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_beside_the_field_and_what_was_said_stays(mei, source, content, words):
    answer = drop(mei.client, source, content)
    page = answer if answer.status_code == 422 else mei.client.get(answer.url)
    shown = page.content.decode()
    assert words in shown
    if answer.status_code == 422:
        assert answer.context["form"]["complete"].value()


def test_a_bomb_is_not_unpacked(mei, source):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 200_000_000)
    answer = drop(mei.client, source, content.getvalue(), name="bomb.xlsx")
    assert answer.status_code == 422
    assert "unpacks to more than" in answer.content.decode()


def test_a_time_that_cannot_be_is_refused_beside_its_field_before_the_file_is_looked_through(acme, mei, source):
    zone = source.organization.timezone
    for moment, said in ((now() + timedelta(hours=2), "has not come yet"), (now() - timedelta(days=9), "more than 7 days ago")):
        answer = drop(mei.client, source, b"login,active\na,yes\n", as_of=local(moment, zone))
        assert answer.status_code == 422
        assert said in answer.context["form"].errors["as_of"][0]
    drop(mei.client, source, b'[{"login": "a", "active": true}]', name="rows.json")
    earlier = drop(mei.client, source, b"login,active\na,yes\n", as_of=local(now() - timedelta(hours=1), zone))
    assert "is kept already" in earlier.context["form"].errors["as_of"][0]
    with scope(acme):
        assert Run.objects.count() == 1
        assert not ImportDraft.objects.exists()


def test_a_list_that_came_meanwhile_refuses_what_was_looked_through(acme, mei, source):
    page = mei.client.get(drop(mei.client, source, b"login,active\na,yes\n").url)
    later = local(now() - timedelta(minutes=1), source.organization.timezone)
    drop(mei.client, source, b'[{"login": "a", "active": true}]', name="rows.json", as_of=later)
    answer = mei.client.post(page.context["apply_address"], {"seen": page.context["plan"].digest}, follow=True)
    assert "is kept already" in answer.content.decode()
    with scope(acme):
        assert Run.objects.count() == 1


def test_what_prowler_wrote_is_dropped_as_it_is(acme, mei, source):
    bad = json.dumps([*SCAN, {"class_uid": 1}]).encode()
    refused = drop(mei.client, source, bad, "push.findings", "scan.ocsf.json")
    assert refused.status_code == 422
    assert "/class_uid" in refused.content.decode()
    answer = drop(mei.client, source, json.dumps(SCAN).encode(), "push.findings", "scan.ocsf.json")
    assert answer.status_code == 302
    with scope(acme):
        assert judge_connection(source)["push.findings.open"] == "fail"
        assert Version.objects.get(artefact__source="pushed").provenance["format"] == "ocsf"


def test_a_part_is_dropped_as_a_part(acme, mei, source):
    page = mei.client.get(drop(mei.client, source, b"login,active\na,yes\n", complete="").url)
    assert "a part of the list" in page.content.decode()
    mei.client.post(page.context["apply_address"], {"seen": page.context["plan"].digest})
    with scope(acme):
        assert Run.objects.get().outcome == "partial"


def test_who_may_not_push_is_refused_and_a_strangers_source_does_not_exist(acme, mei, jonas, stranger, source):
    assert jonas.client.get(at("drop", source.pk, "push.accounts")).status_code == 403
    assert jonas.client.get(at("kind", source.pk, "push.accounts")).status_code == 200
    assert stranger.client.get(at("kind", source.pk, "push.accounts")).status_code == 404
    assert mei.client.get(at("kind", source.pk, "okta.users")).status_code == 404


def test_its_pages_say_how_to_push(mei, source):
    page = mei.client.get(at("kind", source.pk, "push.findings")).content.decode()
    assert "curl" in page
    assert "payroll" in page
    assert "2020-12" in page
    assert "prowler aws" in page
    assert "pushed" in mei.client.get(at("list")).content.decode()
    assert mei.client.get(at("create", "push")).status_code == 200
    made = mei.client.post(at("create", "push"), {"name": "Scanner", "every_minutes": "10080"}, follow=True)
    assert "Nothing was pushed yet" in made.content.decode()
