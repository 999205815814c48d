"""Many rows written by one statement.

Django's `bulk_update` builds a CASE for each field with a branch for each row: to put that together costs many times what
the database then needs. Here the new values stand once, as a table to join with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

_LENGTH = re.compile(r"\(\d+(,\s*\d+)?\)")


def update_rows(rows: Iterable[models.Model], fields: Iterable[str], *, batch_size: int = 500) -> None:
    """Write the named fields of rows of one model that are stored already, as `bulk_update` does: no signal is sent, no
    other field is touched, and a row that is gone meanwhile is passed over. Values are plain ones, not expressions."""
    waiting = iter(rows)
    names = list(fields)
    with transaction.atomic(savepoint=False):
        while batch := list(islice(waiting, batch_size)):
            _update(batch, names)


def _update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    meta = rows[0]._meta
    written = [meta.get_field(name) for name in names]
    fields: list[Any] = [meta.pk, *written]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    row = "(" + ", ".join(f"%s::{_type(field)}" for field in fields) + ")"
    sets = ", ".join(f"{column} = given.{column}" for column in columns[1:])
    given = f"(VALUES {', '.join([row] * len(rows))}) AS given ({', '.join(columns)})"
    key, table = columns[0], connection.ops.quote_name(meta.db_table)
    sql = f"UPDATE {table} AS stored SET {sets} FROM {given} WHERE stored.{key} = given.{key}"  # noqa: S608 - the model's own names
    with connection.cursor() as cursor:
        cursor.execute(sql, list(_values(rows, fields)))


def _values(rows: Iterable[models.Model], fields: Sequence[Any]) -> Iterator[Any]:
    for row in rows:
        for field in fields:
            yield field.get_db_prep_save(getattr(row, field.attname), connection)


def _type(field: Any) -> str:
    """Without its length: a cast to one would cut what is too long, where the column refuses it."""
    return _LENGTH.sub("", str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection)))
