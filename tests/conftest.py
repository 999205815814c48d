"""The cast, and a database per worker: made and migrated by the owner once, cloned, and queried as the app role."""

from __future__ import annotations

import fcntl
import gc
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg2
import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.test import Client
from xdist.scheduler import LoadFileScheduling

from compliance.people.models import Membership, Token, User
from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import Actor, ActorKind

ROOT = Path(__file__).resolve().parent.parent
#: The browser of the journeys keeps an event loop in its worker for as long as it lives; what follows there is not async.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
#: What a property says does not depend on how busy the machine is.
hypothesis.settings.register_profile("fieldwork", deadline=None)
hypothesis.settings.load_profile("fieldwork")


def pytest_configure() -> None:
    gc.set_threshold(20_000, 20, 50)  # as the site is served (config/gunicorn.py)
    settings.CACHES["default"]["LOCATION"] = _own_redis(settings.REDIS_URL)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EVIDENCE_ROOT = Path(tempfile.mkdtemp(prefix="fieldwork-evidence-"))
    settings.STORAGES["default"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(settings.EVIDENCE_ROOT)}
    }


def _own_redis(url: str) -> str:
    """One of Redis's databases per worker: who clears a cache empties a whole database, whatever its keys begin with."""
    number, parts = 1 + int(WORKER[2:]) % 15 if WORKER.startswith("gw") else 1, urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


