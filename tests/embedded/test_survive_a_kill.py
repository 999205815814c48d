import json
import os
import signal
import sys

import psycopg2
import pytest

from config.embedded.binaries import postgres_binaries
from config.embedded.services import kept, services

from .conftest import is_running, postmaster, wait_until

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word of a parent's death is Linux's")


def count(statement="SELECT count(*) FROM kept") -> int:
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchone()[0]
    finally:
        connection.close()


def keeper(place) -> int:
    return int((place.root / "keeper.lock").read_text())


def test_kill_9_of_the_only_command_leaves_no_server_running(place, another_user):
    user = another_user()
    server = postmaster(place)
    user.kill()
    wait_until(lambda: not is_running(server))
    with services(place):
        assert count("SELECT 1") == 1


def test_the_servers_stay_while_another_command_uses_them(place, another_user):
    first = another_user()
    server = postmaster(place)
    with services(place):
        first.kill()
        first.wait(10)
        assert postmaster(place) == server
        assert count("SELECT 1") == 1
    assert not is_running(server)


def test_the_second_command_ends_and_the_first_goes_on(place, another_user):
    first = another_user()
    with services(place):
        pass
    assert kept(place)
    assert is_running(postmaster(place))
    assert first.poll() is None


@linux
def test_kill_9_of_the_keeper_takes_the_servers_along(place, another_user):
    another_user()
    server = postmaster(place)
    os.kill(keeper(place), signal.SIGKILL)
    wait_until(lambda: not is_running(server))
    with services(place):
        assert postmaster(place) != server
        assert count("SELECT 1") == 1


def test_kill_9_of_the_server_loses_nothing_that_was_committed(place, another_user):
    another_user("durable")
    connection = psycopg2.connect(json.loads(place.state.read_text())["DATABASE_OWNER_URL"])
    connection.autocommit = True
    connection.cursor().execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
    connection.close()
    os.kill(postmaster(place), signal.SIGKILL)
    wait_until(lambda: not kept(place))
    assert list(place.root.glob("postgres-*/postmaster.pid")), "the pid file is stale"
    with services(place):
        assert count() == 1000


def test_a_stale_pid_file_with_somebody_elses_pid_harms_nobody(place):
    with services(place):
        (folder,) = (path.parent for path in place.root.glob("postgres-*/postmaster.pid"))
    stale = folder / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{folder}\n1\n5432\n{place.sockets}\n\n  1 1\nready\n")
    if os.geteuid() == 0:
        os.chown(stale, folder.stat().st_uid, folder.stat().st_gid)
    with services(place):
        assert count("SELECT 1") == 1


def test_a_half_made_cluster_is_made_anew(place):
    place.prepare()
    major = postgres_binaries().major
    half = place.root / f"postgres-{major}.partial"
    half.mkdir()
    (half / "PG_VERSION").write_text(f"{major}\n")
    with services(place):
        assert count("SELECT 1") == 1
    assert not half.exists()


def test_roles_missing_after_a_kill_are_made_at_the_next_start(place):
    with services(place):
        pass
    for mark in place.root.glob("postgres-*.ready"):
        mark.unlink()
    with services(place):
        assert count("SELECT 1") == 1
