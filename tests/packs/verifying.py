"""Runs `verify.py` as a reader of a pack does: the file out of a pack, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from evidence.packs.verifier.one_file import verify_py
from tests.packs.cases import Case


@dataclass
class Said:
    """What it printed, and how it ended."""

    code: int
    problems: list[tuple[str, str]]
    lines: list[str]


def verified(folder: Path, pack: Path, *arguments: str, python: str = sys.executable) -> Said:
    script = folder / "kept-verify.py"
    script.write_text(verify_py())
    answer = subprocess.run(
        [python, "-I", "-X", "utf8", str(script), str(pack), *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert not answer.stderr, answer.stderr
    lines = answer.stdout.splitlines()
    problems = [line.removeprefix("PROBLEM  ") for line in lines if line.startswith("PROBLEM  ")]
    return Said(answer.returncode, [tuple(line.split(": ", 1)) for line in problems], lines)  # type: ignore[misc]


def arguments_of(folder: Path, case: Case) -> list[str]:
    """What the reader kept, as files, and gave."""
    found: list[str] = []
    for number, note in enumerate(case.kept):
        (folder / f"kept-{number}.txt").write_text(note)
        found += ["--checkpoint", str(folder / f"kept-{number}.txt")]
    for key in case.keys:
        found += ["--key", key]
    return found