#: Files, and one directory, that take half a minute or more, the longest first: while one worker is at these the other gets
#: through the many short ones (config/management/suite.py). Kept by `./run test --durations=50`.
LONGEST = (
    "sample/test_story.py", "house/test_hostile_queries.py", "house/test_query_budgets.py", "house/test_every_url.py",
    "api/test_schemathesis.py", "api/test_every_operation.py", "journeys",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others in the order in which they were found."""
    place = {ROOT / "tests" / name: number for number, name in enumerate(LONGEST)}
    if gone := [str(path) for path in place if not path.exists()]:
        raise pytest.UsageError(f"tests/conftest.py lists files that are gone: {', '.join(gone)}")
    items.sort(key=lambda item: place.get(item.path, place.get(item.path.parent, len(place))))


def pytest_collection_finish() -> None:
    """Eleven thousand tests stay to the end: no collection of garbage needs to look at them again."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """The journeys on one worker, one after another: they share a site and a browser that take a minute to make."""
    return _FilesAndJourneys(config, log) if config.getvalue("dist") == "loadfile" else None


class _FilesAndJourneys(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else super()._split_scope(nodeid)


def _at(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def _only_one() -> Iterator[None]:
    with open(Path(tempfile.gettempdir()) / f"fieldwork-tests-{zlib.crc32(_server().encode())}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _server() -> str:
    return os.environ["DATABASE_OWNER_URL"].split("?")[-1] + str(urlsplit(os.environ["DATABASE_OWNER_URL"]).hostname)


def _manage(*command: str, role: str, database: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": _at(os.environ["DATABASE_URL"], database),
        "DATABASE_OWNER_URL": _at(os.environ["DATABASE_OWNER_URL"], database),
        "FIELDWORK_DATABASE_ROLE": role, "FIELDWORK_EMBEDDED": "",
    }
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def make_database(name: str, template: str = "fieldwork_template") -> None:
    """Clone the migrated template, which the first worker to come makes."""
    owner = os.environ["DATABASE_OWNER_URL"]
    with _only_one(), closing(psycopg2.connect(owner)) as server:
        server.autocommit = True
        cursor = server.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is None:
            cursor.execute(f'DROP DATABASE IF EXISTS "{template}_unfinished" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{template}_unfinished"')
            _manage("migrate", "-v0", "--skip-checks", role="owner", database=f"{template}_unfinished")
            if (ROOT / "compliance/frameworks/management/commands/load_catalogues.py").exists():
                _manage("load_catalogues", "--skip-checks", role="app", database=f"{template}_unfinished")
            cursor.execute(f'ALTER DATABASE "{template}_unfinished" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def turn_to_database(name: str) -> None:
    """From here on this worker, its threads included, asks the database of this name."""
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _locks_only_what_is_named(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """A law of every statement of every test: a lock over a join, which an ordering may make, holds the rows of both tables
    and stops whoever refers to the other one; it says `OF` which it means."""
    if "FOR UPDATE" in sql and " JOIN " in sql.split("WHERE")[0]:
        assert "FOR UPDATE OF" in sql, f"Locks more than one table: {sql}"
    return execute(sql, params, many, context)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's database, reached as the app role."""
    name = f"test_{WORKER}"
    make_database(name)
    with django_db_blocker.unblock():
        turn_to_database(name)
        connection.execute_wrappers.append(_locks_only_what_is_named)
    yield
    with django_db_blocker.unblock():
        connection.close()


#: Where the number beside "My work" is told, and where every page is opened as it is.
COUNTING = {"readiness", "desk", "house", "journeys", "sample"}


@pytest.fixture(scope="module", autouse=True)
def _waiting_counted_where_it_is_told(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each page of somebody new asks every contributor for what waits, some thirty queries, and keeps the number for a
    minute: in tests everybody is new, so that was two fifths of what a page cost in them."""
    if os.environ.get("FIELDWORK_COUNT_WAITING") or COUNTING.intersection(request.path.relative_to(ROOT / "tests").parts):
        yield
        return
    from audits.readiness import waiting

    with mock.patch.object(waiting, "items_for", return_value=[]):
        yield


# --- The cast -------------------------------------------------------------------------------------------------------


class Person:
    """One of the cast: a user, their membership where they have one, and who they are to the trail."""

    def __init__(self, user: User, membership: Membership | None) -> None:
        self.user = user
        self.membership = membership

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PERSON, self.user.name, self.user.pk, self.membership.pk if self.membership else None)

    @property
    def client(self) -> Client:
        client = Client()
        client.force_login(self.user)
        return client

    @property
    def client_with_factor(self) -> Client:
        """A session in which an authenticator app was shown, which is set up where the person has none."""
        app, _ = Authenticator.objects.get_or_create(user=self.user, type=Authenticator.Type.TOTP, defaults={"data": {}})
        return having_shown(self.client, app)


def having_shown(client: Client, factor: Authenticator) -> Client:
    """The session of a signed-in client, with the record that this factor was shown in it."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "id": factor.pk, "type": factor.type}]
    session["account_authentication_methods_user"] = str(factor.user_id)
    session.save()
    return client


def join(organization: Organization, email: str, name: str, role: str) -> Person:
    user = User.objects.create_user(email, "correct horse battery", name=name)
    with scope(organization):
        membership = Membership.objects.create(user=user, role=role, name=name, email=email)
    return Person(user, membership)


@pytest.fixture()
def acme(db: None) -> Organization:
    """The organisation that most tests are about."""
    return Organization.objects.create(name="Acme Ledger", slug="acme", timezone="Europe/Lisbon")


@pytest.fixture()
def borealis(db: None) -> Organization:
    """The other organisation, which must never be seen."""
    return Organization.objects.create(name="Borealis Freight", slug="borealis", timezone="UTC")


@pytest.fixture()
def room(acme: Organization) -> Iterator[Any]:
    """Stand in Acme's room."""
    with scope(acme) as here:
        yield here


@pytest.fixture()
def mei(acme: Organization) -> Person:
    """Compliance manager."""
    return join(acme, "mei@acme.example", "Mei-Ling Chu", "compliance_manager")


@pytest.fixture()
def ada(acme: Organization) -> Person:
    """Administrator."""
    return join(acme, "ada@acme.example", "Ada Okonkwo", "administrator")


@pytest.fixture()
def jonas(acme: Organization) -> Person:
    """Control owner."""
    return join(acme, "jonas@acme.example", "Jonas Lindqvist", "control_owner")


@pytest.fixture()
def priya(acme: Organization) -> Person:
    """Another control owner."""
    return join(acme, "priya@acme.example", "Priya Raghunathan", "control_owner")


@pytest.fixture()
def femi(acme: Organization) -> Person:
    """Approver (finance director)."""
    return join(acme, "femi@acme.example", "Femi Adeyemi", "approver")


@pytest.fixture()
def noor(acme: Organization) -> Person:
    """Employee."""
    return join(acme, "noor@acme.example", "Noor Haddad", "employee")


@pytest.fixture()
def stranger(borealis: Organization) -> Person:
    """Compliance manager of the other organisation."""
    return join(borealis, "eve@borealis.example", "Eve Stranger", "compliance_manager")


@pytest.fixture()
def outsider(db: None) -> Person:
    """Signed in, member of nothing."""
    return Person(User.objects.create_user("nobody@else.example", "correct horse battery", name="Nobody Else"), None)


def issue_token(organization: Organization, *scopes: str, created_by: Membership | None = None) -> str:
    """Issue an API token for an organisation with scopes (permissions); returns what goes into the header."""
    from datetime import timedelta

    from compliance.people.secrets import digest, issue
    from compliance.tenancy.clock import now

    handed, _ = issue(organization.pk)
    with scope(organization):
        Token.objects.create(
            name="test", scopes=[str(scope_) for scope_ in scopes], secret_hash=digest(handed), hint=handed[-4:],
            created_by=created_by, expires_at=now() + timedelta(days=30),
        )
    return handed


@pytest.fixture()
def token_of(db: None) -> Callable[..., str]:
    """`issue_token`."""
    return issue_token
