"""How columns were defined before they went, and how they come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.constrain import AddNotNull, ValidateNotNull
from customer360.cutover.manifest import Reference
from customer360.cutover.steps import Work

_COLUMN = """
    select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
    from pg_attribute as a
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = to_regclass(%s) and a.attname = any(%s)
    order by a.attnum
"""
_CONSTRAINTS = """
    select c.conname, pg_get_constraintdef(c.oid)
    from pg_constraint as c
    where c.conrelid = to_regclass(%(table)s) and c.contype in ('f', 'c', 'u') and c.conkey && array(
        select a.attnum from pg_attribute as a where a.attrelid = c.conrelid and a.attname = any(%(columns)s)
    )
    order by c.contype desc, c.conname
"""
_INDEXES = """
    select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_index as i
    where i.indrelid = to_regclass(%(table)s)
        and not exists (select from pg_constraint as c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
        and exists (
            select from pg_depend as d
            inner join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.objid = i.indexrelid and d.refobjid = i.indrelid and a.attname = any(%(columns)s)
        )
    order by 1
"""
_POLICY = """
    select p.polpermissive, p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
        array(
            select case when r = 0 then 'public' else quote_ident(pg_get_userbyid(r)) end from unnest(p.polroles) as r
        )
    from pg_policy as p
    where p.polrelid = to_regclass(%s) and p.polname = %s
"""


def definitions(
    work: Work, table: tuple[str, str], key: str, columns: Sequence[str], policy: str | None
) -> dict[str, Any]:
    """All that goes with columns when they are dropped."""
    names = {"table": catalog.quoted(work.session, table), "columns": list(columns)}
    connection = work.session.connection
    return {
        "key": key,
        "columns": connection.execute(_COLUMN, [names["table"], names["columns"]]).fetchall(),
        "constraints": connection.execute(_CONSTRAINTS, names).fetchall(),
        "indexes": connection.execute(_INDEXES, names).fetchall(),
        "comments": {column: catalog.comment(work.session, table, column) for column in columns},
        "policy": policy and connection.execute(_POLICY, [names["table"], policy]).fetchone(),
    }


def restore_definitions(work: Work, table: tuple[str, str], kept: dict[str, Any], what: str) -> None:
    """Indexes, NOT NULL, constraints and comments of columns that are back, none of them in anybody's way."""
    name = sql.Identifier(*table)
    for index, definition in kept["indexes"]:
        state = work.session.row(sql.SQL("select indisvalid from pg_index where indexrelid = to_regclass(%s)"), [index])
        if state and state[0]:
            continue
        with work.session.unlimited():
            if state:
                work.session.execute(sql.SQL("drop index concurrently {}").format(sql.SQL(index)))
            beside = definition.replace("CREATE INDEX ", "CREATE INDEX CONCURRENTLY ", 1)
            beside = beside.replace("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX CONCURRENTLY ", 1)
            work.session.execute(sql.SQL(beside))
    for column, _, required, _ in kept["columns"]:
        if required:
            reference = Reference.model_construct(table=table[1], column=column, key=kept["key"])
            for step in (AddNotNull(reference), ValidateNotNull(reference)):
                if not step.applied(work):
                    step.apply(work)
    for constraint, definition in kept["constraints"]:
        if catalog.constraint(work.session, table, constraint) is None:
            add = sql.SQL("alter table {} add constraint {} {} {}").format(
                name,
                sql.Identifier(constraint),
                sql.SQL(definition.removesuffix(" NOT VALID")),
                sql.SQL("" if definition.startswith("UNIQUE") else "not valid"),
            )
            work.session.ddl([add], what)
        if not definition.startswith("UNIQUE"):
            validate = sql.SQL("alter table {} validate constraint {}").format(name, sql.Identifier(constraint))
            work.session.validate(validate, what)
    comments = [
        sql.SQL("comment on column {}.{} is {}").format(name, sql.Identifier(column), sql.Literal(said))
        for column, said in kept["comments"].items()
        if said
    ]
    if comments:
        work.session.ddl(comments, what)
