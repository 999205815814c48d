"""Where a clone keeps its servers' files: in a folder of the user's, outside the clone.

Outside, because as root the servers run as another user, who could not enter a clone below a closed home.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]

#: A socket's path has 108 bytes on Linux, 104 on macOS, the closing zero included.
LONGEST_SOCKET = 103
_SOCKET_NAME = ".s.PGSQL.5432.lock"


class EmbeddedError(Exception):
    """The embedded services cannot do what was asked; the message says what to do about it."""


def base_folder() -> Path:
    """The folder of all clones of this user."""
    if os.geteuid() == 0:
        return Path("/var/lib/fieldwork")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "fieldwork"


def home() -> Path:
    """This clone's folder: FIELDWORK_HOME, else one named after the clone's path."""
    given = os.environ.get("FIELDWORK_HOME")
    if given:
        return Path(given).resolve()
    return base_folder() / hashlib.sha256(str(CLONE).encode()).hexdigest()[:12]


def binaries_folder() -> Path:
    """Copied programs: beside a FIELDWORK_HOME that was given, else shared by the user's clones."""
    return home() / "binaries" if os.environ.get("FIELDWORK_HOME") else base_folder() / "binaries"


@dataclass(frozen=True)
class Place:
    """The files of one set of servers."""

    root: Path
    throwaway: bool = False  # the folder goes when the servers stop
    durable: bool = True  # what is committed outlives a power cut

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def state(self) -> Path:
        """What the running servers are reached by; there only while they run."""
        return self.root / "services.json"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def evidence(self) -> Path:
        return self.root / "evidence"

    @property
    def sockets(self) -> Path:
        """The folder of the sockets: in the place itself, or in /tmp where that path would be too long."""
        inside = self.root / "run"
        if len(os.fsencode(inside / _SOCKET_NAME)) <= LONGEST_SOCKET:
            return inside
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path("/tmp") / f"fieldwork-{os.geteuid()}-{name}"  # noqa: S108 - made private, and refused if it is not ours

    def prepare(self) -> None:
        """Make the folders that we own. As root the servers' user may pass through them, and list nothing."""
        make_open(self.root)
        self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.log, self.evidence):
            folder.mkdir(mode=0o700, exist_ok=True)
        refuse_closed_folders(self.root)

    def remove(self) -> None:
        if self.sockets.parent != self.root:
            shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)


def make_open(folder: Path) -> None:
    """Make a folder, and those above it that are missing; as root everybody may pass through, whatever the umask."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            missing.mkdir(exist_ok=True)
            missing.chmod(mode)


def refuse_closed_folders(path: Path) -> None:
    """As root, everybody must be able to pass through every folder above the servers' files."""
    if os.geteuid() != 0:
        return
    for folder in (path, *path.parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            raise EmbeddedError(
                f"{folder} is closed to other users, and as root the embedded servers run as an unprivileged one. "
                "Set FIELDWORK_HOME to a folder that everybody can pass through, for example /var/lib/fieldwork/here."
            )


THROWAWAY_PREFIX = "fieldwork-test-"


def throwaway_parent() -> Path:
    """The temporary folder, or /tmp where that one is closed to the servers' user or too deep for a socket."""
    folder = Path(tempfile.gettempdir())
    try:
        refuse_closed_folders(folder)
    except EmbeddedError:
        return Path("/tmp")  # noqa: S108 - mkdtemp makes a folder of its own there
    return folder if len(os.fsencode(folder)) < 50 else Path("/tmp")  # noqa: S108


def new_throwaway(*, durable: bool = False) -> Place:
    folder = tempfile.mkdtemp(prefix=THROWAWAY_PREFIX, dir=throwaway_parent())
    return Place(Path(folder), throwaway=True, durable=durable)
