"""People with a story, beside made-up systems: each is known to a test by what happens to it in two builds."""

from __future__ import annotations

from typing import Any

import psycopg
from builds import build, connect
from psycopg import sql

from customer360 import legacy
from customer360.server import Server

NAME = "stories"
INDEXED = "select exists (select from pg_index where indrelid = %s::regclass)"
OPTIONS: dict[str, Any] = {
    "variables": "{score_pairs: true}",
    "exclude": ("resource_type:test", "resource_type:unit_test"),
}
# Users and leads by number.
ANA, BEN, CARLA, CARLA_TOO, DORA, DORA_TOO, TESTER, TESTER_TOO, GONE, BAD = range(1, 11)
DESK = range(20, 26)
STRANGER = 30
EVA, EVA_TOO = 40, 41
LEAD, CARLA_LEAD = 1, 2


def key(no: int) -> str:
    return f"00000000-0000-4000-8000-{no:012d}"


def user(no: int) -> str:
    return f"marketplace.users:{key(no)}"


def lead(no: int) -> str:
    return f"crm.leads_master:{key(no + 900)}"


REQUEST = f"marketplace.service_requests:{key(800)}"
CART = f"commerce.carts:{key(801)}"


def add_user(connection: psycopg.Connection[Any], no: int, name: str, **columns: Any) -> None:
    values = {
        "id": key(no), "tenant_id": "story", "user_type": "client", "full_name": name, "is_active": True,
        "created_at": f"2020-01-{no % 28 + 1:02d}", "updated_at": "2024-01-01",
    } | columns  # fmt: skip
    insert(connection, "marketplace", "users", values)


def insert(connection: psycopg.Connection[Any], schema: str, table: str, values: dict[str, Any]) -> None:
    connection.execute(
        sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(schema, table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        ),
        values,
    )


def tell_stories(connection: psycopg.Connection[Any]) -> None:
    times = {"tenant_id": "story", "created_at": "2025-01-01", "updated_at": "2025-06-01"}
    add_user(connection, ANA, "Ana Ruiz", phone_number="+573001112233", city="Cali")
    add_user(connection, BEN, "Ben Soto", phone_number="+573004445566")
    # A lead with the phone of one and the name of the other, and a request of Ana's.
    contact = {"full_name": "Ben Soto", "phone_number": "+57 300 111 2233"}
    insert(connection, "crm", "leads_master", {"id": key(901), **times, **contact})
    insert(
        connection,
        "marketplace",
        "service_requests",
        {"id": key(800), **times, "client_id": key(ANA), "service_type": "x"},
    )
    # A chain by phone and email.
    add_user(connection, CARLA, "Carla Diaz", phone_number="+573005550001")
    add_user(connection, CARLA_TOO, "Carla Diaz", phone_number="+573005550001", email="carla@diaz-hogar.co")
    contact = {"full_name": "Carla Diaz", "email": "carla@diaz-hogar.co"}
    insert(connection, "crm", "leads_master", {"id": key(902), **times, **contact})
    # Two that a person links; two that share a placeholder; one that leaves, one that cannot be read.
    add_user(connection, DORA, "Dora Lima", phone_number="+573005550002")
    add_user(connection, DORA_TOO, "Pia Sanz", phone_number="+573005550003")
    for no, name in ((TESTER, "Tom Paz"), (TESTER_TOO, "Uma Gil")):
        add_user(connection, no, name, email="test@test.com", phone_number=f"+5730055501{no:02d}")
    add_user(connection, GONE, "Gil Rey", phone_number="+573005550009")
    add_user(connection, BAD, "Bad\x01Name", phone_number="+573005550010")
    # The front desk of six people, and somebody of another tenant with Ana's phone.
    for no, name in zip(DESK, ("Fay Mora", "Gus Neri", "Hal Otto", "Ida Pons", "Jan Quin", "Kim Rojo"), strict=True):
        add_user(connection, no, name, phone_number="+573009990000")
    add_user(connection, STRANGER, "Ana Ruiz", phone_number="+573001112233", tenant_id="elsewhere")
    # Alike in name and email, but without anything in common.
    add_user(connection, EVA, "Evangelina Zubizarreta", email="evangelina.zubizarreta@correo-cali.co", city="Cali")
    add_user(connection, EVA_TOO, "Evangelina Zubizareta", email="evangelina.zubizareta@correo-cali.co", city="Cali")
    insert(connection, "commerce", "carts", {"id": key(801), **times})


def make_stories(server: Server) -> str:
    """A database in which the stories are told; its name, for copies."""
    with connect(server.url("postgres")) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))
    url = server.url(NAME)
    legacy.generate(url, people=30)
    with connect(url) as connection:
        tell_stories(connection)
        build(url, **OPTIONS)
        for decision, a, b in (("link", user(DORA), user(DORA_TOO)), ("separate", user(CARLA), lead(CARLA_LEAD))):
            decide(connection, decision, a, b)
        connection.execute("delete from marketplace.users where id = %s", [key(GONE)])
    build(url, **OPTIONS)
    return NAME


def decide(connection: psycopg.Connection[Any], decision: str, a: str, b: str) -> None:
    values: dict[str, Any] = {"decision": decision, "tenant_id": "story", "reason": "they called"}
    for end, record in (("a", a), ("b", b)):
        table, _, source_id = record.partition(":")
        system, _, entity = table.partition(".")
        values |= {f"system_{end}": system, f"entity_{end}": entity, f"source_id_{end}": source_id}
    insert(connection, "c360_ops", "match_overrides", values)
