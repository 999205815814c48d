"""Real committed rows: workers that are killed, or race each other, see nothing of a test's own transaction."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database

from compliance.tenancy.models import Organization
from compliance.tenancy.rooms import scope
from compliance.trail.actors import SYSTEM
from evidence.collectors.models import Connection, Run
from evidence.collectors.services.connect import create_connection
from evidence.collectors.services.request import request_run
from sample.base import Clock
from sample.okta.world import OktaWorld
from tests.conftest import _at
from tests.loopback import serve_open


class Slow:
    """A WSGI application before the fake: it waits, counts, and fails what it is told to fail."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.delay = 0.0
        self.asked: list[str] = []
        self.failing: Callable[[str], bool] = lambda path: False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "") + "?" + environ.get("QUERY_STRING", "")
        self.asked.append(path)
        time.sleep(self.delay)
        if self.failing(path):
            start_response("403 Forbidden", [("Content-Type", "application/json")])
            return [b'{"errorCode":"E0000006","errorSummary":"You do not have permission"}']
        return self.app(environ, start_response)


@pytest.fixture()
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database, without a transaction of the test around it. What is written stays: each test makes its own room."""
    with django_db_blocker.unblock():
        yield
        database.close()


@pytest.fixture()
def company(committed: None) -> Organization:
    """An organisation of this test alone."""
    name = f"jobs-{uuid.uuid4().hex[:12]}"
    return Organization.objects.create(name=name, slug=name)


@pytest.fixture()
def okta(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """The sample Okta on loopback; every Okta connection of this process calls it."""
    slow = Slow(OktaWorld(Clock.ending_today(), clean=True).wsgi)
    with serve_open(slow) as address:
        monkeypatch.setattr(settings, "VENDOR_ENDPOINTS", {"okta": address})
        yield slow


@pytest.fixture()
def link(company: Organization) -> Connection:
    """A connection to Okta."""
    with scope(company):
        return create_connection(
            actor=SYSTEM, vendor="okta", name="Okta",
            fields={"org_url": "https://halyard.okta.com", "token": "00halyardSampleTokenThatIsNoSecret"},
        )


@pytest.fixture()
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker takes nothing in these tests: rows alone are what work is found by."""
    from evidence.collectors import tasks

    monkeypatch.setattr(tasks.collect, "delay", lambda *ids: None)


def ask(company: Organization, link: Connection, kinds: tuple[str, ...] | None = None) -> Run:
    with scope(company):
        return request_run(actor=SYSTEM, connection=Connection.objects.get(pk=link.pk), trigger="manual", kinds=kinds)


def surroundings() -> dict[str, str]:
    """The environment of a worker on this test's database and storage."""
    name = settings.DATABASES["default"]["NAME"]
    return os.environ | {
        "DATABASE_URL": _at(os.environ["DATABASE_URL"], str(name)), "FIELDWORK_EMBEDDED": "",
        "FIELDWORK_VENDOR_ENDPOINTS": json.dumps(settings.VENDOR_ENDPOINTS), "EVIDENCE_ROOT": str(settings.EVIDENCE_ROOT),
    }


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with a database connection of its own, all from the same moment."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001
            results[number] = error
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
