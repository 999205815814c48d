"""The matrix goes out as CSV or XLSX and comes in again: the same data, and nothing to change. What was edited in between
is shown first and then taken in, whole or not at all."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from compliance.frameworks.models import Framework, Requirement
from compliance.people.models import Membership
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from compliance.web.imports.columns import CellError
from controls.export import HEAD
from controls.models import Control, Mapping
from controls.sheet.procedures import read, written
from tests.factories.controls import make_control, map_to, stand

MATRIX = reverse("controls:matrix", args=["acme"])
IMPORT = reverse("controls:bring_controls", args=["acme"])
FORMS = ("csv", "xlsx")


@pytest.fixture
def matrix(acme, mei, jonas, soc2_programme):
    """Everything that a control can say, and what spreadsheets like to spoil."""
    with scope(acme):
        first = make_control(
            "AC-07", owner=jonas.membership, title="=cmd|' /C calc'!A1", statement="'quoted' start\n- a line; with, all\tof \"it\" ",
            area="+Access", owner_role="@lead", nature="automated", kind="detective", key=False, starts_on=date(2026, 2, 1),
            tested_by_sample=True, population="-1, all accounts",
            test_procedures=[
                {"type": "inspection", "text": "Inspect.\nInquiry: not a test of its own"}, {"type": "inquiry", "text": " Ask: twice"},
            ],
        )  # fmt: skip
        map_to(first, "CC6.1")
        map_to(first, "CC6.3", part="'=part")
        stand(first, operation="fail", open_gaps=2, worst_gap="critical", top_gap_ref="GAP-001")
        map_to(make_control("AC-08", frequency="", test_procedures=[], owner_role="", area=""), "CC6.1")
        make_control("ZZ-01", title="Meets nothing")
        return first


def export(person, form, query="") -> bytes:
    answer = person.client.get(reverse("controls:export_as", args=["acme", form]) + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def bring(person, content, address=IMPORT):
    """The preview of a file, or the refusal."""
    file = SimpleUploadedFile("matrix.bin", content.encode() if isinstance(content, str) else content)
    answer = person.client.post(address, {"file": file})
    return person.client.get(answer["Location"]) if answer.status_code == 302 else answer


def take(person, preview):
    draft, plan = preview.context["draft"], preview.context["plan"]
    return person.client.post(f"{IMPORT}{draft.pk}/apply/", {"seen": plan.digest})


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(rows) -> str:
    out = io.StringIO(newline="")
    file = csv.DictWriter(out, list(rows[0]))
    file.writeheader()
    file.writerows(rows)
    return out.getvalue()


def everything(acme):
    with scope(acme):
        controls = list(Control.objects.order_by("ref").values())
        mapped = sorted(Mapping.objects.values_list("control__ref", "requirement__ref", "part"))
        return controls, mapped


def faults_of(preview):
    return {name: what for row in preview.context["plan"].faulty for name, what in row.faults.items()}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", ["", "?series=CC6", "?q=AC-07&sort=-owner"])
def test_what_went_out_comes_in_and_changes_nothing(acme, mei, matrix, form, query):
    before = everything(acme)
    plan = bring(mei, export(mei, form, query)).context["plan"]
    assert (plan.problem, plan.faulty, plan.changed, plan.added) == ("", [], [], [])
    assert plan.same >= 2
    assert everything(acme) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_room_without_the_controls_gets_them_as_they_were(acme, borealis, mei, jonas, stranger, matrix, form):
    """All but what was concluded: a design is concluded on where the control is."""
    before, content = everything(acme), export(mei, form)
    with scope(borealis):
        owner = Membership.objects.create(user=jonas.user, role="control_owner", name=jonas.user.name, email=jonas.user.email)
    address = reverse("controls:bring_controls", args=["borealis"])
    preview = bring(stranger, content, address)
    assert preview.context["plan"].faulty == []
    sent = {"seen": preview.context["plan"].digest}
    assert stranger.client.post(f"{address}{preview.context['draft'].pk}/apply/", sent).status_code == 302
    again = everything(borealis)
    assert [row["owner_id"] == owner.pk for row in again[0]] == [row["owner_id"] == jonas.membership.pk for row in before[0]]
    for row in (*again[0], *before[0]):
        row["statement"] = row["statement"].strip()  # a cell has nothing around its text
        [row.pop(name) for name in ("id", "created_at", "organization_id", "owner_id")]
    assert again[0] == before[0]
    assert again[1] == before[1]


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("Title", "Another title", "title", "Another title"), ("Frequency", "monthly", "frequency", "monthly"),
        ("Frequency", "Twice a year", "frequency", "semi_annual"), ("Key control", "yes", "key", True),
        ("In place since", "2026-05-06", "starts_on", date(2026, 5, 6)), ("In place since", "", "starts_on", None),
        ("Owner", "mei@acme.example", "owner__name", "Mei-Ling Chu"), ("Owner", "", "owner", None),
        ("Test procedures", "Observation: Watch it.", "test_procedures", [{"type": "observation", "text": "Watch it."}]),
        ("In place", "Partly in place", "implementation", "partly"), ("Population", "", "population", ""),
    ],
)  # fmt: skip
def test_an_edited_cell_changes_exactly_that(acme, mei, matrix, column, cell, field, value):
    """On one of the two lines on which the control stands."""
    before = everything(acme)
    rows = lines(export(mei, "csv"))
    next(row for row in rows if row["Control"] == "AC-07")[column] = cell
    preview = bring(mei, sheet(rows))
    [row] = preview.context["plan"].changed
    assert [each[0] for each in row.changed] == [column]
    assert take(mei, preview).status_code == 302
    with scope(acme):
        assert Control.objects.filter(ref="AC-07").values_list(field, flat=True).get() == value
        [entry] = Entry.objects.filter(action="controls.control.changed")
    after, name = everything(acme), field.removesuffix("__name")
    told = {"owner": "owner_id"}.get(name, name)
    for old, new in zip(before[0], after[0], strict=True):
        assert {key for key in old if old[key] != new[key]} <= ({told} if new["ref"] == "AC-07" else set())
    assert set(entry.after) == {name}
    assert after[1] == before[1]


def test_a_requirement_beside_a_control_maps_it_and_a_missing_line_takes_nothing_away(acme, mei, matrix):
    rows = [row for row in lines(export(mei, "csv")) if row["Control"] == "AC-08"]
    preview = bring(mei, sheet([rows[0] | {"Requirement": "CC6.2", "Part met": "new starters"}]))
    [row] = preview.context["plan"].changed
    assert [each[::2] for each in row.changed] == [
        ("Requirement", "CC6.2"), ("Part met", "new starters"), ("Framework", rows[0]["Framework"]),
    ]  # fmt: skip
    assert take(mei, preview).status_code == 302
    assert [each for each in everything(acme)[1] if each[0] == "AC-08"] == [("AC-08", "CC6.1", ""), ("AC-08", "CC6.2", "new starters")]
    with scope(acme):
        assert Control.objects.count() == 3


def test_a_new_reference_adds_a_control_with_all_its_requirements(acme, mei, matrix):
    content = "Control,Title,Statement,Requirement,Test procedures\nNW-01,Walls,Reviewed.,CC6.6,Inspection: Read them.\nNW-01,,,CC6.1,\n"
    preview = bring(mei, content)
    assert (len(preview.context["plan"].added), len(preview.context["plan"].changed)) == (1, 1)
    assert take(mei, preview).status_code == 302
    with scope(acme):
        control = Control.objects.get(ref="NW-01")
        assert (control.title, control.implementation, control.key, control.nature) == ("Walls", "planned", True, "manual")
        assert control.test_procedures == [{"type": "inspection", "text": "Read them."}]
        assert sorted(control.mappings.values_list("requirement__ref", flat=True)) == ["CC6.1", "CC6.6"]
        assert Entry.objects.filter(action="controls.control.added", target_id=control.pk).count() == 1


@pytest.mark.parametrize(
    ("column", "cell", "fault", "said"),
    [
        ("Framework", "House rules", "framework", "There is no framework"), ("Requirement", "CC99.9", "requirement", "There is no CC99.9"),
        ("Title", "", "title", "may not be empty"), ("Statement", "", "statement", "may not be empty"),
        ("Owner", "nobody@nowhere.example", "owner", "is nobody who may own a control"), ("Frequency", "hourly", "frequency", "is none of"),
        ("In place", "Retired", "implementation", "Retiring a control needs a reason"),
        ("In place since", "soon", "starts_on", "2026-11-30"),
        ("Key control", "perhaps", "key", "yes or no"), ("Key control", "", "key", "may not be empty"),
        ("Test procedures", "Look at it", "test_procedures", "Begin each test with"),
        ("Test procedures", "Inquiry:", "test_procedures", "Say what"),
        ("Title", "x" * 201, "title", "Longer than 200"), ("Control", "", "ref", "Write the control’s reference"),
        ("Control", "new one", "ref", "capital letters"), ("Requirement", "", "part", "Name the requirement"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_cell_and_nothing_is_taken_in(acme, mei, matrix, column, cell, fault, said):
    before = everything(acme)
    rows = lines(export(mei, "csv"))
    next(row for row in rows if row["Requirement"] == "CC6.3" and row["Control"])[column] = cell
    rows[-1]["Area"] = "Changed as well"
    preview = bring(mei, sheet(rows))
    assert said in faults_of(preview)[fault]
    assert take(mei, preview).status_code == 422
    assert everything(acme) == before


def test_two_lines_may_not_say_different_things_of_one_control(acme, mei, matrix):
    rows = lines(export(mei, "csv"))
    for row, title in zip([row for row in rows if row["Control"] == "AC-07"], ("One", "Another"), strict=True):
        row["Title"] = title
    assert "says otherwise of the same control" in faults_of(bring(mei, sheet(rows)))["title"]
    new = "Control,Title,Statement\nNW-01,Walls,Reviewed.\nNW-01,Doors,Reviewed.\n"
    assert "says otherwise of the same control" in faults_of(bring(mei, new))["title"]


def test_a_reference_that_several_frameworks_have_needs_the_framework(acme, mei, matrix):
    with scope(acme):
        own = Framework.objects.create(key="own", version="1", title="House rules", short_title="House rules")
        Requirement.objects.create(framework=own, ref="CC6.2", position=0, level="rule", assessable=True, title="Doors", text="Shut.")
    content = "Control,Requirement\nAC-08,CC6.2\n"
    assert "name the framework beside it" in faults_of(bring(mei, content))["requirement"]
    assert take(mei, bring(mei, "Control,Requirement,Framework\nAC-08,CC6.2,House rules\n")).status_code == 302
    with scope(acme):
        assert Mapping.objects.filter(control__ref="AC-08", requirement__framework=own).count() == 1


def test_a_requirement_that_only_groups_others_is_not_met(acme, mei, matrix):
    with scope(acme):
        group = Requirement.objects.filter(framework__key__startswith="pci", assessable=False).first()
    assert group is not None
    faults = faults_of(bring(mei, f"Control,Requirement,Framework\nAC-08,{group.ref},{Framework.objects.get(pk=group.framework_id).key}\n"))
    assert "only groups others" in faults["requirement"]


def test_who_may_not_change_controls_brings_none(matrix, jonas):
    assert bring(jonas, "Control,Title\nAC-07,Mine\n").status_code == 403


def test_nothing_in_the_files_runs(mei, matrix):
    for row in lines(export(mei, "csv")):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    book = load_workbook(io.BytesIO(export(mei, "xlsx")))
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_the_workbook_is_laid_out_for_an_auditor(mei, matrix):
    book = load_workbook(io.BytesIO(export(mei, "xlsx", "?series=CC6&operation=fail")))
    page, about = book["Matrix"], dict(book["About"].iter_rows(values_only=True))
    head = [cell.value for cell in page[1]]
    assert head[:10] == [
        "Requirement", "Requirement title", "Part met", "Control", "Title", "Statement", "Owner", "Frequency", "Done by", "Kind",
    ]  # fmt: skip
    assert set(head) <= set(HEAD)
    assert page.freeze_panes == "E2"
    assert page.auto_filter.ref == f"A1:{page.cell(1, len(head)).column_letter}3"
    first = dict(zip(head, [cell.value for cell in page[2]], strict=True))
    assert (first["Requirement"], first["Control"], first["Open gaps"], first["First gap"]) == ("CC6.1", "AC-07", 2, "GAP-001")
    assert first["Test procedures"] == "Inspection: Inspect.\n  Inquiry: not a test of its own\nInquiry:  Ask: twice"
    assert page["F2"].alignment.wrap_text
    assert (about["Organisation"], about["Programme"]) == ("Acme Ledger", "SOC 2 Type II")
    assert about["Period"] == "1 Jan 2026 to 31 Dec 2026"
    assert about["Narrowed by"] == "Criteria: CC6; Operation: Fail"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", [30_001, 40_000])
def test_a_text_that_no_cell_holds_is_no_change(acme, mei, soc2_programme, form, length):
    with scope(acme):
        make_control(statement="It is done. " * (length // 12))
    plan = bring(mei, export(mei, form, "?q=AC-07")).context["plan"]
    assert (plan.faulty, plan.changed, plan.same) == ([], [], 1)


def test_another_ending_is_not_there(mei, matrix):
    assert mei.client.get(reverse("controls:export_as", args=["acme", "docx"])).status_code == 404


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
_TYPES = st.sampled_from(["inspection", "reperformance", "observation", "inquiry"])
_LINES = st.lists(st.sampled_from(["Inquiry: x", "  set in", "a", "", "b:", "INSPECTION:y"]), min_size=1, max_size=4).map("\n".join)


@given(st.lists(st.fixed_dictionaries({"type": _TYPES, "text": _TEXT | _LINES}), max_size=5))
def test_procedures_in_one_cell_are_read_back_exactly(procedures):
    said = [each for each in procedures if each["text"].strip()]
    assert (read(written(said)) if said else []) == said


@given(st.text(max_size=80))
def test_a_cell_of_procedures_is_read_or_refused(cell):
    try:
        found = read(cell)
    except CellError:
        return
    assert read(written(found)) == found


#: What people and spreadsheets put into cells; each combination makes one control of the round trip below.
_HARD = [
    "=1+1", "'=x", "''", "@a", "-", "+1", "a\n- b", "1e9", "007", "TRUE", "2026-01-01", " x", "ä ü ß “„", "a|b", 'q"q', "x,y;z\tw",
    "_x0041_",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_whatever_a_text_is_it_comes_back_as_it_went_out(acme, mei, soc2_programme, form):
    with scope(acme):
        for number, (title, area) in enumerate(itertools.product(_HARD, _HARD[:6])):
            make_control(
                f"AC-{number}", title=title, area=area, statement=f"{area}\n{title}", owner_role=title, population=area,
                test_procedures=[{"type": "inspection", "text": title}, {"type": "inquiry", "text": f"{area}\n{title}"}],
            )  # fmt: skip
    plan = bring(mei, export(mei, form)).context["plan"]
    assert (plan.problem, plan.faulty, plan.changed, plan.added) == ("", [], [], [])
    assert plan.same >= len(_HARD) * 6
