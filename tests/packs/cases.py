"""Everything that is done to packs, and to what they are made of: what was changed, and what a verifier has to say of it."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from tests.packs.building import TOP, Key, Told, a_year, moment, pack_of, relisted, repacked

FILE = "data/evidence/CC6.1/AC-01/EV-0001-v02.csv"


@dataclass
class Case:
    """A pack, what the reader held against it, and for each problem that has to be told (where, a part of what)."""

    pack: bytes
    told: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    is_pack: bool = True


CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    CASES[make.__name__] = make
    return make


def told_by(change: Callable[[Told], None]) -> bytes:
    """The pack that is written after somebody changed what the database or the store holds."""
    told = a_year()
    change(told)
    return pack_of(told)


def changed(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The honest pack, with its files changed afterwards."""
    return repacked(pack_of(a_year()), change)


# --- Honest ----------------------------------------------------------------------------------------------------------


@case
def honest() -> Case:
    return Case(pack_of(a_year()), kept=[a_year().signed[1][2]], keys=[str(Key())])


@case
def honest_with_leaves_of_other_types() -> Case:
    def change(told: Told) -> None:
        told.rows[0] = None

    return Case(told_by(change))


def seen_again(change: Callable[[Told], None] = lambda told: None, **more: str) -> bytes:
    """A year after which two runs saw the same bytes again; the second ended when the pack was being written."""
    told = a_year()
    told.see_again(14, 18)
    told.see_again(18, **more)
    told.sign()
    for again in told.again.values():
        again["until"] = moment(24)
        again["at"] = [at for at in again["at"] if at < again["until"]]
    change(told)
    return pack_of(told)


@case
def honest_with_what_was_seen_again() -> Case:
    return Case(seen_again())


# --- What somebody with the database or the store did -----------------------------------------------------------------


@case
def a_byte_of_a_stored_file() -> Case:
    def change(told: Told) -> None:
        told.files[told.leaves[9]["sha256"]] = b"id,state\n1,ok\n2,passed\n"

    return Case(told_by(change), [(FILE, "is not the file that was received as EV-0001 version 2")])


@case
def a_file_gone_from_the_store() -> Case:
    def change(told: Told) -> None:
        del told.files[told.leaves[9]["sha256"]]

    return Case(told_by(change), [("EV-0001 version 2", "its file is not in the pack: leaf 9 says SHA-256")])


@case
def a_row_changed() -> Case:
    def change(told: Told) -> None:
        told.rows[4] = told.rows[4] | {"effective_end": "2026-04-01T00:00:00.000000Z", "provided_by": "Nobody"}

    return Case(told_by(change), [
        ("EV-0002 version 1", 'its effective_end differs: the row says "2026-04-01T00:00:00.000000Z", leaf 4 says "2026-05-02'),
        ("EV-0002 version 1", 'its provided_by differs: the row says "Nobody", leaf 4 says "Jonas Lindqvist"'),
    ])  # fmt: skip


@case
def a_row_deleted() -> Case:
    def change(told: Told) -> None:
        told.rows[9] = None

    return Case(
        told_by(change), [("EV-0001 version 2", "its row was deleted: leaf 9 says that EV-0001.csv of 23 bytes")]
    )


@case
def a_decision_deleted() -> Case:
    def change(told: Told) -> None:
        told.rows[12] = None

    return Case(told_by(change), [
        ("the decision on EV-0001 version 2", 'its row was deleted: leaf 12 says returned by Femi Adeyemi at'),
    ])  # fmt: skip


@case
def a_decision_turned_around() -> Case:
    def change(told: Told) -> None:
        told.rows[12] = told.rows[12] | {"acceptance": "approved", "reason": ""}

    return Case(told_by(change), [
        ("the decision on EV-0001 version 2", 'its acceptance differs: the row says "approved", leaf 12 says "returned"'),
        ("the decision on EV-0001 version 2", 'its reason differs: the row says "", leaf 12 says "Cropped."'),
    ])  # fmt: skip


