"""What a file is called where evidence leaves the house: by criterion and control, in names that sort.

Every part is ASCII, at most 120 characters long, and a name that Windows, macOS and a zip all hold. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

#: Characters in one part of a path. Windows holds 260 in a whole path, and a folder of the reader's stands before it.
PART = 120
#: Of which a title takes at most so many: reference, version and day, which make a name the only one, come before it.
_TITLE = 60
_ENDING = 10
#: Names that Windows keeps for devices, whatever ending follows.
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}


def filed_path(
    *, criterion: str, control: str, artefact: str, number: int, day: date, title: str, extension: str
) -> str:
    """`CC6.1/AC-07/EV-0042-v03_2026-05-31_access-review.pdf`: where version `number` of an artefact is filed.

    `day` is the last that its span covers, in the organisation's zone; `extension` with or without its dot. An empty
    criterion or control is filed under a folder that says so. Two versions never share a path.
    """
    folders = (_folder(criterion, "no-criterion"), _folder(control, "no-control"))
    return "/".join((*folders, filed_name(artefact=artefact, number=number, day=day, title=title, extension=extension)))


def filed_name(*, artefact: str, number: int, day: date, title: str, extension: str) -> str:
    """The last part of `filed_path`. Sorted by name the versions of an artefact stand in their order."""
    stem = f"{_folder(artefact, 'EV')}-v{number:02d}_{day:%Y-%m-%d}"
    said, ending = slug(title), _plain(extension).lower().replace(".", "")[:_ENDING]
    return (f"{stem}_{said}" if said else stem) + (f".{ending}" if ending else "")


def slug(title: str) -> str:
    """A title in small letters, digits and hyphens, at most 60 of them, cut at a word; "" where none can be written."""
    words = re.sub(r"[^a-z0-9]+", "-", _ascii(title).lower()).strip("-")
    if len(words) <= _TITLE:
        return words
    cut = words[: _TITLE + 1].rpartition("-")[0]
    return cut if len(cut) > _TITLE // 2 else words[:_TITLE]


def _folder(text: str, otherwise: str) -> str:
    """One part of a path: what Windows refuses is a hyphen, and neither dots nor hyphens stand at its ends."""
    part = _plain(text)[: PART - 1].strip(".-") or otherwise
    return f"{part}_" if part.split(".")[0].upper() in _DEVICES else part


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", _ascii(text))


def _ascii(text: str) -> str:
    """Letters without their accents; what has no letter of these goes."""
    spelled = text.replace("ß", "ss").replace("æ", "ae").replace("Æ", "AE").replace("ø", "o").replace("Ø", "O")
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
