"""Passwords and keys of an embedded set-up: made once by a good source, kept in one file that only we can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path


def load_or_make(path: Path) -> dict[str, str]:
    """The credentials in `path`, made now where it does not exist. Written whole or not at all."""
    if path.exists():
        found: dict[str, str] = json.loads(path.read_text())
        return found
    made = {
        "superuser_password": secrets.token_urlsafe(24),
        "owner_password": secrets.token_urlsafe(24),
        "app_password": secrets.token_urlsafe(24),
        "secret_key": secrets.token_urlsafe(48),
        "keys": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    write_private(path, json.dumps(made, indent=1))
    return made


def write_private(path: Path, text: str) -> None:
    """Write `text` where only we can read it, so that a reader sees the old file or the new one, never half."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
