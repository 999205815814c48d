"""A place of its own for each test: the servers of the test run itself stay out of it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from config.embedded.locations import CLONE, Place, throwaway_parent
from config.embedded.services import kept

NAMED = ["DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "FIELDWORK_KEYS", "EVIDENCE_ROOT"]

#: Enters the services of the folder it is given, says so, and stays until it is killed.
USER = """
import sys, time
from pathlib import Path
from config.embedded.locations import Place
from config.embedded.services import services
with services(Place(Path(sys.argv[1]), durable=sys.argv[2] == "durable")) as filled:
    print(filled["DATABASE_OWNER_URL"], flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in NAMED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def place():
    # Not tmp_path: as root it is closed to the user whom the servers run as.
    folder = Path(tempfile.mkdtemp(prefix="fieldwork-embedded-", dir=throwaway_parent()))
    place = Place(folder, durable=False)
    yield place
    wait_until(lambda: not kept(place))
    shutil.rmtree(folder)


@pytest.fixture
def another_user(place):
    """Start a process that uses the services; killed at the end, if the test has not done so."""
    started = []

    def start(durability="fast") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER, str(place.root), durability]
        process = subprocess.Popen(command, cwd=CLONE, stdout=subprocess.PIPE, text=True, env=os.environ)
        started.append(process)
        assert process.stdout.readline().startswith("postgresql://")
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(10)
        process.stdout.close()


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def postmaster(place) -> int:
    (pid_file,) = place.root.glob("postgres-*/postmaster.pid")
    return int(pid_file.read_text().split()[0])


def is_running(pid: int) -> bool:
    """A zombie has ended, whoever is late in fetching its status."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