@case
def a_supersession_deleted() -> Case:
    def change(told: Told) -> None:
        told.rows[15] = None

    return Case(
        told_by(change),
        [("the supersession of EV-0001 version 2", "its row was deleted: leaf 15 says superseded by Mei")],
    )


@case
def a_look_put_in() -> Case:
    def change(told: Told) -> None:
        told.again[14]["at"] = [*told.again[14]["at"], moment(20)]

    return Case(seen_again(change), [
        ("EV-0001 version 3", f"its row says that it was seen again at {moment(20)}, and no leaf says so"),
    ])  # fmt: skip


@case
def a_look_taken_out() -> Case:
    def change(told: Told) -> None:
        told.again[18]["at"] = []

    return Case(seen_again(change), [
        ("EV-0003 version 1", f"leaf 23 says that it was seen again at {moment(23)}, and its row does not"),
    ])  # fmt: skip


@case
def a_look_told_twice() -> Case:
    def change(told: Told) -> None:
        told.again[14]["at"] *= 2

    return Case(seen_again(change), [
        ("EV-0001 version 3", "its row says more than once that it was seen again at one moment"),
    ])  # fmt: skip


@case
def a_look_at_other_bytes() -> Case:
    return Case(seen_again(sha256="ab" * 32), [
        ("EV-0003 version 1", f"leaf 24 says that it was seen again with SHA-256 {'ab' * 32}, and it has"),
    ])  # fmt: skip


@case
def a_list_of_looks_that_is_none() -> Case:
    def change(told: Told) -> None:
        told.again[14] = {"until": 5, "at": "never"}

    return Case(seen_again(change), [("data/pack.json", "items, entry 3: is not built as it has to be")])


@case
def a_row_put_in_behind_the_log() -> Case:
    def change(told: Told) -> None:
        told.without_leaf.append({"id": "x", "artefact": "EV-0003", "number": 2, "sha256": "00"})

    return Case(told_by(change), [("EV-0003 version 2", "stands in the database and not in the log")])


@case
def a_version_with_its_leaf_left_out() -> Case:
    def change(told: Told) -> None:
        del told.rows[9]

    return Case(told_by(change), [
        ("EV-0001", "version 2 is not in the pack, and version 3 is"),
        ("data/log/leaves/12.json", "speaks of a version whose leaf is not in the pack before it"),
        ("data/log/leaves/15.json", "speaks of a version whose leaf is not in the pack before it"),
    ])  # fmt: skip


def rewrite(told: Told) -> None:
    """Leaf 9, its row and its file say something else, and every checkpoint that can be signed anew is."""
    content = b"id,state\n1,ok\n2,passed\n"
    digest = sha256(content).hexdigest()
    told.files[digest] = content
    told.leaves[9] |= {"sha256": digest, "size": len(content)}
    told.rows[9] |= {"sha256": digest, "size": len(content)}
    told.leaves[12]["version_sha256"] = told.rows[12]["version_sha256"] = digest


@case
def a_log_rewritten_with_its_earlier_checkpoints_kept() -> Case:
    def change(told: Told) -> None:
        rewrite(told)
        told.signed[-1] = (23, told.signed[-1][1], told.note(23))

    return Case(told_by(change), [(
        "data/log/checkpoints/11.txt",
        "the log was rewritten: its first 11 leaves no longer give the root that was signed on 2026-05-12. The change lies from "
        "leaf 5 to leaf 10, between 2026-05-06 and 2026-05-12. 1 later checkpoint cannot be reproduced either",
    )])  # fmt: skip


@case
def a_log_rewritten_and_signed_anew_from_there() -> Case:
    """Nothing in the pack shows it; what the reader kept does."""

    def change(told: Told) -> None:
        rewrite(told)
        told.signed[1:] = [(size, at, told.note(size)) for size, at, _ in told.signed[1:]]

    return Case(
        told_by(change),
        [("the checkpoint kept-0.txt", "the log was rewritten: its first 11 leaves no longer give")],
        kept=[a_year().signed[1][2]],
    )


