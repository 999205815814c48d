"""What is known of a few published editions that their files do not say themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .library import Edition, Entry, Library

#: Framework URNs of public libraries, by the beginning of their last part, and the shipped catalogue that has the same
#: requirements under the same refs. A framework that the organisation imported itself comes before these.
_SHIPPED = (
    ("soc2-2017", "soc2-tsc-2017"), ("iso27001-2022", "iso27001-2022"), ("pcidss-4_0", "pci-dss-4.0.1"),
    ("pci-dss-4.0.1", "pci-dss-4.0.1"), ("pci_dss-4.0.1", "pci-dss-4.0.1"), ("nist-csf-2.0", "nist-csf-2.0"),
)  # fmt: skip
#: Refs that a public library spells otherwise than the publisher (the criteria of processing integrity).
_SPELT = ((re.compile(r"^pp(1\.\d)$"), r"pi\1"), (re.compile(r"^c(6\.\d)$"), r"cc\1"))


def shipped_key(framework: str) -> str:
    """The key of the shipped catalogue that a file means by this name; empty where it is none of them."""
    name = framework.lower().rpartition(":")[2]
    return next((key for begins, key in _SHIPPED if name == key or name.startswith(begins)), "")


def spellings(ref: str) -> Iterable[str]:
    """A ref in small letters as it is and as its publisher spells it, and what it is a part of: `cc6.1.2`, `cc6.1`.

    Points of focus are not requirements: a mapping of one speaks of its criterion.
    """
    plain = ref.lower()
    yield plain
    for pattern, corrected in _SPELT:
        if pattern.match(plain):
            yield pattern.sub(corrected, plain)


def guidance_depth_of(edition: Edition, library: Library) -> int:
    """The Trust Services Criteria come with their points of focus as rows below each criterion, from depth 3 on."""
    name = f"{edition.key} {edition.external_id}".lower()
    if "soc2-2017" not in name and "tsc-2017" not in name:
        return 0
    library.notes.append(
        "The rows below each criterion are points of focus: they are taken as guidance, and the criterion is assessed."
    )
    return 3


def without_withdrawn(edition: Edition, known: frozenset[str], library: Library) -> Edition:
    """NIST's CSF 2.0 catalogue of 2024 lists what was withdrawn from 1.1 without saying so.

    `known` are the refs of the official list. What is not on it stays, with its identifier, and is not assessed.
    """
    refs = {entry.ref for entry in edition.entries}
    if (
        "CSF" not in edition.title.upper().replace("CYBERSECURITY FRAMEWORK", "CSF")
        or not known <= refs
        or refs == known
    ):
        return edition
    gone = refs - known
    library.notes.append(f"{len(gone)} entries withdrawn since CSF 1.1 are kept with their identifiers, not assessed.")
    return replace(edition, entries=tuple(_withdrawn(each) if each.ref in gone else each for each in edition.entries))


def _withdrawn(entry: Entry) -> Entry:
    return replace(entry, assessable=False, attributes={**entry.attributes, "withdrawn": True})
