import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from config.docker import healthy
from config.embedded.locations import CLONE


@pytest.fixture
def no_database(django_db_setup, django_db_blocker):
    """The database's name leads nowhere for as long as the test lasts."""

    @contextmanager
    def away():
        name = connection.settings_dict["NAME"]
        with django_db_blocker.unblock():
            connection.close()
            connection.settings_dict["NAME"] = "not_there"
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict["NAME"] = name

    with away():
        yield


def test_alive_asks_nobody():
    # No `db` here: a query would be refused.
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_says_that_both_answer():
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "redis": "ok"})


@pytest.mark.django_db
def test_ready_names_a_redis_that_is_away(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path}/none.sock")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "redis": "unreachable"})


def test_ready_names_a_database_that_is_away(no_database):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "unreachable", "redis": "ok"})
    assert b"not_there" not in answer.content


def test_health_is_never_cached():
    assert "no-store" in Client().get("/healthz")["Cache-Control"]


@pytest.fixture
def site():
    """gunicorn as a container runs it, on a socket of ours; yields its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"],
            cwd=CLONE,
            env={**os.environ, "BIND": f"fd://{listener.fileno()}", "ALLOWED_HOSTS": "fieldwork.example", "DEBUG": "1"},
            pass_fds=[listener.fileno()],
        )
        yield listener.getsockname()[1]
        process.terminate()
        process.wait(30)


def test_a_container_is_ready_when_its_site_is_asked_by_a_name_it_has(site, monkeypatch):
    monkeypatch.setenv("BIND", f"0.0.0.0:{site}")
    monkeypatch.setenv("ALLOWED_HOSTS", "fieldwork.example,other.example")
    deadline = time.monotonic() + 60
    while healthy.main() != 0:  # as Docker asks, again and again
        assert time.monotonic() < deadline
        time.sleep(0.5)
    monkeypatch.setenv("ALLOWED_HOSTS", "stranger.example")
    assert healthy.main() == 1


def test_a_container_is_not_ready_when_nobody_listens(unused_port, monkeypatch):
    monkeypatch.setenv("BIND", f"0.0.0.0:{unused_port}")
    assert healthy.main() == 1


@pytest.fixture
def unused_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is refused
        yield taken.getsockname()[1]
