"""The peer of benchmarks/matching.py: Splink on DuckDB over one labelled sample, as its tutorials set it up.

Runs in an environment of its own (pip install "splink>=5,<6"), prints one JSON object: seconds of each stage, the
pairwise quality at a probability of .95, and what EM gave on one block, with the pattern counts it gave it for.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as cl
import yaml
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

THRESHOLD = 0.95


def run(folder: Path) -> dict[str, Any]:
    """Train, score and cluster the sample in `folder`."""
    described = yaml.safe_load((folder / "dataset.yml").read_text(encoding="utf-8"))
    columns = ", ".join(f"nullif(\"{column}\", '') as {name}" for name, column in described["columns"].items())
    connection = duckdb.connect()
    connection.execute(
        f'create table records as select row_number() over () as unique_id, "{described["truth"]}" as truth, {columns} '
        "from read_csv(?, all_varchar = true)",
        [str(folder / "records.csv")],
    )
    comparisons = [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("last_name").configure(term_frequency_adjustments=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("postal_code", 1),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "last_name"),
            block_on("birth_date"),
            block_on("last_name", "city"),
            block_on("first_name", "postal_code"),
            block_on("last_name", "substr(birth_date, 1, 4)"),
            block_on("first_name", "substr(birth_date, 1, 4)"),
        ],
        comparisons=[*comparisons, cl.DateOfBirthComparison("birth_date", input_is_string=True)],
    )
    seconds: dict[str, float] = {}
    started = time.monotonic()
    database = DuckDBAPI(connection)
    linker = Linker(database.register("records"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("first_name", "last_name")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "last_name"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    seconds["train"] = time.monotonic() - started
    started = time.monotonic()
    scored = linker.inference.predict(threshold_match_probability=0.01)
    seconds["block and score"] = time.monotonic() - started
    started = time.monotonic()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        scored, threshold_match_probability=THRESHOLD
    )
    seconds["cluster"] = time.monotonic() - started
    rows = clusters.as_duckdbpyrelation().project("cluster_id, truth").fetchall()
    return {
        "seconds": seconds,
        "total": sum(seconds.values()),
        "scored_pairs": int(scored.as_duckdbpyrelation().aggregate("count(*)").fetchall()[0][0]),
        **quality(rows),
        "em": em(DuckDBAPI(connection), comparisons),
    }


def em(database: DuckDBAPI, comparisons: list[Any]) -> dict[str, Any]:
    """Train on the pairs of one birth date alone: the patterns of these pairs, and m and u of each level."""
    block = block_on("birth_date")
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block],
        comparisons=comparisons,
        em_convergence=1e-6,
        max_iterations=500,
    )
    linker = Linker(database.register("records"), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block)
    gammas = ", ".join(f"gamma_{name}" for name in ("first_name", "last_name", "city", "postal_code"))
    patterns = linker.inference.predict().as_duckdbpyrelation().aggregate(f"{gammas}, count(*)", gammas).fetchall()
    levels = []
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        known = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        levels.append([(level["m_probability"], level["u_probability"]) for level in reversed(known)])
    return {"patterns": patterns, "levels": levels}


def quality(rows: list[tuple[Any, Any]]) -> dict[str, float]:
    """Pairwise precision, recall and F1 of (cluster, truth) per record."""

    def pairs(groups: Counter[Any]) -> float:
        return sum(n * (n - 1) / 2 for n in groups.values())

    both = pairs(Counter(rows))
    precision = both / (pairs(Counter(cluster for cluster, _ in rows)) or 1)
    recall = both / (pairs(Counter(truth for _, truth in rows)) or 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / ((precision + recall) or 1)}


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]))))
