"""Row-level security, broken into: everybody tries every command on every protected table and gets own rows only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from break_in import (
    ANONYMOUS,
    SIGNED_IN,
    Persona,
    Protected,
    acting_as,
    break_in,
    create_roles,
    grant,
    strangers,
)
from builds import build, connect, one
from psycopg import sql

from customer360 import legacy
from customer360.errors import BuildError

# The tables whose rows belong to a customer, with the column that says to which.
CANONICAL = """
    select c.oid::regclass::text, case c.relname when 'customer_redirects' then 'to_customer_id' else 'customer_id' end
    from pg_class as c
    where c.relnamespace = 'c360'::regnamespace and c.relkind = 'r' and c.relname <> 'legacy_customer_profile'
    order by 1
"""
UNPROTECTED = """
    select relname from pg_class where relnamespace = 'c360'::regnamespace and relkind = 'r' and not relrowsecurity
"""
PRIMARY_KEY = """
    select attname
    from pg_index
    join pg_attribute on attrelid = indrelid and attnum = indkey[0]
    where indisprimary and indrelid = %s::regclass
"""
# The tables of the shop whose policies go over to the profile, with what a new row of each needs.
SWITCHED: dict[str, dict[str, Any]] = {
    "commerce.carts": {},
    "commerce.orders": {"order_code": "BREAK-IN"},
    "commerce.sessions": {},
}
# For every canonical table and tenant one profile whose customer has rows in it.
PEOPLE = """
    select distinct on (profiles.tenant_id) profiles.tenant_id, profiles.source_id as profile_id, profiles.customer_id
    from c360.customer_profiles as profiles
    where exists (select from {table} as rows where rows.{column} = profiles.customer_id)
    order by profiles.tenant_id, profiles.record_no
"""
VICTIM = """
    select m.new_id, m.old_id
    from c360_ops.legacy_customer_profile as m
    join commerce.orders as o on o.profile_id = m.new_id
    where m.new_id::text <> all (%s) and m.old_id::text <> all (%s)
    order by m.new_id
    limit 1
"""
# A customer of the shop who has rows in every table.
BUSY_CUSTOMER = """
    select c.id
    from commerce.customers as c
    where exists (select from commerce.carts as t where t.customer_id = c.id)
        and exists (select from commerce.orders as t where t.customer_id = c.id)
        and exists (select from commerce.sessions as t where t.customer_id = c.id)
    order by c.id
    limit 1
"""
# Made-up customers seldom merge, so every profile's customer gets an id that leads to it.
REDIRECTS = """
    insert into c360.customer_redirects (from_customer_id, to_customer_id, anchor_no, since, build_id)
    select distinct on (former.customer_id) former.customer_id, profiles.customer_id, former.anchor_no, now(), 'test'
    from c360.customer_profiles as profiles
    join c360.customers as former on former.tenant_id = profiles.tenant_id and former.customer_id > profiles.customer_id
    order by former.customer_id, profiles.customer_id desc
    on conflict do nothing
"""


# Nobody came by live intake yet, so every profile's customer gets an entry there.
ENTRIES = """
    insert into c360.{links} (source_id, tenant_id, customer_id, record_no, linked_at)
    select distinct on (customer_id) source_id, tenant_id, customer_id, record_no, linked_at
    from c360.customer_profiles
    order by customer_id, source_id
"""


@pytest.fixture(scope="module")
def built(each_migrated: str) -> str:
    """The five systems after the whole migration, up to the switch."""
    return each_migrated


@pytest.fixture(scope="module")
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection, with the roles made and all rights granted: only the policies are left."""
    with connect(built) as connection:
        create_roles(connection)
        connection.execute(REDIRECTS)
        for links in ("customer_arrivals", "customer_updates"):
            connection.execute(sql.SQL(ENTRIES).format(links=sql.Identifier(links)))
        tables = [table for (table,) in connection.execute("select tablename from pg_tables where schemaname = 'c360'")]
        grant(connection, [*(f"c360.{table}" for table in tables), *SWITCHED], ANONYMOUS, SIGNED_IN)
        yield connection


