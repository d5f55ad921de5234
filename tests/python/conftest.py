"""Fixtures that every test of a live database shares: servers of two versions, fresh databases on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from builds import TARGET
from click.testing import CliRunner, Result
from psycopg import sql

from customer360.cli import main
from customer360.server import Server

# Where the second supported version stands; the embedded server is the first.
POSTGRES_15 = Path(os.environ.get("PG15", "/usr/lib/postgresql/15/bin"))
_SETTINGS = (
    *("DATABASE_URL", "DBT_PROFILES_DIR", "DBT_ENGINE_PROFILES_DIR", "C360_DEBUG", "C360_PROJECT_DIR"),
    *("PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSERVICE", "PGOPTIONS"),
)
_names = map("test_{}".format, count(1))  # of C, so that two threads may take one

ServerOf = Callable[[str], Server]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test may reach the database of whoever runs it."""
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setenv("DBT_TARGET_PATH", TARGET)


@pytest.fixture
def c360() -> Callable[..., Result]:
    """The command line: `c360("status", DATABASE_URL=…)`; `input` is what a person types."""

    def run(*arguments: str, input: str | None = None, **environment: str) -> Result:
        return CliRunner().invoke(main, arguments, input=input, env=environment)

    return run


@pytest.fixture(scope="session")
def server_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerOf]:
    """A running server by major version, each started when it is first asked for."""
    started: dict[str, Server] = {}

    def of(version: str) -> Server:
        if version not in started:
            if version == "15" and not POSTGRES_15.is_dir():
                pytest.fail(f"PostgreSQL 15 is not in {POSTGRES_15}: run `make install-pg15`, or set PG15")
            bin_dir = POSTGRES_15 if version == "15" else None
            started[version] = Server(tmp_path_factory.mktemp(f"postgres{version}") / "data", bin_dir)
            started[version].start()
        return started[version]

    yield of
    for server in started.values():
        server.destroy()


@pytest.fixture(scope="session")
def postgres(server_of: ServerOf) -> Server:
    """The embedded server, with an empty database."""
    return server_of("18")


@pytest.fixture(scope="module", params=["18", pytest.param("15", marks=pytest.mark.postgres15)])
def each_postgres(request: pytest.FixtureRequest, server_of: ServerOf) -> Server:
    """Every supported server in turn."""
    return server_of(request.param)


@pytest.fixture(scope="module")
def database(postgres: Server) -> Iterator[str]:
    """URL of a fresh database for this module, on the embedded server."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture(scope="module")
def each_database(each_postgres: Server) -> Iterator[str]:
    """URL of a fresh database for this module, on every supported server in turn."""
    with fresh_database(each_postgres) as url:
        yield url


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """URL of a fresh database for this test, on the embedded server."""
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture
def latin_database(postgres: Server) -> Iterator[str]:
    """URL of a database that cannot hold most of the world's names."""
    with fresh_database(postgres, "encoding 'LATIN1' locale 'C' template template0") as url:
        yield url


@contextmanager
def fresh_database(server: Server, options: str = "") -> Iterator[str]:
    """Create a database, give its URL, drop it."""
    name = next(_names)
    # A connection each, for a test may restart the server in between.
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} {}").format(sql.Identifier(name), sql.SQL(options)))
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def built(postgres: Server) -> str:
    """A database with five legacy systems and the customers built from them; its name, for copies."""
    from cutovers import make_template  # here, since it imports what only the cutover's tests need

    return make_template(postgres)


@pytest.fixture(scope="session")
def migrated_on() -> Callable[[Server], str]:
    """By server, a database after the whole migration up to the switch; its name, for copies."""
    from migrations import make_migrated  # here, since it imports what only the cutover's tests need

    made: dict[Path, str] = {}

    def on(server: Server) -> str:
        if server.data_dir not in made:
            made[server.data_dir] = make_migrated(server)
        return made[server.data_dir]

    return on


@pytest.fixture(scope="module")
def each_migrated(each_postgres: Server, migrated_on: Callable[[Server], str]) -> Iterator[str]:
    """URL of a copy of it for this module, on every supported server in turn."""
    from cutovers import copies

    with copies(each_postgres, migrated_on(each_postgres)) as (url,):
        yield url


@pytest.fixture(scope="session")
def stories(postgres: Server) -> str:
    """A database with people of whom tests know what happened to them; its name, for copies."""
    from stories import make_stories  # here, since few tests need it

    return make_stories(postgres)
