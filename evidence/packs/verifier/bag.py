"""The bag (RFC 8493): every file is listed, is there, and has the digest that the manifest says."""

from __future__ import annotations

import hashlib
import re
from typing import Callable, Iterator  # noqa: UP035 - of Python 3.8

from .files import Pack
from .reading import Unreadable, shown

MANIFEST, TAGS, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.txt"
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: The most bytes of a text that is read as a whole, and of a short one; evidence never is.
TEXT, NOTE = 1 << 28, 10_000
#: Says where something differs, and what.
Tell = Callable[[str, str], None]


def check_bag(pack: Pack, tell: Tell) -> dict[str, tuple[str, int]]:
    """Hold the files against the manifests. Returns the SHA-256 and size of each that could be read."""
    for name, why in pack.refused:
        tell(name, why)
    if text_of(pack, "bagit.txt", tell, NOTE).encode("utf-8").replace(b"\r", b"") != DECLARED:
        tell("bagit.txt", "does not declare a bag of BagIt 1.0")
    digests: dict[str, tuple[str, int]] = {}
    for name in sorted(pack.held):
        try:
            digests[name] = digest_of(pack.stream(name))
        except Unreadable as error:
            tell(name, str(error))
    listed = {**_listed(pack, MANIFEST, tell), **_listed(pack, TAGS, tell)}
    unread = {name[name.find("/") + 1 :] for name, _ in pack.refused} | set(pack.held)
    for name in sorted(set(listed) | set(digests)):
        _hold(name, digests, listed, unread, tell)
    _weigh(pack, digests, tell)
    return digests


def digest_of(pieces: Iterator[bytes]) -> tuple[str, int]:
    """SHA-256 in hex, and how many bytes there are."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def text_of(pack: Pack, name: str, tell: Tell, most: int = TEXT) -> str:
    """A text of the pack; "" where it cannot be read, which is told."""
    try:
        return pack.read(name, most).decode("utf-8")
    except Unreadable as error:
        tell(name, str(error))
    except UnicodeDecodeError:
        tell(name, "is not text in UTF-8")
    return ""


def _listed(pack: Pack, manifest: str, tell: Tell) -> dict[str, tuple[str, str]]:
    """What a manifest says: path to digest, and the manifest's own name."""
    found: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(text_of(pack, manifest, tell).split("\n"), start=1):
        read = re.fullmatch("([0-9a-f]{64})[ \t]+([^\r]+)\r?", line)
        if read is None:
            if line.strip("\r"):
                tell(f"{manifest}, line {number}", "is no digest with a path")
        elif read.group(2) in found:
            tell(f"{manifest}, line {number}", f"lists {shown(read.group(2))} a second time")
        elif read.group(2).startswith("data/") != (manifest == MANIFEST):
            tell(f"{manifest}, line {number}", f"lists {shown(read.group(2))}, which the other manifest has to list")
        else:
            found[read.group(2)] = (read.group(1), manifest)
    return found


def _hold(
    name: str, digests: dict[str, tuple[str, int]], listed: dict[str, tuple[str, str]], there: set[str], tell: Tell
) -> None:
    if name not in listed:
        if name not in (TAGS, SIGNATURE):
            tell(name, "is a file that no manifest knows")
        return
    digest, manifest = listed[name]
    if name in digests and digests[name][0] != digest:
        tell(name, f"was changed: its SHA-256 is {digests[name][0]}, {manifest} says {digest}")
    elif name not in digests and name not in there:
        tell(name, f"is listed in {manifest}, and not there")


def _weigh(pack: Pack, digests: dict[str, tuple[str, int]], tell: Tell) -> None:
    """What bag-info.txt says of the payload: bytes and files."""
    said = re.search("^Payload-Oxum: ([0-9]+)[.]([0-9]+)$", text_of(pack, "bag-info.txt", tell, NOTE), re.MULTILINE)
    sizes = [size for name, (_, size) in digests.items() if name.startswith("data/")]
    if said is None or said.groups() != (str(sum(sizes)), str(len(sizes))):
        claimed = f"{said.group(1)} bytes in {said.group(2)} files" if said else "nothing"
        tell("bag-info.txt", f"says of the payload {claimed}, and {sum(sizes)} bytes in {len(sizes)} files are there")
