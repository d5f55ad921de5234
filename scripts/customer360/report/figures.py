"""The figures of the report: each is the answer to one statement in `sql/`, all of one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from customer360.config import Database
from customer360.cutover.ledger import SCHEMA as LEDGER
from customer360.queries import query
from customer360.summary import WorstIdentifier, check_tables

Row = dict[str, Any]


@dataclass(frozen=True)
class About:
    """What the page says of itself."""

    database: str
    made_at: datetime
    model_version: str
    link_threshold: float
    review_threshold: float
    systems: Sequence[str]
    """Those that have a cutover."""
    phases: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """One figure: its statement, and the table without which it has nothing to say."""

    statement: str
    needs: tuple[str, str] | None = None
    """(layer, table) that an older or partial build may lack."""


FIGURES = {
    "records": Figure("summary_records"),
    "register": Figure("summary_customers"),
    "spread": Figure("summary_spread"),
    "ties": Figure("summary_rules"),
    "problems": Figure("summary_problems"),
    "worst": Figure("summary_worst_identifiers"),
    "flow": Figure("report_flow"),
    "sizes": Figure("report_sizes"),
    "ignored": Figure("report_ignored"),
    "weights": Figure("report_weights", ("seeds", "match_weights")),
    "scores": Figure("report_scores", ("intermediate", "int_scored_pairs")),
    "first_seen": Figure("report_first_seen"),
    "history": Figure("report_history", ("history", "customers_history")),
    "builds": Figure("report_builds", ("ops", "build_history")),
    "tests": Figure("report_tests", ("ops", "test_results")),
    "review": Figure("report_review", ("canonical", "review_pairs")),
    "decisions": Figure("report_decisions", ("intermediate", "int_overrides")),
    "cutover": Figure("report_cutover", ("ledger", "ledger")),
}


def collect_figures(database: Database, connection: psycopg.Connection, about: About) -> dict[str, list[Row]]:
    """The rows of every figure as of one moment; none where a build has not made what it reads."""
    names = {**database.schemas, "ledger": LEDGER}
    parameters = {"model_version": about.model_version, "systems": list(about.systems), "phases": list(about.phases)}
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    check_tables(database, connection)
    found: dict[str, list[Row]] = {}
    with connection.cursor(row_factory=dict_row) as cursor:
        for name, figure in FIGURES.items():
            if figure.needs and not _exists(connection, names[figure.needs[0]], figure.needs[1]):
                found[name] = []
                continue
            found[name] = cursor.execute(query(figure.statement, **names), parameters).fetchall()
    found["worst"] = [{**row, "value": WorstIdentifier(**row).masked} for row in found["worst"]]
    return found


def _exists(connection: psycopg.Connection, schema: str, table: str) -> bool:
    row = connection.execute(
        "select true from pg_class where relname = %s and relnamespace = to_regnamespace(quote_ident(%s))",
        [table, schema],
    ).fetchone()
    return row is not None