@pytest.fixture(scope="module")
def customers(connection: psycopg.Connection[Any]) -> dict[Persona, Any]:
    """People who are signed in, each with the customer that it is; some of them claim more than is theirs."""
    people: dict[str, tuple[str, Any]] = {}
    for table, column in connection.execute(CANONICAL).fetchall():
        names = {"table": sql.Identifier(*table.split(".")), "column": sql.Identifier(column)}
        rows = connection.execute(sql.SQL(PEOPLE).format(**names)).fetchall()
        people |= {profile: (tenant, customer) for tenant, profile, customer in rows}
    (profile, (tenant, customer)), (other_profile, (other_tenant, _)) = list(people.items())[:2]
    assert tenant != other_tenant, "one tenant alone tells nothing about others"
    signed_in = {
        Persona.with_claims(f"{tenant}'s {customer}", sub=profile, role=SIGNED_IN): customer
        for profile, (tenant, customer) in people.items()
    }
    forged = {"profile_id": other_profile, "tenant_id": other_tenant}
    signed_in[Persona.with_claims("somebody who claims to be another", sub=profile, **forged)] = customer
    hidden = Persona.with_claims(
        "somebody with another in the metadata", sub=profile, user_metadata={"sub": other_profile}
    )
    signed_in[hidden] = customer
    signed_in[Persona("somebody with an old token", settings=(("request.jwt.claim.sub", profile),))] = customer
    return signed_in


@pytest.fixture(scope="module")
def canonical(connection: psycopg.Connection[Any], customers: dict[Persona, Any]) -> list[Protected]:
    """The canonical tables: whoever is signed in reads its own rows and writes nothing."""
    tables = []
    for table, column in connection.execute(CANONICAL).fetchall():
        key = one(connection, PRIMARY_KEY, [table])
        statement = sql.SQL("select {key} from {table} where {column} = %s").format(
            key=sql.Identifier(key), table=sql.Identifier(*table.split(".")), column=sql.Identifier(column)
        )
        own = {
            persona.name: {row[0] for row in connection.execute(statement, [customer]).fetchall()}
            for persona, customer in customers.items()
        }
        tables.append(Protected(table, key, own, commands=("select",)))
    return tables


def test_canonical_tables_show_own_rows_and_take_none(
    connection: psycopg.Connection[Any], canonical: list[Protected], customers: dict[Persona, Any]
) -> None:
    assert list(break_in(connection, canonical, [*customers, *strangers()])) == []
    for table in canonical:
        assert any(table.own.values()), f"nobody owns a row of {table.table}: nothing was tried there"


def test_every_canonical_table_is_protected(connection: psycopg.Connection[Any]) -> None:
    """A table without a policy shows nothing to anybody; a table without row-level security shows all."""
    assert connection.execute(UNPROTECTED).fetchall() == []
    for persona in strangers():
        with acting_as(connection, persona):
            assert one(connection, "select count(*) from c360.legacy_customer_profile") == 0


@pytest.fixture(scope="module")
def shoppers(connection: psycopg.Connection[Any], customers: dict[Persona, Any]) -> dict[Persona, dict[str, Any]]:
    """Who shops, each with what makes a row its own: its tenant, and its profile or until contract the claim that the
    WhatsApp flows put into their tokens."""
    tenant_of = "select tenant_id from commerce.{} where {}::text = %s"
    shoppers: dict[Persona, dict[str, Any]] = {}
    for persona in customers:
        profile = _subject(persona)
        tenant = one(connection, tenant_of.format("profiles", "user_id"), [profile])
        shoppers[persona] = {"profile_id": profile, "tenant_id": tenant}
    old_key = one(connection, BUSY_CUSTOMER)
    tenant = one(connection, tenant_of.format("customers", "id"), [str(old_key)])
    with_token = Persona.with_claims("somebody with a WhatsApp token", customer_id=old_key)
    return shoppers | {with_token: {"customer_id": old_key, "tenant_id": tenant}}


