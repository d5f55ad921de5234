"""`c360 roles`: the roles of the project, as they are, or as a script for a DBA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from psycopg.rows import class_row
from rich.console import Console
from rich.table import Table

from customer360.config import Database
from customer360.queries import query
from customer360.terminal import example

if TYPE_CHECKING:
    from customer360.cli import Settings


@dataclass(frozen=True)
class Role:
    """One role of the project in this database."""

    role: str
    is_there: bool
    relations: int
    functions: int
    members: list[str]


@click.command(
    "roles",
    short_help="Show the roles for readers, applications and admins.",
    epilog=example("c360 roles", "c360 roles --sql | psql -U postgres crm"),
)
@click.option("--sql", "as_sql", is_flag=True, help="Print the script that makes them, for a DBA; nothing is read.")
@click.pass_obj
def roles_command(settings: Settings, as_sql: bool) -> None:
    """Show the roles c360_reader, c360_app and c360_admin: whether they are there, what they may, who has them.

    A build makes them where its role may create roles, and grants them what they need.
    """
    if as_sql:
        click.echo(query("roles_script").as_string())
    else:
        show_roles(settings.console, settings.database())


def show_roles(console: Console, database: Database) -> None:
    """One line per role, and what to do about those that are missing."""
    with database.connect() as connection, connection.cursor(row_factory=class_row(Role)) as cursor:
        found = cursor.execute(query("roles_state")).fetchall()
    table = Table(title="Roles", title_justify="left")
    for heading in ("role", "reads", "calls", "members"):
        table.add_column(heading, justify="right" if heading in ("reads", "calls") else "left")
    for each in found:
        if each.is_there:
            members = ", ".join(each.members) or "nobody yet"
            table.add_row(each.role, f"{each.relations:,}", f"{each.functions:,}", members)
        else:
            table.add_row(each.role, "", "", "not there")
    console.print(table)
    if all(each.is_there for each in found):
        console.print("Give a login one of them: grant c360_reader to ana;")
    else:
        console.print("Make them: c360 build as a role with CREATEROLE, or c360 roles --sql for a DBA, then build.")
