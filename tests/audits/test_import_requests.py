"""Taking in an auditor's spreadsheet: a look first, then the deed."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from audits.models import Request
from audits.sheets.lines import lines_of
from audits.sheets.reading import SheetRefused, read_sheet
from compliance.tenancy.rooms import scope
from tests.factories import audits as make

pytestmark = pytest.mark.django_db

LIST = """id,criterion,artefact,kind,frequency
PBC-001,DC1-DC9,"System description draft, redlined",document,per audit
PBC-050,CC6.1,"Identity provider settings",config,point in time
PBC-064,CC6.2/CC6.3,"Terminations in period",population,per audit
PBC-007,Engagement,"Signed engagement letter",document,start
"""


def at(name, *args):
    return reverse(f"audits:{name}", args=["acme", *args])


def upload(client, audit, content, name="list.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(at("import", audit.pk), {"file": SimpleUploadedFile(name, content), "due_date": "2026-12-01"})


def read(content):
    content = content.encode() if isinstance(content, str) else content
    return lines_of(read_sheet(io.BytesIO(content)), known={}, due=date(2026, 12, 1))


def test_a_list_is_shown_first_and_raised_on_the_second_step(scene, mei):
    preview = upload(mei.client, scene.audit, LIST)
    assert preview.status_code == 200
    with scope(scene.organization):
        assert Request.objects.count() == 1
    done = mei.client.post(at("import_apply", scene.audit.pk), {"lines": preview.context["packed"]})
    assert done.headers["Location"] == at("show", scene.audit.pk)
    with scope(scene.organization):
        made = {row.auditor_ref: row for row in Request.objects.exclude(auditor_ref="")}
    assert made["PBC-001"].criteria_refs == [f"DC{number}" for number in range(1, 10)]
    assert made["PBC-050"].kind == "configuration"
    assert made["PBC-064"].criteria_refs == ["CC6.2", "CC6.3"]
    assert made["PBC-007"].criteria == "Engagement"
    assert "Frequency: per audit" in made["PBC-064"].detail
    assert [row.ref for row in made.values()] == ["REQ-002", "REQ-003", "REQ-004", "REQ-005"]


def test_importing_twice_raises_nothing_twice(scene, mei):
    preview = upload(mei.client, scene.audit, LIST)
    for _ in range(2):
        mei.client.post(at("import_apply", scene.audit.pk), {"lines": preview.context["packed"]})
    again = upload(mei.client, scene.audit, LIST)
    assert (len(again.context["new"]), again.context["already"]) == (0, 4)
    with scope(scene.organization):
        assert Request.objects.count() == 5


def test_lines_that_are_wrong_are_named_and_left_out(scene, mei):
    wrong = (
        "id,request,kind,due\nA,,document,\nB,Something,sculpture,\nC,Another,,31/12/2026\nA,Twice,,\n"
        "D,Fine,sample,2026-06-01\n"
    )
    page = upload(mei.client, scene.audit, wrong)
    assert [line.number for line in page.context["wrong"]] == [2, 3, 4, 5]
    assert [line.title for line in page.context["new"]] == ["Fine"]
    assert b"is no kind of request" in page.content


def test_a_packed_preview_cannot_be_altered_or_moved_to_another_audit(scene, mei):
    with scope(scene.organization):
        other = make.make_audit(mei.actor, programme=scene.audit.programme)
    packed = upload(mei.client, scene.audit, LIST).context["packed"]
    for target, lines in ((scene.audit, packed[:-2] + "xx"), (other, packed)):
        answer = mei.client.post(at("import_apply", target.pk), {"lines": lines})
        assert answer.headers["Location"] == at("import", target.pk)
    with scope(scene.organization):
        assert Request.objects.count() == 1


def test_a_workbook_is_read_with_its_dates(scene, mei):
    book = Workbook()
    book.active.append(["Ref", "Description", "Due date"])
    book.active.append([12.0, "Restore test", date(2026, 11, 3)])
    file = io.BytesIO()
    book.save(file)
    (line,) = read(file.getvalue())
    assert (line.auditor_ref, line.title, line.due) == ("12", "Restore test", date(2026, 11, 3))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "No column"),
        ("a,b\n1,2\n", "No column"),
        ("request\n", "no lines"),
        (b"PK\x03\x04 not a workbook", "cannot be read"),
        ("request\n" + "x\n" * 2_001, "longer than"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content, word):
    with pytest.raises(SheetRefused, match=word):
        read(content)


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (41 * 1024 * 1024))
    assert len(file.getvalue()) < 100_000
    with pytest.raises(SheetRefused, match="unpacks"):
        read(file.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_semicolons_and_other_encodings_are_read(encoding):
    (line,) = read("Id;Artefact\n1;Überprüfung\n".encode(encoding))
    assert line.title == "Überprüfung"


def test_a_long_text_keeps_its_whole_in_the_detail():
    (line,) = read("request\n" + "word " * 60 + "\n")
    assert len(line.title) <= 200
    assert line.title.endswith("…")
    assert line.detail.endswith("word")


def test_a_line_is_assigned_to_the_member_it_names_and_to_nobody_else(scene, mei, jonas, noor):
    text = "id,request,owner\n1,One,jonas@acme.example\n2,Two,noor@acme.example\n3,Three,who@else.example\n"
    preview = upload(mei.client, scene.audit, text)
    mei.client.post(at("import_apply", scene.audit.pk), {"lines": preview.context["packed"]})
    with scope(scene.organization):
        found = {
            row.title: (row.state, row.assignee and row.assignee.name)
            for row in Request.objects.select_related("assignee")
        }
    assert found["One"] == ("assigned", "Jonas Lindqvist")
    assert found["Two"] == found["Three"] == ("open", None)


def test_only_a_manager_imports(scene, jonas):
    assert upload(jonas.client, scene.audit, LIST).status_code == 403


def test_an_import_leaves_one_trail_entry(scene, mei):
    from compliance.trail.models import Entry

    preview = upload(mei.client, scene.audit, LIST)
    mei.client.post(at("import_apply", scene.audit.pk), {"lines": preview.context["packed"]})
    with scope(scene.organization):
        entry = Entry.objects.get(action="audits.requests.imported")
    assert entry.after == {"count": 4, "first": "REQ-002", "last": "REQ-005"}


def exported(client, audit, kind):
    answer = client.get(at(f"export_{kind}", audit.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def test_no_cell_of_an_export_is_a_formula(scene, mei):
    with scope(scene.organization):
        make.make_request(mei.actor, scene.audit, '=HYPERLINK("http://evil.example")', detail="+1", auditor_ref="@x")
    text = exported(mei.client, scene.audit, "csv").decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'+1" in text
    assert "'@x" in text
    sheet = load_workbook(io.BytesIO(exported(mei.client, scene.audit, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_an_export_says_nothing_internal(scene, mei):
    from audits.services import comment_internally, link_version

    with scope(scene.organization):
        comment_internally(actor=mei.actor, request=scene.request, text="SECRETWORD")
        link_version(actor=mei.actor, request=scene.request, version=make.make_version(mei.actor, "Not yet submitted"))
    text = exported(mei.client, scene.audit, "csv").decode()
    assert "REQ-001" in text
    assert "SECRETWORD" not in text
    assert "EV-0001" not in text


def test_an_export_is_read_again_by_the_import(scene, mei):
    with scope(scene.organization):
        make.make_request(mei.actor, scene.audit, "With a reference", auditor_ref="PBC-9", criteria="CC1.1")
    for kind in ("csv", "xlsx"):
        page = upload(mei.client, scene.audit, exported(mei.client, scene.audit, kind), f"log.{kind}")
        assert page.status_code == 200
        assert not page.context["wrong"]
        assert page.context["already"] == 1
