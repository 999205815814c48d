"""A people list as CSV: read with every fault named by line, and written so that it can be read again. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from .models import Worker

NEEDED = ("id", "name", "email")
OPTIONAL = ("team", "start_date", "end_date")
ACCOUNTS = ("aws", "github", "okta")
COLUMNS = (*NEEDED, *OPTIONAL, *ACCOUNTS)
#: Other names that people lists give to the same columns.
_ALSO = {
    "employee_id": "id", "worker_id": "id", "employee": "id", "full_name": "name", "e-mail": "email", "mail": "email",
    "work_email": "email", "email_address": "email", "department": "team", "start": "start_date",
    "hire_date": "start_date", "end": "end_date", "termination_date": "end_date", "last_day": "end_date",
}  # fmt: skip
MOST_ROWS = 20_000
#: A cell that begins so would be run as a formula by a spreadsheet; it is written with an apostrophe before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Roster:
    """What a file holds: rows that can be recorded, faults by line (0 is the file), columns that were passed over."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def decode(content: bytes) -> str:
    """The file as text. Raises ValueError with what to do about it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The file is not UTF-8. Save it from the spreadsheet as “CSV UTF-8”.") from None


def read(text: str) -> Roster:
    """Read a list separated by commas, semicolons or tabs. Nothing is guessed: what cannot be read is a fault."""
    roster = Roster()
    lines = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        head = next(lines, [])
        columns = [_column(name) for name in head]
        _check_head(columns, head, roster)
        if roster.faults:
            return roster
        seen: dict[str, int] = {}
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _read_row(dict(zip(columns, cells, strict=False)), lines.line_num, seen, roster)
            if len(roster.rows) + len(roster.faults) > MOST_ROWS:
                roster.faults.append((0, f"The file has more than {MOST_ROWS:,} lines. Split it."))
                break
    except csv.Error as error:
        roster.faults.append((lines.line_num, f"This line cannot be read as CSV: {error}."))
    return roster


def write(workers: Iterable[Worker]) -> str:
    """The list as this module reads it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for worker in workers:
        days = [day.isoformat() if day else "" for day in (worker.start_date, worker.end_date)]
        accounts = [str(worker.accounts.get(name) or "") for name in ACCOUNTS]
        cells = [worker.external_id, worker.name, worker.email, worker.team, *days, *accounts]
        lines.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _column(name: str) -> str:
    plain = name.strip().lower().replace(" ", "_")
    return _ALSO.get(plain, plain)


def _check_head(columns: list[str], head: list[str], roster: Roster) -> None:
    for name in NEEDED:
        if name not in columns:
            roster.faults.append((1, f"There is no column {name}. The first line names the columns."))
    for name in {name for name in columns if columns.count(name) > 1 and name in COLUMNS}:
        roster.faults.append((1, f"The column {name} is there twice."))
    roster.ignored = [given for given, name in zip(head, columns, strict=True) if name not in COLUMNS and given.strip()]


def _read_row(cells: dict[str, str], line: int, seen: dict[str, int], roster: Roster) -> None:
    plain = {name: _plain(cells.get(name, "")) for name in COLUMNS if name in cells}
    faults = [f"There is no {name}." for name in NEEDED if not plain.get(name)]
    row: dict[str, Any] = {name: plain[name] for name in ("id", "name", "email", "team") if name in plain}
    faults += _too_long(row)
    if row.get("email") and not _is_address(row["email"]):
        faults.append(f"{row['email']} is no email address.")
    for name in ("start_date", "end_date"):
        if name in plain:
            row[name] = _day(plain[name], name, faults)
    if row.get("start_date") and row.get("end_date") and row["end_date"] < row["start_date"]:
        faults.append("The last day is before the first.")
    if row.get("id") in seen:
        faults.append(f"The id {row['id']} is on line {seen[row['id']]} already.")
    accounts = {name: plain[name] or None for name in ACCOUNTS if name in plain}
    if accounts:
        row["accounts"] = accounts
    if faults:
        roster.faults += [(line, fault) for fault in faults]
        return
    seen[row["id"]] = line
    roster.rows.append(row)


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _too_long(row: dict[str, Any]) -> list[str]:
    most = {"id": 120, "name": 200, "email": 254, "team": 120}
    return [f"The {name} is longer than {most[name]} characters." for name in row if len(row[name]) > most[name]]


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _day(text: str, name: str, faults: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(f"{text} in {name} is no day. Write it as 2026-11-30.")
        return None
