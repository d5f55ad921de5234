"""What `c360 train` does: learn weights from the project's own records, and hand them over as a new version.

It reads the records and the decisions of the last build and works in schemas of its own, so nothing that is in force
changes: the outcome is rows of seeds/match_weights.csv under a new name, which somebody reviews and chooses.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from customer360.config import Database
from customer360.matching.training import TrainingError, Weight, train
from customer360.matching.workspace import TRAINED_ON, build_models, layers, project_variable, workspace
from customer360.project import project_dir

COLUMNS = ("model_version", "kind", "class_no", "attribute", "level", "m", "u")


@dataclass(frozen=True)
class Training:
    """What was learnt."""

    version: str
    start: str
    weights: tuple[Weight, ...]
    candidate_pairs: int
    decisions: int
    """Pairs on which people decided; those that they linked count as matches."""


def run_train(console: Console, database: Database, *, version: str | None, output: Path | None) -> None:
    """Learn weights from the records of the last build and write them to `output`, else to the project's seed."""
    seed = project_dir() / "seeds" / "match_weights.csv"
    path = output or seed
    known = _versions(seed) + (_versions(path) if output else [])
    chosen = version or next(name for number in range(1, len(known) + 2) if (name := f"trained-{number}") not in known)
    if chosen in known:
        raise TrainingError(f"There is a version {chosen} already.", hint="take another name: --version NAME.")
    found = learn(database, chosen, console)
    write_weights(path, found)
    _print(console, found, path)


def learn(database: Database, version: str, console: Console | None = None) -> Training:
    """Weights for the records and decisions that the last build left in the database."""
    start = project_variable("match_model_version")
    own = replace(database, schema=f"{database.schema}_train", profiles_dir=None)
    registry = database.schemas["intermediate"]
    with database.connect(autocommit=True) as connection:
        if not _exists(connection, registry, "int_overrides"):
            raise TrainingError(f"{registry} has no records to learn from.", hint="run c360 build first.")
        with workspace(connection, own):
            variables = {"match_registry": registry, "match_training": True}
            build_models(own, connection, console, TRAINED_ON, variables)
            weights = train(connection, **layers(own), start=start)
            return Training(
                version,
                start,
                tuple(weights),
                _count(connection, own, "int_candidate_pairs"),
                _count(connection, own, "int_decided_pairs"),
            )


def write_weights(path: Path, found: Training) -> None:
    """Add the version to the file, which is made where it is missing."""
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        for w in found.weights:
            rates = (f"{rate:.6g}" if rate is not None else "" for rate in (w.m, w.u))
            writer.writerow([found.version, w.kind, w.class_no, w.attribute, w.level, *rates])


def _print(console: Console, found: Training, path: Path) -> None:
    """Per kind and attribute: how often matches agree and disagree; and what to do next."""
    console.print(
        f"\nLearnt [bold]{found.version}[/bold] from {found.candidate_pairs:,} candidate pairs and "
        f"{found.decisions:,} decisions, starting from {found.start}\n"
    )
    table = Table(box=None, pad_edge=False)
    for name in ("kind", "attribute", "same if a match", "same by chance", "different if a match"):
        table.add_column(name, justify="left" if name in ("kind", "attribute") else "right")
    by_attribute: dict[tuple[str, str], list[Weight]] = {}
    for weight in (weight for weight in found.weights if not weight.class_no):
        by_attribute.setdefault((weight.kind, weight.attribute), []).append(weight)
    for (kind, attribute), levels in by_attribute.items():
        top = levels[-1]
        if top.u is None:
            table.add_row(kind, "matches per record", f"{top.m:.3f}", "", "")
        else:
            table.add_row(kind, attribute, f"{top.m:.3f}", f"{top.u:.2g}", f"{levels[0].m:.3f}")
    console.print(table)
    console.print(
        f"\nWritten to {path}; {found.start} stays in force. Measure the version on a labelled sample with "
        f"c360 evaluate DIR --weights {found.version}, look at the weights, and choose them: "
        f"match_model_version: {found.version} in dbt_project.yml, then c360 build."
    )


def _versions(path: Path) -> list[str]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return sorted({row["model_version"] for row in csv.DictReader(file)})


def _exists(connection: psycopg.Connection, schema: str, table: str) -> bool:
    row = connection.execute("select to_regclass(format('%%I.%%I', %s::text, %s::text))", [schema, table]).fetchone()
    return row is not None and row[0] is not None


def _count(connection: psycopg.Connection, own: Database, table: str) -> int:
    name = sql.Identifier(own.schemas["intermediate"], table)
    row = connection.execute(sql.SQL("select count(*) from {}").format(name)).fetchone()
    assert row is not None
    return int(row[0])
