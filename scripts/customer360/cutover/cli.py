"""The commands of the cutover: `c360 plan|apply|migrate|audit|verify|rollback`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from customer360.terminal import example

if TYPE_CHECKING:
    from customer360.cli import Settings
    from customer360.cutover.commands import Target

# The phases of a cutover, as cutover.steps has them; importing that takes too long for a help page.
PHASES = ("expand", "backfill", "constrain", "switch", "contract")


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
    @click.option(
        "--workers",
        type=click.IntRange(1, 8),
        default=2,
        show_default=True,
        metavar="N",
        help="How many connections fill a large table at once.",
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
        workers: int,
        **options: Any,
    ) -> None:
        from customer360.cutover.commands import Target
        from customer360.cutover.session import Limits

        limits = Limits(
            lock_ms=lock_budget, lock_wait=lock_wait, batch_ms=batch_ms, snapshot_wait=snapshot_wait, workers=workers
        )
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


@click.command(
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


@click.command(
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


@click.command(
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


@click.command(short_help="Show who still uses what is to go.", epilog=example("c360 audit --system commerce"))
@_target_options
def audit(target: Target) -> None:
    """Show views, functions, policies, triggers, foreign keys and statements that use what contract takes away."""
    from customer360.cutover.commands import run_audit

    run_audit(target)


@click.command(short_help="Check what the cutover left.", epilog=example("c360 verify --system booking"))
@_target_options
def verify(target: Target) -> None:
    """Check every step that is applied, and name the rows that are wrong."""
    from customer360.cutover.commands import run_verify

    run_verify(target)


@click.command(
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
