"""Collection of an AWS account against bare boto3 with eight threads, turn and turn about, each in its own process."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.rows import Figure

ROUNDS = 2


def measure_collecting(resources: int) -> list[Figure]:
    name = f"account, {resources} added"
    with _world(resources) as address, tempfile.TemporaryDirectory() as folder:
        calls = Path(folder) / "calls.json"
        rounds = [(_run("ours", address, calls), _run("bare", address, calls)) for _ in range(ROUNDS)]
    ours, bare = rounds[-1]
    ratio = statistics.median(one["seconds"] / other["seconds"] for one, other in rounds)
    unread = f"unread: {', '.join(ours['unread'])}" if ours["unread"] else f"{ours['rows']} rows"
    return [
        Figure(name, "calls", ours["calls"], "", note=unread),
        Figure(name, "collection", min(one["seconds"] for one, _ in rounds), "s"),
        Figure(name, "bare boto3, the same calls", min(other["seconds"] for _, other in rounds), "s"),
        Figure(name, "collection over bare", ratio, "×", aim=1.5),
        Figure(name, "calls made twice", bare["repeated"], "", aim=0),
        Figure(name, "peak memory, no Django", max(one["mebibytes"] for one, _ in rounds), "MiB", aim=150),
    ]


@contextmanager
def _world(resources: int) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.world", str(resources)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(10)


def _run(which: str, address: str, calls: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.collecting", which, address, str(calls)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=180)
    answer: dict[str, Any] = json.loads(told.stdout)
    return answer
