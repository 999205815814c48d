"""Evaluating expressions over rows without trusting them: in a process of their own, which is ended when time is over.

A thread cannot be ended, and a loop inside an evaluation would hold its worker; a process can be killed. No database,
no network, no secrets: the process gets the expressions, the rows, the time of the facts, and an empty environment.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from evidence.checks.base import Reason, Row

log = logging.getLogger(__name__)
_WORKER = Path(__file__).with_name("worker.py")
#: Longest expression, in characters; largest row, in bytes of JSON; most rows of one evaluation.
LONGEST, LARGEST, MOST = 2_000, 256 * 1024, 50_000
_MEGABYTES = 512


@dataclass(frozen=True)
class Fault:
    """Why an expression was not evaluated: which one, where, and what to read. `reason` is malformed where the fault lies in
    how it is written, too expensive where reading it takes too long, unreachable where the fault lies with the machine."""

    expression: str
    said: str
    line: int = 1
    column: int = 1
    reason: Reason = Reason.MALFORMED

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.said}" if self.reason is Reason.MALFORMED else self.said


class FaultyError(Exception):
    """An expression could not be evaluated; mostly as it is written."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Told:
    """What the expressions give for one row. `passes` None: not applicable, or unknown for `reason`."""

    resource: str = ""
    applies: bool = True
    passes: bool | None = None
    reason: Reason | None = None
    said: str = ""


TOO_EXPENSIVE = Told(reason=Reason.TOO_EXPENSIVE, said="It took too long or too much memory.")


def evaluate(
    expressions: dict[str, str], rows: Sequence[Row], *, now: datetime, seconds: float = 20.0, row_seconds: float = 0.5
) -> list[Told]:
    """One answer for each row, in order. Raises FaultyError for an expression that cannot be read.

    Whatever is not answered in `seconds` is unknown: too expensive. `expressions`: passes, resource and perhaps applies.
    """
    asked = {name: text for name, text in expressions.items() if text.strip()}
    for name, text in asked.items():
        if len(text) > LONGEST:
            raise FaultyError(Fault(name, f"It is too long: {LONGEST:,} characters at most."))
    sizes = [len(json.dumps(row, default=str)) <= LARGEST for row in rows[:MOST]]
    fitting = [row for row, fits in zip(rows, sizes, strict=False) if fits]
    request = {
        "expressions": asked, "rows": fitting, "now": now.isoformat(), "megabytes": _MEGABYTES, "row_seconds": row_seconds,
        "seconds": max(1, int(seconds)),
    }  # fmt: skip
    answers = _answers(json.dumps(request, default=str), len(fitting), seconds)
    return [next(answers) if fits else TOO_EXPENSIVE for fits in sizes] + [TOO_EXPENSIVE] * max(0, len(rows) - MOST)


def _answers(request: str, number: int, seconds: float) -> Iterator[Told]:
    told: dict[int, Told] = {}
    began = ready = False
    ended = _run(request, seconds)
    for line in ended.lines:
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a line that was cut off by the end
            said = json.loads(line)
            if "fault" in said:
                fault = said["fault"]
                raise FaultyError(Fault(fault["expression"], fault["said"], fault["line"] or 1, fault["column"] or 1))
            began, ready = began or "began" in said, ready or "ready" in said
            if "row" in said:
                told[said["row"]] = _told(said)
    if not ready:
        raise FaultyError(_not_ready(ended, began))
    return iter([told.get(position, TOO_EXPENSIVE) for position in range(number)])


def _not_ready(ended: _Ended, began: bool) -> Fault:
    """Why no row was come to: of these only the first is for whoever wrote the expression."""
    if ended.in_time and not began:
        log.error("The process that evaluates expressions died with status %s: %s", ended.status, ended.complaint)
        return Fault("passes", "Expressions cannot be evaluated on this installation. Tell whoever runs it.", reason=Reason.UNREACHABLE)
    if not began:
        return Fault("passes", "The machine was too busy to begin. Try again in a minute.", reason=Reason.UNREACHABLE)
    return Fault("passes", "It takes too long, or too much memory, to read.", reason=Reason.TOO_EXPENSIVE)


@dataclass(frozen=True)
class _Ended:
    """What a process wrote until it ended: by itself, or out of time. `complaint` is the end of what went wrong, for the log."""

    lines: list[str]
    status: int
    in_time: bool
    complaint: str


def _run(request: str, seconds: float) -> _Ended:
    """Run the process until it ends, by itself or by us."""
    with tempfile.TemporaryFile() as complaints:
        lines, status, in_time = _ran(request, seconds, complaints)
        complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 2_000))
        return _Ended(lines, status, in_time, complaints.read(2_000).decode("utf-8", "replace"))


def _ran(request: str, seconds: float, complaints: IO[bytes]) -> tuple[list[str], int, bool]:
    """The lines that it wrote, its exit status, and whether it ended before its time was over."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(_WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
        env={}, text=True, encoding="utf-8",
    )  # fmt: skip
    ender = threading.Timer(seconds, process.kill)
    ender.start()
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        with contextlib.suppress(BrokenPipeError):
            assert process.stdin is not None
            process.stdin.write(request)
            process.stdin.close()
        process.wait()
        reader.join()
    finally:
        ender.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    return lines, process.returncode, process.returncode not in {-signal.SIGKILL, -signal.SIGXCPU}


def _told(said: dict[str, Any]) -> Told:
    resource = str(said.get("resource", ""))
    if "unknown" in said:
        reasons = {reason.value for reason in Reason}
        reason = Reason(said["unknown"]) if said["unknown"] in reasons else Reason.MALFORMED
        return Told(resource, reason=reason, said=str(said.get("said", "")))
    applies = said.get("applies", True)
    return Told(resource, applies=applies, passes=said.get("passes") if applies else None)