@case
def a_log_rewritten_and_nothing_kept() -> Case:
    """The case that no pack can show by itself, and that the verifier does not claim to."""

    def change(told: Told) -> None:
        rewrite(told)
        told.signed[1:] = [(size, at, told.note(size)) for size, at, _ in told.signed[1:]]

    return Case(told_by(change))


@case
def a_checkpoint_that_is_said_to_be_older_than_what_it_holds() -> Case:
    def change(told: Told) -> None:
        size, at, note = told.signed[2]
        told.signed[2] = (size, at - timedelta(days=10), note)

    return Case(told_by(change), [(
        "data/pack.json",
        "says that the checkpoint of 16 leaves was signed on 2026-05-07, and it holds leaf 9, which was entered after it",
    )])  # fmt: skip


@case
def a_checkpoint_that_is_said_to_be_newer_than_what_came_after_it() -> Case:
    def change(told: Told) -> None:
        size, at, note = told.signed[0]
        told.signed[0] = (size, at + timedelta(days=10), note)

    return Case(told_by(change), [(
        "data/pack.json",
        "says that the checkpoint of 5 leaves was signed on 2026-05-16, and it does not hold leaf 7, which was entered before it",
    )])  # fmt: skip


@case
def checkpoints_that_are_said_to_be_out_of_order() -> Case:
    def change(told: Told) -> None:
        for place in (0, 1):
            size, at, note = told.signed[place]
            told.signed[place] = (size, at.replace(year=2099), note)
        for leaf in told.leaves[7:]:
            leaf["at"] = "never"
        told.signed = [(size, at, told.note(size)) for size, at, _ in told.signed]

    return Case(told_by(change), [(
        "data/pack.json",
        "says that the checkpoint of 16 leaves was signed on 2026-05-17, and it holds that of 11, which is said to have been signed on "
        "2099-05-12",
    ), (
        "data/pack.json",
        "says that the checkpoint of 23 leaves was signed on 2026-05-24, and it holds that of 11, which is said to have been signed on "
        "2099-05-12",
    )])  # fmt: skip


@case
def a_log_cut_back() -> Case:
    def change(told: Told) -> None:
        told.signed.pop()
        told.leaves[16:] = []
        del told.rows[18]

    return Case(
        told_by(change),
        [("the checkpoint kept-0.txt", "was signed over 23 leaves, and the log in this pack has 16")],
        kept=[a_year().signed[-1][2]],
    )


@case
def another_key_than_the_one_given() -> Case:
    def change(told: Told) -> None:
        told.key = Key(2)
        told.signed = [(size, at, told.note(size)) for size, at, _ in told.signed]

    return Case(told_by(change), [
        ("data/log/key.txt", "holds the key fieldwork/0198a000-0000-7000-8000-000000000001+"),
        ("signature.txt", "is signed by the key"), ("data/log/checkpoint.txt", "is signed by the key"),
    ], keys=[str(Key())])  # fmt: skip


@case
def signed_by_a_key_that_the_pack_does_not_name() -> Case:
    def change(told: Told) -> None:
        told.shown_key = str(told.key)
        told.key = Key(2)

    return Case(told_by(change), [("signature.txt", "which is none of this pack's")])


@case
def a_checkpoint_with_a_wrong_signature() -> Case:
    def change(told: Told) -> None:
        size, at, note = told.signed[1]
        told.signed[1] = (size, at, note.replace("\n11\n", "\n10\n"))

    return Case(told_by(change), [("data/log/checkpoints/11.txt", "its signature by fieldwork/")])


# --- What somebody with the pack did ----------------------------------------------------------------------------------


