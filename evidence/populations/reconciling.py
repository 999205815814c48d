"""A list of people held against the accounts of every system: who left and still can, whose account is nobody's. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from compliance.web.words import day as in_words
from evidence.checks.base import Row


class Kind(StrEnum):
    LEFT = "left"
    NOBODY = "nobody"
    LACKING = "lacking"
    UNREAD = "unread"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.LEFT: "Left, and the account is open",
    Kind.NOBODY: "An account that belongs to nobody on the list",
    Kind.LACKING: "Works here, and has no account where one is expected",
    Kind.UNREAD: "Whether the account is open could not be read",
}


@dataclass(frozen=True)
class Account:
    """An account as a system shows it. `names` is all that it can be recognised by, `active` None where nobody can say.

    `service` is set where the scope register says that no person stands behind it.
    """

    system: str
    id: str
    names: frozenset[str]
    active: bool | None
    service: bool = False


@dataclass(frozen=True)
class Unequal:
    """One difference between the two lists. `explained` is set where facts already say why, else somebody decides."""

    kind: Kind
    system: str
    subject: str
    detail: str
    explained: str = ""


def reconcile(
    people: Sequence[Row], accounts: Mapping[str, Iterable[Account]], *, on: date, everybody: frozenset[str] = frozenset(),
    known_as: Mapping[str, str] | None = None,
) -> Iterator[Unequal]:  # fmt: skip
    """Every difference, system by system. `everybody` are the systems in which each person is expected to have an account;
    elsewhere only those whom the people list knows an account of, under the name that `known_as` gives the system (its own
    where it is left out). Of a system without such a name nobody can say who lacks an account.

    A person works here from the first to the last day, both included. Somebody who came back is here again.
    """
    known: dict[str, list[Row]] = defaultdict(list)
    for person in people:
        for name in names_of(person):
            known[name].append(person)
    for system, listed in accounts.items():
        found = list(listed)
        yield from _accounts(system, found, known, on)
        name = system if known_as is None else known_as.get(system, "")
        yield from _lacking(system, found, people, on, system in everybody, name)


def _accounts(system: str, listed: Sequence[Account], known: Mapping[str, list[Row]], on: date) -> Iterator[Unequal]:
    for account in listed:
        if account.active is False:
            continue
        owners = [person for name in account.names for person in known.get(name, ())]
        service = "The scope register knows it as a service account." if account.service else ""
        if account.active is None:
            yield Unequal(Kind.UNREAD, system, account.id, "The system does not say whether it can be used.", service)
        elif not owners:
            yield Unequal(Kind.NOBODY, system, account.id, "Nobody on the people list goes by its names.", service)
        elif not any(here_on(person, on) for person in owners):
            yield Unequal(Kind.LEFT, system, account.id, _since(owners[0], on), service)


def _since(person: Row, on: date) -> str:
    ended = day_of(person.get("end_date"))
    name = person.get("name") or person.get("id")
    if ended is None or ended >= on:
        return f"{name} has not begun yet."
    return f"{name} left on {in_words(ended)}, {(on - ended).days} days before."


def _lacking(
    system: str, listed: Sequence[Account], people: Sequence[Row], on: date, everybody: bool, known_as: str
) -> Iterator[Unequal]:
    names = {name for account in listed for name in account.names}
    for person in people:
        told = str((person.get("accounts") or {}).get(known_as) or "").lower()
        if not here_on(person, on) or not (everybody or told):
            continue
        if not names & names_of(person):
            said = f"The people list knows the account {told}." if told else "Everybody is expected to have one."
            yield Unequal(Kind.LACKING, system, str(person.get("name") or person.get("id")), said)


def here_on(person: Row, day: date) -> bool:
    """Whether a day is one of a person's days of work; without dates the list says that they are here."""
    starts, ends = day_of(person.get("start_date")), day_of(person.get("end_date"))
    return (starts is None or starts <= day) and (ends is None or day <= ends)


def names_of(person: Row) -> frozenset[str]:
    """All that a person's accounts can be recognised by: mail address and the logins that the people list knows."""
    told = {person.get("email"), *(person.get("accounts") or {}).values()}
    return frozenset(str(each).lower() for each in told if each)


def day_of(value: Any) -> date | None:
    """A day that the people list wrote, None where it is none."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
