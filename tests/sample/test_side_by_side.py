"""Two parts of the sample's work are done at the same time, in processes of their own, and a failure of either is told."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import pytest

from sample.process import BesideFailed, side_by_side


def wait_for(path: Path) -> None:
    """Until the other part was seen to run; ten seconds is far more than it takes."""
    ends = time.monotonic() + 10
    while not path.exists():
        if time.monotonic() > ends:
            sys.exit(3)
        time.sleep(0.005)


def meet(mine: Path, theirs: Path) -> None:
    mine.write_text("here", encoding="utf-8")
    wait_for(theirs)


def test_both_are_under_way_at_once_and_both_are_done_when_it_returns(tmp_path):
    one, other, done = tmp_path / "one", tmp_path / "other", tmp_path / "done"

    def beside() -> None:
        meet(other, one)
        time.sleep(0.05)
        done.touch()

    side_by_side(partial(meet, one, other), beside)
    assert done.exists()


def test_what_failed_beside_is_told_with_its_status(tmp_path):
    with pytest.raises(BesideFailed, match="status 4"):
        side_by_side(lambda: None, partial(sys.exit, 4))


def test_what_fails_here_waits_for_the_other_and_is_raised(tmp_path):
    done = tmp_path / "done"

    def beside() -> None:
        time.sleep(0.05)
        done.touch()

    def here() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        side_by_side(here, beside)
    assert done.exists()


def test_alone_it_is_just_done():
    said: list[str] = []
    side_by_side(lambda: said.append("here"))
    assert said == ["here"]
