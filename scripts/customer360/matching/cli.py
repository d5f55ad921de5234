"""The commands of matching: `c360 evaluate` and `c360 train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from customer360.terminal import example

if TYPE_CHECKING:
    from customer360.cli import Settings


@click.command(
    "evaluate",
    short_help="Measure matching on a labelled sample.",
    epilog=example("c360 evaluate samples/people", "c360 evaluate samples/people --json"),
)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the page.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Where the plot goes (PNG, SVG or PDF).")
@click.option("--weights", metavar="VERSION", help="A version of seeds/match_weights.csv, instead of learning anew.")
@click.pass_obj
def evaluate_command(settings: Settings, /, folder: Path, **options: Any) -> None:
    """Match the records in FOLDER/records.csv without looking at their labels, then compare.

    FOLDER/dataset.yml says which column is what. The project's own models run in a schema of their own, which is
    dropped afterwards. The weights are learnt on the sample, without its labels.
    """
    from customer360.matching.commands import run_evaluate

    run_evaluate(settings.console, settings.database(), folder, **options)


@click.command(
    "train",
    short_help="Learn match weights from your records.",
    epilog=example("c360 train", "c360 train --version spring --output spring.csv"),
)
@click.option("--version", metavar="NAME", help="Name of the new version; else trained-1, trained-2 and so on.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV file that takes the new version; else seeds/match_weights.csv of the project.",
)
@click.pass_obj
def train_command(settings: Settings, version: str | None, output: Path | None) -> None:
    """Learn match weights from the records of the last build and the decisions of people, as a new version.

    Nothing that is in force changes: look at the new rows, then choose the version by the variable
    match_model_version in dbt_project.yml.
    """
    from customer360.matching.train import run_train

    run_train(settings.console, settings.database(), version=version, output=output)
