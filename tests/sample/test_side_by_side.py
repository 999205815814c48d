"""Parts of the sample's work are done at the same time, in processes of their own, and a failure of any is told."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sample.process import BesideFailed, WorkerProcess, finish_all, worker_processes


@pytest.fixture()
def two(db: None) -> Iterator[list[WorkerProcess]]:
    with worker_processes(2) as workers:
        yield workers


def meet(mine: Path, theirs: Path) -> None:
    """Until the other was seen to run; ten seconds is far more than it takes."""
    mine.write_text(str(os.getpid()), encoding="utf-8")
    ends = time.monotonic() + 10
    while not theirs.exists():
        assert time.monotonic() < ends
        time.sleep(0.005)


def touch_later(path: Path) -> None:
    time.sleep(0.05)
    path.touch()


def break_down(word: str) -> None:
    raise ValueError(word)


def die() -> None:
    os._exit(4)


def test_both_are_under_way_at_once_each_in_its_own_process(two: list[WorkerProcess], tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    two[0].begin(meet, one, other)
    two[1].begin(meet, other, one)
    finish_all(two)
    assert len({one.read_text(), other.read_text(), str(os.getpid())}) == 3


def test_a_worker_does_one_job_after_another(two: list[WorkerProcess], tmp_path: Path) -> None:
    for number in range(3):
        two[0].begin(touch_later, tmp_path / str(number))
        two[0].finish()
    assert len(list(tmp_path.iterdir())) == 3


def test_what_failed_is_told_once_the_others_are_done_and_the_worker_goes_on(two: list[WorkerProcess], tmp_path: Path) -> None:
    two[0].begin(break_down, "broken")
    two[1].begin(touch_later, tmp_path / "done")
    with pytest.raises(BesideFailed, match="broken"):
        finish_all(two)
    assert (tmp_path / "done").exists()
    two[0].begin(touch_later, tmp_path / "again")
    two[0].finish()
    assert (tmp_path / "again").exists()


def test_a_process_that_died_is_told_and_not_waited_for(two: list[WorkerProcess]) -> None:
    two[0].begin(die)
    with pytest.raises(BesideFailed, match="ended"):
        two[0].finish()


def test_who_has_nothing_to_do_is_not_waited_for(two: list[WorkerProcess]) -> None:
    finish_all(two)
