"""The register goes out as CSV or XLSX and comes in again: the same data, and nothing to change. Changed in between, the
change is shown first and then applied, whole or not at all."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from compliance.registers.models import DataClass, Flow, ScopeDecision, System
from compliance.registers.services import add_flow, add_service, change_system, decide_scope
from compliance.tenancy.clock import now
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from compliance.web.imports.models import ImportDraft
from tests.factories.compliance import make_system

FORMS = ("csv", "xlsx")


@pytest.fixture
def register(acme, mei, jonas):
    """Everything that a row can hold, and what spreadsheets like to spoil."""
    with scope(acme):
        pay, insight = (add_service(actor=mei.actor, name=name) for name in ("Payments", "Insight | beta"))
        DataClass.objects.create(code="health", name="Health records")
        ledger = make_system(
            mei.actor, "=cmd|' /C calc'!A1", environment="production", data_classes=["personal", "customer", "health"],
            services=[pay, insight], owner=jonas.membership, vendor="+Aiven, Inc.; \"EU\"", external_id="arn:aws:rds:1",
            description="Line one\r\n- line two; with, all\tof it\n'quoted' @ the end ",
        )  # fmt: skip
        decide_scope(
            actor=mei.actor, system=ledger, decision="in", justification="-1 is no answer;\nit holds payments.",
            effective_on=date(2025, 1, 1),
        )  # fmt: skip
        office = make_system(mei.actor, "Lisbon office", kind="location", decision="out")
        robot = make_system(mei.actor, "'apostrophe robot", kind="other", service_account=True)
        add_flow(actor=mei.actor, source=ledger, target=robot, data_classes=["customer"], description="=1+1", encrypted=False)
        add_flow(actor=mei.actor, source=office, target=ledger, direction="both_ways")
        return ledger, office, robot


def export(person, table: str, form: str) -> bytes:
    answer = person.client.get(f"/o/acme/scope/export/{table}.{form}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def bring(person, content: bytes | str, of: str = "", name: str = "anything.bin"):
    """The preview of a file, or the refusal."""
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    answer = person.client.post(f"/o/acme/scope/{of}import/", {"file": file})
    return person.client.get(answer["Location"]) if answer.status_code == 302 else answer


def take(person, preview, **more):
    draft, plan = preview.context["draft"], preview.context["plan"]
    base = "flows/" if draft.noun == "flows" else ""
    return person.client.post(f"/o/acme/scope/{base}import/{draft.pk}/apply/", {"seen": plan.digest} | more)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    lines = csv.DictWriter(out, rows[0].keys(), delimiter=delimiter)
    lines.writeheader()
    lines.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("table", "of"), [("register", ""), ("flows", "flows/")])
def test_what_went_out_comes_in_and_changes_nothing(acme, mei, register, form, table, of):
    with scope(acme):
        before = Entry.objects.count()
    preview = bring(mei, export(mei, table, form), of)
    plan = preview.context["plan"]
    assert (plan.faulty, plan.changed, plan.added, plan.problem) == ([], [], [], "")
    assert plan.same == (3 if table == "register" else 2)
    assert "There is nothing to change" in preview.content.decode()
    assert take(mei, preview).status_code == 422
    with scope(acme):
        assert Entry.objects.count() == before


@pytest.mark.parametrize("form", FORMS)
def test_an_emptied_register_is_the_same_again(acme, mei, jonas, register, form):
    """The rows without their references, into a register without them: the same data but for reference and sightings."""
    files = {table: export(mei, table, form) for table in ("register", "flows")}
    kept = ("kind", "name", "external_id", "environment", "vendor", "owner_id", "service_account", "decision")
    with scope(acme):
        was = list(System.objects.order_by("name").values_list(*kept))
        held = {system.name: sorted(system.data_classes) for system in System.objects.all()}
        reasons = dict(ScopeDecision.objects.values_list("system__name", "justification"))
        System.objects.update(name="gone", external_id="")
    content = files["register"]
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        head, *rest = ([cell or "" for cell in row] for row in sheet.iter_rows(values_only=True))
        rows = [dict(zip(head, row, strict=True)) for row in rest]
    else:
        rows = rows_of(content)
    preview = bring(mei, written([row | {"ref": ""} for row in rows]))
    assert take(mei, preview).status_code == 302
    with scope(acme):
        new = System.objects.exclude(name="gone")
        assert list(new.order_by("name").values_list(*kept)) == was
        assert {system.name: sorted(system.data_classes) for system in new} == held
        again = dict(ScopeDecision.objects.filter(system__in=new).values_list("system__name", "justification"))
        assert again == reasons
        ledger = new.get(kind="database")
        assert sorted(service.name for service in ledger.services.all()) == ["Insight | beta", "Payments"]
        assert ledger.decisions.get().effective_on == date(2025, 1, 1)


def test_nothing_in_the_files_runs(mei, register):
    for table in ("register", "flows"):
        for row in rows_of(export(mei, table, "csv")):
            assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        sheet = load_workbook(io.BytesIO(export(mei, table, "xlsx"))).active
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_change_is_shown_first_and_then_applied(acme, mei, register, delimiter):
    rows = rows_of(export(mei, "register", "csv"))
    rows[1] |= {"environment": "Corporate", "decision": "in", "justification": "People work with records there."}
    preview = bring(mei, written(rows, delimiter))
    [row] = preview.context["plan"].changed
    assert [each[0] for each in row.changed] == ["Environment", "Decision", "Why"]
    with scope(acme):
        assert System.objects.get(name="Lisbon office").decision == "out"
    answer = take(mei, preview)
    assert answer["Location"] == "/o/acme/scope/"
    with scope(acme):
        office = System.objects.get(name="Lisbon office")
        assert (office.environment.lower(), office.decision) == ("corporate", "in")
        assert [each.decision for each in office.decisions.all()] == ["in", "out"]
        entry = Entry.objects.get(action="registers.system.changed")
        assert (entry.before, entry.after) == ({"Environment": ""}, {"Environment": office.environment})
        decided = Entry.objects.filter(action="registers.system.decided").latest("id")
        assert (decided.before, decided.after["decision"]) == ({"decision": "out"}, "in")
        assert bytes(ImportDraft.objects.get().content) == b""


def test_one_wrong_row_keeps_all_out(acme, mei, register):
    rows = rows_of(export(mei, "register", "csv"))
    rows[0]["vendor"] = "Somebody else"
    rows[1]["kind"] = "spaceship"
    preview = bring(mei, written(rows))
    assert take(mei, preview).status_code == 422
    with scope(acme):
        assert not System.objects.filter(vendor="Somebody else").exists()
    page = preview.content.decode()
    assert "spaceship" in page
    assert "is none of cloud_account" in page


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ({"ref": "SYS-999"}, "ref", "There is no SYS-999 here"),
        ({"ref": "", "name": "", "kind": "team"}, "name", "Name is missing"),
        ({"kind": "spaceship"}, "kind", "is none of"),
        ({"data_classes": "customer|secrets"}, "data_classes", "“secrets” is none of"),
        ({"services": "SVC-001|SVC-404"}, "services", "There is no service SVC-404 here"),
        ({"owner": "nobody@nowhere.example"}, "owner", "the address of nobody"),
        ({"service_account": "perhaps"}, "service_account", "yes or no"),
        ({"decision": "undecided"}, "decision", "not taken back"),
        ({"decision": "out", "justification": ""}, "justification", "Say why"),
        ({"holds_from": "2999-01-01"}, "holds_from", "a day that has come"),
        ({"holds_from": "1/2/2026"}, "holds_from", "2026-11-30"),
        ({"name": "x" * 201}, "name", "Longer than 200"),
        ({"ref": "SYS-002"}, "ref", "speaks of the same system"),
        ({"ref": "", "kind": "database", "external_id": "arn:aws:rds:1"}, "ref", "same system"),
    ],
)
def test_what_is_wrong_stands_beside_its_cell(mei, register, row, column, said):
    rows = rows_of(export(mei, "register", "csv"))
    third = rows[2] if "ref" in row and row["ref"] in ("SYS-002", "") and "external_id" in row else None
    (third or rows[0]).update(row) if row.get("ref") != "SYS-002" else rows[2].update(row)
    faults = {name: what for each in bring(mei, written(rows)).context["plan"].faulty for name, what in each.faults.items()}
    assert said in faults[column], faults


def test_an_identifier_belongs_to_one_system(acme, mei, register):
    with scope(acme):
        make_system(mei.actor, "Other ledger", external_id="arn:aws:rds:2")
    preview = bring(mei, "ref,external_id\nSYS-004,arn:aws:rds:1\n")
    [row] = preview.context["plan"].faulty
    assert "SYS-001" in row.faults["external_id"]
    preview = bring(mei, "name,kind,external_id\nA,team,x:1\nB,team,x:1\n")
    assert [row.faults for row in preview.context["plan"].faulty] == [{"external_id": "Line 2 speaks of the same system."}]


def test_columns_that_are_not_there_stay_as_they_are(acme, mei, register):
    assert take(mei, bring(mei, "ref,provided by\nSYS-002,Landlord\n")).status_code == 302
    with scope(acme):
        office = System.objects.get(name="Lisbon office")
    assert (office.vendor, office.decision, office.kind) == ("Landlord", "out", "location")


def test_kind_and_identifier_name_a_system_too(acme, mei, register):
    assert take(mei, bring(mei, "kind,identifier,provided by\nDatabase,arn:aws:rds:1,AWS\n")).status_code == 302
    with scope(acme):
        assert System.objects.get(external_id="arn:aws:rds:1").vendor == "AWS"
        assert System.objects.count() == 3


def test_a_person_may_say_which_column_is_which(acme, mei):
    preview = bring(mei, "Bezeichnung;Art\nLedger;database\n")
    assert "No column of the file is one of this register" in preview.content.decode()
    address = preview.request["PATH_INFO"]
    answer = mei.client.post(address, {"column-0": "name", "column-1": "kind"})
    preview = mei.client.get(answer["Location"])
    assert take(mei, preview).status_code == 302
    with scope(acme):
        assert System.objects.get().name == "Ledger"


def test_what_changed_meanwhile_is_looked_at_again(acme, mei, register):
    preview = bring(mei, "ref,environment\nSYS-001,staging\n")
    with scope(acme):
        change_system(actor=mei.actor, system=System.objects.get(ref="SYS-001"), environment="test")
    answer = take(mei, preview)
    assert (answer.status_code, b"changed since you looked" in answer.content) == (422, True)
    assert take(mei, answer).status_code == 302


def test_a_draft_is_applied_once(acme, mei):
    preview = bring(mei, "name,kind\nLedger,database\n")
    assert take(mei, preview).status_code == 302
    assert take(mei, preview).status_code == 302
    with scope(acme):
        assert System.objects.count() == 1
    assert "1 added" in mei.client.get(preview.request["PATH_INFO"]).content.decode()


def test_a_draft_can_be_discarded(acme, mei):
    preview = bring(mei, "name,kind\nLedger,database\n")
    draft = preview.context["draft"]
    assert mei.client.post(f"/o/acme/scope/import/{draft.pk}/discard/").status_code == 302
    assert take(mei, preview).status_code == 302
    with scope(acme):
        assert not System.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"PK\x03\x04nothing", b"x" * (5 * 1024 * 1024 + 1)])
def test_a_file_that_is_no_table_is_refused(acme, mei, content):
    answer = bring(mei, content, name="register.csv")
    assert answer.status_code == 422
    with scope(acme):
        assert not ImportDraft.objects.exists()


def test_a_workbook_called_csv_is_read(mei, register):
    assert bring(mei, export(mei, "register", "xlsx"), name="register.csv").context["plan"].same == 3


def test_ten_thousand_rows_are_looked_at_and_applied(acme, mei, django_assert_max_num_queries):
    lines = "".join(f"System {number},database,x:{number},customer\n" for number in range(10_000))
    preview = bring(mei, "name,kind,external_id,data_classes\n" + lines)
    assert len(preview.context["plan"].added) == 10_000
    with django_assert_max_num_queries(120):
        assert take(mei, preview).status_code == 302
    with scope(acme):
        assert System.objects.count() == 10_000
        assert Entry.objects.filter(action="registers.system.added").count() == 10_000
    started = now()
    assert bring(mei, "name,kind,external_id,data_classes\n" + lines).context["plan"].same == 10_000
    assert (now() - started).total_seconds() < 60


def test_flows_come_in_by_name_or_reference(acme, mei, register):
    preview = bring(mei, "from,to,carries,encrypted\nSYS-002,'apostrophe robot,customer|personal,yes\n", "flows/")
    assert take(mei, preview)["Location"] == "/o/acme/scope/flows/"
    with scope(acme):
        flow = Flow.objects.latest("id")
        assert (flow.ref, flow.source.ref, flow.target.ref) == ("FLW-003", "SYS-002", "SYS-003")
        assert (flow.data_classes, flow.encrypted) == (["customer", "personal"], True)
        assert Entry.objects.filter(action="registers.flow.added").count() == 3


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("SYS-404,SYS-001", "source", "There is no system SYS-404 here"),
        ("SYS-001,SYS-001", "target", "from one entry of the register to another"),
        ("SYS-001,", "target", "To is missing"),
    ],
)
def test_a_wrong_flow_says_so(mei, register, line, column, said):
    [row] = bring(mei, f"from,to\n{line}\n", "flows/").context["plan"].faulty
    assert said in row.faults[column]


@pytest.mark.parametrize("who", ["jonas", "femi"])
def test_other_roles_take_files_out_and_bring_none(mei, register, who, request):
    person = request.getfixturevalue(who)
    assert export(person, "register", "csv") == export(mei, "register", "csv")
    assert bring(person, "name,kind\nLedger,database\n").status_code == 403


def test_another_organisation_sees_no_draft(acme, mei, register, stranger):
    draft = bring(mei, "name,kind\nOnly Acme,database\n").context["draft"]
    assert stranger.client.get(f"/o/borealis/scope/import/{draft.pk}/").status_code == 404
    assert stranger.client.post(f"/o/borealis/scope/import/{draft.pk}/apply/").status_code == 404
