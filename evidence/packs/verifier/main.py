"""Verifies an evidence pack offline, with Python 3.8 or later and nothing else.

    python3 verify.py PACK.zip            the pack, or the folder that it was unzipped to
    python3 verify.py PACK.zip --checkpoint KEPT.txt --key "fieldwork/...+1a2b3c4d+AQ..."

It shows that the pack is whole and was sealed by the key that it names; that each file, decision and supersession in it
is what the organisation's log took in, at the place that the log has for it; that the log as it is now gives every root
that was signed before; and that the database says today what the log said at receipt. A checkpoint or a key that you
kept from earlier, or had from elsewhere, is held against the pack as well. Do that where you can: only they show that
log and key were not replaced together.

It does not show that the evidence is true, that there was no more of it, or who holds the key. A forged pack may bring
a forged verifier: run one that you trust. It writes nothing, opens no connection, and executes nothing of the pack.

Ends with 0 where nothing differs, 1 where something does, 2 where what was given is not a pack.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import Any

from .about import about_of
from .bag import check_bag
from .files import FolderPack, Pack, ZipPack
from .items import Ledger
from .log import check_log, check_seal, keys_of
from .reading import HIDDEN, NotAPack, several


def main(arguments: list[str]) -> int:
    """Check what was named, and say what differs."""
    given = _arguments(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    problems: list[tuple[str, str]] = []

    def tell(where: str, what: str) -> None:
        problems.append((where, what))
        say(f"PROBLEM  {where}: {what}")

    began = time.monotonic()
    try:
        pack = FolderPack(given.pack) if os.path.isdir(given.pack) else ZipPack(given.pack)
        kept = [(f"the checkpoint {os.path.basename(each)}", _kept(each)) for each in given.checkpoint]
        lines = check(pack, kept, given.key, tell)
    except NotAPack as error:
        say(f"NOT A PACK  {given.pack}: {error}")
        return 2
    for line in lines:
        say(line)
    say(f"It took {time.monotonic() - began:.1f} s.")
    say(f"{several(len(problems), 'problem')} found." if problems else "Nothing differs.")
    return 1 if problems else 0


def check(pack: Pack, kept: list[tuple[str, bytes]], given: list[str], tell: Any) -> list[str]:
    """Every check, from the outside in. Returns what was checked, in words."""
    about = about_of(pack, tell)
    digests = check_bag(pack, tell)
    keys = keys_of(pack, given, tell)
    check_seal(pack, keys, about, digests, tell)
    log, checkpoints = check_log(pack, keys, kept, about, tell)
    ledger = Ledger(pack, log, about, digests, tell)
    ledger.check()
    whence = "You gave them." if given else "The pack brings them: hold them against what the organisation told you."
    return [
        f"Pack: {about['title']}. Made {about['made_at']}." + about["sample"],
        f"Keys: {', '.join(sorted(keys)) or 'none'}. {whence}",
        f"Checked: {ledger.in_words()}; {several(checkpoints, 'checkpoint')}; "
        f"{several(len(digests), 'file')} of {several(sum(size for _, size in digests.values()), 'byte')}.",
    ]


def say(line: str) -> None:
    """One line, in which nothing of the pack acts."""
    sys.stdout.write(HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", line) + "\n")


def _kept(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(10_000)
    except OSError:
        raise NotAPack(f"the checkpoint {path} cannot be read") from None


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="verify.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument(
        "pack", nargs="?", default=here, help="the zip or the folder; the folder of this file where none is named"
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE", help="a checkpoint that you kept from earlier"
    )
    parser.add_argument(
        "--key", action="append", default=[], metavar="TEXT", help="the key that you had from elsewhere"
    )
    return parser.parse_args(given)
