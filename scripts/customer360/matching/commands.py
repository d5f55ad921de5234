"""What `c360 evaluate` does, from the folder to the page."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from customer360.config import Database
from customer360.matching.evaluate import evaluate
from customer360.matching.page import as_object, draw, print_evaluation


def run_evaluate(
    console: Console, database: Database, folder: Path, *, plot: Path | None, as_json: bool, weights: str | None
) -> None:
    """Measure matching on the sample in `folder`; the plot goes to `plot`, else beside where the command runs."""
    found = evaluate(database, folder, None if as_json else console, weights_version=weights)
    path = plot or Path(f"{found.sample.name}-precision-recall.png")
    draw(found, path)
    if as_json:
        print(json.dumps(as_object(found)))
    else:
        print_evaluation(console, found, path)
