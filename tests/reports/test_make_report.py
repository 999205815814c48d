"""A report is asked for, made once, kept, and handed out to who may see it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from django.urls import reverse

from audits.reports import tasks
from audits.reports.models import Report, ReportKind
from audits.reports.selectors import reports_to_wake
from audits.reports.services import GIVE_UP, make_report, request_report
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from evidence.storage import open_stored


@pytest.fixture()
def report(acme: Any, mei: Any) -> Report:
    with scope(acme):
        return request_report(actor=mei.actor, kind=ReportKind.GAPS)


def _made(acme: Any, report: Report) -> Report:
    make_report(organization_id=acme.pk, report_id=report.pk)
    return _again(acme, report)


def _again(acme: Any, report: Report) -> Report:
    with scope(acme):
        report.refresh_from_db()
    return report


def _actions(acme: Any) -> list[str]:
    with scope(acme):
        return [*Entry.objects.filter(action__startswith="reports.").order_by("id").values_list("action", flat=True)]


@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_kind_is_made_and_kept_under_its_digest(kind, acme, mei):
    with scope(acme):
        report = request_report(actor=mei.actor, kind=kind)
    report = _made(acme, report)
    assert (report.state, report.message) == ("ready", "")
    with scope(acme), open_stored(report.sha256) as stored:
        content = stored.read()
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert len(content) == report.size
    assert content.startswith(b"%PDF" if kind in (ReportKind.READINESS, ReportKind.COMPLETENESS) else b"PK")


def test_made_twice_it_changes_nothing(acme, report):
    first = _made(acme, report)
    before = (first.sha256, first.finished_at, first.size)
    second = _made(acme, report)
    assert (second.sha256, second.finished_at, second.size) == before
    assert _actions(acme) == ["reports.report.requested", "reports.report.made"]


def test_one_that_nobody_has_begun_answers_the_second_who_asks(acme, mei, ada, report):
    with scope(acme):
        assert request_report(actor=ada.actor, kind=ReportKind.GAPS).pk == report.pk
        assert request_report(actor=ada.actor, kind=ReportKind.MATRIX).pk != report.pk


def test_what_another_worker_holds_is_left_alone_until_its_lease_lapses(acme, report):
    with scope(acme):
        Report.objects.filter(pk=report.pk).update(state="running", lease_until=now() + timedelta(minutes=1))
        assert list(reports_to_wake()) == []
    assert _made(acme, report).state == "running"
    with scope(acme):
        Report.objects.filter(pk=report.pk).update(lease_until=now() - timedelta(seconds=1))
        assert list(reports_to_wake()) == [report.pk]
    assert _made(acme, report).state == "ready"


def test_one_that_brings_its_worker_down_is_given_up_in_the_end(acme, report):
    with scope(acme):
        Report.objects.filter(pk=report.pk).update(
            state="running", lease_until=now() - timedelta(seconds=1), created_at=now() - GIVE_UP - timedelta(minutes=1)
        )
    found = _made(acme, report)
    assert found.state == "failed"
    assert "Ask for it again" in found.message


def test_a_failure_is_told_on_the_row_without_its_inside(acme, report):
    with patch("audits.reports.services.store", side_effect=OSError("/secret/path is full")):
        found = _made(acme, report)
    assert found.state == "failed"
    assert "OSError" in found.message
    assert "/secret" not in found.message
    assert _actions(acme)[-1] == "reports.report.failed"


def test_an_organisation_or_report_that_is_gone_ends_the_job_quietly(acme, borealis, report):
    make_report(organization_id=report.pk, report_id=report.pk)
    make_report(organization_id=borealis.pk, report_id=report.pk)
    assert _again(acme, report).state == "due"


def test_asking_wakes_a_worker_on_commit_and_the_sweep_wakes_it_again(acme, mei, django_capture_on_commit_callbacks):
    with patch.object(tasks.make, "delay") as woken:
        with django_capture_on_commit_callbacks(execute=True), scope(acme):
            report = request_report(actor=mei.actor, kind=ReportKind.GAPS)
        woken.assert_called_once_with(str(acme.pk), str(report.pk))
        tasks.sweep_reports()
        assert woken.call_count == 2
        tasks.make(str(acme.pk), str(report.pk))
        tasks.sweep_reports()
        assert woken.call_count == 2


# --- Pages ----------------------------------------------------------------------------------------------------------

LIST, ASK = "/o/acme/reports/", "/o/acme/reports/request/"


def _file(report: Report) -> str:
    return reverse("reports:download", args=["acme", report.pk])


def test_the_page_asks_for_a_report_and_shows_it_waiting_and_then_ready(acme, mei):
    client = mei.client
    answer = client.post(ASK, {"kind": "gaps"}, follow=True)
    assert b'hx-trigger="every 2s"' in answer.content
    assert b"Look again" in answer.content
    with scope(acme):
        report = Report.objects.get()
    make_report(organization_id=acme.pk, report_id=report.pk)
    fragment = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "reports"})
    assert b"<html" not in fragment.content
    assert b"every 2s" not in fragment.content
    assert _file(report).encode() in fragment.content


def test_a_kind_that_does_not_exist_is_refused_beside_the_field(acme, mei):
    answer = mei.client.post(ASK, {"kind": "everything"})
    assert answer.status_code == 422
    assert "There is no such report" in answer.content.decode()
    with scope(acme):
        assert not Report.objects.exists()


def test_the_file_is_an_attachment_and_downloading_is_recorded(acme, mei, report, tmp_path):
    _made(acme, report)
    answer = mei.client.get(_file(report))
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert int(answer["Content-Length"]) == len(content)
    (tmp_path / "gaps.xlsx").write_bytes(content)
    assert openpyxl.load_workbook(tmp_path / "gaps.xlsx").sheetnames == ["Gaps", "Resources", "About"]
    assert _actions(acme)[-1] == "reports.report.downloaded"


def test_one_that_is_not_ready_leads_back_to_the_list(mei, report):
    answer = mei.client.get(_file(report))
    assert (answer.status_code, answer["Location"]) == (302, LIST)


def test_an_employee_is_refused_and_a_stranger_finds_nothing(acme, noor, stranger, report):
    _made(acme, report)
    for url in (LIST, _file(report)):
        assert noor.client.get(url).status_code == 403
        assert stranger.client.get(url).status_code == 404
    assert noor.client.post(ASK, {"kind": "gaps"}).status_code == 403
    assert stranger.client.post(ASK, {"kind": "gaps"}).status_code == 404
    assert stranger.client.get(f"/o/borealis/reports/{report.pk}/download/").status_code == 404


def test_the_list_costs_the_same_for_one_report_and_for_thirty(acme, mei, django_assert_num_queries):
    client = mei.client
    client.get(LIST)

    def cost() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    with scope(acme):
        Report.objects.create(kind="gaps", requested_by="m", state="ready", filename="a.xlsx")
    one = cost()
    with scope(acme):
        Report.objects.bulk_create(Report(kind="gaps", requested_by="m", state="ready", filename="a.xlsx") for _ in range(30))
    assert cost() == one
