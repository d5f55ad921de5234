"""Measure matching on a labelled sample: the project's own models run on it in a schema of their own."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg.rows import class_row
from rich.console import Console

from customer360.config import Database
from customer360.dbt import Build
from customer360.matching.sample import Sample, load_sample, read_sample
from customer360.matching.training import check_version, refine, single_attribute, store_weights, train
from customer360.matching.workspace import TRAINED_ON, build_models, layers, project_variable, workspace
from customer360.queries import query

SCHEMA = "c360_evaluate"
TRAINED = "trained"
SWEPT = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
_BEFORE_TRAINING = (*TRAINED_ON, "+link_component", "+cluster_packed_edges")
_LINKED = ("int_match_priors", "int_match_value_counts", "int_scored_pairs", "int_linked_pairs")
# Which stage the time of a model belongs to; int_threshold_links only serves the report.
STAGES = {
    "int_sample_records": "normalise",
    "int_match_features": "normalise",
    "int_match_keys": "block",
    "int_match_blocks": "block",
    "int_candidate_pairs": "block",
    "int_comparison_vectors": "compare",
    "int_random_pairs": "train",
    "int_random_levels": "train",
    "int_decided_pairs": "train",
    "int_decided_levels": "train",
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


def evaluate(
    database: Database,
    folder: Path,
    console: Console | None = None,
    *,
    weights_version: str | None = None,
    swept: tuple[float, ...] = SWEPT,
) -> Evaluation:
    """Load the sample in `folder`, match it with the project's models, and compare the clusters with its labels.

    The weights are learnt on the sample, without its labels, or are those of `weights_version`. Measured is at the
    thresholds `swept` and at that of the project.
    """
    thresholds = sorted({*swept, float(project_variable("match_link_threshold"))})
    sample = read_sample(folder)
    own = replace(database, schema=SCHEMA, profiles_dir=None)
    with database.connect(autocommit=True) as connection, workspace(connection, own):
        started = time.monotonic()
        records = load_sample(connection, sample, SCHEMA)
        seconds = {"load": time.monotonic() - started}
        variables = {"match_sample": SCHEMA, "match_training": True, "match_thresholds": thresholds}
        seconds |= _stage_seconds(build_models(own, connection, console, _BEFORE_TRAINING, variables))
        if weights_version is None:
            started = time.monotonic()
            weights = train(connection, **layers(own), start=project_variable("match_model_version"))
            store_weights(connection, own.schemas["seeds"], TRAINED, weights)
            variables["match_model_version"] = TRAINED
            single = single_attribute(connection, intermediate=own.schemas["intermediate"])
            if single:
                build_models(own, connection, console, _LINKED, variables)
                if refined := refine(connection, TRAINED, *single, **layers(own)):
                    store_weights(connection, own.schemas["seeds"], TRAINED, refined)
            seconds["train"] += time.monotonic() - started
        else:
            check_version(connection, own.schemas["seeds"], weights_version)
            variables["match_model_version"] = weights_version
        seconds |= _stage_seconds(build_models(own, connection, console, (*_LINKED, "int_threshold_links"), variables))
        return _measure(connection, own, sample, records, seconds, thresholds)


def _measure(
    connection: psycopg.Connection,
    own: Database,
    sample: Sample,
    records: int,
    seconds: dict[str, float],
    thresholds: list[float],
) -> Evaluation:
    names = {"intermediate": own.schemas["intermediate"], "sample": SCHEMA}
    found = connection.execute(query("evaluate_candidates", **names)).fetchone()
    assert found is not None
    with connection.cursor(row_factory=class_row(Measure)) as cursor:
        measures = cursor.execute(
            query("evaluate_thresholds", **names, functions=own.schemas["functions"]),
            {"thresholds": thresholds},
        ).fetchall()
    threshold = float(project_variable("match_link_threshold"))
    with connection.cursor(row_factory=class_row(CappedBlocks)) as capped:
        blocks = capped.execute(
            query("evaluate_capped", intermediate=names["intermediate"], seeds=own.schemas["seeds"])
        ).fetchall()
    return Evaluation(sample, records, found[0], found[1], tuple(measures), tuple(blocks), seconds, threshold)


def _stage_seconds(done: Build) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for node in done.nodes:
        if node.name in STAGES:
            seconds[STAGES[node.name]] = seconds.get(STAGES[node.name], 0.0) + node.seconds
    return seconds
