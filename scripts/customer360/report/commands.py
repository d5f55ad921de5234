"""What `c360 report` does: figures of one moment, drawn into one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console

from customer360.config import Database
from customer360.cutover.manifest import systems
from customer360.cutover.steps import PHASES
from customer360.errors import C360Error
from customer360.project import project_dir
from customer360.report.figures import About, collect_figures
from customer360.report.page import render


class ReportError(C360Error):
    """The report cannot be written."""


def run_report(console: Console, database: Database, out: Path) -> None:
    """Write the report of the last build to `out`."""
    variables = _variables()
    about = About(
        database=str(conninfo_to_dict(database.conninfo).get("dbname", "")),
        made_at=datetime.now(UTC),
        model_version=variables["match_model_version"],
        link_threshold=variables["match_link_threshold"],
        review_threshold=variables["match_review_threshold"],
        systems=systems(),
        phases=PHASES,
    )
    with database.connect() as connection:
        figures = collect_figures(database, connection, about)
    page = render(figures, about)
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ReportError(
            f"{out} cannot be written: {error.strerror}.", hint="name another file: c360 report --out FILE"
        ) from None
    console.print(f"{out} ({len(page.encode()) / 1000:,.0f} kB): open it in a browser.", soft_wrap=True, markup=False)


def _variables() -> dict[str, Any]:
    """The project's own settings."""
    project = yaml.safe_load((project_dir() / "dbt_project.yml").read_text(encoding="utf-8"))
    return dict(project["vars"])
