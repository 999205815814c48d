"""What was tampered with is named, with its place, from the pack alone: by verify.py."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evidence.packs.verifier.one_file import verify_py
from tests.packs.building import TOP, a_year, pack_of, saved
from tests.packs.cases import CASES, FILE
from tests.packs.verifying import arguments_of, verified


@pytest.mark.parametrize("name", CASES)
def test_it_names_what_and_where_and_nothing_else_wrongly(name, tmp_path):
    case = CASES[name]()
    said = verified(tmp_path, saved(tmp_path, case.pack), *arguments_of(tmp_path, case))
    if not case.is_pack:
        assert (said.code, said.problems) == (2, [])
        assert said.lines[0].startswith("NOT A PACK")
        return
    for where, what in case.told:
        assert [one for one in said.problems if one[0].endswith(where) and what in one[1]], (where, what, said.problems)
    assert bool(said.problems) == bool(case.told)
    assert said.code == (1 if case.told else 0)


def test_an_honest_pack_is_said_to_differ_in_nothing_with_what_was_checked(tmp_path):
    said = verified(tmp_path, saved(tmp_path, pack_of(a_year())))
    assert said.code == 0
    assert said.lines[-1] == "Nothing differs."
    assert any(
        "5 items, 2 decisions, 1 supersession; 8 leaves in a log of 23; 4 checkpoints" in line for line in said.lines
    )
    assert any(line.startswith("It took ") for line in said.lines)


def test_an_unzipped_pack_verifies_itself_with_the_file_in_it(tmp_path):
    zipfile.ZipFile(saved(tmp_path, pack_of(a_year()))).extractall(tmp_path)
    script = tmp_path / TOP / "verify.py"
    assert subprocess.run([sys.executable, str(script)], capture_output=True).returncode == 0
    (tmp_path / TOP / FILE).write_bytes(b"id,state\n1,ok\n2,passed\n")
    answer = subprocess.run([sys.executable, str(script)], capture_output=True, encoding="utf-8")
    assert answer.returncode == 1
    assert f"PROBLEM  {FILE}: was changed" in answer.stdout


def test_what_lies_beside_it_is_not_imported(tmp_path):
    zipfile.ZipFile(saved(tmp_path, pack_of(a_year()))).extractall(tmp_path)
    for name in ("json", "hashlib", "zipfile"):
        (tmp_path / TOP / f"{name}.py").write_text("raise SystemExit(0)\n")
    answer = subprocess.run([sys.executable, str(tmp_path / TOP / "verify.py")], capture_output=True, encoding="utf-8")
    assert answer.returncode == 1
    assert "PROBLEM  json.py: is a file that no manifest knows" in answer.stdout


def test_a_link_in_the_folder_is_not_followed(tmp_path):
    zipfile.ZipFile(saved(tmp_path, pack_of(a_year()))).extractall(tmp_path)
    os.symlink("/etc", tmp_path / TOP / "data/folder")
    (tmp_path / TOP / FILE).unlink()
    os.symlink("/etc/passwd", tmp_path / TOP / FILE)
    said = verified(tmp_path, tmp_path / TOP)
    link = "a link and not a file; it was not followed"
    assert {(FILE, link), ("data/folder", link)} <= set(said.problems)


@pytest.mark.parametrize("cut", range(0, 60_000, 1300))
def test_a_pack_cut_off_anywhere_is_no_pack_and_no_crash(cut, tmp_path):
    whole = pack_of(a_year())
    assert verified(tmp_path, saved(tmp_path, whole[: len(whole) - 1 - cut])).code == 2


def test_a_flipped_bit_anywhere_is_noticed(tmp_path):
    """In what is stored: told, or no pack, and never a crash. (The last byte of what was pressed may hold bits that mean
    nothing.)"""
    whole = pack_of(a_year())
    crashed, missed = [], []
    with zipfile.ZipFile(saved(tmp_path, whole)) as opened:
        spans = [
            (info.header_offset + 30 + len(info.filename), info.compress_size)
            for info in opened.infolist()
            if info.compress_size
        ]
    for start, size in spans:
        for at in (start, start + size // 2):
            broken = bytearray(whole)
            broken[at] ^= 0x10
            said = verified(tmp_path, saved(tmp_path, bytes(broken)))
            if said.code not in (1, 2):
                missed.append(at)
            if not said.lines:
                crashed.append(at)
    assert (crashed, missed) == ([], [])


def test_it_writes_nothing(tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    saved(folder, pack_of(a_year()))
    verified(tmp_path, folder / "pack.zip")
    assert [path.name for path in folder.iterdir()] == ["pack.zip"]


def test_it_needs_nothing_but_the_standard_library_and_no_name_is_given_twice():
    import ast

    tree = ast.parse(verify_py())
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    for node in tree.body:
        if isinstance(node, ast.Assign):
            defined += [name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    assert len(defined) == len(set(defined))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names) - {
        "socket",
        "urllib",
        "http",
        "subprocess",
        "ctypes",
        "pickle",
        "tempfile",
        "shutil",
    }


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.12", "3.13"])
def test_it_runs_on_other_pythons(version, tmp_path):
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    if not found:
        pytest.skip(f"Python {version} is not here")
    pack = saved(tmp_path, pack_of(a_year()))
    assert verified(tmp_path, pack, python=str(found[0])).lines[-1] == "Nothing differs."


def test_it_knows_signatures_and_trees_as_the_standards_give_them():
    """RFC 8032, 7.1, tests 1 to 3 and SHA(abc); the signature with s + L, which is the same point, is refused."""
    from evidence.packs.verifier.signatures import ORDER, is_signed

    vectors = [
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]  # fmt: skip
    for key, text, signature in vectors:
        raw = bytes.fromhex(signature)
        assert is_signed(bytes.fromhex(key), bytes.fromhex(text), raw)
        assert not is_signed(bytes.fromhex(key), bytes.fromhex(text) + b"!", raw)
        s = int.from_bytes(raw[32:], "little") + ORDER
        assert not is_signed(bytes.fromhex(key), bytes.fromhex(text), raw[:32] + s.to_bytes(32, "little"))
