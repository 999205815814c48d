"""Writes a pack from what is given, whatever gives it: the order of the files, pack.json, the leaves and their proofs.

The bytes are fixed in docs/domain/log-and-packs.md. Nothing here reads the database.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Protocol

from .bags import Bag
from .texts import readme
from .verifier.one_file import verify_py
from .verifier.one_page import verify_html

_CHUNK = 1 << 20
_SPOOL = 1 << 20


@dataclass(frozen=True)
class Head:
    """What the pack is of, and who made it when."""

    id: str
    organization: dict[str, Any]
    of: dict[str, Any]
    title: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class Entry:
    """A leaf of the log: its exact bytes, the row that the database holds of it (None where there is none), and of a
    version its file: where it is filed, and what opens it, which may raise FileNotFoundError. `filed` says where else it
    serves; `shown` is what the index says of it."""

    index: int
    kind: str
    leaf: bytes
    row: dict[str, Any] | None
    path: str = ""
    size: int = 0
    open: Callable[[], IO[bytes]] | None = None
    filed: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)


class Log(Protocol):
    """The log as the pack needs it, at one checkpoint."""

    size: int
    checkpoint: str
    keys: str

    def earlier(self) -> Iterable[tuple[int, datetime, str]]:
        """Every signed checkpoint, the current one too: size, when, note."""

    def hashes(self) -> Iterable[bytes]:
        """The hash of each leaf up to the checkpoint, in order."""

    def proof(self, index: int) -> list[bytes]:
        """From the leaf to the root."""

    def sign(self, text: str) -> str:
        """A signed note over a text."""


class Index(Protocol):
    """What people read: told of every entry while the pack is written, and written at its end."""

    def add(self, entry: Entry, path: str | None) -> None:
        """An entry, and where its file is in the pack."""

    def files(self) -> Iterable[tuple[str, Iterable[bytes]]]:
        """Files of the payload: path and bytes."""


def write(
    file: IO[bytes],
    head: Head,
    entries: Iterable[Entry],
    without_leaf: Iterable[dict[str, Any]],
    log: Log,
    index: Index,
    beat: Callable[[int], None] = lambda done: None,
) -> int:
    """Write a whole pack; returns the number of leaves in it. `beat` is told after each entry how many are done.

    Memory grows with names and digests only: files go through in pieces, and what is gathered waits on disk.
    """
    bag = Bag(file, f"pack-{head.id}", head.made_at)
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as listed:
        indexes = _entries(bag, entries, listed, index, beat)
        _about(bag, head, log, listed, without_leaf)
    _log(bag, log, indexes)
    for path, pieces in index.files():
        bag.add(path, pieces)
    bag.add("verify.py", verify_py().encode())
    bag.add("verify.html", verify_html().encode())
    bag.add("README.txt", readme(head).encode())
    bag.close(
        _bag_info(head), lambda payload, tags: log.sign(f"fieldwork-pack\n{head.id}\nsha256 {payload}\nsha256 {tags}\n")
    )
    return len(indexes)


def _entries(
    bag: Bag, entries: Iterable[Entry], listed: IO[bytes], index: Index, beat: Callable[[int], None]
) -> list[int]:
    """Write the file and the leaf of each entry; `listed` takes a line of JSON of each, led by its kind."""
    indexes: list[int] = []
    for entry in entries:
        path = _file(bag, entry)
        bag.add(f"data/log/leaves/{entry.index}.json", entry.leaf)
        said: dict[str, Any] = {"leaf": entry.index, "row": entry.row}
        if entry.kind == "version":
            said |= {"path": path, **entry.filed}
        listed.write(f"{entry.kind} {_json(said)}\n".encode())
        index.add(entry, path)
        indexes.append(entry.index)
        beat(len(indexes))
    return indexes


def _file(bag: Bag, entry: Entry) -> str | None:
    """Write the file of a version; where, or None where the store has none."""
    if entry.open is None:
        return None
    path = f"data/evidence/{entry.path}"
    if bag.holds(path):  # two leaves that claim to be the same version: only a hand in the database does that
        folder, _, name = path.rpartition("/")
        path = f"{folder}/leaf-{entry.index}-{name}"
    try:
        stored = entry.open()
    except FileNotFoundError:
        return None
    bag.add(path, _pieces(stored), pressed=False, size=entry.size)
    return path


def _pieces(stored: IO[bytes]) -> Iterator[bytes]:
    with stored:
        while piece := stored.read(_CHUNK):
            yield piece


def _about(bag: Bag, head: Head, log: Log, listed: IO[bytes], without_leaf: Iterable[dict[str, Any]]) -> None:
    bag.add("data/pack.json", _pack_json(head, log, listed, without_leaf))


def _pack_json(head: Head, log: Log, listed: IO[bytes], without_leaf: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """pack.json, one entry a line."""
    about = {
        "format": "fieldwork-pack/1", "id": head.id, "title": head.title, "organization": head.organization, "of": head.of,
        "made_at": head.made_at.isoformat(), "made_by": head.made_by, "checkpoint": {"size": log.size},
    }  # fmt: skip
    yield (_json(about)[:-1] + ",\n").encode()
    for kind, name in (
        ("version", "items"),
        ("decision", "decisions"),
        ("supersession", "supersessions"),
        ("other", "others"),
    ):
        listed.seek(0)
        ours = (line.partition(b" ")[2].rstrip() for line in listed if line.startswith(kind.encode() + b" "))
        yield from _list(name, ours)
        yield b",\n"
    yield from _list("without_leaf", (_json({"row": row}).encode() for row in without_leaf))
    yield b",\n"
    yield from _list(
        "checkpoints", (_json({"size": size, "at": at.isoformat()}).encode() for size, at, _ in log.earlier())
    )
    yield b"}\n"


def _list(name: str, items: Iterable[bytes]) -> Iterator[bytes]:
    yield f'"{name}":['.encode()
    for place, item in enumerate(items):
        yield (b",\n" if place else b"\n") + item
    yield b"]"


def _log(bag: Bag, log: Log, indexes: list[int]) -> None:
    bag.add("data/log/leaf-hashes.txt", (each.hex().encode() + b"\n" for each in log.hashes()))
    bag.add("data/log/proofs.json", _proofs(log, indexes))
    bag.add("data/log/checkpoint.txt", log.checkpoint.encode())
    for size, _, note in log.earlier():
        if size != log.size:
            bag.add(f"data/log/checkpoints/{size}.txt", note.encode())
    bag.add("data/log/key.txt", log.keys.encode())


def _proofs(log: Log, indexes: list[int]) -> Iterator[bytes]:
    yield f'{{"size":{log.size},"proofs":{{'.encode()
    for place, index in enumerate(sorted(indexes)):
        yield (b",\n" if place else b"\n") + f'"{index}":{_json([each.hex() for each in log.proof(index)])}'.encode()
    yield b"}}\n"


def _bag_info(head: Head) -> dict[str, str]:
    return {
        "Source-Organization": head.organization["name"], "External-Description": head.title, "External-Identifier": head.id,
        "Bagging-Date": f"{head.made_at:%Y-%m-%d}", "Bag-Software-Agent": "Fieldwork",
    }  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
