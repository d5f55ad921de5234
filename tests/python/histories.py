"""Random histories of legacy rows and decisions: drawing them, playing them on a database, reading what came out.

A history lives in two tenants of its own, so that one build plays a step of all histories at once. Its rows draw
their contacts from small pools: merges, splits, chains, shared numbers and claims to one legacy id are the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from psycopg import sql

# (as a system writes it, as the identifier is, what makes it link nobody)
PHONES = (
    ("+573001112233", "+573001112233", None),
    ("+57 300 111 2233", "+573001112233", None),
    ("+573004445566", "+573004445566", None),
    ("+57 (300) 777-8899", "+573007778899", None),
    ("+573012345987", "+573012345987", None),
    ("+573000000000", "+573000000000", "placeholder"),
    ("", None, None),
)
EMAILS = (
    ("ana@gmail.com", "ana@gmail.com", None),
    ("ANA@Gmail.com", "ana@gmail.com", None),
    ("ben@yahoo.com", "ben@yahoo.com", None),
    ("dora@hotmail.com", "dora@hotmail.com", None),
    ("info@clinica-sol.co", "info@clinica-sol.co", "role"),
    ("test@test.com", "test@test.com", "placeholder"),
    ("", None, None),
)
NAMES = ("Ana Ruiz", "Ana Rojas", "Ben Soto", "Carla Vega", "Dora Lima", "Elsa Mora", "Fabio Nuno", "")
PAPERS = ("NIT900111", "NIT900222", "N/A", None)
KEYS = 5

TABLES = {
    ("marketplace", "users"): "id",
    ("marketplace", "service_requests"): "id",
    ("booking", "prospects"): "id",
    ("booking", "appointments"): "id",
    ("field_service", "equipment"): "id",
    ("field_service", "service_tickets"): "id",
    ("commerce", "customers"): "id",
    ("commerce", "profiles"): "user_id",
    ("commerce", "carts"): "id",
    ("crm", "leads_master"): "id",
}
UUID_KEYS = {"users", "service_requests", "customers", "profiles", "carts", "leads_master"}


class Slot(NamedTuple):
    """A place for a row: the same one is filled, changed, emptied and filled again."""

    system: str
    entity: str
    no: int


SLOTS = tuple(
    Slot(system, entity, no)
    for (system, entity), numbers in zip(
        TABLES,
        # A shop customer, a profile and a user of one number have one legacy id.
        ((0, 1, 2), (90, 91), (0, 1, 2), (0, 1), (0, 1, 2), (0, 1, 2), (0, 3), (0, 1, 3), (90, 91), (90, 91, 92)),
        strict=True,
    )
    for no in numbers
)


@dataclass(frozen=True)
class Row:
    """What a slot holds, as places in the pools."""

    tenant: int
    name: int
    phone: int
    whatsapp: int
    email: int
    key: int
    paper: int
    fault: str
    """'' or 'control' (the row is quarantined) or 'provider' (a user who is no client)."""
    created: int
    updated: int


@dataclass(frozen=True)
class Change:
    """One slot gets a row, or loses it."""

    slot: Slot
    row: Row | None
    anew: bool
    """Whether the row is deleted and inserted, rather than updated."""


@dataclass(frozen=True)
class Decision:
    """A person links or separates two slots, or takes the oldest decision back."""

    decision: str
    a: Slot
    b: Slot


@dataclass(frozen=True)
class Batch:
    """What happens between two builds."""

    changes: tuple[Change, ...]
    decisions: tuple[Decision, ...] = ()


History = tuple[Batch, ...]
Key = tuple[str, str, str, str]
"""(tenant, system, entity, source id)"""


class Made(NamedTuple):
    """A decision that stands."""

    override_id: int
    decision: str
    a: Key
    b: Key


@dataclass
class World:
    """One history as it stands in the legacy tables."""

    no: int
    history: History
    rows: dict[Slot, Row] = field(default_factory=dict)
    decisions: list[Made] = field(default_factory=list)

    def tenant(self, no: int) -> str:
        return f"h{self.no}_{'ab'[no]}"

    def legacy_id(self, no: int) -> UUID:
        return UUID(int=(self.no + 1) << 64 | 0x4000 << 64 | no + 1)

    def source_id(self, slot: Slot) -> str:
        if slot.entity in UUID_KEYS:
            return str(self.legacy_id(slot.no))
        return f"{self.no}-{slot.entity}-{slot.no}"

    def key(self, slot: Slot, row: Row) -> Key:
        return self.tenant(row.tenant), slot.system, slot.entity, self.source_id(slot)


# --- drawing ---


def _often(usual: Sequence[int], pool: Sequence[Any]) -> st.SearchStrategy[int]:
    return st.sampled_from([*usual, *range(len(pool))])


_EMPTY = len(PHONES) - 1
# What goes round in a history: a number that many use, a few numbers and mailboxes, the mailbox of a role, keys alone.
_STYLES = (
    {"phone": [0, 1] * 12, "email": [_EMPTY] * 20},
    {"phone": [0, 2, 3, 4, _EMPTY] * 4, "email": [0, 1, 2, 3, _EMPTY, _EMPTY, _EMPTY] * 4},
    {"phone": [2, 3, _EMPTY, _EMPTY, _EMPTY] * 4, "email": [4, 4, 4, 0, 2, 3, _EMPTY] * 3},
    {"phone": [_EMPTY] * 30, "email": [_EMPTY] * 30},
)


def _rows(style: dict[str, list[int]]) -> st.SearchStrategy[Row]:
    return st.builds(
        Row,
        tenant=st.sampled_from((0,) * 6 + (1,)),
        name=_often((), NAMES),
        phone=_often(style["phone"], PHONES),
        whatsapp=_often([_EMPTY] * 6, PHONES),
        email=_often(style["email"], EMAILS),
        key=st.integers(0, KEYS),
        paper=_often([3] * 6, PAPERS),
        fault=st.sampled_from(("",) * 14 + ("control", "provider")),
        created=st.integers(1, 4),
        updated=st.integers(1, 4),
    )


@st.composite
def histories(draw: st.DrawFn, steps: int = 5) -> History:
    """A first batch that fills most of the slots, then batches that change some and decide now and then."""
    rows = _rows(draw(st.sampled_from(_STYLES)))
    filled = [slot for slot in SLOTS if draw(st.sampled_from((True, True, True, False)))]
    batches = [Batch(tuple(Change(slot, draw(rows), False) for slot in filled))]
    slots = st.sampled_from(SLOTS)
    changed = st.builds(Change, slots, st.one_of(rows, rows, rows, rows, st.none()), st.booleans())
    decided = st.sampled_from(("link", "separate", "separate", "separate", "take back"))
    partners = st.sampled_from(filled or SLOTS)
    for _ in range(steps - 1):
        size = draw(st.integers(0, 6))
        changes = draw(st.lists(changed, min_size=size, max_size=size, unique_by=lambda change: change.slot))
        decisions = draw(st.lists(st.builds(Decision, decided, partners, partners), max_size=3))
        batches.append(Batch(tuple(changes), tuple(decisions)))
    return tuple(batches)


def draw_histories(count: int, seed_no: int) -> list[History]:
    """`count` histories, always the same for one seed."""
    drawn: list[History] = []

    @seed(seed_no)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(histories())
    def collect(history: History) -> None:
        drawn.append(history)

    collect()
    return drawn[:count]


# --- playing ---


def _values(world: World, slot: Slot, row: Row) -> dict[str, Any]:
    """The columns of a legacy row."""
    name = NAMES[row.name] + ("\x01" if row.fault == "control" else "")
    phone, whatsapp, email = PHONES[row.phone][0], PHONES[row.whatsapp][0], EMAILS[row.email][0]
    other = world.legacy_id(row.key) if row.key < KEYS else None
    own: dict[str, Any]
    common = {
        TABLES[slot.system, slot.entity]: world.source_id(slot),
        "tenant_id": world.tenant(row.tenant),
        "created_at": f"2024-01-0{row.created}T00:00:00Z",
        "updated_at": f"2024-02-0{row.updated}T00:00:00Z",
    }
    match slot.entity:
        case "users":
            kind = "provider" if row.fault == "provider" else "client"
            own = {"user_type": kind, "full_name": name, "phone_number": phone, "email": email}
        case "service_requests":
            own = {"client_id": other, "service_type": "repair"}
        case "prospects":
            first, _, last = name.partition(" ")
            own = {"first_name": first, "last_name": last, "phone": phone, "email": email}
        case "appointments":
            prospect = f"{world.no}-prospects-{row.key}" if row.key < KEYS else ""
            own = {"prospect_id": prospect, "customer_name": name, "customer_phone": phone, "customer_email": email}
        case "equipment":
            own = {
                "serial_number": "s",
                "customer_contact_name": name,
                "customer_contact_phone": phone,
                "customer_contact_email": email,
                "organization_name": NAMES[-2] if row.paper < 2 else None,
                "registration_number": PAPERS[row.paper],
                "gst_number": PAPERS[row.whatsapp % len(PAPERS)],
            }
        case "service_tickets":
            own = {
                "ticket_number": "t",
                "title": "t",
                "customer_id": other.hex if other else "CUST-1",
                "customer_name": name,
                "customer_phone": phone,
                "customer_whatsapp": whatsapp,
            }
        case "customers":
            own = {"wa_id": phone, "display_name": name}
        case "profiles":
            own = {"whatsapp_e164": phone, "display_name": name, "email": email}
        case "carts":
            own = {"customer_id": other}
        case "leads_master":
            own = {"customer_id": other, "full_name": name, "phone_number": phone, "email": email}
        case _:
            raise AssertionError(slot.entity)
    return common | own


def clear(connection: psycopg.Connection[Any]) -> None:
    """Empty the legacy tables and take off the keys that two tenants, or a cart without its customer, would break."""
    connection.execute(
        """
        truncate marketplace.users, marketplace.service_requests, booking.prospects, booking.appointments,
            booking.omni_conversations, field_service.service_tickets, field_service.equipment, commerce.customers,
            commerce.carts, commerce.orders, commerce.sessions, commerce.profiles, crm.leads_master;
        alter table commerce.customers drop constraint customers_wa_id_key;
        alter table commerce.carts drop constraint carts_customer_id_fkey;
        """
    )


def play(connection: psycopg.Connection[Any], worlds: Iterable[World], step: int) -> None:
    """Apply batch `step` of every history, each legacy table in one transaction of its own."""
    gone: dict[tuple[str, str], list[str]] = {table: [] for table in TABLES}
    written: dict[tuple[str, str], list[dict[str, Any]]] = {table: [] for table in TABLES}
    for world in worlds:
        for change in world.history[step].changes:
            table = (change.slot.system, change.slot.entity)
            if change.row is None or change.anew:
                gone[table].append(world.source_id(change.slot))
            if change.row is None:
                world.rows.pop(change.slot, None)
            else:
                world.rows[change.slot] = change.row
                written[table].append(_values(world, change.slot, change.row))
        for decision in world.history[step].decisions:
            _decide(connection, world, decision)
    for (schema, name), key in TABLES.items():
        table_name, key_name = sql.Identifier(schema, name), sql.Identifier(key)
        with connection.transaction():
            connection.execute(
                sql.SQL("delete from {} where {}::text = any (%s)").format(table_name, key_name), [gone[schema, name]]
            )
            if rows := written[schema, name]:
                columns = list(rows[0])
                upsert = sql.SQL("insert into {} ({}) values ({}) on conflict ({}) do update set {}").format(
                    table_name,
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join(map(sql.Placeholder, columns)),
                    key_name,
                    sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(c)) for c in columns),
                )
                with connection.cursor() as cursor:
                    cursor.executemany(upsert, rows)


def _decide(connection: psycopg.Connection[Any], world: World, decision: Decision) -> None:
    """Note a decision, unless it would contradict those that stand."""
    if decision.decision == "take back":
        if world.decisions:
            taken = world.decisions.pop(0)
            connection.execute("delete from c360_ops.match_overrides where override_id = %s", [taken.override_id])
        return
    rows = [world.rows.get(slot) for slot in (decision.a, decision.b)]
    tenant = next((row.tenant for row in rows if row), 0)
    a, b = (
        (world.tenant(tenant), slot.system, slot.entity, world.source_id(slot)) for slot in (decision.a, decision.b)
    )
    made = Made(0, decision.decision, a, b)
    if a == b or contradict([*world.decisions, made]):
        return
    row = connection.execute(
        """
        insert into c360_ops.match_overrides (
            decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason
        ) values (%s, %s, %s, %s, %s, %s, %s, %s, 'drawn') returning override_id
        """,
        [decision.decision, *a, *b[1:]],
    ).fetchone()
    assert row is not None
    world.decisions.append(made._replace(override_id=row[0]))


def contradict(decisions: Iterable[Made]) -> bool:
    """Whether two records are to be separate that links join."""
    made = list(decisions)
    groups: list[set[Key]] = []
    for one in made:
        if one.decision == "link":
            joined = [group for group in groups if one.a in group or one.b in group]
            groups = [group for group in groups if group not in joined]
            groups.append(set().union({one.a, one.b}, *joined))
    return any({one.a, one.b} <= group for one in made if one.decision == "separate" for group in groups)


# --- reading ---

# Everything that builds keep, without what says when or by which build; the last column is the history.
_RECORD = "(select tenant_id from c360_intermediate.int_records as records where records.record_no = t.anchor_no)"
_KEPT = {
    "c360_intermediate.int_records": "t.tenant_id",
    "c360_intermediate.int_overrides": "t.tenant_id",
    "c360_intermediate.int_identifiers": "t.tenant_id",
    "c360_intermediate.int_ignored_identifiers": "t.tenant_id",
    "c360_intermediate.int_match_features": "t.tenant_id",
    "c360_intermediate.int_match_keys": "t.tenant_id",
    "c360_intermediate.int_match_blocks": "t.tenant_id",
    "c360_intermediate.int_match_priors": "t.tenant_id",
    "c360_intermediate.int_match_value_counts": "t.tenant_id",
    "c360_intermediate.int_scored_pairs": "t.tenant_id",
    "c360_intermediate.int_edges": "t.tenant_id",
    "c360_intermediate.int_contradicting_names": "t.tenant_id",
    "c360_intermediate.int_clusters": "t.tenant_id",
    "c360_intermediate.int_refused_edges": "t.tenant_id",
    "c360_intermediate.int_golden_records": "t.tenant_id",
    "c360.customers": "t.tenant_id",
    "c360.customer_redirects": _RECORD,
}
_VOLATILE = ["changed_at", "updated_at", "linked_at", "since", "build_id"]
# What only the course of a history can know: whose customer a record was that is gone, and which customers there
# were that have no records now.
_OF_HISTORY = {
    "c360_intermediate.int_clusters": "t.is_live",
    "c360.customers": "t.record_count > 0",
    "c360.customer_redirects": "false",
}


def kept_tables(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Every table that builds keep, with the SQL of its tenant."""
    links = connection.execute(
        """
        select attrelid::regclass::text from pg_attribute inner join pg_class on pg_class.oid = attrelid
        where relnamespace = 'c360'::regnamespace and relkind = 'r' and attname = 'tenant_id'
        """
    ).fetchall()
    return _KEPT | {name: "t.tenant_id" for (name,) in links}