@case
def a_byte_of_a_file_in_the_pack() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files[FILE] = files[FILE].replace(b"failed", b"passed")

    return Case(
        changed(change),
        [(FILE, "was changed: its SHA-256 is"), (FILE, "is not the file that was received as EV-0001 version 2")],
    )


@case
def a_byte_of_a_file_with_its_manifest_made_anew() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files[FILE] = files[FILE].replace(b"failed", b"passed")
        relisted(files, FILE)
        relisted(files, "manifest-sha256.txt")

    return Case(changed(change), [
        (FILE, "is not the file that was received as EV-0001 version 2"),
        ("signature.txt", "seals another manifest-sha256.txt than the one that is here"),
        ("signature.txt", "seals another tagmanifest-sha256.txt"),
    ])  # fmt: skip


@case
def a_file_added() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/evidence/CC6.1/AC-01/EV-0009-v01.csv"] = b"made up"

    return Case(changed(change), [
        ("data/evidence/CC6.1/AC-01/EV-0009-v01.csv", "is a file that no manifest knows"),
        ("data/evidence/CC6.1/AC-01/EV-0009-v01.csv", "belongs to nothing that the log took in"),
        ("bag-info.txt", "says of the payload"),
    ])  # fmt: skip


@case
def a_file_taken_out() -> Case:
    def change(files: dict[str, bytes]) -> None:
        del files[FILE]

    return Case(changed(change), [
        (FILE, "is listed in manifest-sha256.txt, and not there"), ("EV-0001 version 2", f"its file {FILE} is not there or cannot be read"),
        ("bag-info.txt", "says of the payload"),
    ])  # fmt: skip


@case
def a_line_of_the_manifest() -> Case:
    def change(files: dict[str, bytes]) -> None:
        lines = files["manifest-sha256.txt"].splitlines(keepends=True)
        place = next(n for n, line in enumerate(lines) if FILE.encode() in line)
        lines[place] = b"0" * 64 + lines[place][64:]
        files["manifest-sha256.txt"] = b"".join(lines)

    return Case(changed(change), [
        (FILE, "manifest-sha256.txt says 0000"), ("manifest-sha256.txt", "was changed"),
        ("signature.txt", "seals another manifest-sha256.txt"),
    ])  # fmt: skip


@case
def lines_of_the_manifest_that_are_none() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["manifest-sha256.txt"] += b"what\n" + b"0" * 64 + b"  bagit.txt\n" + b"0" * 64 + b"  data/pack.json\n"

    return Case(changed(change), [
        ("manifest-sha256.txt, line 23", "is no digest with a path"), ("manifest-sha256.txt, line 24", "lists bagit.txt, which the other"),
        ("manifest-sha256.txt, line 25", "lists data/pack.json a second time"),
    ])  # fmt: skip


@case
def a_leaf_changed() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/log/leaves/9.json"] = files["data/log/leaves/9.json"].replace(b"Jonas", b"Ja\xc3\xb1os")

    return Case(changed(change), [
        ("data/log/leaves/9.json", "leaf 9 does not give the hash that the log has in its place"),
        ("EV-0001 version 2", 'its provided_by differs: the row says "Jonas Lindqvist", leaf 9 says "Jaños Lindqvist"'),
    ])  # fmt: skip


@case
def a_leaf_in_other_bytes() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/log/leaves/9.json"] = files["data/log/leaves/9.json"].replace(b'"number":2', b'"number": 2')
        files["data/log/leaves/12.json"] = files["data/log/leaves/12.json"].replace(b'"v":1', b'"v":1.0')

    return Case(
        changed(change),
        [
            ("data/log/leaves/9.json", "is no leaf in canonical form"),
            ("data/log/leaves/12.json", "is no leaf in canonical form"),
        ],
    )


@case
def a_leaf_with_half_a_letter() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/log/leaves/9.json"] = files["data/log/leaves/9.json"].replace(b"Jonas", b"\\ud800")

    return Case(changed(change), [("data/log/leaves/9.json", "is no leaf in canonical form")])


