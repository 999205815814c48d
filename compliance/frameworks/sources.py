"""Where a relation comes from, in words. The ids are those of `catalogues/crosswalk.yaml`, which cites each in full."""

from __future__ import annotations

from collections.abc import Iterable

_WORDS = {
    "own-analysis": "our reading of both texts",
    "nist-csf2-to-iso27001": "NIST’s own reference",
    "ciso-assistant-soc2-to-iso27001": "a public mapping of points of focus",
    "scf-2025.2.2-transitive": "both meet one SCF control",
    "adobe-ccf-v5-transitive": "both meet one Adobe CCF control",
    "cisco-ccf-v3-transitive": "both meet one Cisco CCF control",
    "iso27701-2025-annex-f-secondary": "the names in ISO/IEC 27701 and 27002",
}


def in_words(sources: Iterable[str]) -> list[str]:
    """Sources of a relation as people read them; `#section` after one says that it speaks of the section only."""
    return [_word(source) for source in sources]


def _word(source: str) -> str:
    name, _, part = source.partition("#")
    return f"{_WORDS[name]} (by {part})" if name in _WORDS and part else _WORDS.get(name, source)
