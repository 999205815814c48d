"""A pack of what stands in a room: honest ones verify, and what a hand in the database or the store did is named by them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from compliance.tenancy.ids import uuid7
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.log.services.sign import sign_checkpoint
from evidence.packs.making import make
from evidence.packs.stored_log import EmptyLog
from evidence.packs.subjects import of_control, of_criterion, of_programme
from evidence.services.decide import decide_version
from evidence.services.link import link_artefact
from evidence.services.provide import withdraw_artefact
from evidence.services.supersede import supersede_version
from evidence.storage import path_of
from tests.factories.compliance import make_programme
from tests.factories.controls import criterion, make_control, map_to
from tests.factories.evidence import bring, collect, make_connection, make_requirement
from tests.packs.verifying import Said, verified


@pytest.fixture(autouse=True)
def _as_owner(owner):
    """Before anything opens the database, so that `tamper` can do what only the owner of the tables can."""


@pytest.fixture()
def brought(acme, mei, femi) -> dict[str, Any]:
    """Three versions for AC-07, which meets CC6.1 and CC6.2; one that AC-09 needs as well; one collected for AC-11 (CC7.1)."""
    with scope(acme):
        access, leavers, changes = (
            make_control("AC-07"),
            make_control("AC-09", title="Leavers lose access"),
            make_control("CM-01"),
        )
        map_to(access, "CC6.1", "CC6.2")
        map_to(leavers, "CC6.2")
        map_to(changes, "CC7.1")
        review, left = (
            make_requirement(mei.actor, access),
            make_requirement(mei.actor, leavers, title="Leavers’ accounts"),
        )
        first = bring(mei, review, days_ago=9, content=b"%PDF-1.7 first", filename="Überprüfung Q2.pdf")
        sign_checkpoint(actor=SYSTEM)
        second = bring(mei, review, days_ago=5, artefact=first.artefact)
        decide_version(actor=femi.actor, version=first, acceptance="returned", reason="It is cropped.")
        supersede_version(actor=femi.actor, version=first, by=second, reason="The first was cropped.")
        sign_checkpoint(actor=SYSTEM)
        both = bring(mei, left, content=b"%PDF-1.7 both")
        link_artefact(actor=mei.actor, artefact=both.artefact, requirement=review)
        connection = make_connection(mei.actor)
        collected = collect(
            connection, make_requirement(mei.actor, changes, key="org", fact_kinds=["github.org"], source="collector")
        )
    return {
        "first": first,
        "second": second,
        "both": both,
        "collected": collected,
        "control": access,
        "changes": changes,
        "requirement": criterion(),
    }


def pack(acme, folder: Path, subject) -> tuple[Said, zipfile.ZipFile]:
    path = folder / "pack.zip"
    with path.open("w+b") as file:
        make(file, organization_id=acme.pk, pack_id=uuid7(), subject=subject, actor=SYSTEM, made_by="Mei-Ling Chu")
    return verified(folder, path), zipfile.ZipFile(path)


def evidence_in(opened: zipfile.ZipFile) -> list[str]:
    return [name.partition("/data/evidence/")[2] for name in opened.namelist() if "/data/evidence/" in name]


def read(opened: zipfile.ZipFile, name: str) -> str:
    return opened.read(opened.namelist()[0].split("/")[0] + "/" + name).decode()


def about(opened: zipfile.ZipFile) -> dict[str, Any]:
    return json.loads(read(opened, "data/pack.json"))


def test_a_pack_of_a_control_holds_every_version_with_its_decisions(acme, brought, tmp_path):
    said, opened = pack(acme, tmp_path, of_control(brought["control"]))
    assert said.lines[-1] == "Nothing differs.", said.lines
    ref, other = brought["first"].artefact.ref, brought["both"].artefact.ref
    ends = [f"{version.effective_end:%Y-%m-%d}" for version in (brought["first"], brought["second"], brought["both"])]
    assert evidence_in(opened) == [
        f"CC6.1/AC-07/{ref}-v01_{ends[0]}_signed-access-review.pdf", f"CC6.1/AC-07/{ref}-v02_{ends[1]}_signed-access-review.pdf",
        f"CC6.1/AC-07/{other}-v01_{ends[2]}_leavers-accounts.pdf",
    ]  # fmt: skip
    found = about(opened)
    assert [len(found[name]) for name in ("items", "decisions", "supersessions", "without_leaf", "checkpoints")] == [
        3,
        1,
        1,
        0,
        3,
    ]
    assert found["items"][0]["row"]["filename"] == "Überprüfung Q2.pdf"
    assert "3 items, 1 decision, 1 supersession; 5 leaves in a log of 6; 3 checkpoints" in said.lines[-3]


def test_what_was_taken_off_a_control_is_in_its_pack_all_the_same(acme, mei, brought, tmp_path):
    """Whoever brought something unfavourable can take it off its control, and cannot keep it from the auditor by that."""
    with scope(acme):
        artefact = brought["first"].artefact
        requirement = artefact.links.get().requirement
        withdraw_artefact(actor=mei.actor, artefact=artefact, requirement=requirement)
    said, opened = pack(acme, tmp_path, of_control(brought["control"]))
    assert said.lines[-1] == "Nothing differs.", said.lines
    assert sum(f"/{artefact.ref}-v0" in name for name in evidence_in(opened)) == 2
    assert "(taken off this control again)" in read(opened, "data/index.html")


def test_a_file_that_serves_two_controls_is_there_once_and_both_name_it(acme, brought, tmp_path):
    _, opened = pack(acme, tmp_path, of_criterion(criterion("CC6.2")))
    assert len(evidence_in(opened)) == 3
    entry = next(each for each in about(opened)["items"] if each["row"]["artefact"] == brought["both"].artefact.ref)
    assert (entry["path"].split("/")[3], entry["also"]) == ("AC-07", ["AC-09"])
    page = read(opened, "data/index.html")
    assert f'Filed under another control: <a href="#{brought["both"].artefact.ref}">' in page
    assert "also serves AC-09" in page


def test_a_pack_of_a_programme_holds_all_that_its_criteria_ask(acme, mei, brought, tmp_path):
    with scope(acme):
        programme = make_programme(mei.actor)
    said, opened = pack(acme, tmp_path, of_programme(programme))
    assert said.lines[-1] == "Nothing differs.", said.lines
    assert [name.split("/")[0] for name in evidence_in(opened)] == ["CC6.1"] * 3 + ["CC7.1"]
    assert len(about(opened)["items"]) == 4


def test_the_index_says_what_stood_and_nothing_that_is_managements_own(acme, brought, tmp_path):
    _, opened = pack(acme, tmp_path, of_control(brought["control"]))
    page = read(opened, "data/index.html")
    for words in (
        "Signed access review",
        "Returned by Femi Adeyemi",
        "It is cropped.",
        "Quarterly",
        "Current",
        "Not decided",
        "Exported from Okta.",
    ):
        assert words in page, words
    for words in ("outlook", "severity", "critical", "GAP-", "<script", "http"):
        assert words not in page.replace("http-equiv", ""), words


def test_its_workbook_opens_and_no_cell_acts(acme, brought, tmp_path):
    from openpyxl import load_workbook

    _, opened = pack(acme, tmp_path, of_control(brought["control"]))
    name = next(name for name in opened.namelist() if name.endswith("index.xlsx"))
    sheet = load_workbook(io.BytesIO(opened.read(name)))["Evidence"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [(row[1], row[3], row[4]) for row in rows] == [
        ("AC-07", brought["first"].artefact.ref, 1),
        ("AC-07", brought["first"].artefact.ref, 2),
        ("AC-07", brought["both"].artefact.ref, 1),
    ]


def test_any_validator_of_bags_accepts_it(acme, brought, tmp_path):
    import bagit

    _, opened = pack(acme, tmp_path, of_control(brought["control"]))
    opened.extractall(tmp_path / "out")
    bag = bagit.Bag(str(next((tmp_path / "out").iterdir())))
    bag.validate()
    assert bag.info["Source-Organization"] == "Acme Ledger"


def test_the_same_pack_twice_is_the_same_but_for_who_made_it_when(acme, brought, tmp_path):
    names = []
    for _ in range(2):
        _, opened = pack(acme, tmp_path, of_control(brought["control"]))
        names.append([name.partition("/")[2] for name in opened.namelist()])
    assert names[0] == names[1]


# --- Tampering --------------------------------------------------------------------------------------------------------


def problems(acme, folder, brought) -> dict[str, str]:
    said, _ = pack(acme, folder, of_control(brought["control"]))
    assert said.code == 1
    return dict(said.problems)


def test_a_byte_of_a_stored_file_is_named(acme, brought, tmp_path):
    with scope(acme):
        path = Path(default_storage.path(path_of(brought["first"].sha256)))
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.7 First")
    found = problems(acme, tmp_path, brought)
    ((where, what),) = found.items()
    assert where.endswith("v01_" + f"{brought['first'].effective_end:%Y-%m-%d}" + "_signed-access-review.pdf")
    assert what.startswith(
        f"is not the file that was received as {brought['first'].artefact.ref} version 1: its SHA-256 is"
    )


def test_a_file_gone_from_the_store_is_named(acme, brought, tmp_path):
    with scope(acme):
        default_storage.delete(path_of(brought["first"].sha256))
    assert problems(acme, tmp_path, brought)[f"{brought['first'].artefact.ref} version 1"].startswith(
        "its file is not in the pack: leaf 0 says"
    )


def test_a_changed_row_is_named_with_both_values(acme, brought, tamper, tmp_path):
    with scope(acme):
        tamper(
            "evidence_version", "UPDATE evidence_version SET filename = 'nicer.pdf' WHERE id = %s", brought["first"].pk
        )
    what = problems(acme, tmp_path, brought)[f"{brought['first'].artefact.ref} version 1"]
    assert what == 'its filename differs: the row says "nicer.pdf", leaf 0 says "Überprüfung Q2.pdf"'


def test_a_deleted_row_is_named_by_what_its_leaf_says(acme, brought, tamper, tmp_path):
    with scope(acme):
        tamper("evidence_versiondecision", "DELETE FROM evidence_versiondecision")
        tamper("evidence_supersession", "DELETE FROM evidence_supersession")
        tamper("evidence_version", "DELETE FROM evidence_version WHERE id = %s", brought["first"].pk)
    found, ref = problems(acme, tmp_path, brought), brought["first"].artefact.ref
    assert found[f"{ref} version 1"].startswith("its row was deleted: leaf 0 says that Überprüfung Q2.pdf of 14 bytes")
    assert "leaf 2 says returned by Femi Adeyemi" in found[f"the decision on {ref} version 1"]
    assert "leaf 3 says superseded by Femi Adeyemi" in found[f"the supersession of {ref} version 1"]


def test_a_whole_artefact_deleted_is_still_in_every_pack(acme, brought, tamper, tmp_path):
    gone = brought["collected"].artefact
    with scope(acme):
        for table, column in (
            ("evidence_evidencelink", "artefact_id"),
            ("evidence_version", "artefact_id"),
            ("evidence_artefact", "id"),
        ):
            tamper(table, f"DELETE FROM {table} WHERE {column} = %s", gone.pk)
    said, opened = pack(acme, tmp_path, of_control(brought["control"]))
    assert [where for where, _ in said.problems] == [f"{gone.ref} version 1"]
    assert any(name.startswith("no-criterion/no-control/") for name in evidence_in(opened))
    assert "which control they served cannot be told" in read(opened, "data/index.html")


def test_a_row_put_in_behind_the_log_is_named(acme, brought, tamper, tmp_path):
    with scope(acme):
        sign_checkpoint(actor=SYSTEM)
        tamper("evidence_log_leaf", "DELETE FROM evidence_log_leaf WHERE subject = %s", brought["both"].pk)
    found = problems(acme, tmp_path, brought)
    assert "stands in the database and not in the log" in found[f"{brought['both'].artefact.ref} version 1"]
    assert found["data/log/leaf-hashes.txt, line 5"] == "leaf 4 is gone from the log"


def test_a_log_rewritten_is_named_by_the_checkpoints_that_were_signed_before(acme, brought, tamper, tmp_path):
    """The leaf, its hash and every root from there on are made anew; what was signed over the first two stands."""
    from hashlib import sha256

    from evidence.log.models import Leaf

    with scope(acme):
        leaf = Leaf.objects.get(index=0)
        body = leaf.body.replace("first", "other").replace("Exported", "Imported")
        digest = sha256(b"\0" + body.encode()).digest()
        tamper(
            "evidence_log_leaf", "UPDATE evidence_log_leaf SET body = %s, leaf_hash = %s WHERE index = 0", body, digest
        )
    found = problems(acme, tmp_path, brought)
    assert found["data/log/checkpoints/1.txt"].startswith(
        "the log was rewritten: its first 1 leaves no longer give the root"
    )
    assert "The change lies from leaf 0 to leaf 0" in found["data/log/checkpoints/1.txt"]


# --- At the command line ----------------------------------------------------------------------------------------------


def test_the_command_writes_a_pack_and_says_its_digest(acme, brought, tmp_path, capsys):
    out = tmp_path / "cc61.zip"
    call_command("write_pack", "--organization", "acme", "--criterion", "CC6.1", "--out", str(out))
    said = capsys.readouterr().out
    from hashlib import sha256

    assert f"sha256 {sha256(out.read_bytes()).hexdigest()}" in said
    assert verified(tmp_path, out).code == 0
    with scope(acme):
        assert Entry.objects.get(action="evidence_packs.pack.written").after["of"] == "CC6.1"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (["--control", "XX-99"], "no control XX-99"),
        (["--criterion", "CC9.9"], "No control meets a criterion"),
        (["--programme", "x"], "No programme is called x"),
    ],
)
def test_the_command_says_what_is_not_there(acme, brought, tmp_path, asked, answer):
    with pytest.raises(CommandError, match=answer):
        call_command("write_pack", "--organization", "acme", "--out", str(tmp_path / "x.zip"), *asked)
    assert list(tmp_path.iterdir()) == []


def test_without_evidence_there_is_no_pack(acme, mei, tmp_path):
    with scope(acme):
        control = make_control()
    with pytest.raises(EmptyLog):
        pack(acme, tmp_path, of_control(control))
