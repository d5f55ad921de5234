"""Measure matching on a labelled sample: the project's own models run on it in a schema of their own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import yaml
from psycopg import sql
from psycopg.rows import class_row
from rich.console import Console

from customer360.config import Database
from customer360.dbt import Build, BuildOptions, build
from customer360.matching.sample import Sample, load_sample, read_sample
from customer360.matching.training import Weight, train
from customer360.project import project_dir
from customer360.queries import query

SCHEMA = "c360_evaluate"
TRAINED = "trained"
SWEPT = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
# With all that they are made from: functions, seeds, features, candidate pairs, comparison vectors.
_BEFORE_TRAINING = (
    *("+int_match_patterns", "+int_random_levels", "match_weights"),
    *("+estimate_match_weights", "+link_component", "+cluster_edges"),
)
_AFTER_TRAINING = (
    *("int_match_priors", "int_match_value_counts", "int_scored_pairs"),
    *("int_linked_pairs", "int_threshold_links"),
)
# Which stage the time of a model belongs to; int_threshold_links only serves the report.
STAGES = {
    "int_sample_records": "normalise",
    "int_match_features": "normalise",
    "int_match_keys": "block",
    "int_match_blocks": "block",
    "int_candidate_pairs": "block",
    "int_comparison_vectors": "compare",
    "int_random_pairs": "train",
    "int_random_vectors": "train",
    "int_random_levels": "train",
    "int_match_patterns": "train",
    "int_match_priors": "score",
    "int_match_value_counts": "score",
    "int_scored_pairs": "score",
    "int_linked_pairs": "cluster",
}


@dataclass(frozen=True)
class Measure:
    """How good the clusters are at one threshold."""

    threshold: float
    precision: float
    recall: float
    f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float


@dataclass(frozen=True)
class CappedBlocks:
    """Blocks of one rule that were too large to compare."""

    rule: str
    blocks: int
    largest: int


@dataclass(frozen=True)
class Evaluation:
    """What came out for a sample."""

    sample: Sample
    records: int
    candidate_pairs: int
    candidate_recall: float
    measures: tuple[Measure, ...]
    capped: tuple[CappedBlocks, ...]
    seconds: dict[str, float]
    """Per stage, as the database took them."""
    threshold: float
    """The link threshold of the project."""

    @property
    def default(self) -> Measure:
        """At the threshold that counts without labels."""
        return next(measure for measure in self.measures if measure.threshold == self.threshold)

    @property
    def best(self) -> Measure:
        """At the threshold that labels would have chosen."""
        return max(self.measures, key=lambda measure: measure.f1)


def evaluate(database: Database, folder: Path, console: Console | None = None) -> Evaluation:
    """Load the sample in `folder`, match it with the project's models, and compare the clusters with its labels."""
    sample = read_sample(folder)
    own = replace(database, schema=SCHEMA, profiles_dir=None)
    with database.connect(autocommit=True) as connection, _schemas(connection, own):
        started = time.monotonic()
        records = load_sample(connection, sample, SCHEMA)
        seconds = {"load": time.monotonic() - started}
        done = _build(own, connection, console, _BEFORE_TRAINING, model_version=None)
        started = time.monotonic()
        weights = train(connection, **_names(own), start=_default_version(connection, own))
        store_weights(connection, own.schemas["seeds"], TRAINED, weights)
        seconds |= _stage_seconds(done)
        seconds["train"] += time.monotonic() - started
        seconds |= _stage_seconds(_build(own, connection, console, _AFTER_TRAINING, model_version=TRAINED))
        return _measure(connection, own, sample, records, seconds)


def store_weights(connection: psycopg.Connection, seeds: str, version: str, weights: list[Weight]) -> None:
    """Put `weights` beside the versions that the seed has."""
    table = sql.Identifier(seeds, "match_weights")
    with connection.transaction():
        connection.execute(sql.SQL("delete from {} where model_version = %s").format(table), [version])
        connection.cursor().executemany(
            sql.SQL("insert into {} (model_version, kind, attribute, level, m, u) values (%s, %s, %s, %s, %s, %s)")
            .format(table),
            [(version, w.kind, w.attribute, w.level, w.m, w.u) for w in weights],
        )  # fmt: skip


def _measure(
    connection: psycopg.Connection, own: Database, sample: Sample, records: int, seconds: dict[str, float]
) -> Evaluation:
    names = {"intermediate": own.schemas["intermediate"], "sample": SCHEMA}
    found = connection.execute(query("evaluate_candidates", **names)).fetchone()
    assert found is not None
    with connection.cursor(row_factory=class_row(Measure)) as cursor:
        measures = cursor.execute(
            query("evaluate_thresholds", **names, functions=own.schemas["functions"]),
            {"thresholds": _thresholds()},
        ).fetchall()
    with connection.cursor(row_factory=class_row(CappedBlocks)) as capped:
        blocks = capped.execute(
            query("evaluate_capped", intermediate=names["intermediate"], seeds=own.schemas["seeds"])
        ).fetchall()
    return Evaluation(sample, records, found[0], found[1], tuple(measures), tuple(blocks), seconds, _link_threshold())


def _link_threshold() -> float:
    settings = yaml.safe_load((project_dir() / "dbt_project.yml").read_text(encoding="utf-8"))
    return float(settings["vars"]["match_link_threshold"])


def _thresholds() -> list[float]:
    return sorted({*SWEPT, _link_threshold()})


def _names(own: Database) -> dict[str, str]:
    return {layer: own.schemas[layer] for layer in ("intermediate", "seeds", "functions")}


def _default_version(connection: psycopg.Connection, own: Database) -> str:
    """The version of the seed that training starts from: the last one."""
    row = connection.execute(
        sql.SQL("select max(model_version) from {}").format(sql.Identifier(own.schemas["seeds"], "match_weights"))
    ).fetchone()
    assert row is not None
    return str(row[0])


def _build(
    own: Database,
    connection: psycopg.Connection,
    console: Console | None,
    select: tuple[str, ...],
    *,
    model_version: str | None,
) -> Build:
    variables = f"match_sample: {SCHEMA}, match_training: true, match_thresholds: {_thresholds()}"
    if model_version:
        variables += f", match_model_version: {model_version}"
    before = os.environ.get("DBT_TARGET_PATH")
    os.environ["DBT_TARGET_PATH"] = f"{before or 'target'}/evaluate"  # the manifest of the real project stays
    try:
        options = BuildOptions(select, exclude=("resource_type:test",), variables="{" + variables + "}")
        return build(own, connection, options, console)
    finally:
        os.environ.pop("DBT_TARGET_PATH")
        if before is not None:
            os.environ["DBT_TARGET_PATH"] = before


def _stage_seconds(done: Build) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for node in done.nodes:
        if node.name in STAGES:
            seconds[STAGES[node.name]] = seconds.get(STAGES[node.name], 0.0) + node.seconds
    return seconds


@contextmanager
def _schemas(connection: psycopg.Connection, own: Database) -> Iterator[None]:
    """The sample's schema, empty; what is made for an evaluation goes with it."""
    _drop(connection, own)
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(SCHEMA)))
    try:
        yield
    finally:
        _drop(connection, own)


def _drop(connection: psycopg.Connection, own: Database) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, own.schemas.values()))
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(names))
