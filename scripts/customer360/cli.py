"""The command line: it parses, calls and prints; the work is done elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from customer360.config import Database, find_database
from customer360.cutover.cli import apply, audit, migrate, plan, rollback, verify
from customer360.errors import ServerError
from customer360.matching.cli import evaluate_command, train_command
from customer360.privacy.cli import erase, export
from customer360.roles import roles_command
from customer360.server import Server, default_data_dir
from customer360.stewards.cli import explain, review
from customer360.terminal import FriendlyGroup, console, example


@dataclass(frozen=True)
class Settings:
    """What the options of `c360` itself say."""

    database_url: str | None
    origin: str
    console: Console

    def database(self) -> Database:
        """The database to work on; says so where the embedded server has to be started first."""
        return find_database(
            self.database_url,
            origin=self.origin,
            on_start=lambda: click.echo("Starting the embedded PostgreSQL …", err=True),  # stdout may be JSON
        )


@click.group(
    cls=FriendlyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("c360 demo", "DATABASE_URL=postgresql://me@host/crm c360 build"),
)
@click.option(
    "--database-url",
    envvar="DATABASE_URL",
    show_envvar=True,
    metavar="URL",
    help="PostgreSQL to work on. Without it: the dbt profile customer360, else an embedded server in .c360/. "
    "A password is better kept in the variable, in PGPASSWORD or in ~/.pgpass.",
)
@click.option("--debug", is_flag=True, envvar="C360_DEBUG", show_envvar=True, help="Show tracebacks.")
@click.version_option(package_name="customer360", prog_name="c360")
@click.pass_context
def main(ctx: click.Context, database_url: str | None, debug: bool) -> None:
    """Five legacy customer registers in, one canonical customers table out."""
    from_option = ctx.get_parameter_source("database_url") is click.core.ParameterSource.COMMANDLINE
    origin = "--database-url" if from_option else "DATABASE_URL"
    ctx.obj = Settings(database_url, origin, console())


@main.command(
    short_help="Make up legacy systems and build from them.",
    epilog=example("c360 demo", "c360 demo --people 50000 --seed 7", "c360 demo --score-pairs"),
)
@click.option("--people", type=click.IntRange(min=1), default=2000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=360, show_default=True, help="The same seed gives the same data.")
@click.option("--score-pairs", is_flag=True, help="Join by their score records that share no identifier, too.")
@click.pass_obj
def demo(settings: Settings, people: int, seed: int, score_pairs: bool) -> None:
    """Make up five legacy systems, build the customers from them and show what came out."""
    from customer360.demo import run_demo

    run_demo(settings.console, settings.database(), people=people, seed=seed, score_pairs=score_pairs)


@main.command(
    short_help="Bring the customers up to date.",
    epilog=example("c360 build", "c360 build --select customers+", "c360 build --full-refresh"),
)
@click.option("--select", "-s", multiple=True, metavar="NODES", help="Only these (dbt's node selection).")
@click.option("--exclude", multiple=True, metavar="NODES", help="Leave these out.")
@click.option("--full-refresh", is_flag=True, help="Read every record anew; tables and ids stay.")
@click.option("--vars", "variables", metavar="YAML", help="Such as '{disabled_systems: [crm]}'.")
@click.option("--threads", type=click.IntRange(min=1), help="Models at a time; else what the profile says.")
@click.pass_obj
def build(settings: Settings, /, select: tuple[str, ...], exclude: tuple[str, ...], **options: Any) -> None:
    """Read what changed in the legacy tables and bring the customers up to date (dbt build)."""
    from customer360.commands import run_build
    from customer360.dbt import BuildOptions

    run_build(settings.console, settings.database(), BuildOptions(select, exclude, **options))


@main.command(
    short_help="Show what a build would change.",
    epilog=example("c360 preview", "c360 preview --vars '{max_cluster_records: 500}' --json"),
)
@click.option("--full-refresh", is_flag=True, help="As c360 build --full-refresh would.")
@click.option("--vars", "variables", metavar="YAML", help="As for c360 build.")
@click.option("--json", "as_json", is_flag=True, help="Every customer, as a JSON array.")
@click.pass_obj
def preview(settings: Settings, full_refresh: bool, variables: str | None, as_json: bool) -> None:
    """List the customers that a build would make, merge, split or change, without writing.

    The build runs on a copy of the state in schemas of its own (<schema>_preview…), which are dropped at the end.
    """
    from customer360.commands import run_preview
    from customer360.dbt import BuildOptions

    options = BuildOptions(full_refresh=full_refresh, variables=variables)
    run_preview(settings.console, settings.database(), options, as_json=as_json)


def _decision_options(command: Callable[..., None]) -> Callable[..., None]:
    """What `link` and `separate` have in common."""
    for option in (
        click.argument("b"),
        click.argument("a"),
        click.option("--because", "reason", required=True, help="Why; kept with the decision."),
        click.option("--tenant", help="Where both tenants have a record of that name."),
    ):
        command = option(command)
    return command


@main.command(
    short_help="Decide that two records are one customer.",
    epilog=example('c360 link crm.leads_master:17 booking.prospects:p-204 --because "same person, new phone"'),
)
@_decision_options
@click.pass_obj
def link(settings: Settings, a: str, b: str, reason: str, tenant: str | None) -> None:
    """Decide that A and B are one customer, on every build from now on.

    A and B are records (<system>.<table>:<key>) or customers (their ids).
    """
    from customer360.commands import run_decision

    run_decision(settings.console, settings.database(), "link", a, b, reason, tenant)


@main.command(
    short_help="Decide that two records are two customers.",
    epilog=example('c360 separate crm.leads_master:17 booking.prospects:p-204 --because "father and son"'),
)
@_decision_options
@click.pass_obj
def separate(settings: Settings, a: str, b: str, reason: str, tenant: str | None) -> None:
    """Decide that A and B are two customers, whatever they share, on every build from now on.

    A and B are records (<system>.<table>:<key>) or customers (their ids).
    """
    from customer360.commands import run_decision

    run_decision(settings.console, settings.database(), "separate", a, b, reason, tenant)


@main.command(
    short_help="List such decisions, or take one back.",
    epilog=example("c360 overrides", "c360 overrides --remove 3"),
)
@click.option("--remove", "remove_id", type=int, metavar="ID", help="Take this decision back.")
@click.pass_obj
def overrides(settings: Settings, remove_id: int | None) -> None:
    """List the decisions made with link and separate, or take one back."""
    from customer360.commands import show_overrides

    show_overrides(settings.console, settings.database(), remove_id=remove_id)


for command in (
    *(roles_command, explain, review, export, erase),
    *(plan, apply, migrate, audit, verify, rollback),
    *(evaluate_command, train_command),
):
    main.add_command(command)


@main.command(short_help="Show what the last build left.", epilog=example("c360 status"))
@click.pass_obj
def status(settings: Settings) -> None:
    """Show what the last build left (records, customers, what joined them), and where each cutover stands."""
    from customer360.commands import show_status

    show_status(settings.console, settings.database())


@main.command(
    short_help="Write a report for the browser.",
    epilog=example("c360 report", "c360 report --out /tmp/customers.html"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="The file to write.",
)
@click.pass_obj
def report(settings: Settings, out: Path) -> None:
    """Write one HTML file that shows what came in, how it was joined, what waits, tests and cutovers.

    It needs neither network nor script, and holds counts and masked values only, no personal data.
    """
    from customer360.report.commands import run_report

    run_report(settings.console, settings.database(), out)


@main.command(
    short_help="Write the description of every table.",
    epilog=example("c360 docs", "c360 docs --out /tmp/models.html"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("docs.html"),
    show_default=True,
    help="The file to write.",
)
@click.pass_obj
def docs(settings: Settings, out: Path) -> None:
    """Write dbt's documentation as one HTML file: every model, column, test and who uses it, with the lineage."""
    from customer360.docs import run_docs

    run_docs(settings.console, settings.database(), out)


@main.group(
    short_help="Start and stop the embedded PostgreSQL.",
    epilog=example("c360 server start", 'psql "$(c360 server url)"'),
)
def server() -> None:
    """The embedded PostgreSQL in .c360/ (or in the folder that C360_HOME names)."""


@server.command(epilog=example("c360 server start"))
def start() -> None:
    """Start it, creating it the first time, and print its URL."""
    click.echo(_server().start())


@server.command(epilog=example("c360 server stop"))
def stop() -> None:
    """Stop it; its data stays."""
    click.echo("stopped" if _server().stop() else "was not running")


@server.command(epilog=example('psql "$(c360 server url)"'))
def url() -> None:
    """Print the URL of the running server."""
    if not _server().is_running():
        raise ServerError("The embedded server is not running.", hint="start it: c360 server start")
    click.echo(_server().url())


def _server() -> Server:
    return Server(default_data_dir())
