"""The command line: it parses, calls and prints; the work is done elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from customer360.config import Database, find_database
from customer360.errors import ServerError
from customer360.roles import roles_command
from customer360.server import Server, default_data_dir
from customer360.stewards.cli import explain, review
from customer360.terminal import FriendlyGroup, console, example

if TYPE_CHECKING:
    from customer360.cutover.commands import Target

# The phases of a cutover, as cutover.steps has them; importing that takes too long for a help page.
PHASES = ("expand", "backfill", "constrain", "switch", "contract")


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
            on_start=lambda: self.console.print("Starting the embedded PostgreSQL …"),
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
    epilog=example("c360 demo", "c360 demo --people 50000 --seed 7"),
)
@click.option("--people", type=click.IntRange(min=1), default=2000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=360, show_default=True, help="The same seed gives the same data.")
@click.pass_obj
def demo(settings: Settings, people: int, seed: int) -> None:
    """Make up five legacy systems, build the customers from them and show what came out."""
    from customer360.demo import run_demo

    run_demo(settings.console, settings.database(), people=people, seed=seed)


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


main.add_command(roles_command)
main.add_command(explain)
main.add_command(review)


@main.command(
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


@main.command(
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


def _target_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options of every command of the cutover; they arrive as one Target."""

    @click.option("--system", "systems", multiple=True, metavar="NAME", help="Only this one; all that have a manifest.")
    @click.option(
        "--lock-budget",
        type=click.IntRange(1, 5000),
        default=50,
        show_default=True,
        metavar="MS",
        help="Longest that the application may wait behind a lock of ours.",
    )
    @click.option(
        "--lock-wait",
        type=click.FloatRange(min=0),
        default=600,
        show_default=True,
        metavar="S",
        help="How long to try for a lock.",
    )
    @click.option(
        "--batch-ms",
        type=click.FloatRange(1, 1000),
        default=20,
        show_default=True,
        metavar="MS",
        help="What batches are aimed at.",
    )
    @click.option(
        "--snapshot-wait",
        type=click.FloatRange(min=0),
        default=600,
        show_default=True,
        metavar="S",
        help="How long a backfill pauses for somebody's old snapshot; 0 goes on in spite of it.",
    )
    @click.pass_obj
    @wraps(command)
    def wrapped(
        settings: Settings,
        /,
        systems: tuple[str, ...],
        lock_budget: int,
        lock_wait: float,
        batch_ms: float,
        snapshot_wait: float,
        **options: Any,
    ) -> None:
        from customer360.cutover.commands import Target
        from customer360.cutover.session import Limits

        limits = Limits(lock_ms=lock_budget, lock_wait=lock_wait, batch_ms=batch_ms, snapshot_wait=snapshot_wait)
        command(Target(settings.console, settings.database(), systems, limits), **options)

    return wrapped


def _backup_options(command: Callable[..., None]) -> Callable[..., None]:
    """Where to put the backup, if any; it arrives as a folder or None."""

    @click.option(
        "--backup-dir",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(".c360/backups"),
        show_default=True,
        help="Where the backup before expand and before contract goes.",
    )
    @click.option("--no-backup", is_flag=True, help="Take none.")
    @wraps(command)
    def wrapped(*arguments: Any, backup_dir: Path, no_backup: bool, **options: Any) -> None:
        command(*arguments, backup=None if no_backup else backup_dir, **options)

    return wrapped


@main.command(
    short_help="Show the steps of the cutover.",
    epilog=example("c360 plan --system commerce", "c360 plan --sql > cutover.sql"),
)
@click.option("--phase", type=click.Choice(PHASES), help="Only this phase.")
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL of what is to do, for a DBA.")
@_target_options
def plan(target: Target, phase: str | None, as_sql: bool) -> None:
    """Show the steps of the cutover with their locks, how long they take, and which are done; nothing is changed."""
    from customer360.cutover.commands import show_plan

    show_plan(target, phase=phase, as_sql=as_sql)


@main.command(
    short_help="Apply one phase of the cutover.",
    epilog=example("c360 apply expand --system commerce", "c360 apply backfill"),
)
@click.argument("phase", type=click.Choice(PHASES))
@click.option("--dry-run", is_flag=True, help="Show what would be done.")
@click.option("--confirm", is_flag=True, help="Contract: yes, drop what is old.")
@click.option("--despite", is_flag=True, help="Contract: although the audit finds readers.")
@click.option(
    "--with",
    "requested",
    type=click.Choice(("require_customer", "mark_legacy_client")),
    multiple=True,
    help="Contract: also this step, which does not run by itself.",
)
@_backup_options
@_target_options
def apply(
    target: Target,
    phase: str,
    dry_run: bool,
    confirm: bool,
    despite: bool,
    requested: tuple[str, ...],
    backup: Path | None,
) -> None:
    """Apply a phase: what is done already is left, what was cut off goes on."""
    from customer360.cutover.commands import run_apply
    from customer360.cutover.engine import Consent

    run_apply(target, phase, dry_run=dry_run, backup=backup, consent=Consent(confirm, despite, requested))


@main.command(
    short_help="Expand, build, backfill, constrain, switch.",
    epilog=example("c360 migrate --system booking", "c360 migrate --dry-run"),
)
@click.option("--dry-run", is_flag=True, help="Show what would be done.")
@_backup_options
@_target_options
def migrate(target: Target, dry_run: bool, backup: Path | None) -> None:
    """Run the cutover up to and with switch, with a build in between; contract is left to a decision of its own."""
    from customer360.cutover.commands import run_migrate

    run_migrate(target, dry_run=dry_run, backup=backup)


@main.command(short_help="Show who still uses what is to go.", epilog=example("c360 audit --system commerce"))
@_target_options
def audit(target: Target) -> None:
    """Show views, functions, policies, triggers, foreign keys and statements that use what contract takes away."""
    from customer360.cutover.commands import run_audit

    run_audit(target)


@main.command(short_help="Check what the cutover left.", epilog=example("c360 verify --system booking"))
@_target_options
def verify(target: Target) -> None:
    """Check every step that is applied, and name the rows that are wrong."""
    from customer360.cutover.commands import run_verify

    run_verify(target)


@main.command(
    short_help="Take the cutover back.",
    epilog=example("c360 rollback --system crm", "c360 rollback --system crm --to constrain"),
)
@click.option("--to", type=click.Choice(PHASES), help="The last phase to keep; without it, all is taken back.")
@click.option("--data-only", is_flag=True, help="Only what was filled: columns and triggers of expand stay.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken back.")
@_target_options
def rollback(target: Target, to: str | None, data_only: bool, dry_run: bool) -> None:
    """Take back every phase after the one named, the last step first."""
    from customer360.cutover.commands import run_rollback

    if to and data_only:
        raise click.UsageError("--data-only says by itself where to stop; leave --to out.")
    run_rollback(target, to, data_only=data_only, dry_run=dry_run)


@main.command(
    "evaluate",
    short_help="Measure matching on a labelled sample.",
    epilog=example("c360 evaluate samples/people", "c360 evaluate samples/people --json"),
)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the page.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Where the plot goes (PNG, SVG or PDF).")
@click.pass_obj
def evaluate_command(settings: Settings, folder: Path, as_json: bool, plot: Path | None) -> None:
    """Match the records in FOLDER/records.csv without looking at their labels, then compare.

    FOLDER/dataset.yml says which column is what. The project's own models run in a schema of their own, which is
    dropped afterwards.
    """
    from customer360.matching.commands import run_evaluate

    run_evaluate(settings.console, settings.database(), folder, plot=plot, as_json=as_json)


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
