"""The OpenAPI document, arranged for reading: operations by tag, fields as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Line:
    """A field, a parameter or a header: what it is called, what it holds, and what is to be said of it."""

    name: str
    kind: str
    required: bool
    about: str
    depth: int = 0

    @property
    def indent(self) -> range:
        """As many steps as the field lies deep."""
        return range(self.depth)


@dataclass(frozen=True)
class Answer:
    status: str
    about: str
    fields: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One call, with everything that can be sent and got."""

    key: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: tuple[Line, ...]
    headers: tuple[Line, ...]
    media_types: tuple[str, ...]
    body: tuple[Line, ...]
    answers: tuple[Answer, ...]
    problems: tuple[Answer, ...]


@dataclass
class Section:
    """The operations of one tag."""

    key: str
    title: str
    operations: list[Operation] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.operations)


def sections_of(document: Json) -> list[Section]:
    """Every operation, by tag, in the order of the paths."""
    found: dict[str, Section] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = operation["tags"][0]
                section = found.setdefault(tag, Section(tag, tag.replace("-", " ").capitalize()))
                section.operations.append(_operation(document, path, method, operation))
    return sorted(found.values(), key=lambda section: section.title)


def _operation(document: Json, path: str, method: str, operation: Json) -> Operation:
    about, _, scope = operation.get("description", "").partition("Scope: ")
    parameters = [(each["in"], _parameter(document, each)) for each in operation.get("parameters", [])]
    content = operation.get("requestBody", {}).get("content", {})
    answers = [_answer(document, status, answer) for status, answer in operation["responses"].items()]
    return Operation(
        key=operation["operationId"], method=method.upper(), path=path, summary=operation.get("summary", ""),
        about=about.strip(), scope=scope.strip().strip("`"),
        parameters=tuple(line for where, line in parameters if where != "header"),
        headers=tuple(line for where, line in parameters if where == "header"), media_types=tuple(content),
        body=tuple(_body(document, content)),
        answers=tuple(answer for answer in answers if answer.status < "400"),
        problems=tuple(answer for answer in answers if answer.status >= "400"),
    )  # fmt: skip


def _body(document: Json, content: Json) -> Iterator[Line]:
    for each in list(content.values())[:1]:
        yield from _fields(document, each.get("schema", {}))


def _parameter(document: Json, parameter: Json) -> Line:
    schema = _resolved(document, parameter["schema"])
    return Line(parameter["name"], _kind(document, schema), parameter.get("required", False), _about(parameter, schema))


def _answer(document: Json, status: str, answer: Json) -> Answer:
    answer = _resolved(document, answer)
    schema = next(iter(answer.get("content", {}).values()), {}).get("schema", {})
    fields = tuple(_fields(document, schema)) if status < "400" else ()
    return Answer(status, answer.get("description", ""), fields)


def _fields(document: Json, schema: Json, depth: int = 0) -> Iterator[Line]:
    """The fields of an object, those of nested ones below it, three deep."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema["items"])
    for name, value in schema.get("properties", {}).items():
        inner = _resolved(document, value)
        yield Line(name, _kind(document, inner), name in schema.get("required", ()), _about(value, inner), depth)
        if depth < 3:
            yield from _fields(document, inner, depth + 1)


def _resolved(document: Json, schema: Json) -> Json:
    """The schema that is meant: references followed, a single `allOf` opened; what stands beside a reference is kept."""
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _resolved(document, found)
    if len(schema.get("allOf", ())) == 1:
        rest = {name: value for name, value in schema.items() if name != "allOf"}
        return _resolved(document, schema["allOf"][0]) | rest
    if "oneOf" in schema:
        rest = {name: value for name, value in schema.items() if name != "oneOf"}
        return _merged(document, schema["oneOf"]) | rest
    return schema


def _merged(document: Json, choices: list[Json]) -> Json:
    """Several enumerations in one, as a choice that may be blank or null is written."""
    found = [_resolved(document, each) for each in choices]
    return found[0] | {"enum": [value for each in found for value in each.get("enum", ())]}


def _kind(document: Json, schema: Json) -> str:
    """`string (date)`, `list of string`, `one of: open, closed`; with what bounds it."""
    nothing = ", or null" if schema.get("nullable") else ""
    if values := [value for value in schema.get("enum", ()) if value not in (None, "")]:
        return f"one of: {', '.join(map(str, values))}{nothing}"
    if schema.get("type") == "array":
        return f"list of {_kind(document, _resolved(document, schema['items']))}{nothing}"
    form = f" ({schema['format']})" if "format" in schema else ""
    return f"{schema.get('type', 'anything')}{form}{_bounds(schema)}{nothing}"


def _bounds(schema: Json) -> str:
    words = {"minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "from {}", "maximum": "to {}"}
    return "".join(f", {words[name].format(schema[name])}" for name in words if name in schema)


def _about(*sources: Json) -> str:
    return next((text for source in sources if (text := str(source.get("description", "")))), "")
