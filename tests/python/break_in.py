"""A break-in kit for row-level security: it acts as somebody, tries every command, and lists what came out or went in.

Everything happens in transactions that are rolled back, as a role that row-level security binds, with the claims that
PostgREST would set. An empty list means: own rows and no others, both ways.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

# What PostgREST's roles are called on Supabase; plain PostgreSQL has none of them.
ROLES = """
    do $$
    begin
        create role {role} {options};
    exception
        when duplicate_object then null;
    end
    $$
"""
ANONYMOUS, SIGNED_IN, SERVICE = "anon", "authenticated", "service_role"
COMMANDS = ("select", "insert", "update", "delete")
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Persona:
    """Somebody who asks: the role of the database and the settings that carry the token's claims."""

    name: str
    role: str = SIGNED_IN
    settings: tuple[tuple[str, str], ...] = ()
    """(setting, value)"""

    @classmethod
    def with_claims(cls, name: str, as_role: str = SIGNED_IN, **claims: Any) -> Persona:
        """Somebody with well-formed claims."""
        return cls(name, as_role, (("request.jwt.claims", json.dumps(claims, default=str)),))


def strangers() -> list[Persona]:
    """Who is nobody's customer, and every way in which claims can be missing, broken or made up."""
    texts = {
        "empty claims": "",
        "claims that end in the middle": '{"sub": "',
        "claims that are no JSON": "sub=1",
        "claims that are no object": "[]",
        "claims that are null": "null",
        "no subject": '{"role": "authenticated"}',
        "a subject that is null": '{"sub": null}',
        "an empty subject": '{"sub": ""}',
        "a subject that is no UUID": '{"sub": "1 or true"}',
        "a subject that is a list": '{"sub": ["00000000-0000-0000-0000-000000000000"]}',
        "a subject that nobody has": json.dumps({"sub": str(uuid.uuid4())}),
        "the role of the service in the claims": '{"role": "service_role", "is_admin": true}',
    }
    personas = [
        Persona(f"somebody with {name}", settings=(("request.jwt.claims", text),)) for name, text in texts.items()
    ]
    return [
        Persona("somebody without claims"),
        Persona(
            "somebody with an empty old claim", settings=(("request.jwt.claim.sub", ""), ("request.jwt.claims", ""))
        ),
        Persona("the public", ANONYMOUS),
        Persona.with_claims("the public with its token", ANONYMOUS, role=ANONYMOUS),
        *personas,
    ]


