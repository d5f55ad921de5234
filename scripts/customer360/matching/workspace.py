"""Schemas of their own in which matching runs for an evaluation or a training, and is gone afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import yaml
from psycopg import sql
from rich.console import Console

from customer360.config import Database
from customer360.dbt import Build, BuildOptions, build
from customer360.project import project_dir

# What training reads, with all that it is made from: functions, seeds, features, candidate pairs, comparison vectors.
TRAINED_ON = (
    *("+int_match_patterns", "+int_random_levels", "+int_decided_levels"),
    *("match_weights", "+estimate_match_weights"),
)


@contextmanager
def workspace(connection: psycopg.Connection, own: Database) -> Iterator[None]:
    """The schemas of `own`, of which only the first is there, empty; whatever is made in them goes with them."""
    _drop(connection, own)
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(own.schema)))
    try:
        yield
    finally:
        _drop(connection, own)


def build_models(
    own: Database,
    connection: psycopg.Connection,
    console: Console | None,
    select: tuple[str, ...],
    variables: Mapping[str, Any],
) -> Build:
    """Build `select` in the schemas of `own`; the manifest of the real project stays as it is."""
    before = os.environ.get("DBT_TARGET_PATH")
    os.environ["DBT_TARGET_PATH"] = f"{before or 'target'}/{own.schema}"
    try:
        options = BuildOptions(select, only_models=True, variables=json.dumps({"score_pairs": True, **variables}))
        return build(own, connection, options, console)
    finally:
        os.environ.pop("DBT_TARGET_PATH")
        if before is not None:
            os.environ["DBT_TARGET_PATH"] = before


def layers(own: Database) -> dict[str, str]:
    """The schemas that the queries of training name."""
    return {layer: own.schemas[layer] for layer in ("intermediate", "seeds", "functions")}


def project_variable(name: str) -> Any:
    """What dbt_project.yml says of a variable."""
    settings = yaml.safe_load((project_dir() / "dbt_project.yml").read_text(encoding="utf-8"))
    return settings["vars"][name]


def _drop(connection: psycopg.Connection, own: Database) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, own.schemas.values()))
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(names))
