"""Law 2 with scores: a delta build scores only the pairs that it touches, and ends like a build of everything.

Random histories (histories.py) and a crowd whose common first name crosses its block's cap are built step by step.
Twice on the way a full refresh has nothing to change, and at the end a build from scratch makes the same.
A hostile table, of which a hundred thousand have one name, pairs nobody with everybody.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import TARGET, build, connect, one
from click.testing import Result
from conftest import ServerOf, fresh_database
from histories import Contents, World, clear, contents, draw_histories, forget, play, row_versions
from test_histories import MODELS_ONLY, copy

from customer360 import legacy
from customer360.summary import pairwise

# Small bounds, so that clusters are cut and refused all the time; a tenant of any size counts as it is.
VARIABLES = "{score_pairs: true, match_smallest_population: 1, match_largest_component: 8, max_cluster_records: 6}"
ON = "{score_pairs: true}"
# The models that take the time of a full run.
LONG = ("int_match_features", "int_match_keys", "int_comparison_vectors", "int_scored_pairs")
CROWD = (38, 45, 39, 60, 12)
IS_CAPPED = """
    select bool_or(is_capped) from c360_intermediate.int_match_blocks
    where key_hash in (select key_hash from c360_intermediate.int_match_keys where key = 'maria')
"""
"""People called Maria at each step; the block of a first name is capped at 40."""


def lead(no: int) -> str:
    return f"00000000-0000-4000-9000-{no:012d}"


def add_leads(connection: psycopg.Connection[Any], tenant: str, leads: dict[int, tuple[str, str | None]]) -> None:
    """(full name, city) by number; a lead that is there already changes."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into crm.leads_master (id, tenant_id, full_name, city, phone_number, created_at)
            values (%s, %s, %s, %s, %s, '2024-01-01')
            on conflict (id) do update set full_name = excluded.full_name, city = excluded.city
            """,
            [
                (lead(no), tenant, name, city, f"+9198{no % 89989 + 10007:05d}{no % 787 + 111:03d}")
                for no, (name, city) in leads.items()
            ],
        )


def crowd(connection: psycopg.Connection[Any], step: int) -> None:
    """A crowd of Marias, some of whom are written down twice, grows and shrinks across the cap."""
    dice = random.Random(step)
    letters = "bdfgklmnprst"
    surnames = ["".join(letters[no // 12**place % 12] + "aeiou"[no % 5] for place in range(3)) for no in range(80)]
    connection.execute("delete from crm.leads_master where id >= %s", [lead(CROWD[step])])
    connection.execute("delete from crm.leads_master where tenant_id = 'crowd_a' and id >= %s", [lead(100)])
    marias = {no: (f"Maria {surnames[no]}", dice.choice(["Pune", "Delhi", None])) for no in range(CROWD[step])}
    twins = {no + 100: (f"Mariah {surnames[no]}", marias[no][1]) for no in marias if (no + step) % 3}
    add_leads(connection, "crowd_a", marias | twins)


def changed(before: Contents, after: Contents) -> list[str]:
    """Rows that only one of two builds has."""
    return [
        f"{which}: {row}"
        for tenant in sorted(before.keys() | after.keys())
        for which, rows in (
            ("only incrementally", before.get(tenant, set()) - after.get(tenant, set())),
            ("only at once", after.get(tenant, set()) - before.get(tenant, set())),
        )
        for row in sorted(rows)
    ]


@pytest.mark.timeout(1800)
def test_scores_of_deltas_are_those_of_one_full_build(server_of: ServerOf) -> None:
    server = server_of("18")
    worlds = [World(no, history) for no, history in enumerate(draw_histories(25, 361))]
    is_capped, rules = set(), set()
    with fresh_database(server) as url, connect(url) as connection:
        legacy.generate(url, people=30)
        clear(connection)
        for step in range(len(CROWD)):
            play(connection, worlds, step)
            crowd(connection, step)
            build(url, variables=VARIABLES, exclude=MODELS_ONLY)
            if step in (1, 4):
                before, versions = contents(connection, of_history=True), row_versions(connection)
                build(url, variables=VARIABLES, exclude=MODELS_ONLY, full_refresh=True)
                assert changed(before, contents(connection, of_history=True)) == [], f"after step {step}"
                rewritten = [table for table, rows in row_versions(connection).items() if rows != versions[table]]
                assert not rewritten, f"a full refresh that changes nothing rewrote rows of {rewritten}"
            is_capped.add(one(connection, IS_CAPPED))
            rules |= set(
                connection.execute(
                    "select rule = 'score', split_part(reason, ' ', 1) from c360_intermediate.int_refused_edges"
                ).fetchall()
            )
        assert one(connection, "select count(*) from c360_intermediate.int_edges where rule = 'score'") > 20
        assert is_capped == {True, False}
        assert {(True, "separated"), (True, "the"), (False, "separated")} <= rules, "the histories have become too tame"
        of_data = contents(connection, of_history=False)
        connection.close()  # a database that is in use cannot be copied
        with copy(server, url) as scratch, connect(scratch) as anew:
            forget(anew)
            build(scratch, variables=VARIABLES, exclude=MODELS_ONLY)
            assert changed(of_data, contents(anew, of_history=False)) == []


def test_scores_find_what_identifiers_leave_and_hardly_anybody_else(
    c360: Callable[..., Result], empty_database: str
) -> None:
    """The made-up registers: namesakes, families, front desks, name-only records, spellings of every kind."""
    done = c360("demo", "--score-pairs", DATABASE_URL=empty_database)
    assert done.exit_code == 0, done.output
    with connect(empty_database) as connection:
        found = pairwise(connection)
    assert found.precision >= 0.995
    assert found.f1 >= 0.98
    assert set(found.recall_by_system) == {"booking", "commerce", "crm", "field_service", "marketplace"}
    assert min(recall or 0 for recall in found.recall_by_system.values()) > 0.95


def test_a_block_of_a_hundred_thousand_pairs_nobody(server_of: ServerOf) -> None:
    """A crowd of one name and town, everybody called Test, rows without anything: nothing explodes."""
    with fresh_database(server_of("18")) as url, connect(url) as connection:
        legacy.generate(url, people=30)
        clear(connection)
        connection.execute(
            """
            insert into crm.leads_master (id, tenant_id, full_name, phone_number, city, created_at)
            select gen_random_uuid(), 'hostile', crowd.full_name, crowd.phone, crowd.city, '2024-01-01'
            from (
                values
                ('Maria Silva', null, 'Lyon', 100000), ('Test', '+33612345789', null, 5000), (null, null, null, 5000)
            ) as crowd (full_name, phone, city, size)
            cross join lateral generate_series(1, crowd.size)
            """
        )
        build(url, variables=ON, select=("+int_scored_pairs",), only_models=True)
        features = "select count(*) from c360_intermediate.int_match_features where tenant_id = 'hostile'"
        assert one(connection, features) == 105_000, "who has nothing at all is not looked at"
        capped = connection.execute(
            """
            select rule, key, records from c360_intermediate.int_match_blocks
            inner join c360_seeds.blocking_rules using (rule_no)
            where is_capped and records >= 5000
            """
        ).fetchall()
        assert {("names", "maria|silva", 100_000), ("last_name_and_place", "silva|lyon", 100_000)} <= set(capped)
        assert ("phone", "33612345789", 5000) in capped
        assert one(connection, "select count(*) from c360_intermediate.int_candidate_pairs") == 0


def workers_can_run(connection: psycopg.Connection[Any], model: str) -> bool:
    """Whether PostgreSQL may hand the model's whole query, as the last build compiled it, to parallel workers."""
    query = Path(TARGET, "compiled/customer360/models/matching", f"{model}.sql").read_text("utf-8")
    with connection.transaction():
        connection.execute("set local debug_parallel_query = on")
        return str(one(connection, f"explain {query}")).startswith("Gather")


def test_a_delta_scores_only_the_pairs_that_touch_it(server_of: ServerOf) -> None:
    """Enough agree on a name already that one more moves no rounded count of the tenant."""
    with fresh_database(server_of("18")) as url, connect(url) as connection:
        legacy.generate(url, people=30)
        clear(connection)
        calm = {no: (f"Person{no % 3} Number{no % 4}", None) for no in range(10, 40)}
        add_leads(
            connection, "calm", calm | {1: ("Zebediah Quillfeather", "Oslo"), 2: ("Zebediah Quilfeather", "Oslo")}
        )
        build(url, variables=ON, exclude=MODELS_ONLY)
        scored = "select count(*) from c360_intermediate.int_candidate_pairs"
        assert one(connection, scored) > 100
        assert {model: workers_can_run(connection, model) for model in LONG} == dict.fromkeys(LONG, True)
        add_leads(connection, "calm", {4: ("Zebediah Quillfeather", "Bergen")})
        build(url, variables=ON, exclude=MODELS_ONLY)
        assert 0 < one(connection, scored) <= 3, "the new lead and the two like it"
        versions = row_versions(connection)
        build(url, variables=ON, exclude=MODELS_ONLY)
        assert one(connection, scored) == 0
        assert row_versions(connection) == versions
