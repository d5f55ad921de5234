"""The commands of stewards: `c360 explain` and `c360 review`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import psycopg

from customer360.errors import C360Error
from customer360.terminal import example

if TYPE_CHECKING:
    from customer360.cli import Settings


class NotAllowedError(C360Error):
    """The tables of identity are closed to this role."""

    def __init__(self, error: psycopg.Error) -> None:
        """Say what is closed."""
        super().__init__(
            f"The database said: {error.diag.message_primary}.",
            hint="explanations show personal data: connect as a role that may read the tables of identity.",
        )


@click.command(
    short_help="Show why records are one customer.",
    epilog=example(
        "c360 explain 0483dae5-…-c71b",
        "c360 explain crm.leads_master:17 booking.prospects:p-204",
        "c360 explain crm.leads_master:17 --json",
    ),
)
@click.argument("a")
@click.argument("b", required=False)
@click.option("--tenant", help="Where two tenants have a record of that name.")
@click.option("--json", "as_json", is_flag=True, help="All of it, as one JSON object.")
@click.pass_obj
def explain(settings: Settings, a: str, b: str | None, tenant: str | None, as_json: bool) -> None:
    """Show why the records of customer A are one customer, or why A and B are one or are not.

    A and B are records (<system>.<table>:<key>) or customers (their ids, former ones too). For one customer: its golden
    record with the record behind each value, and the edges that hold its records together. For two records: the
    chain of edges between them, or what keeps them apart. Scored edges show what each attribute adds, in bits.
    """
    from customer360.stewards.explain import explain_customer, explain_pair
    from customer360.stewards.explain_page import print_customer, print_pair

    database = settings.database()
    try:
        with database.connect() as connection:
            if b is None:
                customer = explain_customer(database, connection, a, tenant)
            else:
                pair = explain_pair(database, connection, a, b, tenant)
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotAllowedError(error) from None
    if as_json:
        found = customer.as_json() if b is None else pair.as_json()
        click.echo(json.dumps(found, ensure_ascii=False))
    elif b is None:
        print_customer(settings.console, customer)
    else:
        print_pair(settings.console, pair)
