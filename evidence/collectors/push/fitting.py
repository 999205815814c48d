"""Whether rows fit the schema of their kind: each fault with the row's index and the JSON pointer of what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from ..base import FactKind
from .kinds import KINDS
from .quick import Test, is_day, is_moment, is_whole, test_of
from .streams import RowError

#: How many faults are told. All rows are refused by the first; nobody reads ten thousand.
MOST_FAULTS = 50


@dataclass(frozen=True)
class Fault:
    """What is wrong: the row's index from 0, the JSON pointer of the field in it (empty: the row itself), and why."""

    index: int
    path: str
    message: str


class UnfitError(Exception):
    """Rows that do not fit. None of them is kept."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def fitting(kind: FactKind, rows: Iterable[tuple[int, Any]]) -> Iterator[dict[str, Any]]:
    """The rows, as long as they fit. Raises UnfitError with the first faults where one does not, once all were looked at
    or there are MOST_FAULTS; from the first fault on no row is given any more."""
    assert kind.shape is not None
    found: list[Fault] = []
    met: dict[Any, int] = {}
    try:
        for index, row in rows:
            wrong = faults_of(kind, index, row) or _repeated(kind, index, row, met)
            found += wrong
            if len(found) >= MOST_FAULTS:
                break
            if not found:
                yield row
    except RowError as fault:
        found.append(Fault(fault.index, fault.path, fault.message))
    if found:
        raise UnfitError(found[:MOST_FAULTS])


def faults_of(kind: FactKind, index: int, row: Any) -> list[Fault]:
    """What is wrong with one row."""
    if _quick(kind.id)(row):
        return []
    wrong = [Fault(index, path, message) for error in _validator(kind.id).iter_errors(row) for path, message in _told(error)]
    return wrong or [Fault(index, path, "It holds half a character (a lone surrogate).") for path in _half_characters(row)]


def _repeated(kind: FactKind, index: int, row: dict[str, Any], met: dict[Any, int]) -> list[Fault]:
    assert kind.shape is not None
    first = met.setdefault(hash(kind.shape.key_of(row)), index)
    if first == index:
        return []
    what = " and ".join(kind.shape.identified_by)
    return [Fault(index, "", f"It repeats row {first}: {what} tell one row from another.")]


@cache
def _quick(kind: str) -> Test:
    shape = next(each for each in KINDS if each.id == kind).shape
    assert shape is not None
    return test_of(shape)


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = next(each for each in KINDS if each.id == kind).schema
    return Draft202012Validator(schema, format_checker=FORMATS)


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Pointer and sentence. What is missing or too much is named itself, not the row around it."""
    at = "".join(f"/{_escaped(part)}" for part in error.absolute_path)
    if error.validator == "required":
        # one error for each; the message begins with the name
        yield f"{at}/{_escaped(_missing(error))}", "It is missing."
    elif error.validator == "additionalProperties":
        for name in sorted(set(error.instance) - set(error.schema["properties"])):
            yield f"{at}/{_escaped(name)[:100]}", "There is no such field in this kind."
    else:
        yield at, _plain(error)


def _missing(error: ValidationError) -> str:
    return next((name for name in error.validator_value if error.message.startswith(repr(name))), "")


def _plain(error: ValidationError) -> str:
    wanted = error.validator_value
    if error.validator == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return f"It has to be {' or '.join(_TYPE_WORDS.get(str(kind), str(kind)) for kind in kinds)}."
    if error.validator == "enum":
        return f"It has to be one of {', '.join('null' if each is None else str(each) for each in wanted)}."
    if error.validator == "format":
        return _FORMAT_WORDS[wanted]
    if error.validator == "pattern":
        return "It holds a zero character, which no text has."
    limit = {
        "minLength": "It is empty.", "maxLength": f"It is longer than {wanted} characters.",
        "maxItems": f"It has more than {wanted} entries.",
    }  # fmt: skip
    return limit.get(str(error.validator), f"It is not within {error.validator} {wanted}.")


_TYPE_WORDS = {
    "boolean": "true or false", "string": "a text in quotation marks", "number": "a number", "integer": "a whole number",
    "array": "a list", "object": "an object of names and values",
}
_FORMAT_WORDS = {
    "date-time": "Write a time with its offset from UTC, as 2026-11-24T09:30:00Z.",
    "date": "Write a day as 2026-11-24.",
}


def _escaped(part: Any) -> str:
    return str(part).replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()


def _half_characters(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        for place, text in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(text, str) and not is_whole(text):
                yield f"/{name}/{place}" if isinstance(value, list) else f"/{name}"


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or is_moment(value)


@FORMATS.checks("date")
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or is_day(value)
