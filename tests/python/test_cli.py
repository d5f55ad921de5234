"""The command line as a person meets it: help, errors, the embedded server, status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import psycopg
import pytest
from click.testing import Result

from customer360 import cli
from customer360.config import find_database
from customer360.server import Server

C360 = Callable[..., Result]


def commands(group: click.Command = cli.main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [*commands()], ids=lambda path: " ".join(path) or "c360")
def test_every_command_has_help_with_an_example(c360: C360, path: tuple[str, ...]) -> None:
    result = c360(*path, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"c360 {' '.join(path)}".strip() in result.output.partition("Example")[2]


def test_version(c360: C360) -> None:
    assert c360("--version").output.startswith("c360, version 0.")


def test_status_on_an_empty_database_names_both_ways(c360: C360, empty_database: str) -> None:
    result = c360("status", DATABASE_URL=empty_database)
    assert result.exit_code == 1
    assert "c360 demo" in result.stderr
    assert "c360 build" in result.stderr


def test_status_beside_legacy_tables_asks_for_a_build(c360: C360, empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("create schema crm create table leads_master (id uuid)")
    result = c360("status", DATABASE_URL=empty_database)
    assert "legacy tables are there in: crm" in result.stderr
    assert "c360 build" in result.stderr


def test_demo_refuses_legacy_tables_that_it_did_not_make(c360: C360, empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute("create schema crm create table leads_master (id uuid)")
    result = c360("demo", "--people", "5", DATABASE_URL=empty_database)
    assert result.exit_code == 1
    assert '"crm"' in result.stderr


def test_server_round_trip(c360: C360, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    assert "c360 server start" in c360("server", "url").stderr
    try:
        url = c360("server", "start").output.strip()
        assert c360("server", "url").output.strip() == url
        with psycopg.connect(url) as connection:
            assert connection.info.dbname == "customer360"
        assert c360("server", "stop").output.strip() == "stopped"
        assert c360("server", "stop").output.strip() == "was not running"
        assert find_database(None).origin == "embedded server"  # starts it again
        assert c360("server", "stop").output.strip() == "stopped"
        asked = c360("status")  # and so does a command; what it prints may be JSON for a program
        assert "Starting the embedded PostgreSQL" in asked.stderr
        assert "Starting" not in asked.stdout
    finally:
        Server(tmp_path / "postgres").destroy()
