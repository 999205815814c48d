"""Files of strangers as plain values: limits hold before anything is built, and nothing in a file is ever run or fetched.

All scalars stay text, as they are written: a reference `4.10` would be 4.1 as a number, and `on` a truth.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.constructor import SafeConstructor
from yaml.resolver import BaseResolver

MOST_BYTES = 12 * 1024 * 1024
MOST_DEPTH = 60
#: Values of a file once every alias is followed. The largest known library has some 300,000.
MOST_VALUES = 2_000_000


class UnreadableError(ValueError):
    """The file cannot be read at all: `where` in it, and what is wrong."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(what)
        self.what, self.where = what, where


def decoded(content: bytes) -> str:
    """A file as text: UTF-8, or UTF-16 where its first bytes say so. Raises UnreadableError."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise UnreadableError("The file is not UTF-8 text. Save it as UTF-8.", f"line {line}") from None
    if not text.strip():
        raise UnreadableError("The file is empty.")
    return text


def from_json(text: str) -> Any:
    """JSON as values, numbers as text. Raises UnreadableError."""
    _check_nesting(text)
    try:
        values = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as fault:
        raise UnreadableError(f"Not JSON: {fault.msg}.", f"line {fault.lineno}") from None
    except RecursionError:
        raise UnreadableError(f"Nested deeper than {MOST_DEPTH} levels.") from None
    return values


_OUTSIDE_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')


def _check_nesting(text: str) -> None:
    """Before anything is built: how deep brackets stand within one another, outside of strings."""
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", _OUTSIDE_STRINGS.sub('""', text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MOST_DEPTH:
            raise UnreadableError(f"Nested deeper than {MOST_DEPTH} levels.")


class _TextLoader(CParser, SafeConstructor, BaseResolver):
    """The safe loader in C, without the rules that turn plain words into numbers, dates and truths."""

    def __init__(self, stream: str) -> None:
        CParser.__init__(self, stream)
        SafeConstructor.__init__(self)
        BaseResolver.__init__(self)
        self.repeated: list[tuple[str, int]] = []

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [key.value for key, _ in node.value if isinstance(key.value, str)]
        if len(names) != len(set(names)):
            doubled = {name for name in names if names.count(name) > 1}
            self.repeated += [(name, node.start_mark.line + 1) for name in sorted(doubled)]
        return super().construct_mapping(node, deep=deep)


_TextLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def from_yaml(text: str) -> tuple[Any, list[str]]:
    """YAML as values, all scalars as text, and notes on keys that stand twice. Raises UnreadableError."""
    try:
        _check_shape(text)
        loader = _TextLoader(text)
        try:
            values = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        what = str(getattr(fault, "problem", "") or fault).splitlines()[0]
        raise UnreadableError(f"Not YAML: {what}.", f"line {mark.line + 1}" if mark else "") from None
    except (ValueError, RecursionError, TypeError) as fault:
        if isinstance(fault, UnreadableError):
            raise
        raise UnreadableError(f"Not YAML that can be read: {fault}.") from None
    notes = [
        f"The key “{name}” stands twice from line {line} on; the last one counts." for name, line in loader.repeated
    ]
    return values, notes


def _check_shape(text: str) -> None:
    """Walk the events, which build nothing: depth, and how many values there are once each alias is followed."""
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise UnreadableError("An alias refers to itself or to nothing.", _line(event))
            total += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            total += 1
            open_.append((event.anchor, total))
            if len(open_) > MOST_DEPTH:
                raise UnreadableError(f"Nested deeper than {MOST_DEPTH} levels.", _line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor:
                sizes[anchor] = total - before + 1
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        if total > MOST_VALUES:
            raise UnreadableError("Its aliases unfold to more values than any framework has.")


def _line(event: yaml.Event) -> str:
    return f"line {event.start_mark.line + 1}" if event.start_mark else ""
