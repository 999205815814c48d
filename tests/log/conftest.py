"""Tampering as only the owner of the tables can: their triggers off, within a transaction that is undone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connection


@pytest.fixture()
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test's connection is the owner's. Name it before whatever opens the database."""
    parts, held = urlsplit(os.environ["DATABASE_OWNER_URL"]), dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= {"USER": parts.username, "PASSWORD": unquote(parts.password or "")}
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= {"USER": held["USER"], "PASSWORD": held["PASSWORD"]}


@pytest.fixture()
def tamper(owner: None) -> Callable[..., None]:
    """`tamper("evidence_version", "UPDATE …")`: past the trigger of a table."""

    def run(table: str, statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run
