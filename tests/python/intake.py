"""What the tests of live intake share: arrivals made up at random, and calls of the API from many threads."""

from __future__ import annotations

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

TENANTS = ("default", "acme")
FIRST = ("Ravi", "Priya", "José", "Zoë", "Amélie", "Omar", "Lucía", "Wei", "Anaïs", "Björn", "Meera", "Tomás")
LAST = ("Kumar", "Sharma", "García", "Müller", "Dubois", "Okafor", "Nguyễn", "Iyer", "Ruiz", "Haddad", "Petit", "Rao")

Arrival = dict[str, str | None]


def spelt(dice: random.Random, phone: str) -> str:
    """An Indian mobile number as people write it."""
    return dice.choice(
        (phone, f"+91{phone}", f"+91 {phone[:5]} {phone[5:]}", f"0{phone}", f"91-{phone[:5]}-{phone[5:]}", f"({phone})")
    )


def arrivals(seed: int, how_many: int, known_phones: Iterable[str] = ()) -> list[Arrival]:
    """People who come again and again: with another spelling, another phone, only an email; some share a front desk."""
    dice = random.Random(seed)
    known = list(known_phones)
    people = []
    for number in range(how_many // 4):
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        phones = [f"98{dice.randrange(10**8):08d}" for _ in range(dice.choice((1, 1, 1, 2)))]
        emails = [f"p{number}.{dice.randrange(10**6)}@mail{number % 7}.in"] * dice.choice((0, 1, 1))
        people.append((dice.choice(TENANTS), name, phones, emails))
    desks = [f"70{dice.randrange(10**8):08d}" for _ in range(4)]
    made: list[Arrival] = []
    for _ in range(how_many):
        tenant, name, phones, emails = dice.choice(people)
        phone: str | None = spelt(dice, dice.choice(phones))
        email = dice.choice(emails).upper() if emails and dice.random() < 0.6 else None
        kind = dice.random()
        if kind < 0.05:
            phone = spelt(dice, dice.choice(desks))
        elif kind < 0.08:
            phone = "9999999999"
        elif kind < 0.12 and known:
            phone = dice.choice(known)
        elif kind < 0.2 and email:
            phone = None
        whatsapp = spelt(dice, dice.choice(phones)) if dice.random() < 0.2 else None
        full_name = dice.choice((name, name.upper(), f"Dr. {name}", None))
        made.append(
            {"tenant_id": tenant, "phone": phone, "email": email, "whatsapp_number": whatsapp, "full_name": full_name}
        )
    return made


def call(connection: psycopg.Connection[Any], function: str, **arguments: object) -> list[dict[str, Any]]:
    """Rows that a function of the API gives."""
    query = sql.SQL("select * from {}({})").format(
        sql.Identifier("api", function),
        sql.SQL(", ").join(sql.SQL("{} => {}").format(sql.Identifier(a), sql.Placeholder(a)) for a in arguments),
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, arguments).fetchall()


def take_in(url: str, batch: list[Arrival], clients: int) -> list[dict[str, Any]]:
    """The answers to all arrivals, from clients that call at the same time."""

    def work(start: int) -> list[tuple[int, dict[str, Any]]]:
        with psycopg.connect(url, autocommit=True) as connection:
            return [
                (place, call(connection, "find_or_create_customer", **batch[place])[0])
                for place in range(start, len(batch), clients)
            ]

    with ThreadPoolExecutor(clients) as pool:
        answers = [answer for done in pool.map(work, range(clients)) for answer in done]
    return [answer for _, answer in sorted(answers, key=lambda pair: pair[0])]