@case
def a_hash_of_the_list() -> Case:
    def change(files: dict[str, bytes]) -> None:
        lines = files["data/log/leaf-hashes.txt"].split(b"\n")
        lines[13] = b"ab" * 32
        files["data/log/leaf-hashes.txt"] = b"\n".join(lines)

    return Case(changed(change), [
        ("data/log/checkpoints/16.txt", "The change lies from leaf 11 to leaf 15, between 2026-05-12 and 2026-05-17. 1 later"),
        ("data/log/leaf-hashes.txt", "was changed"), ("data/log/proofs.json", "the proof of leaf 2 does not lead to the root of the log"),
    ])  # fmt: skip


@case
def a_list_of_hashes_that_is_none() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/log/leaf-hashes.txt"] += b"what\n"

    return Case(
        changed(change),
        [
            ("data/log/leaf-hashes.txt, line 24", "is no hash"),
            ("data/log/leaves/2.json", "has no place in a log of 0 leaves"),
        ],
    )


@case
def proofs_of_other_leaves() -> Case:
    def change(files: dict[str, bytes]) -> None:
        found = json.loads(files["data/log/proofs.json"])
        proofs = found["proofs"]
        proofs["2"], proofs["4"], proofs["9"], proofs["7"] = proofs["4"], "no list", [1], [*proofs["7"], "ab" * 32]
        files["data/log/proofs.json"] = json.dumps(found).encode()

    return Case(
        changed(change), [("data/log/proofs.json", f"the proof of leaf {n} does not lead") for n in (2, 4, 9, 7)]
    )


@case
def a_seal_of_another_pack() -> Case:
    def change(files: dict[str, bytes]) -> None:
        about = json.loads(files["data/pack.json"])
        files["data/pack.json"] = json.dumps(about | {"id": "another"}).encode()

    return Case(changed(change), [("signature.txt", "seals another pack: 0198a000"), ("data/pack.json", "was changed")])


@case
def no_seal_and_no_key() -> Case:
    def change(files: dict[str, bytes]) -> None:
        del files["signature.txt"]
        files["data/log/key.txt"] = b"not a key+00+!\n"

    return Case(changed(change), [
        ("signature.txt", "is not there"), ("signature.txt", "is no signed note"),
        ("data/log/key.txt", "is no key of a log: not a key+00+!"),
        ("data/log/checkpoint.txt", "which is none of this pack's"),
    ])  # fmt: skip


@case
def entries_that_are_none() -> Case:
    def change(files: dict[str, bytes]) -> None:
        about = json.loads(files["data/pack.json"])
        about["items"] += [
            7,
            {"leaf": "2"},
            {"leaf": -1, "row": {}},
            {"leaf": 2, "row": [], "path": None},
            {"leaf": 2, "row": {}, "path": 3},
        ]
        about["items"] += [
            {"leaf": 99, "row": {"artefact": "EV-0099", "number": 1}, "path": None},
            {"leaf": 4, "row": about["items"][1]["row"]},
        ]
        about["checkpoints"] = {"size": 3}
        files["data/pack.json"] = json.dumps(about).encode()

    return Case(changed(change), [
        *[("data/pack.json", f"items, entry {n}: is not built as it has to be") for n in range(5, 10)],
        ("data/pack.json", "EV-0099 version 1: leaf 99 is not in the pack"), ("data/pack.json", "lists leaf 4 a second time"),
        ("data/pack.json", "does not list checkpoints"),
    ])  # fmt: skip


# --- Hostile containers ------------------------------------------------------------------------------------------------


def _zip(extra: Callable[[zipfile.ZipFile], None]) -> bytes:
    file = io.BytesIO(pack_of(a_year()))
    with zipfile.ZipFile(file, "a") as made:
        extra(made)
    return file.getvalue()


