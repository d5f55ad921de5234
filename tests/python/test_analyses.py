"""The legacy plans' own questions: each analysis against an answer found another way, from the legacy tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import yaml
from builds import connect
from dbt.cli.main import dbtRunner

from customer360.profiles import example_profile
from customer360.project import project_dir
from customer360.server import Server
from cutovers import copies

NAMES = sorted(path.stem for path in (project_dir() / "analyses").glob("*.sql"))

# Which customer each legacy row belongs to, by the link tables.
LINKS = """
    select customer_id, record_no, 'marketplace' as system from c360.customer_users
    union all select customer_id, record_no, 'marketplace' from c360.customer_service_requests
    union all select customer_id, record_no, 'booking' from c360.customer_prospects
    union all select customer_id, record_no, 'booking' from c360.customer_appointments
    union all select customer_id, record_no, 'booking' from c360.customer_conversations
    union all select customer_id, record_no, 'field_service' from c360.customer_equipment
    union all select customer_id, record_no, 'field_service' from c360.customer_service_tickets
    union all select customer_id, record_no, 'commerce' from c360.customer_shop_customers
    union all select customer_id, record_no, 'commerce' from c360.customer_profiles
    union all select customer_id, record_no, 'commerce' from c360.customer_carts
    union all select customer_id, record_no, 'commerce' from c360.customer_orders
    union all select customer_id, record_no, 'commerce' from c360.customer_sessions
    union all select customer_id, record_no, 'crm' from c360.customer_leads
"""
TICKETS = """
    select links.customer_id, count(*) as tickets, min(created_at) as first_at, max(created_at) as last_at
    from field_service.service_tickets
    inner join c360.customer_service_tickets as links on links.source_id = service_tickets.id
    group by links.customer_id
