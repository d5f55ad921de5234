"""The summary: what it shows of people, how it fits a page, how it counts pairs."""

from __future__ import annotations

import io

import psycopg
import pytest
from rich.console import Console

from customer360.dbt import Build
from customer360.summary import (
    Ignored,
    Pairwise,
    Problem,
    Register,
    Rule,
    Spread,
    Summary,
    SystemRecords,
    WorstIdentifier,
    pairwise,
)
from customer360.summary_page import print_build, print_summary, print_truth


def test_values_of_people_are_masked() -> None:
    def masked(kind: str, value: str) -> str:
        return WorstIdentifier(kind, value, "shared", "", 1).masked

    assert masked("phone", "+919876543210") == "…3210"
    assert masked("email", "asha.rao@clinic.example") == "…@clinic.example"
    assert masked("reference", "crm.customers:11111111-2222-3333-4444-555566667777") == "crm.customers:…7777"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_page_fits_80_columns_without_colour(encoding: str) -> None:
    summary = Summary(
        systems=[
            SystemRecords("field_service", 9_000_000, 12_345, 17, 4_000_000),
            SystemRecords("crm", 1, 0, 0, 0),
        ],
        register=Register(2_345_678, 9_000_000, 1_234_567, 98_765, 3, 12, 3, 11, None),
        spread=[Spread(1, 2_000_000), Spread(2, 345_678)],
        rules=[Rule("registration_number", 5_000_000), Rule("phone", 3)],
        problems=[Problem("longer than 500 characters", 12_345, "field_service.service_tickets.customer_name")],
        ignored=[Ignored("placeholder", 12, 1_234), Ignored("shared", 3, 456)],
        worst=[WorstIdentifier("phone", "+919876543210", "shared", "12 groups of names [share] it " * 4, 999)],
    )
    output = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = Console(file=output, width=80, highlight=False)
    print_summary(console, summary)
    print_truth(console, Pairwise(10, 0, 3, 5))
    print_build(console, Build((), ("a warning " * 30,), 12.0))
    output.seek(0)
    page = output.read()
    assert "2,345,678 customers" in page
    assert "[share]" in page
    assert "\x1b" not in page
    assert "876543210" not in page
    assert [line for line in page.splitlines() if len(line) > 80 or line != line.rstrip()] == []


# a1 to a3 are one person, b1 and b2 two of one household, c1 a stranger in the household's cluster.
PLACED = """
    create table placed as
    select * from (
        values
        (1, 'a1', 'ann', null, 1),
        (2, 'a2', 'ann', null, 1),
        (3, 'a3', 'ann', null, 3),
        (4, 'b1', 'bob', 'h1', 4),
        (5, 'b2', 'bea', 'h1', 4),
        (6, 'c1', 'cid', null, 4)
    ) as placed (record_no, source_id, person_id, household_id, anchor_no);

    create schema truth
    create view records as select left(source_id, 1) as system, 'e' as entity, source_id, person_id from public.placed
    create view people as select distinct person_id, household_id from public.placed;

    create schema c360_intermediate
    create view int_records as
        select record_no, left(source_id, 1) as system, 'e' as entity, source_id from public.placed
    create view int_clusters as select record_no, anchor_no, true as is_live from public.placed
"""


def test_pairwise_counts_by_group_sizes(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute(PLACED)
        pairs = pairwise(connection)
    assert (pairs.true_positive, pairs.false_positive, pairs.household_pairs, pairs.false_negative) == (
        1,
        2,
        1,
        2,
    )
    assert pairs.precision == pytest.approx(1 / 3)
    assert pairs.recall == pytest.approx(1 / 3)
    assert pairs.f1 == pytest.approx(1 / 3)
    assert pairs.recall_by_system == {"a": pytest.approx(1 / 3), "b": None, "c": None}


def test_recall_of_a_system_is_of_the_pairs_that_it_takes_part_in(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        connection.execute(PLACED.replace("'a3', 'ann'", "'b3', 'ann'").replace("'b2', 'bea'", "'b2', 'bob'"))
        pairs = pairwise(connection)
    # Of a: a1 and a2 are joined, b3 is with neither. Of b: besides those two, b1 and b2 are joined.
    assert pairs.recall_by_system == {"a": pytest.approx(1 / 3), "b": pytest.approx(1 / 3), "c": None}