@pytest.fixture(scope="module")
def switched(connection: psycopg.Connection[Any], shoppers: dict[Persona, dict[str, Any]]) -> list[Protected]:
    """The shop's tables: whoever is signed in reads and writes its own rows, by the new key or by the old one, and
    never under another tenant."""
    keys = [str(key) for own in shoppers.values() for key in own.values()]
    victim = connection.execute(VICTIM, [keys] * 2).fetchone()
    assert victim is not None, "everybody is somebody's persona: nobody is left to be robbed"
    victim_profile, victim_customer = victim
    tables = []
    for table, required in SWITCHED.items():
        own = {}
        for persona, values in shoppers.items():
            column = next(iter(values))
            statement = sql.SQL("select id from {table} where {column} = %s::uuid").format(
                table=sql.Identifier(*table.split(".")), column=sql.Identifier(column)
            )
            own[persona.name] = {row[0] for row in connection.execute(statement, [values[column]]).fetchall()}
        tables.append(
            Protected(
                table,
                "id",
                own,
                touch="created_at",
                required=required,
                own_values={persona.name: values for persona, values in shoppers.items()},
                foreign_values=(
                    {"profile_id": victim_profile},
                    {"customer_id": victim_customer},
                    {"tenant_id": "nowhere"},
                ),
            )
        )
    return tables


def _subject(persona: Persona) -> str:
    (setting, value), *_ = persona.settings
    return str(json.loads(value)["sub"]) if setting.endswith("claims") else value


def test_switched_tables_are_everybodys_own(
    connection: psycopg.Connection[Any], switched: list[Protected], shoppers: dict[Persona, dict[str, Any]]
) -> None:
    assert list(break_in(connection, switched, [*shoppers, *strangers()])) == []
    for table in switched:
        assert any(table.own.values()), f"nobody owns a row of {table.table}: nothing was tried there"


WRITING_MUTATIONS = {
    "dropped": "drop policy {policy} on {table}",
    "reads everything": "alter policy {policy} on {table} using (true)",
    "writes everything": "alter policy {policy} on {table} with check (true)",
    "a second policy that shows everything": "create policy widened on {table} for select using (true)",
    "a second policy that takes everything": "create policy widened on {table} for insert with check (true)",
    "a second policy that lets delete": "create policy widened on {table} for delete using (true)",
    "switched off": "alter table {table} disable row level security",
    "no longer kept in step": "alter table {table} disable trigger user",
}


@pytest.mark.parametrize("mutation", WRITING_MUTATIONS)
def test_the_kit_notices_on_switched_tables(
    mutation: str,
    connection: psycopg.Connection[Any],
    switched: list[Protected],
    shoppers: dict[Persona, dict[str, Any]],
) -> None:
    for protected in switched:
        schema, name = protected.table.split(".")
        # A restrictive policy lets everybody read as it is.
        policies = connection.execute(
            "select policyname from pg_policies where schemaname = %s and tablename = %s "
            "and (permissive = 'PERMISSIVE' or %s)",
            [schema, name, mutation != "reads everything"],
        ).fetchall()
        assert policies
        for (policy,) in policies:
            with connection.transaction(force_rollback=True):
                names = {"table": sql.Identifier(schema, name), "policy": sql.Identifier(policy)}
                connection.execute(sql.SQL(WRITING_MUTATIONS[mutation]).format(**names))
                noticed = next(break_in(connection, [protected], [*shoppers, *strangers()]), None)
                assert noticed, f"{protected.table}: {policy} {mutation}, and nobody noticed"


# Every function that runs with its owner's rights, where anybody may call it.
DEFINERS = """
    select p.oid::regprocedure::text, p.proconfig
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by 1
"""
# Every view over a table with policies that asks with its owner's rights instead of its reader's.
# Views that read with their owner's rights what policies protect, and that others than analysts may read.
OPEN_VIEWS = """
    select distinct v.oid::regclass::text
    from pg_class as v
    join pg_rewrite as r on r.ev_class = v.oid
    join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
    join pg_class as t on t.oid = d.refobjid and t.relrowsecurity
    cross join lateral aclexplode(coalesce(v.relacl, acldefault('r', v.relowner))) as given
    where v.relkind = 'v' and not coalesce(v.reloptions @> array['security_invoker=true'], false)
        and given.grantee <> v.relowner
        and given.grantee <> all (array['c360_reader', 'c360_admin']::regrole[]::oid[])
"""