"""

# {analysis: (what of its answer to compare, the same by another way)}
EXPECTED = {
    "top_customers_by_tickets": (
        "customer_id, tickets, last_ticket_at",
        f"""
        with counted as ({TICKETS})
        select customer_id, tickets, last_at from counted
        where (select count(*) from counted as others where others.tickets > counted.tickets) < 10
        """,
    ),
    "ticket_frequency": (
        "customer_id, tickets_per_month",
        f"""
        select customer_id, round(((tickets - 1) / nullif(extract(epoch from last_at - first_at) / 2592000, 0)), 2)
        from ({TICKETS}) as counted where tickets > 1
        """,
    ),
    "customers_by_source": (
        "system, first_seen, seen",
        f"""
        with links as ({LINKS}),
        firsts as (select distinct on (customer_id) customer_id, system from links order by customer_id, record_no)
        select
            system,
            (select count(*) from firsts where firsts.system = links.system),
            count(distinct customer_id)
        from links group by system
        """,
    ),
    "lifetime_value": (
        "customer_id, currency, lifetime_value",
        """
        select links.customer_id, orders.currency, sum(orders.total)
        from commerce.orders inner join c360.customer_orders as links on links.source_id = orders.id::text
        where orders.status in ('delivered', 'paid', 'pending')
        group by links.customer_id, orders.currency
        """,
    ),
    "journey_across_branches": (
        "customer_id, branches",
        """
        select links.customer_id, count(distinct leads.branch_id)
        from crm.leads_master as leads inner join c360.customer_leads as links on links.source_id = leads.id::text
        group by links.customer_id having count(distinct leads.branch_id) > 1
        """,
    ),
    "customers_of_organizations": (
        "organization_id, customers",
        """
        select organization_id, count(*) from c360.customers
        where organization_id is not null and record_count > 0 group by organization_id
        """,
    ),
    "service_request_history": (
        "customer_id, source_id, service_type, status, budget, currency, created_at",
        """
        select
            links.customer_id, requests.id::text, requests.service_type, requests.status, requests.budget,
            requests.currency, requests.created_at
        from marketplace.service_requests as requests
        inner join c360.customer_service_requests as links on links.source_id = requests.id::text
        """,
    ),
    "profiles_of_customers": (
        "customer_id, profile_id",
        """
        select links.customer_id, profiles.user_id
        from commerce.profiles inner join c360.customer_profiles as links on links.source_id = profiles.user_id::text
        """,
    ),
    "linked_records": (
        "entity, linked",
        """
        select 'users', count(*) from c360.customer_users
        union all select 'service_requests', count(*) from c360.customer_service_requests
        union all select 'prospects', count(*) from c360.customer_prospects
        union all select 'appointments', count(*) from c360.customer_appointments
        union all select 'omni_conversations', count(*) from c360.customer_conversations
        union all select 'equipment', count(*) from c360.customer_equipment
        union all select 'service_tickets', count(*) from c360.customer_service_tickets
        union all select 'customers', count(*) from c360.customer_shop_customers
        union all select 'profiles', count(*) from c360.customer_profiles
        union all select 'carts', count(*) from c360.customer_carts
        union all select 'orders', count(*) from c360.customer_orders
        union all select 'sessions', count(*) from c360.customer_sessions
        union all select 'leads_master', count(*) from c360.customer_leads
        """,
    ),
}


@pytest.fixture(scope="module")
def url(postgres: Server, built: str) -> Iterator[str]:
    """A copy of the built database, for looking only."""
    with copies(postgres, built) as (copy,):
        yield copy


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(url) as connection:
        yield connection


@pytest.fixture(scope="module")
def compiled(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """{analysis: the SQL that dbt makes of it}."""
    target = tmp_path_factory.mktemp("compiled")
    with connect(url) as connection, example_profile(connection, "c360") as profiles:
        done = dbtRunner().invoke(
            [
                *("compile", "--select", "resource_type:analysis", "--quiet"),
                *("--project-dir", str(project_dir()), "--profiles-dir", str(profiles)),
                *("--target-path", str(target), "--log-path", str(target)),
            ]
        )
    assert done.success, done.exception
    return {path.stem: path.read_text() for path in target.rglob("analyses/*.sql")}


def answer(connection: psycopg.Connection[Any], query: str, columns: str = "*") -> list[Any]:
    return connection.execute(f"select {columns} from ({query}) as answer".encode()).fetchall()


def test_every_analysis_is_described_and_runs(connection: psycopg.Connection[Any], compiled: dict[str, str]) -> None:
    described = yaml.safe_load((project_dir() / "analyses/_analyses.yml").read_text())["analyses"]
    assert sorted(each["name"] for each in described) == NAMES == sorted(compiled)
    assert all(re.search(r"plans? 00\d", each["description"]) for each in described)
    empty = [name for name, query in compiled.items() if not answer(connection, query)]
    assert set(empty) <= {"duplicate_contacts", "phones_in_january"}


@pytest.mark.parametrize("name", EXPECTED)
def test_answer_is_that_of_the_legacy_tables(
    connection: psycopg.Connection[Any], compiled: dict[str, str], name: str
) -> None:
    columns, expected = EXPECTED[name]
    found = answer(connection, compiled[name], columns)
    assert sorted(map(repr, found)) == sorted(map(repr, connection.execute(expected.encode()).fetchall()))
    assert found


def test_many_tickets_are_those_of_one_organization_in_mumbai(
    connection: psycopg.Connection[Any], compiled: dict[str, str]
) -> None:
    """By the truth, which no model reads."""
    found = answer(connection, compiled["customers_of_mumbai_with_many_tickets"], "customer_id, tickets")
    people = connection.execute(
        """
        select links.customer_id, array_agg(distinct truth.person_id), count(*)
        from truth.records as truth
        inner join c360.customer_service_tickets as links using (source_id)
        where truth.entity = 'service_tickets'
        group by links.customer_id
        """
    ).fetchall()
    persons = {customer: people for customer, people, _ in people}
    mumbai = {
        person
        for (person,) in connection.execute(
            """
            select truth.person_id
            from truth.records as truth
            inner join field_service.service_tickets as tickets on tickets.id = truth.source_id
            where truth.entity = 'service_tickets'
            group by truth.person_id
            having count(*) > 10 and mode() within group (order by lower(btrim(tickets.city))) = 'mumbai'
            """
        )
    }
    assert found
    assert all(len(persons[customer]) == 1 for customer, _ in found), "a customer is two organisations"
    assert {persons[customer][0] for customer, _ in found} == mumbai


def test_journey_lists_every_lead_in_time(connection: psycopg.Connection[Any], compiled: dict[str, str]) -> None:
    journeys = answer(connection, compiled["journey_across_branches"], "customer_id, journey")
    for customer_id, journey in journeys:
        steps = [re.sub(r" \(.*\)$", "", step) for step in journey.split(" → ")]
        leads = connection.execute(
            """
            select leads.branch_id, records.event_at
            from crm.leads_master as leads
            inner join c360.customer_leads as links on links.source_id = leads.id::text
            inner join c360_intermediate.int_records as records using (record_no)
            where links.customer_id = %s and leads.branch_id is not null
            order by coalesce(records.event_at, leads.created_at), leads.branch_id
            """,
            [customer_id],
        ).fetchall()
        assert steps == [branch for branch, _ in leads]


def test_phones_of_a_month_are_those_of_the_records_of_then(
    connection: psycopg.Connection[Any], compiled: dict[str, str]
) -> None:
    """In 2021, since the made-up data ends before 2026."""
    query = compiled["phones_in_january"].replace("2026-", "2021-")
    found = set(answer(connection, query, "customer_id, value"))
    users = connection.execute(
        """
        select links.customer_id, right(regexp_replace(users.phone_number, '[^0-9]', '', 'g'), 6)
        from marketplace.users
        inner join c360.customer_users as links on links.source_id = users.id::text
        where
            users.created_at < '2021-02-01' and users.updated_at >= '2021-01-01'
            and users.phone_number ~ '^[+0-9 ]{10,}$'
        """
    ).fetchall()
    assert users
    tails = {(customer, value[-6:]) for customer, value in found}
    assert set(users) <= tails
    assert len(found) > len(users)


def test_spellings_are_those_of_the_records(connection: psycopg.Connection[Any], compiled: dict[str, str]) -> None:
    for customer_id, names in answer(connection, compiled["names_spelled_many_ways"], "customer_id, names"):
        assert len(set(names)) == len(names) >= 3
        given = connection.execute(
            f"""
            select array_agg(full_name) || array_agg(organization_name) from c360_intermediate.int_records
            where record_no in (select record_no from ({LINKS}) as links where customer_id = %s)
            """.encode(),
            [customer_id],
        ).fetchone()
        assert given is not None
        assert set(names) <= set(given[0])


def test_duplicate_contacts_would_be_found(connection: psycopg.Connection[Any], compiled: dict[str, str]) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute("alter table c360.customers drop constraint customers_tenant_phone_key")
        connection.execute(
            """
            update c360.customers set primary_phone = '+919876543210'
            where customer_id in (
                select customer_id from c360.customers
                where tenant_id = (select min(tenant_id) from c360.customers) and record_count > 0 limit 2
            )
            """
        )
        assert answer(connection, compiled["duplicate_contacts"], "kind, value, customers") == [
            ("phone", "+919876543210", 2)
        ]


PAGE = re.findall(r"```sql\n(.*?)```", (project_dir() / "docs/analysts.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("role", "path"), [("c360_reader", "c360_masked"), ("c360_admin", "c360, c360_history, c360_functions")]
)
def test_queries_of_the_analysts_page_run(connection: psycopg.Connection[Any], role: str, path: str) -> None:
    queries = [query for block in PAGE for query in block.split(";\n") if query.strip()]
    assert len(queries) > 10
    with connection.transaction(force_rollback=True):
        connection.execute(f"set local role {role}; set local search_path = {path}".encode())
        for query in queries:
            if not query.startswith("set "):
                connection.execute(query.encode())
