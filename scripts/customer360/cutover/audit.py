"""Who still uses what is to go: the catalog, cached statements, and reads since the switch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from customer360.cutover import ledger
from customer360.cutover.steps import Work
from customer360.cutover.switch.deprecation import DeprecateTable

_DEPENDENTS = """
    select distinct
        case
            when d.classid = 'pg_rewrite'::regclass then 'view'
            when d.classid = 'pg_policy'::regclass then 'policy'
            when d.classid = 'pg_trigger'::regclass then 'trigger'
            when d.classid = 'pg_proc'::regclass then 'function'
        end as kind,
        case
            when d.classid = 'pg_rewrite'::regclass
                then (select r.ev_class::regclass::text from pg_rewrite as r where r.oid = d.objid)
            when d.classid = 'pg_policy'::regclass
                then (
                    select p.polname || ' on ' || p.polrelid::regclass from pg_policy as p where p.oid = d.objid
                )
            when d.classid = 'pg_trigger'::regclass
                then (select t.tgname || ' on ' || t.tgrelid::regclass from pg_trigger as t where t.oid = d.objid)
            else d.objid::regprocedure::text
        end as name
    from pg_depend as d
    where d.refclassid = %(class)s::regclass and d.refobjid = %(object)s
        and (%(column)s::text is null or d.refobjsubid = (
            select a.attnum from pg_attribute as a where a.attrelid = %(object)s and a.attname = %(column)s
        ))
        and d.classid in ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_proc'::regclass)
        and not exists (select from pg_trigger as t where t.oid = d.objid and (t.tgisinternal or t.tgname ^@ 'c360_'))
    order by 1, 2
"""
# A table of the same name that is written with another schema is another table.
_FUNCTIONS = """
    select p.oid::regprocedure::text
    from pg_proc as p
    inner join pg_namespace as n on n.oid = p.pronamespace
    cross join lateral regexp_replace(
        p.prosrc, '\\m(?!' || %(schema)s || '\\M)\\w+"?[.]"?' || %(table)s || '\\M', '', 'gi'
    ) as body
    where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^(c360|pg_)'
        and body ~* ('\\m' || %(table)s || '\\M') and body ~* ('\\m' || %(word)s || '\\M')
        and p.oid is distinct from to_regproc(%(helper)s)
    order by 1
"""
_FOREIGN_KEYS = """
    select c.conname || ' on ' || c.conrelid::regclass
    from pg_constraint as c
    where c.contype = 'f' and c.confrelid = %(object)s
        and not c.conrelid = any(%(ours)s::regclass[]) and c.conparentid = 0
    order by 1
"""
_STATEMENTS = """
    select left(regexp_replace(s.query, '\\s+', ' ', 'g'), 120), s.calls
    from pg_stat_statements as s
    where s.dbid = (select oid from pg_database where datname = current_database())
        and s.query ~* '^\\s*(select|insert|update|delete|with|merge)' and s.query !~* 'c360_ops'
        and s.query ~* ('\\m' || %(table)s || '\\M') and s.query ~* ('\\m' || %(word)s || '\\M')
    order by s.calls desc
    limit 5
"""
_STATEMENTS_ARE_THERE = """
    select to_regclass('pg_stat_statements') is not null
        and current_setting('shared_preload_libraries') like '%pg_stat_statements%'
"""
_OLD_SESSIONS = """
    select 'pid ' || pid || ' (' || coalesce(usename, '?') || ', '
        || coalesce(nullif(application_name, ''), 'unnamed') || ')'
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and backend_start < %s
    order by backend_start
    limit 5
