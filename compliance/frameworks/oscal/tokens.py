"""Ids that OSCAL takes: a letter or underscore first, then letters, digits, dots, hyphens and underscores."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

TOKEN = re.compile(r"^[A-Za-z_][A-Za-z0-9._-]*$")


def tokens(named: Iterable[tuple[str, str, str]], *, prefix: str) -> Mapping[str, str]:
    """An id for every (key, ref, the publisher's id): the publisher's where OSCAL takes it, else one made of the ref.

    `prefix` goes before a ref that begins with anything but a letter. No id is given twice.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, ref, published in named:
        plain = published if TOKEN.match(published) else token(ref, prefix=prefix)
        unique, number = plain, 1
        while unique in taken:
            number += 1
            unique = f"{plain}-{number}"
        taken.add(unique)
        found[key] = unique
    return found


def token(ref: str, *, prefix: str) -> str:
    """`8.3.6` as `pci-8.3.6`; `A.5.1` as it is; what OSCAL does not take becomes an underscore."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", ref)
    return plain if TOKEN.match(plain) else f"{prefix}-{plain}"


def prefix_of(key: str) -> str:
    """The letters with which a framework's key begins: `pci`, `iso`, `nist`; `ref` where there are none."""
    found = re.match(r"[a-z]+", key.lower())
    return found[0] if found else "ref"
