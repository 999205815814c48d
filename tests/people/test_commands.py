"""Without a browser: the first organisation, a token, and the end of everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from compliance.people.models import Membership, Token, User
from compliance.people.secrets import digest
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.models import Entry
from tests.conftest import ROOT, WORKER, make_database, turn_to_database

FOUNDER = ("--admin-email", "ines@halyard.example", "--admin-name", "Ines Duarte")


def run(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue().strip()


def found(*more: str) -> str:
    return run("create_organization", "--name", "Halyard", "--slug", "halyard", *FOUNDER, *more)


def test_an_organisation_is_created_with_its_first_member(db, monkeypatch, client):
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    assert "/o/halyard/" in found("--password-stdin", "--timezone", "Europe/Lisbon")
    organization = Organization.objects.get(slug="halyard")
    assert organization.timezone == "Europe/Lisbon"
    with scope(organization):
        assert Membership.objects.get().role == "compliance_manager"
        assert Entry.objects.get().actor_label == "Command line"
    asked = {"login": "ines@halyard.example", "password": "correct horse battery"}
    assert client.post("/accounts/login/", asked).status_code == 302
    assert client.get("/")["Location"] == "/o/halyard/"


def test_without_a_password_nobody_can_sign_in_until_one_is_set(db):
    found()
    assert not User.objects.get().has_usable_password()


def test_a_weak_password_creates_nothing(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        found("--password-stdin")
    assert not User.objects.exists()
    assert not Organization.objects.tenants().exists()


def test_a_taken_address_creates_nothing(acme):
    with pytest.raises(CommandError, match="has this address already"):
        run("create_organization", "--name", "Acme", "--slug", "acme", *FOUNDER)
    assert not User.objects.filter(email="ines@halyard.example").exists()


def test_an_account_that_is_there_becomes_the_first_member(outsider):
    known = ("--admin-email", "Nobody@Else.example", "--admin-name", "x")
    run("create_organization", "--name", "H", "--slug", "h", *known)
    with scope(Organization.objects.get(slug="h")):
        assert Membership.objects.get().user_id == outsider.user.pk
    outsider.user.refresh_from_db()
    assert outsider.user.name == "Nobody Else"


def test_a_token_is_printed_and_nothing_else(acme):
    printed = run("create_token", "--organization", "acme", "--name", "CI", "--scope", "gaps:read", "--days", "30")
    with scope(acme):
        token = Token.objects.get()
        assert Entry.objects.get().action == "people.token.created"
    assert token.secret_hash == digest(printed)
    assert token.scopes == ["gaps:gap:view"]
    assert token.created_by_id is None


def test_scopes_may_be_ways_areas_and_permissions(acme):
    scopes = ["--scope", "read", "--scope", "scope:write", "--scope", "evidence:run:start"]
    run("create_token", "--organization", "acme", "--name", "CI", *scopes)
    with scope(acme):
        held = Token.objects.get().scopes
    assert {"gaps:gap:view", "controls:control:view", "compliance:scope:decide", "evidence:run:start"} <= set(held)
    assert "gaps:gap:change" not in held


@pytest.mark.parametrize("wrong", ["everything", "gaps", "compliance:token:manage", "gaps:erase"])
def test_a_scope_that_is_none_is_refused_with_what_may_be_written(acme, wrong):
    with pytest.raises(CommandError, match="Write read, write, an area such as gaps:read"):
        run("create_token", "--organization", "acme", "--name", "CI", "--scope", wrong)


@pytest.mark.parametrize(("slug", "days"), [("nowhere", "30"), ("acme", "366"), ("acme", "0")])
def test_a_token_needs_an_organisation_and_at_most_a_year(acme, slug, days):
    with pytest.raises(CommandError):
        run("create_token", "--organization", slug, "--name", "CI", "--scope", "read", "--days", days)


def test_the_role_that_serves_may_not_delete_an_organisation(acme, mei):
    with pytest.raises(CommandError, match="FIELDWORK_DATABASE_ROLE=owner"):
        run("delete_organization", "--organization", "acme", "--yes-delete-everything")
    assert Organization.objects.filter(slug="acme").exists()


def test_without_the_word_nothing_is_deleted(acme):
    with pytest.raises(CommandError, match="Nothing was deleted"):
        run("delete_organization", "--organization", "acme")
    assert Organization.objects.filter(slug="acme").exists()


# --- Deleting for good needs the owner of the tables and a database of its own -------------------------------------


@pytest.fixture
def manage(tmp_path: Path) -> Iterator[Any]:
    """Run commands on a fresh database, as the serving role or as the owner; `manage.rows(table)` counts as owner."""
    name = f"erase_{WORKER}"
    make_database(name)
    urls = {key: _at(os.environ[key], name) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}

    def call(*command: str, role: str = "app") -> str:
        environment = os.environ | urls | {
            "FIELDWORK_DATABASE_ROLE": role, "FIELDWORK_EMBEDDED": "", "EVIDENCE_ROOT": str(tmp_path),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, capture_output=True,
            text=True, timeout=120,
        )  # fmt: skip
        return done.stdout.strip()

    def rows(table: str, organization_id: str) -> int:
        with closing(psycopg2.connect(urls["DATABASE_OWNER_URL"])) as server, server, server.cursor() as cursor:
            cursor.execute("SELECT set_config('app.organization_id', %s, true)", [organization_id])
            cursor.execute(f"SELECT count(*) FROM {table} WHERE organization_id = %s", [organization_id])
            return cursor.fetchone()[0]

    def identifier(slug: str) -> str:
        with closing(psycopg2.connect(urls["DATABASE_OWNER_URL"])) as server, server, server.cursor() as cursor:
            cursor.execute("SELECT id FROM tenancy_organization WHERE slug = %s", [slug])
            row = cursor.fetchone()
            return str(row[0]) if row else ""

    call.rows, call.identifier, call.database = rows, identifier, name
    yield call
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as server:
        server.autocommit = True
        server.cursor().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture
def founded(manage: Any, django_db_setup: None, django_db_blocker: Any) -> None:
    """Two organisations with a member and a token each, committed. In this process: each command of its own takes seconds to
    start, and only that which deletes has to be one."""
    with django_db_blocker.unblock():
        before = settings.DATABASES["default"]["NAME"]
        turn_to_database(manage.database)
        try:
            for slug in ("halyard", "borealis"):
                run("create_organization", "--name", slug.title(), "--slug", slug, "--admin-email", f"x@{slug}.example",
                    "--admin-name", "X")  # fmt: skip
                run("create_token", "--organization", slug, "--name", "CI", "--scope", "read")
        finally:
            turn_to_database(before)


@pytest.mark.slow
def test_deleting_takes_rows_trail_and_files_of_one_organisation_and_of_no_other(manage, founded, tmp_path):
    gone, kept = manage.identifier("halyard"), manage.identifier("borealis")
    for identifier in (gone, kept):
        (tmp_path / identifier / "ab").mkdir(parents=True)
        (tmp_path / identifier / "ab" / "abc").write_bytes(b"evidence")
    tombstone = manage("delete_organization", "--organization", "halyard", "--yes-delete-everything", role="owner")
    assert gone in tombstone
    assert "1 files" in tombstone
    assert "halyard" not in tombstone.lower()
    assert manage.identifier("halyard") == ""
    for table in ("people_membership", "people_token", "trail_entry"):
        assert manage.rows(table, gone) == 0
        assert manage.rows(table, kept) > 0
    assert not (tmp_path / gone).exists()
    assert (tmp_path / kept / "ab" / "abc").exists()