Contents = dict[str, set[tuple[str, str]]]
"""By history: (table, row)."""


def contents(connection: psycopg.Connection[Any], *, of_history: bool) -> Contents:
    """All that builds keep; without `of_history` what the final data decide."""
    found: Contents = {}
    for table, tenant in kept_tables(connection).items():
        condition = "true" if of_history else _OF_HISTORY.get(table, "true")
        volatile = (
            [*_VOLATILE, "updated_at"] if table == "c360.customers" else [v for v in _VOLATILE if v != "updated_at"]
        )
        for no, row in connection.execute(
            f"select split_part({tenant}, '_', 1), (to_jsonb(t) - %s::text[])::text from {table} as t "
            f"where {condition}",
            [volatile],
        ):
            found.setdefault(no, set()).add((table, row))
    return found


def row_versions(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[str, str]]]:
    """(ctid, xmin) of every row that builds keep: any write shows."""
    return {
        table: connection.execute(f"select ctid::text, xmin::text from {table} order by 1").fetchall()
        for table in kept_tables(connection)
    }


def forget(connection: psycopg.Connection[Any]) -> None:
    """Take away all that builds made but the first-seen order: the numbers and customer ids in the registry."""
    kept = ["tenant_id", "system", "entity", "source_id", "customer_id", "record_no", "record_status"]
    columns = connection.execute(
        """
        select attname from pg_attribute
        where attrelid = 'c360_intermediate.int_records'::regclass and attnum > 0 and not attisdropped
            and attname <> all (%s)
        """,
        [kept],
    ).fetchall()
    empty = sql.SQL(", ").join(sql.SQL("{} = null").format(sql.Identifier(name)) for (name,) in columns)
    connection.execute("drop schema c360, c360_staging, c360_functions, c360_seeds cascade")
    connection.execute(sql.SQL("update c360_intermediate.int_records set record_status = 'deleted', {}").format(empty))
    tables = connection.execute(
        """
        select relnamespace::regnamespace::text, relname from pg_class
        where relkind = 'r' and relnamespace in ('c360_intermediate'::regnamespace, 'c360_ops'::regnamespace)
            and relname not in ('int_records', 'match_overrides')
        """
    ).fetchall()
    for schema, name in tables:
        connection.execute(sql.SQL("drop table {} cascade").format(sql.Identifier(schema, name)))
