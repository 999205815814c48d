"""Columns of a table: how a field is written into a cell, and how a cell is read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from .cells import joined, parted, plain

#: What is said of a cell that should hold a time and does not.
NO_MOMENT = "Write the time as 2026-11-30 14:05, or with its offset from UTC."


class CellError(ValueError):
    """What is wrong with a cell, and how it should be written."""


@dataclass(frozen=True)
class Column:
    """One field. `read` turns a cell that is not empty into a value or raises CellError; `write` turns a value into text.

    `empty` is the value of an empty cell, and `needed` columns may not have one; `also` are other heads for the same.
    A column that is only `told` is written for the reader and never read.
    """

    name: str
    label: str
    read: Callable[[str], Any] = plain
    write: Callable[[Any], str] = str
    empty: Any = ""
    needed: bool = False
    told: bool = False
    also: tuple[str, ...] = ()
    help: str = ""

    def value(self, cell: str) -> Any:
        """The value of a cell. Raises CellError."""
        if cell:
            return self.read(cell)
        if self.needed:
            raise CellError(f"{self.label} is missing.")
        return self.empty() if callable(self.empty) else self.empty

    def text(self, value: Any) -> str:
        """A value as it is written, and compared: the same text is no change."""
        return "" if value is None else plain(self.write(value))


def words(name: str, label: str, most: int, **more: Any) -> Column:
    """A text of at most so many characters."""

    def read(cell: str) -> str:
        if len(cell) > most:
            raise CellError(f"Longer than {most:,} characters.")
        return cell

    return Column(name, label, read, **more)


def choice(name: str, label: str, choices: Sequence[tuple[str, str]], **more: Any) -> Column:
    """One of a list: written as its code, read as code or label."""
    return Column(name, label, _chooser(dict(choices)), **more)


def several(name: str, label: str, choices: Callable[[], Mapping[str, str]], **more: Any) -> Column:
    """Several of a list, parted by `|`, in the order of the alphabet. `choices` are code to label."""

    def read(cell: str) -> list[str]:
        known = choices()
        choose = _chooser(known)
        return sorted({choose(each) for each in parted(cell)})

    return Column(name, label, read, lambda values: joined(sorted(values)), empty=list, **more)


def flag(name: str, label: str, **more: Any) -> Column:
    """Yes or no; empty where nobody has said."""
    said = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}

    def read(cell: str) -> bool:
        if cell.lower() not in said:
            raise CellError("Write yes or no.")
        return said[cell.lower()]

    return Column(name, label, read, lambda value: "yes" if value else "no", **({"empty": None} | more))


def day(name: str, label: str, **more: Any) -> Column:
    """A day, as 2026-11-30."""

    def read(cell: str) -> date:
        try:
            return date.fromisoformat(cell)
        except ValueError:
            raise CellError("Write the day as 2026-11-30.") from None

    return Column(name, label, read, lambda value: value.isoformat(), empty=None, **more)


def moment_in(cell: str, zone: tzinfo) -> datetime:
    """The time that a cell says, in UTC; without an offset it is one of the zone, and of the two instants that an hour
    repeated in autumn may mean, the first. Raises CellError."""
    try:
        found = datetime.fromisoformat(cell.replace(" UTC", "+00:00").strip())
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise CellError(NO_MOMENT) from None


def told(name: str, label: str, write: Callable[[Any], str] = str) -> Column:
    """Written for the reader, never read."""
    return Column(name, label, write=write, told=True)


def mapped(head: Iterable[str], columns: Sequence[Column], chosen: Mapping[str, str]) -> list[Column | None]:
    """Which field each column of a file holds: as a person chose by its head, else by the names a field goes by.

    Each field is read once, from the first column that fits; a column that fits nothing, or is only told, is None.
    """
    by_name = {column.name: column for column in columns if not column.told}
    usual = {_folded(each): column for column in by_name.values() for each in (*column.also, column.label, column.name)}
    found: list[Column | None] = []
    for cell in head:
        column = by_name.get(chosen[cell]) if cell in chosen else usual.get(_folded(cell))
        found.append(column if column not in found else None)
    return found


def _folded(head: str) -> str:
    return " ".join(head.lower().replace("_", " ").split())


def _chooser(choices: Mapping[str, str]) -> Callable[[str], str]:
    by_word = {label.lower(): code for code, label in choices.items()} | {code.lower(): code for code in choices}

    def choose(cell: str) -> str:
        if cell in choices:
            return cell
        if cell.lower() not in by_word:
            raise CellError(f"“{cell[:60]}” is none of {_listed(choices)}.")
        return by_word[cell.lower()]

    return choose


def _listed(choices: Mapping[str, str]) -> str:
    codes = [code for code in choices if code]
    return ", ".join(codes[:14]) + (" and more" if len(codes) > 14 else "")
