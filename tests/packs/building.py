"""Packs from plain data, with a log and signatures made by other code than the product's: what the verifiers are held against.

A log as its keeper has it (`Told`) can be altered before the pack is written, as somebody with the database would, or the
pack can be altered afterwards (`repacked`).
"""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.packs.writing import Entry, Head, write

ORGANIZATION = "0198a000-0000-7000-8000-000000000001"
NAME = f"fieldwork/{ORGANIZATION}"
PACK = "0198a000-0000-7000-8000-0000000000aa"
DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def plain(value: Any) -> bytes:
    """Canonical JSON of the plain values that tests use: ASCII names, no fractions."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(leaf: bytes) -> bytes:
    return sha256(b"\0" + leaf).digest()


def root_of(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it is written there."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(hashes[:k]) + root_of(hashes[k:])).digest()


def path_of(index: int, hashes: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, as it is written there."""
    if len(hashes) == 1:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return [*path_of(index, hashes[:k]), root_of(hashes[k:])]
    return [*path_of(index - k, hashes[k:]), root_of(hashes[:k])]


class Key:
    """A key that signs notes."""

    def __init__(self, seed: int = 1, name: str = NAME) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.name = name
        self.raw = b"\x01" + self.private.public_key().public_bytes_raw()
        self.id = sha256(name.encode() + b"\n" + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(self.raw).decode()}"

    def sign(self, text: str) -> str:
        return f"{text}\n— {self.name} {b64encode(self.id + self.private.sign(text.encode())).decode()}\n"


@dataclass
class Told:
    """What the database holds: leaves, rows by leaf, files by digest, checkpoints. A log of `foreign` leaves that are of
    other controls lies around what the pack is of."""

    key: Key = field(default_factory=Key)
    leaves: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    signed: list[tuple[int, datetime, str]] = field(default_factory=list)
    without_leaf: list[dict[str, Any]] = field(default_factory=list)
    shown_key: str = ""
    again: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, kind: str, **said: Any) -> int:
        index = len(self.leaves)
        self.leaves.append({"v": 1, "type": kind, "organization": ORGANIZATION, "at": moment(index), **said})
        if kind != "foreign":
            self.rows[index] = dict(said)
        return index

    def version(self, artefact: str, number: int, content: bytes, **more: Any) -> int:
        digest = sha256(content).hexdigest()
        self.files[digest] = content
        return self.add(
            "version", id=f"{artefact}-{number}", artefact=artefact, artefact_id=f"id-{artefact}", number=number, sha256=digest,
            size=len(content), media_type="text/csv", filename=f"{artefact}.csv", source="person", received_at=moment(len(self.leaves)),
            effective_start=moment(0), effective_end=moment(1), provided_by="Jonas Lindqvist",
            provenance={"filename": f"{artefact}.csv", "note": "Zażółć"}, **more,
        )  # fmt: skip

    def decide(self, version: int, acceptance: str = "approved", reason: str = "") -> int:
        of = self.leaves[version]
        return self.add(
            "decision", id=f"d-{len(self.leaves)}", version=of["id"], version_sha256=of["sha256"], acceptance=acceptance,
            reason=reason, decided_by="Femi Adeyemi", decided_at=moment(len(self.leaves)),
        )  # fmt: skip

    def see_again(self, *versions: int, sha256: str = "") -> int:
        """A run that saw the bytes of these versions again, at the moment of its leaf; each row says so too."""
        index = len(self.leaves)
        seen = [
            {"version": self.leaves[of]["id"], "sha256": sha256 or self.leaves[of]["sha256"], "at": moment(index)} for of in versions
        ]
        elsewhere = {"version": "of-another-pack", "sha256": "00", "at": moment(index)}
        self.add("sightings", run=index, connection="aws", connection_id="c-1", seen=[*seen, elsewhere])
        self.rows[index] = None
        for of in versions:
            self.again.setdefault(of, {"until": moment(90), "at": []})["at"].append(moment(index))
        return index

    @property
    def hashes(self) -> list[bytes]:
        return [hash_of(plain(leaf)) for leaf in self.leaves]

    def note(self, size: int) -> str:
        return self.key.sign(f"{NAME}\n{size}\n{b64encode(root_of(self.hashes[:size])).decode()}\n")

    def sign(self) -> str:
        size = len(self.leaves)
        self.signed.append((size, DAY + timedelta(days=size), self.note(size)))
        return self.signed[-1][2]


