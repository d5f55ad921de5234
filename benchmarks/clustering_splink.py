"""The peer of benchmarks/clustering.py: Splink's clustering of the table `edges`, on PostgreSQL or on DuckDB.

Runs in an environment of its own and prints one JSON object: seconds, records in clusters, clusters. What Splink needs
before it clusters (its own copy of the edges, the list of records) is there before the clock starts.
"""

from __future__ import annotations

import json
import sys
import time

import duckdb
import psycopg
import sqlalchemy
from splink.backends.duckdb import DuckDBAPI
from splink.backends.postgres import PostgresAPI
from splink.clustering import cluster_pairwise_predictions_at_threshold

COLUMNS = {
    "node_id_column_name": "unique_id",
    "edge_id_column_name_left": "unique_id_l",
    "edge_id_column_name_right": "unique_id_r",
}


def on_postgres(conninfo: str) -> tuple[float, int, int]:
    """Where the edges are."""
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo))
    database = PostgresAPI(engine)
    nodes, edges = database.register("nodes"), database.register("edges")
    started = time.monotonic()
    found = cluster_pairwise_predictions_at_threshold(nodes, edges, database, **COLUMNS)
    seconds = time.monotonic() - started
    with engine.connect() as connection:
        count = f"select count(*), count(distinct cluster_id) from {found.physical_name}"  # Splink's own name
        records, clusters = connection.execute(sqlalchemy.text(count)).one()
    return seconds, records, clusters


def on_duckdb(conninfo: str) -> tuple[float, int, int]:
    """Over a copy of the edges in memory."""
    connection = duckdb.connect()
    with psycopg.connect(conninfo) as source:
        for table, columns in {"nodes": ("unique_id",), "edges": ("unique_id_l", "unique_id_r")}.items():
            rows = source.execute(f"select {', '.join(columns)} from {table}").fetchall()
            arrays = [list(values) for values in zip(*rows, strict=True)]
            connection.execute(
                f"create table {table} as select "
                + ", ".join(f"unnest($v{place}::bigint[]) as {column}" for place, column in enumerate(columns)),
                {f"v{place}": values for place, values in enumerate(arrays)},
            )
    database = DuckDBAPI(connection)
    nodes, edges = database.register("nodes"), database.register("edges")
    started = time.monotonic()
    found = cluster_pairwise_predictions_at_threshold(nodes, edges, database, **COLUMNS)
    seconds = time.monotonic() - started
    counted = connection.execute(f"select count(*), count(distinct cluster_id) from {found.physical_name}").fetchone()
    assert counted is not None
    return seconds, counted[0], counted[1]


if __name__ == "__main__":
    backend, conninfo = sys.argv[1:]
    seconds, records, clusters = {"postgres": on_postgres, "duckdb": on_duckdb}[backend](conninfo)
    print(json.dumps({"seconds": seconds, "records": records, "clusters": clusters}))
