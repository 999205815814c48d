"""Versions of a statement: submitted, compared, approved by another, and what its exclusions mean for readiness."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from openpyxl import load_workbook

from audits.readiness.figures import rebuild_figures
from audits.readiness.programme import Controls, readiness
from compliance.desk.registry import items_for
from compliance.programmes.conditions import exits_of
from compliance.programmes.selectors import requirements_in_scope
from compliance.programmes.services import mark_not_relevant, mark_relevant
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from controls.applicability.differing import between
from controls.applicability.exporting import as_pdf, as_workbook, draft_of, edition_of
from controls.applicability.models import Approval, Statement, Version
from controls.applicability.reading import climate_kept, present_rows, rows_kept
from controls.applicability.services import approve_version, sign_rows, submit_statement, write_row
from tests.applicability.conftest import complete, exclude, map_one, row_of
from tests.factories import audits as make


@pytest.fixture()
def whole(acme, mei, femi, jonas, statement):
    """A statement that lacks nothing."""
    with scope(acme):
        complete(mei, statement, femi, jonas)
        return Statement.objects.select_related("programme__framework").get(pk=statement.pk)


def submit(acme, mei, statement):
    with scope(acme):
        return submit_statement(actor=mei.actor, statement=statement)


def test_what_lacks_something_cannot_be_approved(acme, mei, femi, statement, url):
    assert mei.client.post(f"{url}versions/submit/", {"note": "First."}).status_code == 302
    with scope(acme):
        version = Version.objects.get()
        assert len(version.lacks) == 94
        assert "climate change" in version.lacks[0]
        with pytest.raises(ValidationError, match="lacks something"):
            approve_version(actor=femi.actor, version=version, approver=femi.membership)
    femi.client.post(f"{url}versions/1/approve/")
    with scope(acme):
        assert not Approval.objects.exists()


def test_it_is_approved_by_another_and_never_changes(acme, mei, femi, whole, url):
    version = submit(acme, mei, whole)
    with scope(acme):
        assert version.lacks == []
        with pytest.raises(ValidationError, match="You wrote in it"):
            approve_version(actor=mei.actor, version=version, approver=mei.membership)
        (item,) = [item for item in items_for(femi.membership) if item.kind == "applicability"]
        assert item.ref == "Version 1"
    assert femi.client.post(f"{url}versions/1/approve/").status_code == 302
    assert "Femi Adeyemi" in mei.client.get(f"{url}versions/1/").content.decode()
    with scope(acme):
        assert Entry.objects.filter(action="applicability.version.approved").count() == 1
        for change in (
            lambda: Version.objects.update(note="Other."), lambda: Version.objects.all().delete(),
            lambda: Approval.objects.update(approved_by_label="Nobody"),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_readiness_counts_leaf_clauses_and_what_the_approved_version_includes(acme, mei, femi, jonas, whole, programme):
    version = submit(acme, mei, whole)
    with scope(acme):
        assert requirements_in_scope(programme).count() == 123
        approve_version(actor=femi.actor, version=version, approver=femi.membership)
        programme.refresh_from_db()
        assert list(programme.not_relevant) == ["A.7.4"]
        figures = readiness(programme, Controls())
        assert figures["d"] == 122
        assert [(each["part"], each["d"], each["ready"]) for each in figures["apart"]] == [("clauses", 30, 0), ("annex", 92, 0)]
        exclude(mei, row_of(whole, "A.7.5"), jonas)
        programme.refresh_from_db()
        assert requirements_in_scope(programme).count() == 122, "what is not approved changes nothing"


def test_an_exclusion_that_is_taken_back_is_in_scope_with_the_next_version(acme, mei, femi, jonas, whole, programme):
    with scope(acme):
        mark_not_relevant(
            actor=mei.actor, programme=programme, requirement=row_of(whole, "A.5.1").requirement, reason="By hand."
        )
    first = submit(acme, mei, whole)
    with scope(acme):
        approve_version(actor=femi.actor, version=first, approver=femi.membership)
        programme.refresh_from_db()
        assert list(programme.not_relevant) == ["A.7.4"], "the statement includes what was left out by hand"
        write_row(
            actor=mei.actor, row=row_of(whole, "A.7.4"), decision="included", drivers={"law": "Safety act"}, treatment="Cameras.",
            implementation="own",
        )  # fmt: skip
        sign_rows(actor=femi.actor, rows=[row_of(whole, "A.7.4")], signer=femi.membership, reason="Borne.")
        second = submit_statement(actor=mei.actor, statement=whole)
        approve_version(actor=femi.actor, version=second, approver=femi.membership)
        programme.refresh_from_db()
        assert programme.not_relevant == {}


def test_once_approved_nothing_is_left_out_by_hand(acme, mei, femi, whole, programme):
    version = submit(acme, mei, whole)
    with scope(acme):
        approve_version(actor=femi.actor, version=version, approver=femi.membership)
        programme.refresh_from_db()
        requirement = row_of(whole, "A.7.4").requirement
        with pytest.raises(ValidationError, match="statement of applicability decides"):
            mark_relevant(actor=mei.actor, programme=programme, requirement=requirement)
    base = f"/o/acme/programmes/{programme.pk}/criteria/"
    assert mei.client.post(f"{base}{requirement.pk}/take-in/").status_code == 302
    assert mei.client.post(f"{base}{requirement.pk}/leave-out/", {"reason": "x"}).status_code == 422
    page = mei.client.get(base).content.decode()
    assert "statement of applicability decides" in page
    assert "Leave out" not in page
    with scope(acme):
        programme.refresh_from_db()
        assert list(programme.not_relevant) == ["A.7.4"]


def test_only_the_newest_version_is_approved_and_the_same_is_not_submitted_twice(acme, mei, femi, whole):
    first = submit(acme, mei, whole)
    with scope(acme):
        with pytest.raises(ValidationError, match="Nothing has changed"):
            submit_statement(actor=mei.actor, statement=whole)
        write_row(actor=mei.actor, row=row_of(whole, "A.5.1"), treatment="Otherwise.")
        submit_statement(actor=mei.actor, statement=whole)
        with pytest.raises(ValidationError, match="newer version"):
            approve_version(actor=femi.actor, version=first, approver=femi.membership)


def test_versions_are_compared_row_by_row(acme, mei, whole, url):
    submit(acme, mei, whole)
    with scope(acme):
        write_row(actor=mei.actor, row=row_of(whole, "A.5.1"), treatment="Policies are read each spring.")
        version = Version.objects.get()
        (found,) = between(rows_kept(version), present_rows(whole), version.climate, climate_kept(whole))
        assert found.ref == "A.5.1"
        assert ("+", "Treatment: Policies are read each spring.") in [(line.sign, line.text) for line in found.lines]
    page = mei.client.get(f"{url}versions/compare/?before=1&after=now").content.decode()
    assert "Policies are read each spring." in page
    assert "A.5.2" not in page


def test_what_it_still_lacks_is_listed(mei, whole, url, acme):
    assert "Submit it for approval" in mei.client.get(f"{url}lacks/").content.decode()
    with scope(acme):
        write_row(actor=mei.actor, row=row_of(whole, "A.5.1"), drivers={})
    page = mei.client.get(f"{url}lacks/").content.decode()
    assert "No driver says why it is included" in page
    assert "Nobody has signed the residual risk as it stands" in page


def test_the_exit_of_the_assessment_waits_for_it(acme, mei, femi, whole, programme):
    def met():
        assessment = next(each for each in exits_of(programme) if each.kind == "assessment")
        return {each.id: each.met for each in assessment.conditions if each.id in ("applicability", "exclusions")}

    version = submit(acme, mei, whole)
    with scope(acme):
        assert met() == {"applicability": False, "exclusions": True}
        approve_version(actor=femi.actor, version=version, approver=femi.membership)
        assert met() == {"applicability": True, "exclusions": True}


def _said(pdf: bytes, *command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed (poppler-utils)")
    return subprocess.run([*command], input=pdf, capture_output=True, check=True, timeout=60).stdout.decode()


def _unpacked(pdf: bytes) -> bytes:
    """Its streams, opened."""
    found = [pdf]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(stream.group(1)))
    return b"\n".join(found)


def test_the_pdf_is_tagged_landscape_and_a_draft_until_approved(acme, mei, femi, whole):
    version = submit(acme, mei, whole)
    with scope(acme):
        draft = as_pdf(edition_of(version))
        said = _said(draft, "pdfinfo", "-")
        assert "Tagged:          yes" in said
        assert "841.89 x 595.276" in said
        text = _said(draft, "pdftotext", "-layout", "-", "-")
        assert "Draft, not approved" in text
        assert text.count("A.8.34") == 1
        assert "We have no premises" in text
        assert b"/Outlines" in _unpacked(draft), "themes are bookmarks"
        approve_version(actor=femi.actor, version=version, approver=femi.membership)
        approved = as_pdf(edition_of(Version.objects.select_related("approval", "statement__programme__framework").get()))
        assert "Draft, not approved" not in _said(approved, "pdftotext", "-layout", "-", "-")


def test_the_workbook_has_a_row_for_each_control_and_no_formula(acme, mei, whole):
    with scope(acme):
        map_one(title="=HYPERLINK(1)")
        write_row(actor=mei.actor, row=row_of(whole, "A.5.1"), treatment="=cmd|' /C calc'!A0")
        content = as_workbook(draft_of(whole)).read()
    sheet = load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert len(rows) == 93
    assert [sheet.cell(2, n).value for n in (1, 4, 5)] == ["Reference", "Applicable", "Risk"]
    assert rows[0][8] == "=cmd|' /C calc'!A0"
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    (excluded,) = [row for row in rows if row[3] == "No"]
    assert (excluded[0], excluded[14]) == ("A.7.4", "We have no premises: everybody works from home.")


def test_files_are_taken_away_and_leave_a_trail(acme, mei, whole, url):
    submit(acme, mei, whole)
    for path, kind in (("draft.xlsx", "spreadsheetml"), ("versions/1/statement.pdf", "application/pdf")):
        answer = mei.client.get(url + path)
        assert kind in answer["Content-Type"]
        assert answer.getvalue()
    with scope(acme):
        assert Entry.objects.filter(action="applicability.statement.downloaded").count() == 2


def test_the_auditor_sees_the_approved_version_and_never_a_draft(acme, mei, femi, whole, programme):
    with scope(acme):
        audit = make.make_audit(mei.actor, programme=programme)
        seat = make.sit(mei.actor, audit)
    auditor = Client()
    auditor.force_login(seat.user)
    address = f"/portal/acme/{audit.pk}/applicability/"
    assert "No version is approved" in auditor.get(address).content.decode()
    version = submit(acme, mei, whole)
    with scope(acme):
        approve_version(actor=femi.actor, version=version, approver=femi.membership)
        write_row(actor=mei.actor, row=row_of(whole, "A.5.1"), treatment="A draft of ours.")
    page = auditor.get(address).content.decode()
    assert "We have no premises" in page
    assert "A draft of ours." not in page
    assert f"/o/acme/programmes/{programme.pk}/applicability/" not in page
    assert "Applicability" in page


def test_the_dashboard_shows_clauses_and_annex_apart(acme, mei, femi, whole, programme):
    version = submit(acme, mei, whole)
    with scope(acme):
        approve_version(actor=femi.actor, version=version, approver=femi.membership)
        map_one()
        rebuild_figures()
    page = mei.client.get(f"/o/acme/?programme={programme.pk}").content.decode()
    assert "of the annex controls that apply" in page
    listed = mei.client.get(f"/o/acme/readiness/requirements/?programme={programme.pk}&part=annex").content.decode()
    assert "92 of 122" in listed