def moment(day: int) -> str:
    return (DAY + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class PlainLog:
    """What the writer asks of a log."""

    def __init__(self, told: Told) -> None:
        self.told, self.size = told, told.signed[-1][0]
        self.checkpoint = told.signed[-1][2]
        self.keys = (told.shown_key or str(told.key)) + "\n"
        self._hashes = told.hashes[: self.size]

    def earlier(self) -> list[tuple[int, datetime, str]]:
        return self.told.signed

    def hashes(self) -> list[bytes]:
        return self._hashes

    def proof(self, index: int) -> list[bytes]:
        return path_of(index, self._hashes)

    def sign(self, text: str) -> str:
        return self.told.key.sign(text)


class NoIndex:
    """An index with nothing in it but a page."""

    def add(self, entry: Entry, path: str | None) -> None:
        """Nothing is kept."""

    def files(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        yield "data/index.html", [b"<!DOCTYPE html><title>Index</title>"]


def a_year() -> Told:
    """Three artefacts with five versions, two decisions and a supersession among 23 leaves, signed at 5, 11, 16 and 23."""
    told = Told()
    for number in range(23):
        if number == 2:
            told.version("EV-0001", 1, b"id,state\n1,ok\n")
        elif number == 4:
            told.version("EV-0002", 1, b"a screenshot, say" * 5000)
        elif number == 7:
            told.decide(2)
        elif number == 9:
            told.version("EV-0001", 2, b"id,state\n1,ok\n2,failed\n")
        elif number == 12:
            told.decide(9, "returned", "Cropped.")
        elif number == 14:
            told.version("EV-0001", 3, b"")
        elif number == 15:
            told.add(
                "supersession",
                id="s-1",
                version="EV-0001-2",
                by="EV-0001-3",
                reason="Whole now.",
                decided_by="Mei",
                decided_at=moment(15),
            )
        elif number == 18:
            told.version("EV-0003", 1, b"x" * 100_000)
        else:
            told.add("foreign", id=f"f-{number}")
        if number + 1 in {5, 11, 16, 23}:
            told.sign()
    return told


def pack_of(told: Told) -> bytes:
    """The pack of everything but the foreign leaves."""
    head = Head(
        id=PACK, organization={"id": ORGANIZATION, "name": "Acme Ledger", "slug": "acme", "timezone": "Europe/Lisbon", "sample": False},
        of={"kind": "criterion", "criterion": "CC6.1"}, title="Evidence of CC6.1, Acme Ledger", made_at=DAY + timedelta(days=40),
        made_by="Mei-Ling Chu",
    )  # fmt: skip
    file = io.BytesIO()
    write(file, head, _entries(told), told.without_leaf, PlainLog(told), NoIndex())
    return file.getvalue()


def _entries(told: Told) -> Iterator[Entry]:
    for index, leaf in enumerate(told.leaves):
        if index not in told.rows:
            continue
        held = told.files.get(leaf.get("sha256", ""))
        is_file = leaf["type"] == "version" and held is not None
        yield Entry(
            index=index, kind=leaf["type"] if leaf["type"] not in ("foreign", "sightings") else "other", leaf=plain(leaf),
            row=told.rows[index], filed={"again": told.again[index]} if index in told.again else {},
            path=f"CC6.1/AC-01/{leaf['artefact']}-v{leaf['number']:02d}.csv" if is_file else "",
            open=(lambda held=held: io.BytesIO(held)) if is_file else None,
        )  # fmt: skip


TOP = f"pack-{PACK}/"


def repacked(pack: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The pack after somebody changed its files by name; nothing else of it is made anew."""
    with zipfile.ZipFile(io.BytesIO(pack)) as old:
        files = {info.filename.removeprefix(TOP): old.read(info) for info in old.infolist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(TOP + name, content)
    return made.getvalue()


def relisted(files: dict[str, bytes], name: str) -> None:
    """Make the manifest say what a file is now, as somebody without the key can."""
    manifest = "manifest-sha256.txt" if name.startswith("data/") else "tagmanifest-sha256.txt"
    lines = [line for line in files[manifest].decode().splitlines() if not line.endswith(f"  {name}")]
    files[manifest] = "".join(f"{line}\n" for line in [*lines, f"{sha256(files[name]).hexdigest()}  {name}"]).encode()


def saved(folder: Path, pack: bytes, name: str = "pack.zip") -> Path:
    path = folder / name
    path.write_bytes(pack)
    return path
