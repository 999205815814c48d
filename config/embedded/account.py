"""The unprivileged user that runs the servers where we are root: PostgreSQL refuses to run as root.

No user is added to the system: `nobody` is there already (PostgreSQL wants a name for its user id, so a bare number
will not do). FIELDWORK_SERVER_USER names another.
"""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Any

from config.embedded.locations import EmbeddedError


def server_user() -> pwd.struct_passwd | None:
    """Whom the servers run as; None where we are that user ourselves."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("FIELDWORK_SERVER_USER", "nobody")
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        message = f"There is no user {name} to run the embedded servers as: set FIELDWORK_SERVER_USER."
        raise EmbeddedError(message) from None
    if user.pw_uid == 0:
        raise EmbeddedError("FIELDWORK_SERVER_USER must not be root: PostgreSQL refuses to run as root.")
    return user


def run_as_server_user() -> dict[str, Any]:
    """The keyword arguments that make `subprocess` start a program as that user."""
    user = server_user()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(path: Path, mode: int = 0o700) -> None:
    """Hand a file or folder of ours to the servers' user."""
    user = server_user()
    path.chmod(mode)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def private_folder(path: Path) -> Path:
    """A folder that only the servers' user (and root) can enter; refused where somebody else made it first."""
    path.mkdir(mode=0o700, exist_ok=True)
    user = server_user()
    allowed = {os.geteuid()} if user is None else {0, user.pw_uid}
    found = path.lstat()
    if path.is_symlink() or found.st_uid not in allowed:
        raise EmbeddedError(f"{path} belongs to somebody else. Remove it, or set FIELDWORK_HOME to a shorter path.")
    give(path)
    return path
