import os
import signal
import subprocess
import sys

import pytest

from config.embedded.locations import CLONE
from config.embedded.supervisor import ChildFailedError, Supervisor

from .conftest import is_running, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]

#: Supervises two programs, the second of which has a child of its own; says all pids.
PARENT = """
import subprocess, sys, tempfile
from pathlib import Path
from config.embedded.supervisor import *
sleep = "import time; time.sleep(60)"
family = f"import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', {sleep!r}]).pid)"
supervisor = Supervisor(Path(tempfile.mkdtemp()))
try:
    with stopping_on_signals():
        try:
            first = supervisor.start("first", [sys.executable, "-c", "import time; time.sleep(60)"])
            second = supervisor.start("second", [sys.executable, "-c", family + "; time.sleep(60)"])
            second.said_first_line.wait(10)
            say(f"pids {first.process.pid} {second.process.pid} {second.first_line}")
            supervisor.watch(lambda: None)
        finally:
            supervisor.stop()
except AskedToStop:
    print("stopped in order", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(tmp_path / "log")
    yield supervisor
    supervisor.stop()


@pytest.fixture
def parent():
    process = subprocess.Popen([sys.executable, "-c", PARENT], cwd=CLONE, stdout=subprocess.PIPE, text=True)
    lines = iter(process.stdout.readline, "")
    process.pids = next([int(word) for word in line.split()[1:]] for line in lines if line.startswith("pids"))
    yield process
    process.kill()
    process.wait(10)
    process.stdout.close()


def test_a_child_that_dies_is_named_with_how(supervisor):
    child = supervisor.start("worker", SLEEP)
    child.process.kill()
    with pytest.raises(ChildFailedError, match="worker was killed by SIGKILL; its log is"):
        supervisor.watch(lambda: None)


def test_a_child_that_ends_is_named_with_its_status(supervisor):
    supervisor.start("beat", [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(ChildFailedError, match="beat ended with status 3"):
        supervisor.watch(lambda: None)


def test_what_a_child_says_is_in_its_log(supervisor):
    child = supervisor.start("web", [sys.executable, "-c", "print('hello'); print('again')"])
    child.echo.join(10)
    assert child.first_line == "hello"
    assert child.log.read_text() == "hello\nagain\n"


def test_a_step_that_fails_is_named(supervisor):
    with pytest.raises(ChildFailedError, match="migrate failed with status 1"):
        supervisor.run("migrate", [sys.executable, "-c", "raise SystemExit(1)"])


def test_waiting_ends_early_when_a_child_dies(supervisor):
    supervisor.start("vendors", [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(ChildFailedError, match="vendors ended"):
        supervisor.wait_until(lambda: False, "The start", 30)


def test_waiting_ends_when_the_time_is_over(supervisor):
    with pytest.raises(ChildFailedError, match="The start did not happen within 0 seconds"):
        supervisor.wait_until(lambda: False, "The start", 0.2)


def test_the_last_started_is_the_first_stopped(supervisor):
    said = "import signal, sys, time; signal.signal(15, lambda *a: (print(time.monotonic()), sys.exit())); print('up')"
    children = [supervisor.start(name, [sys.executable, "-c", f"{said}; time.sleep(60)"]) for name in ("one", "two")]
    for child in children:
        assert child.said_first_line.wait(10)
    supervisor.stop()
    first, last = (float(child.log.read_text().split()[1]) for child in children)
    assert last < first


def test_a_child_deaf_to_signals_is_stopped_all_the_same(supervisor, monkeypatch):
    monkeypatch.setattr("config.embedded.processes.stop.__kwdefaults__", {"patience": 0.3})
    deaf = "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (15, 3)]; print('up'); time.sleep(60)"
    child = supervisor.start("deaf", [sys.executable, "-c", deaf])
    assert child.said_first_line.wait(10)
    supervisor.stop()
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_of_them(parent, signum):
    parent.send_signal(signum)
    assert "stopped in order" in parent.stdout.read()
    assert not [pid for pid in parent.pids if is_running(pid)]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word of a parent's death is Linux's")
def test_kill_9_of_us_ends_the_children(parent):
    os.kill(parent.pid, signal.SIGKILL)
    first, second, _ = parent.pids
    wait_until(lambda: not is_running(first) and not is_running(second))
    os.kill(parent.pids[2], signal.SIGKILL)  # a grandchild is its parent's to end: gunicorn and celery do


def test_a_step_may_run_beside_others_and_its_end_is_no_accident(supervisor):
    beside = supervisor.begin("collectstatic", [sys.executable, "-c", "pass"])
    beside.process.wait(10)
    supervisor.complain_of_the_dead()
    supervisor.finish(beside)
    assert supervisor.children == []


def test_a_step_that_waits_is_let_go_when_its_end_is_awaited(supervisor, capfd):
    waiting = supervisor.begin("build_sample", [sys.executable, "-c", "import sys; sys.stdin.read(); print('let go')"], waits=True)
    assert waiting.process.poll() is None
    supervisor.finish(waiting)
    assert capfd.readouterr().out == "let go\n"
