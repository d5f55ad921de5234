"""What tests of the cutover share: the five systems after the whole migration, up to the switch."""

from __future__ import annotations

import os
from unittest.mock import patch

from builds import TARGET, connect
from click.testing import CliRunner

from customer360 import legacy
from customer360.cli import main
from customer360.server import Server

PEOPLE = 200


def make_migrated(server: Server) -> str:
    """A database with five made-up legacy systems, moved as an operator does it; its name."""
    name = "migrated"
    with connect(server.url("postgres")) as admin:
        admin.execute(f"create database {name}".encode())
    legacy.generate(server.url(name), people=PEOPLE)
    migrate(server.url(name))
    return name


def migrate(url: str) -> None:
    """`c360 migrate`."""
    with patch.dict(os.environ, {"DBT_TARGET_PATH": TARGET}):
        done = CliRunner().invoke(main, ["migrate", "--no-backup"], env={"DATABASE_URL": url})
    assert done.exit_code == 0, done.output
