"""The prose of OSCAL parts as plain text, with the places of parameters named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .words import listed, text_of

_INSERT = re.compile(r"\{\{\s*(?:insert:\s*)?param,?\s+([^\s}]+)\s*\}\}|\{\{\s*([\w.-]+)\s*\}\}")


def labels_of(params: Any) -> dict[str, str]:
    """Parameters by id, as a reader sees them: `[a duration]`, `[one of: …]`, or the value that was set."""
    return {text_of(one.get("id")): _label(one) for one in listed(params) if isinstance(one, Mapping)}


def _label(param: Mapping[str, Any]) -> str:
    if values := [text_of(value) for value in listed(param.get("values")) if text_of(value)]:
        return ", ".join(values)
    select = param.get("select")
    if isinstance(select, Mapping) and listed(select.get("choice")):
        several = "one or more of" if text_of(select.get("how-many")) == "one-or-more" else "one of"
        return f"[{several}: {'; '.join(text_of(choice) for choice in listed(select.get('choice')))}]"
    return f"[{text_of(param.get('label')) or text_of(param.get('id'))}]"


def filled(prose: str, labels: Mapping[str, str]) -> str:
    """Prose with each parameter replaced by its label; choices may hold parameters themselves."""
    for _ in range(4):
        after = _INSERT.sub(lambda found: labels.get(found[1] or found[2], f"[{found[1] or found[2]}]"), prose)
        if after == prose:
            break
        prose = after
    return prose


def part_text(part: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """A part with those below it, a line each, under their labels."""
    lines = [filled(text_of(part.get("prose")), labels)]
    for below in listed(part.get("parts")):
        if isinstance(below, Mapping):
            mark = label_of(below.get("props"))
            lines.append(f"{mark} {part_text(below, labels)}".strip())
    return "\n".join(line for line in lines if line)


def label_of(props: Any) -> str:
    """The printed label among properties, if there is one: never the zero-padded one, which only sorts."""
    found = [one for one in listed(props) if isinstance(one, Mapping) and text_of(one.get("name")) == "label"]
    found.sort(key=lambda one: text_of(one.get("class")) in ("zero-padded", "sp800-53a"))
    return text_of(found[0].get("value")) if found else ""
