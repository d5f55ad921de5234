"""Training without labels: comparison patterns are counted in the database, EM runs there over the counts."""

from __future__ import annotations

import json
from dataclasses import dataclass

import psycopg
from psycopg import sql

from customer360.errors import C360Error
from customer360.queries import query

# How many matching pairs the starting m counts for: enough to steady a level that hardly occurs.
STRENGTH = 5.0
MAX_STEPS = 200
LEVELS = 13
# Pairs that agree without being one entity, by kind: relatives and namesakes, neighbours and branches (class_no 1 and 2
# of the seed). Each class is alike in these attributes (true: by chance alone); in all others it is as strangers are.
# Learnt apart, they are not taken for the matches.
RELATED = {
    "person": [
        {"last_name": False, "address": False, "phone": False, "email": False},
        {"first_name": True, "last_name": True, "email": False},
    ],
    "organization": [
        {"address": False, "phone": False, "email": False},
        {"organization_name": False, "phone": False, "email": False},
    ],
}
# First and last names of one region go together: people share both so many times as often as if the two were drawn
# apart, at most. More namesakes than that are matches.
MOST_COINCIDENCE = 10.0


class TrainingError(C360Error):
    """There is nothing to train on."""


@dataclass(frozen=True)
class Weight:
    """One row of the seed match_weights."""

    kind: str
    class_no: int
    """0 for the matches, else which class of related pairs."""
    attribute: str
    level: int
    m: float
    u: float | None


def train(connection: psycopg.Connection, *, intermediate: str, seeds: str, functions: str, start: str) -> list[Weight]:
    """Estimate m and u for each kind that has records, starting from the model version `start`."""
    names = {"intermediate": intermediate, "seeds": seeds, "functions": functions}
    parameters = {"start": start, "strength": STRENGTH, "max_steps": MAX_STEPS, "levels": LEVELS}
    parameters |= {"related": json.dumps(RELATED), "most_coincidence": MOST_COINCIDENCE}
    rows = connection.execute(query("train_match_weights", **names), parameters).fetchall()
    if not rows:
        raise TrainingError(
            "No two records share a block, so there is nothing to train on.",
            hint="look at int_match_blocks: the records need names, dates or addresses in common.",
        )
    return [Weight(*row) for row in rows]


def single_attribute(connection: psycopg.Connection, *, intermediate: str) -> tuple[str, str] | None:
    """Kind and attribute where one attribute is all that can be compared: there EM cannot tell m from u."""
    found = connection.execute(
        sql.SQL("select distinct kind, attribute from {} where level >= 0").format(
            sql.Identifier(intermediate, "int_random_levels")
        )
    ).fetchall()
    return found[0] if len(found) == 1 else None


def refine(
    connection: psycopg.Connection,
    version: str,
    kind: str,
    attribute: str,
    *,
    intermediate: str,
    seeds: str,
    functions: str,
) -> list[Weight]:
    """The weights of the only attribute anew, from the clusters that those of `version` made; none without clusters."""
    statement = query(
        "refine_match_weights", intermediate=intermediate, seeds=seeds, functions=functions, attribute=attribute
    )
    parameters = {"version": version, "kind": kind, "attribute": attribute, "strength": STRENGTH}
    return [Weight(*row) for row in connection.execute(statement, parameters).fetchall()]


def store_weights(connection: psycopg.Connection, seeds: str, version: str, weights: list[Weight]) -> None:
    """Put `weights` beside the versions that the seed has."""
    table = sql.Identifier(seeds, "match_weights")
    with connection.transaction():
        connection.execute(sql.SQL("delete from {} where model_version = %s").format(table), [version])
        connection.cursor().executemany(
            sql.SQL(
                "insert into {} (model_version, kind, class_no, attribute, level, m, u)"
                " values (%s, %s, %s, %s, %s, %s, %s)"
            ).format(table),
            [(version, w.kind, w.class_no, w.attribute, w.level, w.m, w.u) for w in weights],
        )  # fmt: skip


def check_version(connection: psycopg.Connection, seeds: str, version: str) -> None:
    """Refuse a version that the seed does not have."""
    rows = connection.execute(
        sql.SQL("select distinct model_version from {} order by 1").format(sql.Identifier(seeds, "match_weights"))
    ).fetchall()
    known = [name for (name,) in rows]
    if version not in known:
        raise TrainingError(f"seeds/match_weights.csv has no version {version}.", hint=f"it has {', '.join(known)}.")
