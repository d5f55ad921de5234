"""After contract nobody reads what was closed to them before: not in the archive, not through the views left behind."""

from __future__ import annotations

from typing import Any

import psycopg
from break_in import SIGNED_IN, Persona, acting_as, create_roles, strangers
from builds import connect
from psycopg import sql

from customer360.server import Server
from cutovers import BEFORE_CONTRACT, apply, copies, rows

RELATIONS = """
    select c.relnamespace::regnamespace::text, c.relname
    from pg_class as c
    where c.relnamespace in (to_regnamespace('commerce'), to_regnamespace('archive')) and c.relkind in ('r', 'v')
    order by 1, 2
"""
# A shop whose register is under row-level security too, and whose new tables are open to anybody by default, as on
# some platforms.
OPENED = """
    grant usage on schema commerce to anon, authenticated;
    grant all on all tables in schema commerce to anon, authenticated;
    alter default privileges grant all on tables to anon, authenticated;
    alter default privileges grant usage on schemas to anon, authenticated;
    alter table commerce.customers enable row level security;
    create policy own_customer on commerce.customers using (
        id::text = nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'customer_id'
    );
"""
BUSY = """
    select m.old_id::text, m.new_id::text
    from c360_ops.legacy_customer_profile as m
    inner join commerce.orders as o on o.customer_id = m.old_id
    inner join commerce.carts as c on c.customer_id = m.old_id
    order by 1
    limit 1
"""
KEYS = {"profiles": "user_id"}


def test_nothing_opens_with_contract(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,), connect(url) as connection:
        apply(url, "commerce", *BEFORE_CONTRACT)
        create_roles(connection)
        connection.execute(OPENED)
        ((old_key, profile),) = rows(url, BUSY)
        shopper = Persona.with_claims("a shopper", sub=profile, role=SIGNED_IN)
        old_token = Persona.with_claims("an old token", customer_id=old_key)
        personas = [shopper, old_token, *strangers()]
        before = {persona.name: _readable(connection, persona) for persona in personas}
        assert before["an old token"]["commerce.customers"] == {old_key}
        assert before["a shopper"]["commerce.orders"]
        apply(url, "commerce", "contract")
        for persona in personas:
            after, had = _readable(connection, persona), before[persona.name]
            for relation, keys in after.items():
                # What the archive holds under a name of its own is the old register's rows at most.
                allowed = had.get(relation, set()) | had["commerce.customers"]
                assert keys <= allowed, f"{persona.name} reads {len(keys - allowed)} more rows of {relation}"
            if persona is not old_token:
                kept = {relation for relation in had if relation != "commerce.customers"}
                assert {relation: after[relation] for relation in kept} == {
                    relation: had[relation] for relation in kept
                }
        # The old register's reader still sees its own row under the old name, and no order by the old claim.
        after = _readable(connection, old_token)
        assert after["commerce.customers"] == {old_key}
        assert not after["commerce.orders"]


def _readable(connection: psycopg.Connection[Any], persona: Persona) -> dict[str, set[str]]:
    """{relation: keys of the rows that somebody can read}."""
    found = {}
    for schema, name in connection.execute(RELATIONS).fetchall():
        key = KEYS.get(name, "id")
        statement = sql.SQL("select {}::text from {}").format(sql.Identifier(key), sql.Identifier(schema, name))
        try:
            with acting_as(connection, persona):
                found[f"{schema}.{name}"] = {value for (value,) in connection.execute(statement).fetchall()}
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.DataError):
            found[f"{schema}.{name}"] = set()
    return found