@dataclass(frozen=True)
class Protected:
    """A table under row-level security, and what each persona may see and write of it."""

    table: str
    """schema.table"""
    key: str
    own: dict[str, set[Any]]
    """By name of the persona: keys of its own rows. Who is not in it owns none."""
    commands: tuple[str, ...] = COMMANDS
    """What an owner may do with its own rows; the rest is refused."""
    touch: str = ""
    """Column to write to in an UPDATE."""
    required: dict[str, Any] = field(default_factory=dict)
    """Values that any new row needs, whosesoever it is."""
    own_values: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name of the persona: values that make a new row its own."""
    foreign_values: tuple[dict[str, Any], ...] = ()
    """Values that give a row to somebody else: no persona may insert or write them."""


def create_roles(connection: Connection) -> None:
    """Make the roles that PostgREST uses, where they are missing."""
    options = {ANONYMOUS: "nologin", SIGNED_IN: "nologin", SERVICE: "nologin bypassrls"}
    for role, option in options.items():
        connection.execute(sql.SQL(ROLES).format(role=sql.Identifier(role), options=sql.SQL(option)))


def grant(connection: Connection, tables: list[str], *roles: str) -> None:
    """All privileges on `tables`, so that nothing but the policies stands in the way."""
    for table in tables:
        schema, name = table.split(".")
        for role in roles:
            names = {"schema": sql.Identifier(schema), "table": sql.Identifier(name), "role": sql.Identifier(role)}
            connection.execute(sql.SQL("grant usage on schema {schema} to {role}").format(**names))
            connection.execute(
                sql.SQL("grant select, insert, update, delete on {schema}.{table} to {role}").format(**names)
            )


@contextmanager
def acting_as(connection: Connection, persona: Persona) -> Iterator[None]:
    """Be somebody until the end of the block; whatever was written is undone."""
    with connection.transaction(force_rollback=True):
        for setting, value in persona.settings:
            connection.execute("select set_config(%s, %s, true)", [setting, value])
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(persona.role)))
        yield


def break_in(connection: Connection, tables: list[Protected], personas: list[Persona]) -> Iterator[str]:
    """Try every command on every table as everybody; what should not have been possible, or was not and should."""
    for protected in tables:
        for persona in personas:
            for attempt in (_select, _update, _delete, _write_blindly, _insert_own, _give_away):
                for said in attempt(connection, protected, persona):
                    yield f"{protected.table}: {persona.name} {said}"


def _select(connection: Connection, protected: Protected, persona: Persona) -> Iterator[str]:
    seen = _keys(connection, persona, sql.SQL("select {key} from {table}").format(**_names(protected)))
    yield from _compare(protected, persona, "select", seen)
    locked = _keys(connection, persona, sql.SQL("select {key} from {table} for update").format(**_names(protected)))
    own = protected.own.get(persona.name, set()) if "update" in protected.commands else set()
    if not locked <= own:
        yield f"locks {len(locked - own)} rows that are not its own"


def _update(connection: Connection, protected: Protected, persona: Persona) -> Iterator[str]:
    statement = sql.SQL("update {table} set {touch} = {touch} returning {key}").format(**_names(protected))
    yield from _compare(protected, persona, "update", _keys(connection, persona, statement))


def _delete(connection: Connection, protected: Protected, persona: Persona) -> Iterator[str]:
    statement = sql.SQL("delete from {table} returning {key}").format(**_names(protected))
    yield from _compare(protected, persona, "delete", _keys(connection, persona, statement))


def _write_blindly(connection: Connection, protected: Protected, persona: Persona) -> Iterator[str]:
    """Write without reading anything: the policies for SELECT, which hide most rows otherwise, are not asked then."""
    statements = {"update": "update {table} set {touch} = default", "delete": "delete from {table}"}
    for command, statement in statements.items():
        own = protected.own.get(persona.name, set()) if command in protected.commands else set()
        try:
            with acting_as(connection, persona):
                written = connection.execute(sql.SQL(statement).format(**_names(protected))).rowcount
        except psycopg.errors.IntegrityError:
            yield f"can {command} rows, blindly, that only a constraint protects"
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.DataError):
            pass
        else:
            if written != len(own):
                yield f"can {command} {written} rows, blindly, and owns {len(own)}"


def _insert_own(connection: Connection, protected: Protected, persona: Persona) -> Iterator[str]:
    values = protected.own_values.get(persona.name)
    if values is not None and not _insert(connection, protected, persona, values):
        yield "may not insert a row of its own"


def _give_away(connection: Connection, protected: Protected, persona: Persona) -> Iterator[str]:
    """Write a row under somebody else's name: as a new row, in its own row's place, or over a row that is there."""
    own = protected.own_values.get(persona.name, {})
    for values in (*protected.foreign_values, *({**own, **values} for values in protected.foreign_values)):
        if _insert(connection, protected, persona, values):
            yield f"inserts a row for somebody else: {values}"
        assignments = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(value)) for column, value in values.items()
        )
        statement = sql.SQL("update {table} set {assignments} returning {key}").format(
            assignments=assignments, **_names(protected)
        )
        if _reaches(connection, persona, statement):
            yield f"gives rows of its own to somebody else: {values}"


def _insert(connection: Connection, protected: Protected, persona: Persona, values: dict[str, Any]) -> bool:
    """Whether the row went in."""
    values = protected.required | values
    columns = [protected.key, *values]
    statement = sql.SQL("insert into {table} ({columns}) values (gen_random_uuid(), {values})").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(map(sql.Literal, values.values())),
        **_names(protected),
    )
    try:
        with acting_as(connection, persona):
            return connection.execute(statement).rowcount == 1
    except psycopg.Error:
        return False


def _reaches(connection: Connection, persona: Persona, statement: sql.Composed) -> bool:
    """Whether the statement changes a row; whoever refuses it, policy or trigger, is right."""
    try:
        with acting_as(connection, persona):
            return bool(connection.execute(statement).fetchall())
    except psycopg.Error:
        return False


def _keys(connection: Connection, persona: Persona, statement: sql.Composed) -> set[Any]:
    """Keys that the statement returns; none where it is refused."""
    try:
        with acting_as(connection, persona):
            return {row[0] for row in connection.execute(statement).fetchall()}
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.DataError, psycopg.errors.RaiseException):
        return set()
    except psycopg.errors.IntegrityError:
        # A constraint is asked after the policies, so these let rows through.
        return {"rows that only a constraint protects"}


def _compare(protected: Protected, persona: Persona, command: str, reached: set[Any]) -> Iterator[str]:
    own = protected.own.get(persona.name, set()) if command in protected.commands else set()
    if others := reached - own:
        yield f"can {command} {len(others)} rows that are not its own"
    if lacking := own - reached:
        yield f"cannot {command} {len(lacking)} of its own rows"


def _names(protected: Protected) -> dict[str, sql.Identifier]:
    schema, table = protected.table.split(".")
    return {
        "table": sql.Identifier(schema, table),
        "key": sql.Identifier(protected.key),
        "touch": sql.Identifier(protected.touch or protected.key),
    }
