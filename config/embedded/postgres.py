"""One PostgreSQL cluster of our own: initdb, start, roles, stop. A unix socket, passwords, no TCP.

Three roles: `postgres`, the superuser, used only here; `fieldwork_owner`, who migrates and makes test databases;
`fieldwork_app`, who serves. Neither of the latter is superuser or may bypass row-level security.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from config.embedded.account import give, private_folder, run_as_server_user
from config.embedded.binaries import PostgresBinaries
from config.embedded.credentials import write_private
from config.embedded.locations import EmbeddedError, Place
from config.embedded.processes import dies_with_parent, listens, process_name, stop

DATABASE = "fieldwork"
OWNER = "fieldwork_owner"
APP = "fieldwork_app"

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # a part of the socket's name, no more
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
#: For a cluster that nobody will miss.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass
class Cluster:
    place: Place
    binaries: PostgresBinaries
    credentials: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """One folder per major version: another version's files are never opened by mistake."""
        return self.place.root / f"postgres-{self.binaries.major}"

    def url(self, role: str, database: str = DATABASE) -> str:
        password = self.credentials[{"postgres": "superuser", OWNER: "owner", APP: "app"}[role] + "_password"]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.place.sockets), safe='')}"

    def start(self) -> None:
        """Bring the cluster up, making it where it is not there. Ends when it answers; raises EmbeddedError."""
        private_folder(self.place.sockets)
        if not self.folder.exists():
            self._make()
        self._stop_leftover()
        self._launch()
        if not (self.place.root / f"{self.folder.name}.ready").exists():
            self._make_roles()
            (self.place.root / f"{self.folder.name}.ready").touch()

    def stop(self) -> None:
        """End the sessions and stop: at once where the cluster is thrown away, else with a checkpoint."""
        if self.process is None:
            return
        asked = (signal.SIGQUIT,) if self.place.throwaway else (signal.SIGINT, signal.SIGQUIT)
        stop(self.process, *asked)
        self.process = None

    def _make(self) -> None:
        """initdb into a folder that gets its name when it is whole: a kill in the middle leaves no half cluster."""
        partial = self.folder.with_name(self.folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        give(partial)
        password = self.place.root / "superuser.password"
        write_private(password, self.credentials["superuser_password"])
        give(password, 0o400)
        try:
            done = _run([*self._initdb(), f"--pwfile={password}", "-D", str(partial)], cwd=partial)
        finally:
            password.unlink(missing_ok=True)
        if done.returncode:
            raise EmbeddedError(f"initdb failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        partial.rename(self.folder)

    def _initdb(self) -> list[str]:
        command = [self.binaries.program("initdb"), "--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--no-instructions"]
        if self.binaries.major >= 17:  # older ones take the same order from the C library
            command.append("--locale-provider=builtin")
        if not self.place.durable:
            command.append("--no-sync")
        return command

    def _stop_leftover(self) -> None:
        """A postmaster that outlived its keeper is stopped cleanly; what a crash left in its place is cleared away.

        Asked by its socket, not by the pid in its file: after a crash that number may be anybody's.
        """
        if listens(self.place.sockets / ".s.PGSQL.5432"):
            _run([self.binaries.program("pg_ctl"), "stop", "-D", str(self.folder), "-m", "fast"], self.folder)
        pid_file = self.folder / "postmaster.pid"
        if pid_file.exists() and process_name(int(pid_file.read_text().split()[0])) != "postgres":
            pid_file.unlink()  # PostgreSQL would take another program of ours with that number for itself

    def _launch(self) -> None:
        settings = _SETTINGS | {"unix_socket_directories": str(self.place.sockets)}
        if not self.place.durable:
            settings |= _FAST
        command = [self.binaries.program("postgres"), "-D", str(self.folder)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + 60
        while not self._came_up(command, deadline):
            # After a kill -9 the old server's sessions need a moment to notice and let go of the shared memory.
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL does not start:\n{_tail(self.place.log / 'postgres.log')}")
            time.sleep(0.5)

    def _came_up(self, command: list[str], deadline: float) -> bool:
        """Start once. False when it ended by itself before it answered."""
        with (self.place.log / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT),
                **run_as_server_user(),
            )
        while self.process.poll() is None:
            try:
                psycopg2.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error) or time.monotonic() > deadline:
                    self.stop()
                    raise EmbeddedError(_refused(self.place, self.folder, str(error))) from error
                time.sleep(0.05)
            else:
                return True
        return False

    def _make_roles(self) -> None:
        """Roles, rights and database; each statement may be repeated, so a kill in the middle is mended here."""
        admin = _connection(self.url("postgres", "template1"))
        for role, password, right in (
            (OWNER, self.credentials["owner_password"], sql.SQL("CREATEDB")),
            (APP, self.credentials["app_password"], sql.SQL("NOCREATEDB")),
        ):
            admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = sql.SQL("ALTER") if admin.fetchone() else sql.SQL("CREATE")
            statement = sql.SQL("{} ROLE {} LOGIN {} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION PASSWORD {}")
            admin.execute(statement.format(verb, sql.Identifier(role), right, sql.Literal(password)))
        # In the template, so that every new database has them, test databases too.
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        for objects, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
            admin.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT {rights} ON {objects} TO {APP}")
        admin.connection.close()
        server = _connection(self.url("postgres", "postgres"))
        server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not server.fetchone():
            server.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        server.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        server.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}")
        server.connection.close()


def _connection(url: str) -> psycopg2.extensions.cursor:
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True  # CREATE DATABASE runs outside a transaction only
    return connection.cursor()


def _run(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the servers' user, to its end."""
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=_environment(),
        **run_as_server_user(),
    )


def _environment() -> dict[str, str]:
    """Nothing of ours reaches the server but where programs are; PG* variables would redirect it."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _refused(place: Place, folder: Path, error: str) -> str:
    if "password authentication failed" in error:
        return f"{place.secrets} does not fit the cluster in {folder}. Restore it, or remove the folder to start anew."
    return f"PostgreSQL does not answer: {error}\n{_tail(place.log / 'postgres.log')}"


def _tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""
