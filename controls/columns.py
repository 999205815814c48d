"""The columns of the matrix: which there are, how wide, what each reads, and which of them an address asks for."""

from __future__ import annotations

from typing import NamedTuple

from django.http import QueryDict


class Column(NamedTuple):
    """One column. `width` is a class of the style sheet; `sort` whether its head sorts; `look` the class of its cells.

    `usual` columns are shown where the address names none. `reads` are fields of Control that only this column shows.
    """

    name: str
    label: str
    width: str = "w-s"
    sort: bool = True
    look: str = ""
    usual: bool = False
    reads: tuple[str, ...] = ()


COLUMNS = (
    Column("owner", "Owner", "w-m", usual=True),
    Column("cadence", "Cadence", usual=True),
    Column("kind", "Kind", "w-m", sort=False, reads=("nature", "kind")),
    Column("key", "Key", "w-k", reads=("key",)),
    Column("implementation", "In place", reads=("implementation",)),
    Column("starts", "In place since", reads=("starts_on",)),
    Column("area", "Area", reads=("area",)),
    Column("tests", "Test procedure", "w-t", sort=False, look="wraps", reads=("test_procedures",)),
    Column("design", "Design", usual=True),
    Column("operation", "Operation", "w-m", usual=True),
    Column("evidence", "Evidence", usual=True),
    Column("coverage", "Coverage", "w-cv", sort=False, look="drop", usual=True),
    Column("last", "Last shown", look="n drop"),
    Column("review", "Last review", look="n drop", usual=True, reads=("standing__last_review_at",)),
    Column("gaps", "Gaps", "w-g", usual=True),
)
BY_NAME = {column.name: column for column in COLUMNS}


#: What the classes of width stand for, in rem (static/css/tables.css, matrix.css), and what a table of the usual width has
#: beside its first column.
_REM = {"w-s": 6.0, "w-m": 9.0, "w-k": 5.5, "w-t": 22.0, "w-cv": 7.0, "w-g": 8.0}
_ROOM, _CHANGE = 64.0, 6.0


def columns_asked(parameters: QueryDict) -> tuple[Column, ...]:
    """The columns that `cols` names, once each or parted by commas, in the order of `COLUMNS`; else the usual ones."""
    named = {name for value in parameters.getlist("cols") for name in value.split(",")}
    asked = tuple(column for column in COLUMNS if column.name in named)
    return asked or tuple(column for column in COLUMNS if column.usual)


def are_many(columns: tuple[Column, ...], *, editing: bool) -> bool:
    """Whether they need a wider table than the usual one, which then scrolls sideways."""
    return sum(_REM[column.width] for column in columns) + editing * _CHANGE > _ROOM
