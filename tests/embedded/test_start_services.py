import os
import re
import stat
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis

from config.embedded import account, binaries, locations
from config.embedded.locations import EmbeddedError, Place
from config.embedded.postgres import Cluster
from config.embedded.services import kept, services, throwaway_services

from .conftest import is_running, postmaster


@pytest.fixture
def answer():
    """Ask one question of the database that a variable names."""

    def ask(statement, variable="DATABASE_URL", database=None):
        url = os.environ[variable]
        connection = psycopg2.connect(url.replace("/fieldwork?", f"/{database}?") if database else url)
        connection.autocommit = True
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    return ask


def test_they_answer_inside_and_are_gone_after(place, answer):
    with services(place):
        assert answer("SELECT current_user") == [("fieldwork_app",)]
        assert redis.from_url(os.environ["REDIS_URL"]).ping()
        server = postmaster(place)
        assert is_running(server)
    assert not is_running(server)
    assert not kept(place)
    assert "DATABASE_URL" not in os.environ


def test_what_was_stored_is_there_the_next_time(place, answer):
    with services(place):
        answer("CREATE TABLE kept AS SELECT 7 AS number", "DATABASE_OWNER_URL")
    with services(place):
        assert answer("SELECT number FROM kept") == [(7,)]


def test_the_secrets_stay_the_same_and_are_ours_alone(place):
    with services(place) as first:
        pass
    with services(place) as second:
        assert first == second
    assert stat.S_IMODE(place.secrets.stat().st_mode) == 0o600


def test_neither_role_is_superuser_or_may_bypass_row_security(place, answer):
    with services(place):
        roles = answer(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolcanlogin"
        )
    assert {role[0]: role[1:] for role in roles if role[0] != "postgres"} == {
        "fieldwork_owner": (False, False, True, False),
        "fieldwork_app": (False, False, False, False),
    }


def test_the_app_role_cannot_make_tables(place, answer):
    with services(place), pytest.raises(psycopg2.errors.InsufficientPrivilege):
        answer("CREATE TABLE mine (id int)")


def test_the_app_role_serves_a_new_database_of_the_owner(place, answer):
    with services(place):
        answer("CREATE DATABASE test_another", "DATABASE_OWNER_URL")
        answer("CREATE TABLE things (id serial, name text)", "DATABASE_OWNER_URL", "test_another")
        answer("INSERT INTO things (name) VALUES ('one')", database="test_another")
        assert answer("SELECT * FROM things", database="test_another") == [(1, "one")]


def test_nobody_comes_in_without_the_password(place):
    with services(place):
        url = re.sub(r":[^:@]+@", ":wrong@", os.environ["DATABASE_URL"])
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(url)


def test_text_is_utf8_and_ordered_by_code_point(place, answer):
    with services(place):
        assert answer("SHOW server_encoding") == [("UTF8",)]
        assert answer("SELECT string_agg(w, '' ORDER BY w) FROM unnest(array['a','B','é','A']) w") == [("ABaé",)]


def test_no_port_is_opened(place, answer):
    with services(place):
        assert answer("SHOW listen_addresses") == [("",)]
        assert redis.from_url(os.environ["REDIS_URL"]).config_get("port") == {"port": "0"}


def test_the_socket_path_fits_even_in_a_deep_folder(place):
    place.prepare()
    deep = Place(place.root / ("deep" * 25), durable=False)
    with services(deep):
        folder = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"][0]
        path = f"{folder}/.s.PGSQL.5432"
        assert stat.S_ISSOCK(os.stat(path).st_mode)
        assert len(os.fsencode(path)) < 107
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    deep.sockets.rmdir()


def test_what_the_environment_names_is_not_started(place, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    with services(place) as filled:
        assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/db"
        assert "DATABASE_OWNER_URL" not in os.environ
        assert "REDIS_URL" in filled
        assert not list(place.root.glob("postgres-*"))


def test_a_throwaway_place_leaves_nothing(answer):
    before = set(locations.throwaway_parent().glob(locations.THROWAWAY_PREFIX + "*"))
    with throwaway_services():
        assert answer("SHOW fsync") == [("off",)]
    after = set(locations.throwaway_parent().glob(locations.THROWAWAY_PREFIX + "*"))
    assert after <= before


def test_it_refuses_secrets_that_do_not_fit_the_cluster(place):
    with services(place):
        pass
    place.secrets.unlink()
    with pytest.raises(EmbeddedError, match="does not fit the cluster"), services(place):
        pass


def test_a_missing_redis_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(binaries, "_package_folder", lambda name: None)
    with pytest.raises(EmbeddedError, match="apt-get install redis-server"):
        binaries.redis_server()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_as_root_the_server_runs_as_an_unprivileged_user(place):
    with services(place):
        assert os.stat(f"/proc/{postmaster(place)}").st_uid == account.server_user().pw_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_as_root_it_refuses_to_run_the_server_as_root(monkeypatch):
    monkeypatch.setenv("FIELDWORK_SERVER_USER", "root")
    with pytest.raises(EmbeddedError, match="must not be root"):
        account.run_as_server_user()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_as_root_a_closed_folder_is_refused_with_what_to_do(place):
    place.prepare()
    closed = place.root / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=r"closed to other users.*FIELDWORK_HOME"), services(Place(closed / "home")):
        pass


def test_an_older_postgresql_is_refused(place, tmp_path, monkeypatch):
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("FIELDWORK_PG_BINARIES", str(tmp_path))
    with pytest.raises(EmbeddedError, match="15 or newer"):
        binaries.postgres_binaries()


def test_each_major_version_has_a_folder_of_its_own(place):
    folders = {Cluster(place, binaries.PostgresBinaries(place.root, major), {}).folder for major in (15, 18)}
    assert len(folders) == 2