def test_no_view_and_no_function_is_a_way_around(connection: psycopg.Connection[Any]) -> None:
    assert connection.execute(OPEN_VIEWS).fetchall() == []
    definers = connection.execute(DEFINERS).fetchall()
    assert "c360.own_customer_id()" in {name for name, _ in definers}
    for name, settings in definers:
        assert any(setting.startswith("search_path=") for setting in settings or []), f"{name} follows any search_path"


@pytest.fixture(scope="module")
def intruder(built: str, connection: psycopg.Connection[Any], customers: dict[Persona, Any]) -> Iterator[Any]:
    """Somebody who got hold of a login of the application and has every right that signed-in users have."""
    connection.execute(
        """
        do $$
        begin
            create role c360_intruder login;
        exception
            when duplicate_object then null;
        end
        $$;
        grant authenticated to c360_intruder;
        """
    )
    with connect(built.replace("postgres@", "c360_intruder@", 1)) as own_connection:
        for setting, value in next(iter(customers)).settings:
            own_connection.execute("select set_config(%s, %s, false)", [setting, value])
        yield own_connection


REFUSED = (
    "set role postgres",
    "set role service_role",
    "set session authorization postgres",
    "set row_security = off; select * from c360.customers",
    "alter table c360.customers disable row level security",
    "drop policy own_rows on c360.customers",
    "create policy mine on c360.customers using (true)",
    "alter role c360_intruder bypassrls",
    "truncate c360.customers",
    "select * from c360_intermediate.int_records",
    "create function c360.own_customer_id() returns uuid language sql as 'select null::uuid'",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_a_login_of_the_application_cannot_get_out(statement: str, intruder: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        intruder.execute(statement)
    intruder.execute("reset row_security; reset role")


def test_nothing_leaks_sideways(
    connection: psycopg.Connection[Any], intruder: psycopg.Connection[Any], customers: dict[Persona, Any]
) -> None:
    """A function of the intruder's own, asked before the policy, COPY, statistics: each shows own rows at most."""
    own = next(iter(customers.values()))
    name = one(connection, "select name from c360.customers where customer_id = %s", [own])
    told: list[str | None] = []
    intruder.add_notice_handler(lambda notice: told.append(notice.message_primary))
    intruder.execute(
        """
        create function pg_temp.tell(text) returns boolean language plpgsql cost 0.0000001
        as $$ begin raise notice '%', $1; return true; end $$;
        select from c360.customers where pg_temp.tell(name);
        """
    )
    assert told == [name]
    with intruder.cursor() as cursor, cursor.copy("copy c360.customers (customer_id) to stdout") as copy:
        assert [row[0] for row in copy.rows()] == [str(own)]
    assert one(intruder, "select count(*) from pg_stats where schemaname = 'c360'") == 0
    intruder.execute("create temporary view mine as select customer_id from c360.customers")
    assert intruder.execute("select customer_id from mine").fetchall() == [(own,)]


def test_a_build_that_policies_would_blind_stops(empty_database: str) -> None:
    """Rows that the builder does not see would count as deleted: better no build than that."""
    legacy.generate(empty_database, people=20)
    with connect(empty_database) as connection:
        connection.execute("create extension pg_trgm")
        connection.execute("create role c360_builder login")
        for schema in ("marketplace", "booking", "field_service", "commerce", "crm"):
            names = {"schema": sql.Identifier(schema)}
            connection.execute(sql.SQL("grant usage on schema {schema} to c360_builder").format(**names))
            connection.execute(sql.SQL("grant select on all tables in schema {schema} to c360_builder").format(**names))
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("grant create on database {} to c360_builder").format(database))
        with pytest.raises(BuildError, match="row-level security"):
            build(empty_database.replace("postgres@", "c360_builder@", 1))
        connection.execute("drop owned by c360_builder; drop role c360_builder")