@case
def names_that_lead_out() -> Case:
    names = [
        "../evil", TOP + "../../evil", "/etc/passwd", TOP + "data\\..\\evil", "C:/evil", TOP + "data/a\u202ecod.exe", "other/file",
        TOP + "data//x", TOP + "data/ünïcode.txt",
    ]  # fmt: skip

    def extra(made: zipfile.ZipFile) -> None:
        for name in names:
            made.writestr(name, b"x")

    what = "a name that leads out of the pack's folder; it was not read"
    shown = [name.replace("\u202e", "\\u202e") for name in names[:-1]]
    return Case(
        _zip(extra), [*[(name, what) for name in shown], ("data/ünïcode.txt", "is a file that no manifest knows")]
    )


@case
def names_that_stand_twice() -> Case:
    def extra(made: zipfile.ZipFile) -> None:
        made.writestr(TOP + FILE, b"x")
        made.writestr(TOP + "BAGIT.txt", b"x")

    what = "this name stands more than once in the zip; none of them was read"
    return Case(
        _zip(extra),
        [(TOP + FILE, what), (TOP + "BAGIT.txt", what), (TOP + "bagit.txt", what), ("bagit.txt", "is not there")],
    )


@case
def a_link() -> Case:
    def extra(made: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(TOP + "data/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        made.writestr(info, "/etc/passwd")

    return Case(_zip(extra), [(TOP + "data/link", "a link and not a file; it was not followed")])


@case
def a_bomb() -> Case:
    def extra(made: zipfile.ZipFile) -> None:
        made.writestr(TOP + "data/bomb", b"\0" * (1 << 25), zipfile.ZIP_DEFLATED)

    return Case(_zip(extra), [(TOP + "data/bomb", "would grow to more than 200 times its size; it was not read")])


def _directory(change: Callable[[bytearray, int], None], name: str) -> bytes:
    """The honest pack with the directory's record of a file changed."""
    raw = bytearray(pack_of(a_year()))
    at = raw.rindex((TOP + name).encode()) - 46
    assert raw[at : at + 4] == b"PK\x01\x02"
    change(raw, at)
    return bytes(raw)


@case
def a_file_that_says_it_is_shorter() -> Case:
    """What inflates to more than it says is cut off, and not read on."""
    return Case(_directory(lambda raw, at: struct.pack_into("<I", raw, at + 24, 10), "data/log/leaf-hashes.txt"), [
        ("data/log/leaf-hashes.txt", "cannot be read to its end"),
    ])  # fmt: skip


@case
def files_that_lie_over_each_other() -> Case:
    def change(raw: bytearray, at: int) -> None:
        struct.pack_into("<I", raw, at + 42, 40)

    return Case(
        _directory(change, "data/log/leaf-hashes.txt"),
        [(TOP + "data/log/leaf-hashes.txt", "lies over another file of the zip")],
    )


@case
def a_file_in_a_packing_that_is_unknown() -> Case:
    return Case(
        _zip(lambda made: made.writestr(TOP + "data/x", b"x" * 99, zipfile.ZIP_BZIP2)),
        [(TOP + "data/x", "packed in a way that no pack is")],
    )


@case
def a_zip_cut_short() -> Case:
    return Case(pack_of(a_year())[:-3000], is_pack=False)


@case
def no_zip() -> Case:
    return Case(b"PK\x03\x04 and nothing more", is_pack=False)


@case
def a_zip_of_something_else() -> Case:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("folder/readme.txt", b"hello")
    return Case(file.getvalue(), is_pack=False)


@case
def a_pack_json_with_names_twice() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/pack.json"] = files["data/pack.json"].replace(
            b'"format"', b'"format":"fieldwork-pack/1","format"', 1
        )

    return Case(changed(change), is_pack=False)


@case
def a_pack_json_nested_without_end() -> Case:
    def change(files: dict[str, bytes]) -> None:
        files["data/pack.json"] = b"[" * 100_000

    return Case(changed(change), is_pack=False)
