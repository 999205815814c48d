"""The inspection of the log names what was changed, where, and from what to what."""

import json
import time
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError

from compliance.trail.actors import SYSTEM
from compliance.trail.models import Entry
from evidence.log import merkle, nodes, selectors
from evidence.log.models import Inspection, Leaf, Tile
from evidence.log.problems import Problem
from evidence.log.services.sign import RewrittenError, sign_checkpoint
from evidence.services.decide import decide_version
from evidence.services.supersede import supersede_version
from evidence.services.verify import verify_log
from evidence.storage import path_of
from tests.factories.evidence import bring, make_requirement

from .leaves import grow


@pytest.fixture()
def brought(tamper, room, mei, femi):
    """Three versions of one artefact, decided on, one superseding another: five leaves, signed in two steps."""
    requirement = make_requirement(mei.actor)
    first = bring(mei, requirement, days_ago=9, content=b"%PDF-1.7 first")
    second = bring(mei, requirement, days_ago=5, artefact=first.artefact)
    sign_checkpoint(actor=SYSTEM)
    decide_version(actor=femi.actor, version=first, acceptance="returned", reason="It is cropped.")
    supersede_version(actor=femi.actor, version=first, by=second, reason="The first was cropped.")
    third = bring(mei, requirement, days_ago=1, artefact=first.artefact)
    sign_checkpoint(actor=SYSTEM)
    return [first, second, third]


def found() -> list[str]:
    return [str(Problem(**each)) for each in verify_log(actor=SYSTEM, all_files=True).problems]


def test_of_an_honest_log_nothing_is_said(brought):
    inspection = verify_log(actor=SYSTEM, all_files=True)
    assert (inspection.size, inspection.checkpoints, inspection.rows, inspection.files) == (5, 2, 5, 3)
    assert (inspection.found, inspection.problems) == (0, [])
    assert Entry.objects.filter(action="evidence_log.inspection.made").count() == 1


def test_a_changed_row_is_named_with_leaf_version_field_and_both_values(brought, tamper):
    ref = brought[0].artefact.ref
    tamper("evidence_version", "UPDATE evidence_version SET filename = 'nicer.pdf' WHERE id = %s", brought[0].pk)
    assert found() == [
        f"{ref} v1, leaf 0: The version was changed after it was logged. filename: nicer.pdf now, review.pdf in the log."
    ]
    alarm = Entry.objects.get(action="evidence_log.inspection.alarmed")
    assert alarm.after["problems"] == 1


def test_a_changed_provenance_is_named(brought, tamper):
    told = json.dumps({"filename": "review.pdf", "provided_by": "Somebody else"})
    tamper("evidence_version", "UPDATE evidence_version SET provenance = %s WHERE id = %s", told, brought[1].pk)
    assert [line.partition(". ")[2].partition(":")[0] for line in found()] == ["provenance"]


def test_a_decision_turned_round_is_named(brought, tamper):
    tamper("evidence_versiondecision", "UPDATE evidence_versiondecision SET acceptance = 'approved'")
    where = f"{brought[0].artefact.ref} v1, leaf 2"
    assert found() == [f"{where}: The decision was changed after it was logged. acceptance: approved now, returned in the log."]


def test_a_deleted_row_is_named_by_what_its_leaf_says(brought, tamper):
    tamper("evidence_supersession", "DELETE FROM evidence_supersession")
    assert len(found()) == 1
    tamper("evidence_version", "DELETE FROM evidence_version WHERE id = %s", brought[2].pk)
    lines = found()
    assert f"{brought[0].artefact.ref} v3, leaf 4: The version {brought[2].pk} was deleted; the log still says what it was." in lines
    assert any(line.startswith("leaf 3: The supersession") for line in lines)


def test_a_row_that_was_slipped_in_is_not_in_the_log(brought, tamper):
    columns = ", ".join(f.column for f in type(brought[0])._meta.concrete_fields if f.column not in {"id", "number"})
    tamper(
        "evidence_version",
        f"INSERT INTO evidence_version (id, number, {columns}) SELECT gen_random_uuid(), 4, {columns} FROM evidence_version WHERE id = %s",
        brought[0].pk,
    )
    assert found() == [f"{brought[0].artefact.ref} v4: The version stands in the database and not in the log."]


def test_a_changed_byte_of_a_stored_file_is_found(brought):
    path = default_storage.path(path_of(brought[0].sha256))
    with open(path, "r+b") as stored:
        held = stored.read()
        stored.seek(3)
        stored.write(b"X")
    try:
        assert found() == [f"{brought[0].artefact.ref} v1, leaf 0: The stored file is gone, or its bytes were changed."]
    finally:
        with open(path, "wb") as stored:
            stored.write(held)


def test_a_changed_leaf_does_not_give_its_hash(brought, tamper):
    tamper("evidence_log_leaf", "UPDATE evidence_log_leaf SET body = replace(body, 'review.pdf', 'nicer.pdf') WHERE index = 1")
    lines = found()
    assert lines[0] == "leaf 1: Its bytes do not give the hash that was signed: it was changed."
    assert lines[1].endswith("filename: review.pdf now, nicer.pdf in the log.")


def test_a_leaf_changed_with_its_hash_breaks_the_signed_root(brought, tamper):
    body = Leaf.objects.get(index=3).body.replace("cropped", "blurred")
    tamper("evidence_supersession", "UPDATE evidence_supersession SET reason = replace(reason, 'cropped', 'blurred')")
    tamper(
        "evidence_log_leaf", "UPDATE evidence_log_leaf SET body = %s, leaf_hash = %s WHERE index = 3", body,
        merkle.leaf_hash(body.encode()),
    )  # fmt: skip
    (line,) = found()
    assert "checkpoint of 5 leaves" in line
    assert "rewritten somewhere after 2 leaves" in line


