"""What was wrong with a push, as it may be kept: rows by number, fields that a kind has, sentences of ours. Pure.

Nothing of what was sent stays: a name that is no field of ours is not repeated, nor a sentence that quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .kinds import KINDS

#: How many faults of one push are kept.
MOST = 10
_HEAD = {"source", "kind", "as_of", "complete", "format", "rows"}
#: Sentences that go on with what was sent, and what is kept of them.
_BEGINS = {
    "It is no JSON": "It is no JSON.",
    "JSON parse error": "What was sent is no JSON.",
}
_UNREPEATED = "It is no value that can be taken."
_NO_FIELD = "A field that there is not."

#: Row from 0 or None, field or "", sentence.
Said = tuple[int | None, str, str]


def known_kind(kind: Any) -> str:
    """The id of a kind that can be pushed; empty for anything else."""
    return kind if isinstance(kind, str) and any(each.id == kind for each in KINDS) else ""


def said_of(problem: Mapping[str, Any], kind: str) -> list[Said]:
    """All faults that a refusal told, rows first by number."""
    errors = problem.get("errors")
    if not isinstance(errors, Mapping):
        return [(None, "", _sentence(str(problem.get("detail") or "It was refused.")))]
    rows = errors.get("rows")
    head = [each for name, wrong in errors.items() if not (name == "rows" and isinstance(rows, Mapping)) for each in _of_head(name, wrong)]
    return [*_of_rows(rows, _fields(kind)), *head] if isinstance(rows, Mapping) else head


def _fields(kind: str) -> set[str]:
    found = next((each for each in KINDS if each.id == kind), None)
    return set((found.schema or {}).get("properties", {})) if found else set()


def _of_rows(rows: Mapping[str, Any], fields: set[str]) -> Iterator[Said]:
    for index, by_path in sorted(rows.items(), key=lambda each: int(each[0]) if str(each[0]).isdigit() else -1):
        number = int(index) if str(index).isdigit() else None
        for path, sentences in (by_path.items() if isinstance(by_path, Mapping) else [("", by_path)]):
            name = str(path).strip("/").split("/")[0]
            for each in _listed(sentences):
                if name and name not in fields:
                    yield number, "", _NO_FIELD if "no such field" in each else _sentence(each)
                else:
                    yield number, name, _sentence(each)


def _of_head(name: str, wrong: Any) -> Iterator[Said]:
    for each in _listed(wrong):
        yield (None, name, _sentence(each)) if name in _HEAD else (None, "", _NO_FIELD)


def _listed(sentences: Any) -> Iterable[str]:
    if isinstance(sentences, Mapping):
        return [one for each in sentences.values() for one in _listed(each)]
    return [str(each) for each in sentences] if isinstance(sentences, list | tuple) else [str(sentences)]


def _sentence(text: str) -> str:
    for begins, kept in _BEGINS.items():
        if text.startswith(begins):
            return kept
    if "Detection Findings are" in text:
        return "It is no Detection Finding."
    return _UNREPEATED if any(sign in text for sign in "\"“'") else text[:300]
