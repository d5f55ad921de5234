"""What the database's catalog says: whether things are there, and in which state."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from psycopg import sql

from customer360.cutover.manifest import FOLDER, Manifest, ManifestError
from customer360.cutover.session import Session

Qualified = tuple[str, str]
"""(schema, name)."""


@dataclass(frozen=True)
class Constraint:
    """A constraint as it stands."""

    validated: bool
    definition: str


@dataclass(frozen=True)
class Index:
    """An index as it stands."""

    valid: bool
    table: str
    definition: str


def quoted(session: Session, name: Qualified) -> str:
    """`"schema"."name"`, for to_regclass and messages."""
    return sql.Identifier(*name).as_string(session.connection)


def relation_kind(session: Session, name: Qualified) -> str | None:
    """r, p, v, m or f; None where there is nothing of that name."""
    kind = session.value(
        sql.SQL("select relkind::text from pg_class where oid = to_regclass(%s)"), [quoted(session, name)]
    )
    return str(kind) if kind else None


def columns(session: Session, table: Qualified) -> dict[str, bool]:
    """{column: whether it is NOT NULL}."""
    rows = session.execute(
        sql.SQL(
            "select attname, attnotnull from pg_attribute "
            "where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum"
        ),
        [quoted(session, table)],
    )
    return dict(rows.fetchall())


def has_trigger(session: Session, table: Qualified, trigger: str) -> bool:
    """Whether the trigger is there."""
    return _exists(
        session, "pg_trigger where tgrelid = to_regclass(%s) and tgname = %s and not tgisinternal", table, trigger
    )


def watched_columns(session: Session, table: Qualified, trigger: str) -> set[str]:
    """Columns whose update fires the trigger."""
    rows = session.execute(
        sql.SQL(
            "select a.attname from pg_trigger as t "
            "inner join pg_attribute as a on a.attrelid = t.tgrelid and a.attnum = any(t.tgattr::smallint[]) "
            "where t.tgrelid = to_regclass(%s) and t.tgname = %s and not t.tgisinternal"
        ),
        [quoted(session, table), trigger],
    )
    return {column for (column,) in rows.fetchall()}


def has_policy(session: Session, table: Qualified, policy: str) -> bool:
    """Whether the policy is there."""
    return _exists(session, "pg_policy where polrelid = to_regclass(%s) and polname = %s", table, policy)


def has_function(session: Session, function: Qualified) -> bool:
    """Whether a function of that name is there, with whatever arguments."""
    return bool(
        session.value(
            sql.SQL("select exists (select from pg_proc where proname = %s and pronamespace = to_regnamespace(%s))"),
            [function[1], sql.Identifier(function[0]).as_string(session.connection)],
        )
    )


def function_source(session: Session, function: Qualified) -> str | None:
    """The body of a function."""
    source = session.value(
        sql.SQL("select prosrc from pg_proc where proname = %s and pronamespace = to_regnamespace(%s)"),
        [function[1], sql.Identifier(function[0]).as_string(session.connection)],
    )
    return None if source is None else str(source)


def constraint(session: Session, table: Qualified, name: str) -> Constraint | None:
    """A constraint of a table."""
    row = session.row(
        sql.SQL(
            "select convalidated, pg_get_constraintdef(oid) from pg_constraint "
            "where conrelid = to_regclass(%s) and conname = %s"
        ),
        [quoted(session, table), name],
    )
    return Constraint(bool(row[0]), str(row[1])) if row else None


def index(session: Session, name: Qualified) -> Index | None:
    """An index by name."""
    row = session.row(
        sql.SQL(
            "select i.indisvalid and i.indisready and i.indislive, "
            "i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid) "
            "from pg_index as i where i.indexrelid = to_regclass(%s)"
        ),
        [quoted(session, name)],
    )
    return Index(bool(row[0]), str(row[1]), str(row[2])) if row else None


def comment(session: Session, table: Qualified, column: str) -> str | None:
    """The comment on a column."""
    said = session.value(
        sql.SQL(
            "select col_description(attrelid, attnum) from pg_attribute "
            "where attrelid = to_regclass(%s) and attname = %s and not attisdropped"
        ),
        [quoted(session, table), column],
    )
    return None if said is None else str(said)


def _exists(session: Session, where: str, table: Qualified, name: str) -> bool:
    statement = sql.SQL("select exists (select from {})").format(sql.SQL(where))
    return bool(session.value(statement, [quoted(session, table), name]))


def check(session: Session, manifest: Manifest, *, migrated: bool) -> None:
    """ManifestError unless every legacy table and column that the manifest names is there and fits.

    `migrated` says that contract has begun: what it takes away need not be there any more.
    """
    faults: list[str] = []
    schema = manifest.legacy_schema
    wanted = _wanted_columns(manifest, migrated)
    for table, names in wanted.items():
        present = columns(session, (schema, table))
        if not present:
            faults.append(f"there is no table {schema}.{table}{_near(table, _tables(session, schema))}")
            continue
        faults += [
            f"{schema}.{table} has no column {name}{_near(name, list(present))}"
            for name in names
            if name not in present
        ]
        faults += _key_faults(session, manifest, table)
    for reference in manifest.references:
        required = columns(session, (schema, reference.table)).get(reference.replaces or "")
        if reference.not_null == "constrain" and required is False:
            faults.append(
                f"{schema}.{reference.table}.{reference.column} is to be NOT NULL, "
                f"but {reference.replaces}, which it replaces, may be NULL"
            )
    if manifest.policies and not migrated:
        faults += [
            f"{schema}.{policy.table} has no policy {policy.old}"
            for policy in manifest.policies.tables
            if not has_policy(session, (schema, policy.table), policy.old)
        ]
    if faults:
        raise ManifestError(
            f"The cutover of {manifest.system} does not fit the database:\n"
            + "\n".join(f"  {fault}" for fault in faults),
            hint=f"mend {FOLDER / f'{manifest.system}.yml'}, or connect to the database that it describes.",
        )


def _wanted_columns(manifest: Manifest, migrated: bool) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    going = {(part.table, column) for part in manifest.deprecated for column in part.columns} if migrated else set()
    if mapping := manifest.mapping:
        if not migrated:
            wanted[mapping.old.table] = [mapping.old.key, mapping.old.match, mapping.tenant, *mapping.carry.values()]
        wanted[mapping.new.table] = [mapping.new.key, mapping.new.match, mapping.tenant, *mapping.carry]
    for reference in manifest.references:
        names = [reference.key, *([reference.replaces] if reference.replaces else []), *reference.only_with]
        names += [name for way in reference.identify for name in (way.by, way.sibling, way.phone, way.email) if name]
        names += ["tenant_id"] if any(way.phone or way.email for way in reference.identify) else []
        wanted.setdefault(reference.table, []).extend([*names, *reference.copies])
    if manifest.policies and manifest.policies.tenant:
        for policy in manifest.policies.tables:
            wanted.setdefault(policy.table, []).append(manifest.policies.tenant)
    for part in manifest.deprecated:
        wanted.setdefault(part.table, []).extend(part.columns)
    if manifest.counters:
        for count in manifest.counters.counts:
            wanted.setdefault(count.table, []).append(count.at)
    if manifest.mark:
        wanted.setdefault(manifest.mark.table, []).append(manifest.mark.column)
    return {
        table: [name for name in dict.fromkeys(names) if (table, name) not in going] for table, names in wanted.items()
    }


def _key_faults(session: Session, manifest: Manifest, table: str) -> list[str]:
    keys = {reference.table: reference.key for reference in manifest.references}
    if manifest.mapping:
        keys |= {side.table: side.key for side in (manifest.mapping.old, manifest.mapping.new)}
    if table not in keys:
        return []
    name = quoted(session, (manifest.legacy_schema, table))
    row = session.row(
        sql.SQL("""
            select array_agg(a.attname::text)
            from pg_index as i
            inner join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
            where i.indrelid = to_regclass(%s) and i.indisprimary
        """),
        [name],
    )
    if row is None or row[0] != [keys[table]]:
        return [f"{manifest.legacy_schema}.{table} is not keyed by {keys[table]} alone"]
    return []


def _tables(session: Session, schema: str) -> list[str]:
    rows = session.execute(sql.SQL("select tablename from pg_tables where schemaname = %s"), [schema])
    return [name for (name,) in rows.fetchall()]


def _near(name: str, present: list[str]) -> str:
    near = difflib.get_close_matches(name, present, n=1)
    return f" (is it {near[0]}?)" if near else ""
