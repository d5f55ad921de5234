"""The project's data tests: each fails, or warns, once what it guards is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builds import connect
from dbt.cli.main import dbtRunner

from customer360.profiles import example_profile
from customer360.project import project_dir
from customer360.server import Server
from cutovers import copies

# What breaks each of them, in a database where all of them pass.
BROKEN = {
    "assert_anchor_is_first_seen": """
        update c360_intermediate.int_clusters as clusters
        set anchor_no = oldest.last_no
        from (
            select anchor_no, max(record_no) as last_no from c360_intermediate.int_clusters
            where is_live group by anchor_no having count(*) > 2 order by anchor_no limit 1
        ) as oldest
        where clusters.anchor_no = oldest.anchor_no
    """,
    "assert_each_attribute_has_a_rule": "delete from c360_seeds.survivorship_rules where attribute = 'website'",
    "assert_golden_values_come_from_members": """
        update c360_intermediate.int_golden_records
        set provenance = jsonb_build_object('name', (select max(record_no) from c360_intermediate.int_records))
        where anchor_no = (select min(anchor_no) from c360_intermediate.int_golden_records)
    """,
    "assert_ignored_identifiers_link_nobody": """
        update c360_intermediate.int_edges
        set (tenant_id, value) = (
            select tenant_id, value from c360_intermediate.int_ignored_identifiers where kind = 'phone' limit 1
        )
        where rule = 'phone' and record_no_b = (
            select min(record_no_b) from c360_intermediate.int_edges where rule = 'phone'
        )
    """,
    "assert_live_records_have_one_customer": """
        delete from c360_intermediate.int_clusters
        where record_no = (select max(record_no) from c360_intermediate.int_records where record_status = 'live')
    """,
    "assert_match_model_version_exists": "delete from c360_seeds.match_weights",
    "assert_redirects_end_at_a_live_customer": """
        with gone as (
            update c360.customers set record_count = 0
            where anchor_no = (select max(anchor_no) from c360.customers)
            returning customer_id, anchor_no
        )
        insert into c360.customer_redirects (from_customer_id, to_customer_id, anchor_no, since, build_id)
        select customers.customer_id, gone.customer_id, customers.anchor_no, now(), 'made up'
        from gone
        inner join c360.customers on customers.anchor_no = (select min(anchor_no) from c360.customers)
    """,
    "assert_tenants_never_mix": """
        update c360_intermediate.int_records set tenant_id = 'another'
        where record_no = (select min(record_no) from c360_intermediate.int_clusters where record_no > anchor_no)
    """,
    "warn_giant_customers": """
        update c360.customers set record_count = 1000000 where anchor_no = (select min(anchor_no) from c360.customers)
    """,
    "warn_id_churn": """
        update c360.customers set record_count = 0, updated_at = now()
        where anchor_no > (select percentile_disc(0.9) within group (order by anchor_no) from c360.customers)
    """,
    "warn_match_rate_drift": "update c360_ops.build_history set identified_records = 2 * identified_records",
    "warn_newly_shared_identifiers": """
        with shared as (
            update c360_intermediate.int_ignored_identifiers set verdict = 'shared'
            where (tenant_id, kind, value) in (
                select tenant_id, kind, value from c360_intermediate.int_ignored_identifiers limit 1
            )
            returning tenant_id, kind, value
        )
        insert into c360_ops.changed_verdicts (tenant_id, kind, value) select tenant_id, kind, value from shared
    """,
    "warn_overrides_without_record": """
        insert into c360_intermediate.int_overrides
            (override, decision, tenant_id, record_no_a, record_a, record_b, reason, decided_by)
        values ('made-up', 'link', 'meridian', 1, 'crm.leads_master:1', 'crm.leads_master:nobody', 'misspelt', 'a test')
    """,
}


def outcomes(url: str, target: Path) -> dict[str, str]:
    """`dbt test` of the singular tests: how each ended."""
    with connect(url) as connection, example_profile(connection, "c360") as profiles:
        done: Any = dbtRunner().invoke(
            [
                *("test", "--select", "test_type:singular", "--vars", "{score_pairs: true}", "--quiet"),
                *("--project-dir", str(project_dir()), "--profiles-dir", str(profiles)),
                *("--target-path", str(target), "--log-path", str(target)),
            ]
        )
    return {result.node.name: str(result.status) for result in done.result}


def test_each_data_test_can_fail(postgres: Server, built: str, tmp_path: Path) -> None:
    with copies(postgres, built) as (url,), connect(url) as connection:
        before = outcomes(url, tmp_path)
        assert not {name for name, status in before.items() if name in BROKEN and status != "pass"}
        for statement in BROKEN.values():
            connection.execute(statement.encode())
        after = outcomes(url, tmp_path)
    assert {name for name, status in after.items() if status != "pass"} >= set(BROKEN), after
