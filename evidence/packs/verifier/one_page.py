"""Puts style and script of `page/` into the one page that goes into a pack, and names their digests in its policy."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "page"
#: In the order in which they need each other.
SCRIPTS = ("reading", "digests", "files", "signatures", "bag", "log", "days", "items", "page")


@cache
def verify_html() -> str:
    """`verify.html`: one file, which opens from a disk and loads nothing."""
    style = (FOLDER / "page.css").read_text()
    script = '"use strict";\n' + "\n".join((FOLDER / f"{name}.js").read_text() for name in SCRIPTS)
    policy = f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    page = (FOLDER / "page.html").read_text()
    return page.replace("{policy}", policy).replace("{style}", style).replace("{script}", script)


def _digest(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
