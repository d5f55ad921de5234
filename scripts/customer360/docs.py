"""`c360 docs`: what `dbt docs generate --static` makes, as one file."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from rich.console import Console

from customer360.config import Database
from customer360.dbt import project_arguments, target_dir
from customer360.errors import C360Error
from customer360.html_file import check_place, write_page
from customer360.profiles import example_profile
from customer360.project import project_dir


class DocsError(C360Error):
    """The documentation cannot be written."""


def run_docs(console: Console, database: Database, out: Path) -> None:
    """Describe what is built in `database`, in the file `out`."""
    check_place(out)
    from dbt.cli.main import dbtRunner  # here, not above: importing dbt takes seconds

    folder = project_dir()
    own = database.profiles_dir
    with database.connect(autocommit=True) as connection:
        profile = example_profile(connection, database.schema) if own is None else nullcontext(own)
        with profile as profiles_dir, console.status("Reading the tables …"):
            done = dbtRunner().invoke(["docs", "generate", "--static", *project_arguments(folder, profiles_dir)])
    if not done.success:
        raise DocsError(
            f"dbt could not describe the project: {done.exception or 'it gave no reason'}",
            hint="build first: c360 build",
        )
    page = (target_dir(folder) / "static_index.html").read_text(encoding="utf-8")
    write_page(console, out, page)
