"""The people of the sample company, Halyard Payments: who they are, when they came and when they left.

One list for every sample world, so that the accounts in AWS, GitHub and Okta join to the same workers.
All names are invented; the list itself is `roster.txt` beside this file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sample.base import Clock

ORGANIZATION = "Halyard Payments"
SLUG = "halyard-payments"
DOMAIN = "halyard.example"

ROSTER = Path(__file__).with_name("roster.txt")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "ß": "ss", "ı": "i"})


@dataclass(frozen=True)
class Person:
    """One worker. Days count from the story's start; `end_day` is the last day of work, None for who stays.

    `manager` is a worker's id, None for the chief executive. `cast` is the person's fixed part in the sample
    company, empty for most. `github` and `aws` are None where the work needs no such account.
    """

    id: str
    name: str
    email: str
    team: str
    title: str
    manager: str | None
    start_day: int
    end_day: int | None
    github: str | None
    okta_id: str
    aws: str | None
    cast: str = ""

    def employed(self, day: int) -> bool:
        """Whether `day` is a day of work, the first and the last included."""
        return self.start_day <= day and (self.end_day is None or day <= self.end_day)


def _ascii(name: str) -> str:
    folded = unicodedata.normalize("NFKD", re.sub(r"\(.*?\)", "", name).lower().translate(_LETTERS))
    return "".join(letter for letter in folded if letter.isascii())


def _handles(name: str) -> tuple[str, str]:
    """The local part of the mail address and the GitHub login that a name gives."""
    words = [re.sub(r"[^a-z-]", "", word) for word in _ascii(name).split()]
    first, last = words[0], words[-1] if len(words) > 1 else ""
    mail = f"{first}.{last}" if last else first
    return mail, f"{first[:1]}{last.replace('-', '')}"[:20] or first


def _okta_id(worker: str) -> str:
    """Twenty characters that begin with 00u, as Okta's user ids do."""
    return "00u" + hashlib.sha256(f"{SLUG}/{worker}".encode()).hexdigest()[:17]


def _lines() -> Iterator[tuple[str, bool, list[str]]]:
    """(team, leads it, columns) for each line of the roster."""
    team, first = "", False
    for line in ROSTER.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            team, first = line.strip("[]"), True
        elif line and not line.startswith("#"):
            yield team, first, [column.strip() for column in line.split("|")]
            first = False


#: Who the lead of a team reports to; the others report to the chief executive.
_REPORTS_TO = {
    "Security": "Dervla Ní Mhaoláin", "IT": "Dervla Ní Mhaoláin", "Platform Engineering": "Dervla Ní Mhaoláin",
    "Payments Engineering": "Dervla Ní Mhaoláin", "Product Engineering": "Dervla Ní Mhaoláin",
    "Engineering Enablement": "Dervla Ní Mhaoláin", "Design": "Rosalind Achterberg",
    "Customer Support": "Theodora Papadimitriou", "Finance": "Rafael Quintanilha",
    "Legal": "Kwabena Asante-Frempong", "Risk and Compliance": "Theodora Papadimitriou",
}  # fmt: skip


def _read() -> tuple[Person, ...]:
    lines = list(_lines())
    ids = {columns[0]: f"w{number:03d}" for number, (_, _, columns) in enumerate(lines, start=1)}
    leads = {team: ids[columns[0]] for team, leading, columns in lines if leading}
    top = leads["Leadership"]
    people = []
    for team, leading, (name, title, start, end, marks) in lines:
        mail, login = _handles(name)
        flags = marks.split()
        manager = ids.get(_REPORTS_TO.get(team, ""), top) if leading else leads[team]
        people.append(
            Person(
                id=ids[name], name=name, email=f"{mail}@{DOMAIN}", team=team, title=title,
                manager=None if ids[name] == top else manager,
                start_day=int(start), end_day=int(end) if end else None,
                github=login if "g" in flags else None, okta_id=_okta_id(ids[name]),
                aws=mail if "a" in flags else None,
                cast=next((flag[1:] for flag in flags if flag.startswith("@")), ""),
            )  # fmt: skip
        )
    return tuple(people)


PEOPLE: tuple[Person, ...] = _read()

#: Fixed parts: administrator, compliance_manager, compliance_analyst, approver (the CFO), chief_executive,
#: employee, and the control owners owner_engineering, owner_security, owner_platform, owner_changes,
#: owner_access, owner_people, owner_support and owner_vendors.
CAST: dict[str, Person] = {person.cast: person for person in PEOPLE if person.cast}

_BY_EMAIL = {person.email: person for person in PEOPLE}


def by_email(email: str) -> Person:
    """The person with this address; KeyError where there is none."""
    return _BY_EMAIL[email.lower()]


def employed(day: int) -> list[Person]:
    """Everyone at work on a day of the story."""
    return [person for person in PEOPLE if person.employed(day)]


def _date(clock: Clock, day: int) -> date:
    return (clock.start + timedelta(days=day)).date()


def workers(clock: Clock) -> list[dict[str, Any]]:
    """The house fact `org.workers` as the HR system told it at the clock's time.

    Who has not started is not listed, and an end date appears once the last day has come.
    """
    day = clock.day
    return [
        {
            "id": person.id,
            "email": person.email,
            "name": person.name,
            "start_date": _date(clock, person.start_day).isoformat(),
            "end_date": (
                _date(clock, person.end_day).isoformat()
                if person.end_day is not None and person.end_day <= day
                else None
            ),
            "active": person.employed(day),
            "accounts": {"aws": person.aws, "github": person.github, "okta": person.okta_id},
        }
        for person in PEOPLE
        if person.start_day <= day
    ]
