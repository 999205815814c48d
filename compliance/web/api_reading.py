"""The OpenAPI document, arranged for reading: operations by tag, fields as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
_BOUNDS = {
    "minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "from {}", "maximum": "to {}",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A field, a parameter or a header: what it is called, what it holds, and what is to be said of it."""

    name: str
    kind: str
    needed: bool
    about: SafeString
    depth: int = 0

    @property
    def indent(self) -> range:
        """As many steps as the field lies deep."""
        return range(self.depth)


@dataclass(frozen=True)
class Group:
    """Lines under one head: parameters, headers, the body, an answer."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Operation:
    """One call, with everything that can be sent and got."""

    key: str
    method: str
    path: str
    summary: str
    about: SafeString
    scope: str
    media_types: tuple[str, ...]
    groups: tuple[Group, ...]
    problems: tuple[str, ...]


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


def problems_of(document: Json) -> list[tuple[str, str]]:
    """Every status of a problem with its meaning."""
    responses = document["components"]["responses"]
    used: dict[str, str] = {}
    for methods in document["paths"].values():
        for operation in methods.values():
            used |= {status: each["$ref"].rpartition("/")[2] for status, each in operation["responses"].items() if "$ref" in each}
    return [(status, responses[name]["description"]) for status, name in sorted(used.items())]


def _operation(document: Json, path: str, method: str, operation: Json) -> Operation:
    about, _, scope = operation.get("description", "").partition("Scope: ")
    return Operation(
        key=operation["operationId"], method=method.upper(), path=path, summary=operation["summary"],
        about=marked(about.strip()), scope=scope.strip().strip("`"),
        media_types=tuple(operation.get("requestBody", {}).get("content", {})),
        groups=tuple(group for group in _groups(document, operation) if group.lines),
        problems=tuple(status for status in operation["responses"] if status >= "400"),
    )  # fmt: skip


def _groups(document: Json, operation: Json) -> Iterator[Group]:
    parameters = operation.get("parameters", [])
    for title, places in (("Parameters", ("path", "query")), ("Headers", ("header",))):
        yield Group(title, tuple(_parameter(document, each) for each in parameters if each["in"] in places))
    yield Group("Body", tuple(_content(document, operation.get("requestBody", {}), sent=True)))
    for status, answer in operation["responses"].items():
        if status < "400":
            lines = tuple(_content(document, answer, sent=False))
            yield Group(f"{status}: what comes back", lines or (Line("", answer["description"] or "bytes", False, SafeString("")),))


def _content(document: Json, holder: Json, *, sent: bool) -> Iterator[Line]:
    for each in list(holder.get("content", {}).values())[:1]:
        yield from _fields(document, each.get("schema", {}), sent=sent)


def _parameter(document: Json, parameter: Json) -> Line:
    schema = _resolved(document, parameter["schema"])
    needed = parameter.get("required", False)
    return Line(parameter["name"], _kind(document, schema, bounds=True), needed, _about(parameter, schema))


def _fields(document: Json, schema: Json, *, sent: bool, depth: int = 0) -> Iterator[Line]:
    """The fields of an object, those of nested ones below it, three deep."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema["items"])
    for name, value in schema.get("properties", {}).items():
        inner = _resolved(document, value)
        needed = sent and name in schema.get("required", ())
        yield Line(name, _kind(document, inner, bounds=sent), needed, _about(value, inner), depth)
        if depth < 3:
            yield from _fields(document, inner, sent=sent, depth=depth + 1)


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
    return schema


def _kind(document: Json, schema: Json, *, bounds: bool) -> str:
    """`string (date)`, `list of string`, `one of: open, closed`; with what bounds it where it is sent."""
    nothing = ", or null" if schema.get("nullable") else ""
    if values := [value for value in schema.get("enum", ()) if value not in (None, "")]:
        return f"one of: {', '.join(map(str, values))}{nothing}"
    if schema.get("type") == "array":
        return f"list of {_kind(document, _resolved(document, schema['items']), bounds=bounds)}{nothing}"
    form = f" ({schema['format']})" if "format" in schema else ""
    within = [words.format(schema[name]) for name, words in _BOUNDS.items() if name in schema and schema[name] != 1 and bounds]
    return f"{', '.join([schema.get('type', 'anything') + form, *within])}{nothing}"


def _about(*sources: Json) -> SafeString:
    return marked(next((text for source in sources if (text := str(source.get("description", "")))), ""))


def marked(text: str) -> SafeString:
    """Text in which what stands between backticks is set as code; an empty line begins a new one."""
    parts = enumerate(" ".join(text.split()).split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", part) if place % 2 else part,) for place, part in parts))
