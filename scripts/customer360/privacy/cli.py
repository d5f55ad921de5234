"""The commands of privacy: `c360 export` and `c360 erase`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from customer360.terminal import example

if TYPE_CHECKING:
    from customer360.cli import Settings


@click.command(
    short_help="Show all that is held of a customer.",
    epilog=example(
        "c360 export 0483dae5-5e2a-4a63-b3cc-1f4d1e4ac71b --out held.json", "c360 export crm.leads_master:17"
    ),
)
@click.argument("customer")
@click.option("--tenant", help="Where several tenants have a record of that name.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A new file that its owner alone can read."
)
@click.pass_obj
def export(settings: Settings, customer: str, tenant: str | None, out: Path | None) -> None:
    """Print all that is held of CUSTOMER as JSON: its golden record, and its rows in every table, legacy ones included.

    CUSTOMER is the id that a customer has or had, or a record of it (<system>.<table>:<key>).
    """
    from customer360.privacy.commands import run_export

    run_export(settings.console, settings.database(), customer, tenant, out)


@click.command(
    short_help="Take a customer out of every table.",
    epilog=example(
        "c360 erase 0483dae5-5e2a-4a63-b3cc-1f4d1e4ac71b", "c360 erase crm.leads_master:17 --confirm --json"
    ),
)
@click.argument("customer")
@click.option("--confirm", is_flag=True, help="Do it; without this, show what would be taken out where.")
@click.option("--keep-legacy", is_flag=True, help="Leave the legacy tables to a procedure of their own.")
@click.option("--tenant", help="Where several tenants have a record of that name.")
@click.option("--json", "as_json", is_flag=True, help="The certificate as one JSON object.")
@click.pass_obj
def erase(
    settings: Settings, customer: str, confirm: bool, keep_legacy: bool, tenant: str | None, as_json: bool
) -> None:
    """Take CUSTOMER out of every table, for good, and print the certificate.

    CUSTOMER is the id that a customer has or had, or a record of it (<system>.<table>:<key>). A tombstone without
    personal data keeps later builds from reading its legacy rows again.
    """
    from customer360.privacy.commands import run_erase

    run_erase(
        settings.console,
        settings.database(),
        customer,
        tenant,
        confirm=confirm,
        keep_legacy=keep_legacy,
        as_json=as_json,
    )
