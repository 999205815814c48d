"""What an auditor's usual request list asks, restated, and which of it no control answers. No models here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compliance.frameworks.catalogue import CatalogueError, load_yaml

FILE = Path(__file__).with_name("request-list.yaml")


@dataclass(frozen=True)
class Item:
    """One line of the list. `criterion` is what it is asked under, `kind` as the list has it."""

    id: str
    criterion: str
    kind: str
    asks: str


@dataclass(frozen=True)
class RequestList:
    """All lines by id; `engagement` gives the reason why no control answers a line."""

    items: Mapping[str, Item]
    engagement: Mapping[str, str]


@cache
def request_list(file: Path = FILE) -> RequestList:
    """Read once in a process. Raises CatalogueError where the file is not sound."""
    given = load_yaml(file)
    items = {id: Item(id, **row) for id, row in given["items"].items()}
    engagement = {id: " ".join(reason.split()) for id, reason in given["engagement"].items()}
    if strangers := engagement.keys() - items.keys():
        raise CatalogueError(file.name, [f"{id} is no item" for id in sorted(strangers)])
    return RequestList(items, engagement)


def items_of(ids: list[str]) -> list[Item]:
    """The lines of some ids, in the list's order. Ids that are not on it are passed over."""
    known = request_list().items
    return [known[id] for id in known if id in ids]
