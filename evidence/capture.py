"""How a piece of evidence was captured, as whoever brings it states it. Pure.

What is stated stands in a version's provenance under `capture`, so the log holds it from receipt. What is read out of the
file (its own dates) stands beside it and never in its place. A term that was not stated is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

#: Where it was taken. An auditor asks for production; anything else has to be said.
ENVIRONMENTS = (
    ("production", "Production"), ("staging", "Staging"), ("test", "Test"), ("development", "Development"),
    ("none", "No environment: a document or a record"),
)  # fmt: skip
#: The terms of a capture, in the order in which pages show them, with the most characters of each.
TERMS: dict[str, tuple[str, int]] = {
    "source_system": ("Source system", 120),
    "environment": ("Environment", 20),
    "captured_by": ("Captured by", 120),
    "captured_at": ("Captured at", 40),
    "url": ("Address", 500),
    "tool": ("Tool", 120),
}


class CaptureError(ValueError):
    """A term cannot be: `term` names which."""

    def __init__(self, term: str, message: str) -> None:
        super().__init__(message)
        self.term = term


def capture_of(stated: Mapping[str, Any]) -> dict[str, str]:
    """The terms that were stated, as they are kept. Raises CaptureError."""
    kept = {}
    for term, (_, most) in TERMS.items():
        text = str(stated.get(term) or "").strip()
        if not text:
            continue
        if len(text) > most:
            raise CaptureError(term, f"Keep it under {most} characters.")
        kept[term] = text
    if kept.get("environment", "production") not in dict(ENVIRONMENTS):
        raise CaptureError("environment", "Choose one of the environments.")
    if "url" in kept and not is_web_address(kept["url"]):
        raise CaptureError("url", "Write the whole address: https://…")
    return kept


def is_web_address(text: str) -> bool:
    """Whether a text is an address of the web that a page may link to."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(each.isspace() for each in text)


def told(capture: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, words) of each term that was stated, for a page."""
    words = dict(ENVIRONMENTS)
    said = {**capture, "environment": words.get(capture.get("environment", ""), capture.get("environment", ""))}
    return [(label, said[term]) for term, (label, _) in TERMS.items() if said.get(term)]


def captured_at(capture: Mapping[str, str]) -> datetime | None:
    """The moment of the capture, where one was stated."""
    try:
        return datetime.fromisoformat(capture.get("captured_at", ""))
    except ValueError:
        return None