def test_a_leaf_exchanged_under_a_tile_is_named_to_the_place(tamper, room):
    grow(300)
    sign_checkpoint(actor=SYSTEM)
    body = Leaf.objects.get(index=77).body.replace("77th", "78th")
    tamper(
        "evidence_log_leaf", "UPDATE evidence_log_leaf SET body = %s, leaf_hash = %s WHERE index = 77", body,
        merkle.leaf_hash(body.encode()),
    )  # fmt: skip
    lines = found()
    assert "The leaves do not give the root" in lines[0]
    assert lines[1].startswith("leaf 77: It is another leaf than the one that stood here")
    assert len(lines) == 2


def test_a_leaf_that_is_gone_and_a_log_cut_short_are_found(brought, tamper):
    tamper("evidence_log_leaf", "DELETE FROM evidence_log_leaf WHERE index = 4")
    assert "leaf 4: The leaf is gone." in found()
    tamper("evidence_log_head", "UPDATE evidence_log_head SET size = 4")
    assert any("The leaves do not give the root of the checkpoint of 5 leaves" in line for line in found())


def test_a_rewritten_log_is_not_signed_again(brought, tamper):
    body = Leaf.objects.get(index=3).body.replace("cropped", "blurred")
    tamper(
        "evidence_log_leaf", "UPDATE evidence_log_leaf SET body = %s, leaf_hash = %s WHERE index = 3", body,
        merkle.leaf_hash(body.encode()),
    )  # fmt: skip
    grow(1)
    with pytest.raises(RewrittenError, match="its checkpoint of 5 leaves"):
        sign_checkpoint(actor=SYSTEM)


def test_a_log_with_a_hole_is_not_signed_and_proves_nothing(brought, tamper):
    grow(2)
    tamper("evidence_log_leaf", "DELETE FROM evidence_log_leaf WHERE index = 5")
    with pytest.raises(RewrittenError, match="are gone"):
        sign_checkpoint(actor=SYSTEM)
    tamper("evidence_log_leaf", "DELETE FROM evidence_log_leaf WHERE index = 4")
    assert not selectors.proof_of(Leaf.objects.get(index=3)).holds
    assert sign_checkpoint(actor=SYSTEM, despite_rewriting=True).size == 7  # what a pack asks for, and nobody else


def test_of_a_log_that_is_gone_nothing_is_computed_leaf_by_leaf(brought, tamper):
    """A head that says a billion leaves, and none there: each subtree is given up at its first leaf."""
    tamper("evidence_log_leaf", "DELETE FROM evidence_log_leaf")
    began = time.monotonic()
    with mock.patch.object(nodes, "_cells", lambda level, index: iter([(level, index)])):
        gone = nodes.StoredNodes([(0, 1 << 30)])
    assert gone(30, 0) == nodes.GONE
    assert time.monotonic() - began < 5


def test_a_log_cut_short_is_not_signed_again(brought, tamper):
    tamper("evidence_log_head", "UPDATE evidence_log_head SET size = 2")
    assert sign_checkpoint(actor=SYSTEM).size == 5


def test_a_checkpoint_that_was_changed_is_found(brought, tamper):
    tamper("evidence_log_checkpoint", "UPDATE evidence_log_checkpoint SET note = replace(note, E'\\n2\\n', E'\\n3\\n') WHERE size = 2")
    assert "The checkpoint of 2 leaves is not what was signed." in found()[0]


def test_a_tile_that_was_changed_is_found(tamper, room):
    grow(256)
    sign_checkpoint(actor=SYSTEM)
    tile = Tile.objects.get()
    tamper("evidence_log_tile", "UPDATE evidence_log_tile SET hashes = %s", bytes(32) + bytes(tile.hashes)[32:])
    assert found()[0] == "Tile 0 of level 0 was changed."


def test_the_command_names_it_and_ends_with_1(brought, tamper, capsys):
    call_command("verify_log", "--organization", "acme", "--all-files")
    assert capsys.readouterr().out == "5 leaves, 2 checkpoints, 5 rows, 3 files: everything agrees.\n"
    tamper("evidence_version", "UPDATE evidence_version SET size = 1 WHERE id = %s", brought[0].pk)
    with pytest.raises(CommandError, match="size: 1 now, 14 in the log") as failed:
        call_command("verify_log", "--organization", "acme")
    assert failed.value.returncode == 1
    with pytest.raises(CommandError, match="no organisation"):
        call_command("verify_log", "--organization", "nowhere")


def test_checkpoints_are_signed_from_the_command_line(acme, mei, capsys):
    from compliance.tenancy.rooms import scope

    with pytest.raises(CommandError, match="empty"):
        call_command("sign_checkpoints", "--organization", "acme")
    with scope(acme):
        grow(2)
    call_command("sign_checkpoints", "--organization", "acme", "--new-key")
    assert capsys.readouterr().out.startswith(f"fieldwork/{acme.pk}\n2\n")
    call_command("sign_checkpoints")
    assert "acme: 2 leaves, " in capsys.readouterr().out
    with pytest.raises(CommandError, match="no organisation"):
        call_command("sign_checkpoints", "--organization", "nowhere")


def test_the_sweeps_walk_every_organisation(acme, borealis):
    from compliance.tenancy.rooms import scope
    from evidence.log.tasks import sweep_checkpoints
    from evidence.tasks import sweep_log

    for organization in (acme, borealis):
        with scope(organization):
            grow(1)
    sweep_checkpoints()
    sweep_log()
    for organization in (acme, borealis):
        with scope(organization):
            assert Inspection.objects.get().checkpoints == 1
