"""The log: its list of hashes, and every checkpoint that was signed of it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .bag import MANIFEST, NOTE, SIGNATURE, TAGS, Tell, text_of
from .files import Pack
from .reading import several, shown
from .signatures import key_of, opened, unbased
from .trees import Tree

LOG = "data/log/"
#: What the list of hashes has in the place of a leaf that is gone.
GONE = "0" * 64


class Checkpoint(NamedTuple):
    """What somebody signed: the root of the first `size` leaves."""

    size: int
    root: bytes
    where: str


class Log:
    """The hashes of all leaves, in order, and the root of them all."""

    def __init__(self, hashes: bytes) -> None:
        self.hashes = hashes
        self.size = len(hashes) // 32
        self.root = b""

    def hash(self, index: int) -> bytes:
        """The hash of a leaf."""
        return self.hashes[32 * index : 32 * index + 32]


def keys_of(pack: Pack, given: list[str], tell: Tell) -> dict[str, bytes]:
    """The keys that signatures are held against: those that the reader gave, else those that the pack brings."""
    where, found, trusted = LOG + "key.txt", {}, {}
    for line in text_of(pack, where, tell, NOTE).split("\n"):
        key = key_of(line)
        if key is not None:
            found[key[0]] = key[1]
        elif line.strip():
            tell(where, f"is no key of a log: {shown(line)}")
    for text in given:
        key = key_of(text)
        if key is None:
            tell("the key that you gave", f"is no key of a log: {shown(text)}")
        else:
            trusted[key[0]] = key[1]
    if not given:
        return found
    for name, raw in found.items():
        if trusted.get(name) != raw:
            tell(where, f"holds the key {shown(name)}, which is none that you gave")
    return trusted


def check_seal(pack: Pack, keys: dict[str, bytes], head: dict[str, Any], digests: dict[str, Any], tell: Tell) -> None:
    """The signature over both manifests and the id of the pack."""
    text, wrong = opened(text_of(pack, SIGNATURE, tell, NOTE).encode("utf-8"), keys)
    if wrong:
        tell(SIGNATURE, wrong)
    if not text:
        return
    lines = text.split("\n")
    if len(lines) != 5 or lines[0] != "fieldwork-pack":
        tell(SIGNATURE, "does not seal a pack")
        return
    if lines[1] != head["id"]:
        tell(SIGNATURE, f"seals another pack: {shown(lines[1])}")
    for name, line in {MANIFEST: lines[2], TAGS: lines[3]}.items():
        if line != f"sha256 {digests.get(name, ('', 0))[0]}":
            tell(SIGNATURE, f"seals another {name} than the one that is here")


def check_log(
    pack: Pack, keys: dict[str, bytes], kept: list[tuple[str, bytes]], head: dict[str, Any], tell: Tell
) -> tuple[Log, int]:
    """Hold every checkpoint against the list of hashes. Returns the log, and how many checkpoints were good notes."""
    log, origin = Log(_hashes(pack, tell)), f"fieldwork/{head['organization']}"
    names = sorted(name for name in pack.held if name.startswith(LOG + "checkpoints/"))
    notes = [(name, text_of(pack, name, tell, NOTE).encode("utf-8")) for name in [LOG + "checkpoint.txt", *names]]
    found = [each for each in (_checkpoint(name, note, keys, origin, tell) for name, note in notes + kept) if each]
    for each in found:
        if each.where == LOG + "checkpoint.txt" and each.size != log.size:
            tell(each.where, f"is of {several(each.size, 'leaf')}, and {LOG}leaf-hashes.txt lists {log.size}")
        elif each.size > log.size:
            tell(each.where, f"was signed over {several(each.size, 'leaf')}, and the log in this pack has {log.size}: "
                             "either the log was cut back, or the pack is older than the checkpoint")  # fmt: skip
    _reproduce(log, sorted(found), head["days"], tell)
    return log, len(found)


def _hashes(pack: Pack, tell: Tell) -> bytes:
    where, found = LOG + "leaf-hashes.txt", bytearray()
    lines = text_of(pack, where, tell).split("\n")
    for number, line in enumerate(lines, start=1):
        if re.fullmatch("[0-9a-f]{64}", line):
            found += bytes.fromhex(line)
            if line == GONE:
                tell(f"{where}, line {number}", f"leaf {number - 1} is gone from the log")
        elif line or number < len(lines):
            tell(f"{where}, line {number}", "is no hash")
            return b""
    return bytes(found)


def _checkpoint(where: str, note: bytes, keys: dict[str, bytes], origin: str, tell: Tell) -> Checkpoint | None:
    """A checkpoint whose signature is good; what is wrong with another is told."""
    text, wrong = opened(note, keys)
    if wrong:
        tell(where, wrong)
        return None
    read = re.fullmatch("([^\n]+)\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\n", text)
    if read is None:
        tell(where, "is no checkpoint of a log")
        return None
    if read.group(1) != origin:
        tell(where, f"is of another log: {shown(read.group(1))}")
        return None
    return Checkpoint(int(read.group(2)), unbased(read.group(3)), where)


def _reproduce(log: Log, checkpoints: list[Checkpoint], days: dict[int, str], tell: Tell) -> None:
    """Compute the root at each size that was signed; tell each run of checkpoints that differ once."""
    tree, at, good, wrong = Tree(), 0, 0, []
    for each in [*checkpoints, None]:
        while at < log.size and (each is None or at < each.size):
            tree.add(log.hash(at))
            at += 1
        if each is not None and each.size > log.size:
            continue
        if each is not None and tree.root() != each.root:
            wrong.append(each)
            continue
        if wrong:
            _tell_rewritten(wrong, good, days, tell)
        good, wrong = each.size if each else 0, []
    log.root = tree.root()


def _tell_rewritten(wrong: list[Checkpoint], good: int, days: dict[int, str], tell: Tell) -> None:
    first = wrong[0]
    day, before = days.get(first.size, "a day not known"), days.get(good, "the beginning")
    more = f". {several(len(wrong) - 1, 'later checkpoint')} cannot be reproduced either" if len(wrong) > 1 else ""
    tell(first.where, f"the log was rewritten: its first {first.size} leaves no longer give the root that was signed on {day}. "
                      f"The change lies from leaf {good} to leaf {first.size - 1}, between {before} and {day}{more}")  # fmt: skip