"""


@dataclass(frozen=True)
class Finding:
    """Somebody who uses something that is to go."""

    kind: str
    """view, policy, function, trigger, foreign key, statement, session, reads."""
    who: str
    uses: str
    stops: bool = True
    """Whether contract refuses because of it: not for dbt's staging views, which it drops itself, nor for a session
    or a count of reads, which prove nothing."""


def audit(work: Work) -> list[Finding]:
    """Everybody found, the ones that stop contract first."""
    manifest, found = work.manifest, []
    going = [(part.table, column) for part in manifest.deprecated for column in part.columns]
    for table, column in going:
        found += _readers(work, table, column)
    if manifest.mapping and manifest.mapping.archive:
        found += _readers(work, manifest.mapping.old.table, None)
        found += _foreign_keys(work, manifest.mapping.old.table)
        found += _reads(work)
    if manifest.policies:
        found += _callers(work, manifest.policies.replaces)
    found += _old_sessions(work)
    return sorted(dict.fromkeys(found), key=lambda finding: (not finding.stops, finding.kind, finding.who))


def _oid(work: Work, table: str) -> Any:
    name = sql.Identifier(work.legacy, table).as_string(work.session.connection)
    return work.session.value(sql.SQL("select to_regclass(%s)::oid"), [name])


def _own_policies(work: Work) -> set[str]:
    policies = work.manifest.policies.tables if work.manifest.policies else ()
    return {f"{policy.old} on {work.legacy}.{policy.table}" for policy in policies}


def _readers(work: Work, table: str, column: str | None) -> list[Finding]:
    uses = f"{work.legacy}.{table}" + (f".{column}" if column else "")
    oid = _oid(work, table)
    if oid is None:
        return []
    connection = work.session.connection
    rows = connection.execute(_DEPENDENTS, {"class": "pg_class", "object": oid, "column": column}).fetchall()
    staging = f"{work.staging}."
    found = [
        Finding(kind, name, uses, stops=not (kind == "view" and name.startswith(staging)))
        for kind, name in rows
        if name not in _own_policies(work)
    ]
    policies = work.manifest.policies
    helper = (
        sql.Identifier(work.legacy, policies.replaces if policies else "").as_string(connection) if policies else None
    )
    words = {"schema": work.legacy, "table": table, "word": column or table}
    built = _built_functions(work)
    for (name,) in connection.execute(_FUNCTIONS, {**words, "helper": helper}).fetchall():
        if name not in built:
            found.append(Finding("function", name, uses))
    if connection.execute(_STATEMENTS_ARE_THERE).fetchone() == (True,):
        for text, calls in connection.execute(_STATEMENTS, words).fetchall():
            found.append(Finding("statement", f"{text} ({calls:,} calls)", uses))
    return found


def _built_functions(work: Work) -> set[str]:
    """Those of the project itself, which a build made: they read the canonical tables."""
    built = sql.Identifier(work.database.schemas["ops"], "built_objects")
    connection = work.session.connection
    if work.session.value(sql.SQL("select to_regclass(%s)"), [built.as_string(connection)]) is None:
        return set()
    rows = connection.execute(
        sql.SQL(
            """
            select p.oid::regprocedure::text
            from {} as built
            inner join pg_namespace as n on n.nspname = built.schema_name
            inner join pg_proc as p on p.pronamespace = n.oid and p.proname = built.name
            where built.kind = 'function'
            """
        ).format(built)
    ).fetchall()
    return {name for (name,) in rows}


def _foreign_keys(work: Work, table: str) -> list[Finding]:
    ours = [
        sql.Identifier(work.legacy, reference.table).as_string(work.session.connection)
        for reference in work.manifest.references
    ]
    rows = work.session.connection.execute(_FOREIGN_KEYS, {"object": _oid(work, table), "ours": ours}).fetchall()
    return [Finding("foreign key", name, f"{work.legacy}.{table}") for (name,) in rows]


def _callers(work: Work, helper: str) -> list[Finding]:
    name = sql.Identifier(work.legacy, helper).as_string(work.session.connection)
    oid = work.session.value(sql.SQL("select to_regproc(%s)::oid"), [name])
    if oid is None:
        return []
    connection = work.session.connection
    rows = connection.execute(_DEPENDENTS, {"class": "pg_proc", "object": oid, "column": None}).fetchall()
    found = [Finding(kind, who, f"{work.legacy}.{helper}()") for kind, who in rows if who not in _own_policies(work)]
    written = connection.execute(
        _FUNCTIONS, {"schema": work.legacy, "table": helper, "word": helper, "helper": name}
    ).fetchall()
    return found + [Finding("function", who, f"{work.legacy}.{helper}()") for (who,) in written]


def _reads(work: Work) -> list[Finding]:
    assert work.manifest.mapping is not None
    step = DeprecateTable(work.manifest.mapping, work.manifest.grace_days)
    reads = step.reads(work)
    entry = ledger.entries(work.session, work.manifest.system).get(step.name)
    before = entry.detail.get("reads") if entry and entry.state == "applied" else None
    if reads is None or not isinstance(before, int):
        return []
    since = max(reads - before, 0)
    table = f"{work.legacy}.{work.manifest.mapping.old.table}"
    if not since:
        return []
    return [Finding("reads", f"{since:,} scans since the switch (foreign keys' own among them)", table, stops=False)]


def _old_sessions(work: Work) -> list[Finding]:
    entries = ledger.entries(work.session, work.manifest.system).values()
    switched = max(
        (entry.finished_at for entry in entries if entry.phase == "switch" and entry.finished_at), default=None
    )
    if switched is None:
        return []
    rows = work.session.execute(sql.SQL(_OLD_SESSIONS), [switched]).fetchall()
    return [Finding("session", who, "plans prepared before the switch, perhaps", stops=False) for (who,) in rows]
