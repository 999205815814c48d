"""`./run` installs Debian packages: quietly, after another apt-get has ended, and with apt's words where it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config.embedded.locations import CLONE

FILES = ("run", "requirements-uv.txt", "requirements.txt")
APT = """#!/bin/sh
echo "$@" >>asked
if [ "$(grep -c . asked)" -le "$LOCKED" ]; then
    echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)"
    exit 100
fi
echo "Get:1 http://archive.example stable InRelease"
if [ -n "$BROKEN" ]; then echo "E: The repository is gone"; exit 100; fi
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with its Python packages in place and without the Debian ones, on a machine whose tools are ours."""
    for name in FILES:
        shutil.copy(CLONE / name, tmp_path / name)
    _tool(tmp_path / ".venv/bin/python", "echo started")
    stamp = subprocess.run(
        ["sh", "-c", "cat requirements-uv.txt requirements.txt | cksum"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / ".venv/synced").write_text(f"requirements.txt {stamp.stdout}")
    for name, does in (("id", "echo 0"), ("sleep", ""), ("dpkg-query", "exit 1")):
        _tool(tmp_path / "bin" / name, does)
    _tool(tmp_path / "bin/apt-get", APT)
    return tmp_path


def _tool(path: Path, does: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(does if does.startswith("#!") else f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def start(clone: Path, *, locked: int = 0, broken: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{clone / 'bin'}:{os.environ['PATH']}",
        "LOCKED": str(locked),
        "BROKEN": broken,
    }
    return subprocess.run(["./run", "serve"], cwd=clone, env=environment, capture_output=True, text=True, check=False)


def test_it_says_what_it_installs_and_none_of_the_noise(clone: Path) -> None:
    done = start(clone)
    assert (done.returncode, done.stdout) == (0, "started\n")
    assert done.stderr.startswith("Installing libpango")
    assert done.stderr.count("\n") == 1
    assert (clone / "asked").read_text().count("DPkg::Lock::Timeout=120") == 2


def test_it_waits_for_another_apt_get(clone: Path) -> None:
    done = start(clone, locked=3)
    assert (done.returncode, done.stdout) == (0, "started\n")
    assert done.stderr.count("Waiting for another apt-get") == 1
    assert len((clone / "asked").read_text().splitlines()) == 5


def test_it_does_not_wait_for_ever(clone: Path) -> None:
    done = start(clone, locked=99)
    assert done.returncode == 1
    assert "Could not get lock" in done.stderr
    assert len((clone / "asked").read_text().splitlines()) == 24


def test_any_other_failure_is_told_at_once_in_apts_words(clone: Path) -> None:
    done = start(clone, broken="yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "E: The repository is gone" in done.stderr
    assert len((clone / "asked").read_text().splitlines()) == 1
