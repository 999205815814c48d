"""The templates of populations, as data: what each lists, its attributes, and what is usually tested of an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from compliance.frameworks.catalogue import CatalogueError, load_yaml

FOLDER = Path(__file__).with_name("templates")
TYPES = ("text", "day", "moment", "number", "flag")
CADENCES = {"monthly": 1, "quarterly": 3, "annual": 12}
#: What a list of accounts or people can be held against.
SECOND_LISTS = ("people",)
_WORDS = ("key", "title", "lists")
_LISTS = ("criteria", "identified_by", "tested", "sources", "questions")
_KNOWN = {*_WORDS, *_LISTS, "attributes", "cadence", "dated_by", "goes_on", "requests", "reconcile"}
_OF_ATTRIBUTE = {"name", "type", "label", "means", "required"}


@dataclass(frozen=True)
class Attribute:
    """A column of a population. A required one that is empty or could not be read keeps an item from being tested."""

    name: str
    type: str
    label: str
    means: str
    required: bool = False


@dataclass(frozen=True)
class Template:
    """A kind of population.

    `identified_by` names the attributes that tell one item from another, `dated_by` the one that puts an item into a
    period (empty where items are states that hold, such as accounts); with `goes_on` an item that began before the period and
    went on into it belongs to it too. `tested` are the attributes that an auditor marks
    on each item, A to n. `requests` are lines of the usual request list, `reconcile` the second list it is held against.
    """

    key: str
    title: str
    lists: str
    criteria: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    identified_by: tuple[str, ...]
    tested: tuple[str, ...]
    sources: tuple[str, ...]
    questions: tuple[str, ...]
    cadence: str
    dated_by: str = ""
    goes_on: bool = False
    requests: tuple[str, ...] = ()
    reconcile: str = ""

    @property
    def months(self) -> int:
        """How many months one version usually covers."""
        return CADENCES[self.cadence]

    @property
    def lettered(self) -> list[tuple[str, str]]:
        """What is tested of an item, each with its letter."""
        return [(chr(ord("A") + place), words) for place, words in enumerate(self.tested)]

    def attribute(self, name: str) -> Attribute | None:
        return next((each for each in self.attributes if each.name == name), None)


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """Every template, in the order of the files. Raises CatalogueError with all problems found."""
    return read_templates(FOLDER)


def template(key: str) -> Template | None:
    """The template with this key."""
    return next((each for each in templates() if each.key == key), None)


def read_templates(folder: Path) -> tuple[Template, ...]:
    """Read and validate a folder of templates."""
    rows = [row for path in sorted(folder.glob("*.yaml")) for row in load_yaml(path)]
    problems = [f"{_named(row)}: {problem}" for row in rows for problem in template_problems(row)]
    problems += [f"{key}: listed twice" for key, n in Counter(_named(row) for row in rows).items() if n > 1]
    if problems or not rows:
        raise CatalogueError("populations", problems or ["no templates"])
    return tuple(_template(row) for row in rows)


def template_problems(row: Any) -> list[str]:
    """Everything that makes a template unfit."""
    if not isinstance(row, dict):
        return ["is no mapping"]
    problems = [f"unknown key {key!r}" for key in row if key not in _KNOWN]
    problems += [f"no {name}" for name in _WORDS if not _is_text(row.get(name))]
    problems += [f"{name} is no list of words" for name in _LISTS if not _is_list(row.get(name))]
    if "requests" in row and not _is_list(row["requests"]):
        problems.append("requests is no list of words")
    if row.get("cadence") not in CADENCES:
        problems.append(f"cadence is none of {', '.join(CADENCES)}")
    if not isinstance(row.get("goes_on", False), bool):
        problems.append("goes_on is neither true nor false")
    if row.get("reconcile", "") not in ("", *SECOND_LISTS):
        problems.append(f"reconcile is none of {', '.join(SECOND_LISTS)}")
    return problems + _attribute_problems(row)


def _attribute_problems(row: dict[str, Any]) -> list[str]:
    attributes = row.get("attributes")
    if not isinstance(attributes, list) or not all(isinstance(each, dict) for each in attributes):
        return ["attributes is no list of mappings"]
    problems = [f"attribute {each.get('name')!r} has unknown keys" for each in attributes if set(each) - _OF_ATTRIBUTE]
    for each in attributes:
        problems += [f"attribute {each.get('name')!r} has no {of}" for of in ("name", "label", "means") if not _is_text(each.get(of))]
        if each.get("type") not in TYPES:
            problems.append(f"attribute {each.get('name')!r}: its type is none of {', '.join(TYPES)}")
    names = Counter(each.get("name") for each in attributes)
    problems += [f"attribute {name!r} is listed twice" for name, n in names.items() if n > 1]
    needed = {each.get("name") for each in attributes if each.get("required") is True}
    told = row.get("identified_by") if _is_list(row.get("identified_by")) else []
    problems += [f"is identified by {name!r}, which is not required" for name in told or () if name not in needed]
    dated = row.get("dated_by", "")
    types = {each.get("name"): each.get("type") for each in attributes}
    if dated and types.get(dated) not in ("day", "moment"):
        problems.append(f"is dated by {dated!r}, which is no day or moment")
    return problems


def _template(row: dict[str, Any]) -> Template:
    attributes = tuple(Attribute(**each) for each in row["attributes"])
    lists = {name: tuple(row[name]) for name in _LISTS}
    return Template(
        key=row["key"], title=row["title"], lists=row["lists"], attributes=attributes, cadence=row["cadence"],
        dated_by=row.get("dated_by", ""), goes_on=row.get("goes_on", False),
        requests=tuple(row.get("requests", ())), reconcile=row.get("reconcile", ""), **lists,
    )  # fmt: skip


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(each) for each in value)


def _named(row: Any) -> str:
    return str(row.get("key", "?")) if isinstance(row, dict) else "?"


def answering(request: str) -> Iterable[Template]:
    """The templates that answer a line of the usual request list."""
    return (each for each in templates() if request in each.requests)


def kinds() -> Iterable[tuple[str, str]]:
    """(key, title) of each: what an evidence requirement may ask for."""
    return ((each.key, each.title) for each in templates())
