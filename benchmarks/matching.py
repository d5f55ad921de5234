"""Matching beside its peer: Splink on DuckDB and our models on PostgreSQL, the same made-up records, one run.

Printed are the seconds of training, of blocking with scoring and of clustering, the quality of both, and how far our
EM lies from Splink's on the same comparisons, u and pattern counts (the largest difference of any m).

    pip install "splink>=5,<6"                             # in an environment of its own, with duckdb and pyyaml
    python benchmarks/matching.py --peer-python venv/bin/python
    python benchmarks/matching.py --peer-python venv/bin/python --records 5000 --json
    python benchmarks/matching.py --no-peer --records 1000000           # how large a sample two cores and memory take
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import psycopg
from labelled_shapes import SHAPES, write_shape
from rich.console import Console
from rich.table import Table

from customer360.config import find_database
from customer360.dbt import BuildOptions, build
from customer360.matching.evaluate import evaluate
from customer360.server import Server

SHAPE = "large"
# Which of our stages stand beside which of Splink's; ours also has to fold what the records hold.
STAGES = {
    "train": ("train",),
    "block and score": ("normalise", "block", "compare", "score"),
    "cluster": ("cluster",),
}
MAX_EM_DIFFERENCE = 0.02


def ours(url: str, folder: Path, console: Console | None) -> dict[str, Any]:
    """Our models on the sample, linked at the threshold of the project alone."""
    found = evaluate(find_database(url), folder, console, swept=())
    seconds = {name: sum(found.seconds.get(stage, 0.0) for stage in stages) for name, stages in STAGES.items()}
    at = found.default
    return {
        "seconds": seconds,
        "total": sum(seconds.values()),
        "scored_pairs": found.candidate_pairs,
        "precision": at.precision,
        "recall": at.recall,
        "f1": at.f1,
        "pairs_per_second": found.candidate_pairs / seconds["block and score"],
    }


def splink(python: str, folder: Path) -> dict[str, Any]:
    """Splink in its own environment, on the same sample."""
    script = Path(__file__).with_name("matching_splink.py")
    done = subprocess.run([python, str(script), str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"Splink failed with {python}:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def em_difference(url: str, em: dict[str, Any]) -> float:
    """The largest difference between an m that Splink found and ours, from the same pattern counts and u."""
    build_function = BuildOptions(select=("estimate_match_weights",))
    with psycopg.connect(url, autocommit=True) as connection:
        build(find_database(url), connection, build_function)
        attributes, width = len(em["levels"]), max(map(len, em["levels"]))
        observed = [rate for levels in em["levels"] for rate in _padded([u for _, u in levels], width)]
        start = [rate for levels in em["levels"] for rate in _padded(_rising(len(levels)), width)]
        rows = connection.execute(
            """
            select attribute_no, level, m
            from c360_functions.estimate_match_weights(
                %s, %s, %s::smallint[], %s::double precision[], %s::double precision[],
                array_fill(1.0::double precision, array[%s]), %s, %s::double precision[], 0,
                array_fill(0.0::double precision, array[%s]), '{}', '{}', 1, false, 5000
            )
            """,
            [
                *(attributes, width, [level for *levels, _ in em["patterns"] for level in levels]),
                *([float(pattern[-1]) for pattern in em["patterns"]], observed, attributes),
                *(float(sum(pattern[-1] for pattern in em["patterns"])), start, attributes * width),
            ],
        ).fetchall()
    return max(abs(float(m) - float(em["levels"][attribute - 1][level][0])) for attribute, level, m in rows)


def _padded(rates: list[float], width: int) -> list[float]:
    return [*rates, *[0.0] * (width - len(rates))]


def _rising(levels: int) -> list[float]:
    """A starting m: most matches agree, the rest is spread evenly."""
    return [*[0.1 / (levels - 1)] * (levels - 1), 0.9]


@click.command(help=__doc__)
@click.option("--records", default=50_000, show_default=True, help="How many to make up.")
@click.option("--peer-python", default=sys.executable, help="Python of the environment that has Splink.")
@click.option("--peer/--no-peer", default=True, show_default=True, help="Whether to run Splink as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
def main(records: int, peer_python: str, peer: bool, as_json: bool) -> None:
    """Run both and compare."""
    with tempfile.TemporaryDirectory(prefix="c360-matching-") as scratch:
        os.environ["DBT_TARGET_PATH"] = f"{scratch}/target"
        folder = write_shape(replace(SHAPES[SHAPE], records=records), Path(scratch) / SHAPE)
        server = Server(Path(scratch) / "postgres")
        url = server.start()
        try:
            found: dict[str, Any] = {"records": records, "ours": ours(url, folder, None if as_json else Console())}
            if peer:
                found["splink"] = splink(peer_python, folder)
                found["em_difference"] = em_difference(url, found["splink"].pop("em"))
                found["ratio"] = found["ours"]["total"] / found["splink"]["total"]
        finally:
            server.stop()
    if as_json:
        print(json.dumps(found))
    else:
        show(Console(), found)
    if peer and found["em_difference"] > MAX_EM_DIFFERENCE:
        raise click.ClickException(f"An m lies {found['em_difference']:.3f} from Splink's.")


def show(console: Console, found: dict[str, Any]) -> None:
    """The table."""
    names = {"ours": "customer360", "splink": "Splink"}
    who = [name for name in names if name in found]
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in who:
        table.add_column(names[name], justify="right")
    for stage in STAGES:
        table.add_row(f"{stage}, s", *(f"{found[name]['seconds'][stage]:.1f}" for name in who))
    table.add_row("together, s", *(f"{found[name]['total']:.1f}" for name in who))
    table.add_row("pairs", *(f"{found[name]['scored_pairs']:,}" for name in who))
    for rate in ("precision", "recall", "f1"):
        table.add_row(rate, *(f"{found[name][rate]:.4f}" for name in who))
    console.print(table)
    console.print(f"\n{found['records']:,} records, {found['ours']['pairs_per_second']:,.0f} pairs/s")
    if "splink" in found:
        console.print(f"{found['ratio']:.2f} times Splink's time; EM within {found['em_difference']:.4f} of Splink's m")


if __name__ == "__main__":
    main()
