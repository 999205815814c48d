"""A request to test with: the landlord is asked for the visitor log."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.tenancy.rooms import scope
from evidence.requests.models import Ask
from evidence.requests.services.ask import ask_for
from tests.factories.controls import make_control
from tests.factories.evidence import PDF, make_requirement

BEGIN = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _counted_from_none() -> None:
    cache.clear()


@pytest.fixture()
def clock() -> Any:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


@pytest.fixture()
def requirement(acme: Any, mei: Any, jonas: Any, clock: Any) -> Any:
    with scope(acme):
        return make_requirement(mei.actor, make_control("PH-01", owner=jonas.membership), title="Visitor log")


@pytest.fixture()
def asked(acme: Any, mei: Any, requirement: Any) -> Ask:
    """Of somebody outside, due on 10 September."""
    with scope(acme):
        return ask_for(
            actor=mei.actor, asker=mei.membership, requirement=requirement, email="Owner@Landlord.example", name="Lars Owner",
            due_on=date(2026, 9, 10), note="The book at the desk, all of August.",
        )  # fmt: skip


def link_of(number: int = -1) -> str:
    """The address that the latest mail leads to."""
    found = re.search(r"https?://[^/\s]+(/hand-in/\S+)", str(mail.outbox[number].body))
    assert found
    return found[1]


def sent(**more: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("log.pdf", PDF), "first": "2026-08-01", "last": "2026-08-31", "note": "Scanned."} | more
