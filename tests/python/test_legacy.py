"""The made-up legacy systems: the same every time, true to their own truth, and as damaged as they claim."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import phonenumbers
import psycopg
import pytest
from psycopg import Connection, sql

from customer360.errors import LegacyDataError
from customer360.legacy import Generated, generate
from customer360.legacy.numbers import PLANS
from customer360.legacy.tables import SOURCE_TABLES, TABLES, Table

PEOPLE = 600
# Rows that truly belong to no customer, by table.
NOBODYS = {
    "marketplace.users": "user_type <> 'client'",
    "marketplace.service_requests": "not exists (select from marketplace.users where users.id = client_id)",
    "commerce.carts": "customer_id is null",
    "commerce.sessions": "customer_id is null",
}
FREE_PHONES = """
    select phone_number as phone from marketplace.users
    union all select phone from booking.prospects
    union all select customer_phone from booking.appointments
    union all select phone_number from crm.leads_master
"""
NAMES = """
    select full_name as name from marketplace.users
    union all select customer_name from booking.appointments
    union all select customer_name from field_service.service_tickets
    union all select display_name from commerce.customers
    union all select full_name from crm.leads_master
"""
EMAILS = """
    select email from marketplace.users
    union all select email from booking.prospects
    union all select customer_email from booking.appointments
    union all select email from crm.leads_master
"""
DATES = """
    select created_at as moment from booking.prospects
    union all select appointment_date from booking.appointments
    union all select lead_at from crm.leads_master
"""
DIGITS = r"regexp_replace(p.phone, '\D', '', 'g')"


@pytest.fixture(scope="module")
def generated(database: str) -> Generated:
    return generate(database, people=PEOPLE)


@pytest.fixture(scope="module")
def db(database: str, generated: Generated) -> Iterator[Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def checksums(url: str) -> dict[str, str]:
    statement = sql.SQL("select md5(string_agg(t::text, '|' order by t::text)) from {} as t")
    with psycopg.connect(url) as connection:
        return {table.qualified: str(scalar(connection, statement.format(identifier(table)))) for table in TABLES}


def identifier(table: Table) -> sql.Identifier:
    return sql.Identifier(table.schema, table.name)


def scalar(connection: Connection, query: str | sql.Composed, *parameters: object) -> object:
    text = query.encode() if isinstance(query, str) else query
    row = connection.execute(text, parameters or None).fetchone()
    assert row is not None
    return row[0]


def test_same_seed_same_data_other_seed_other_data(database: str, db: Connection, empty_database: str) -> None:
    first = checksums(database)
    call = f"from customer360.legacy import generate; generate({empty_database!r}, people={PEOPLE})"
    subprocess.run([sys.executable, "-c", call], check=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    assert checksums(empty_database) == first
    generate(empty_database, people=PEOPLE, seed=361)
    assert all(checksum != first[name] for name, checksum in checksums(empty_database).items())


def test_counts_are_what_the_tables_hold(db: Connection, generated: Generated) -> None:
    held = {
        table.qualified: scalar(db, sql.SQL("select count(*) from {}").format(identifier(table))) for table in TABLES
    }
    assert held == generated.rows
    assert held["truth.people"] == PEOPLE
    assert generated.records == sum(generated.rows[table.qualified] for table in SOURCE_TABLES)
    assert 4 * PEOPLE < generated.records < 6 * PEOPLE


def test_columns_stand_in_the_order_that_rows_are_made_in(db: Connection) -> None:
    for table in TABLES:
        columns = db.execute(
            """
            select column_name from information_schema.columns
            where table_schema = %s and table_name = %s order by ordinal_position
            """,
            [table.schema, table.name],
        ).fetchall()
        assert tuple(name for (name,) in columns) == table.columns


@pytest.mark.parametrize("table", SOURCE_TABLES, ids=lambda table: table.qualified)
def test_truth_knows_every_row_that_belongs_to_somebody(db: Connection, table: Table) -> None:
    nobodys = sql.SQL(NOBODYS.get(table.qualified, "false"))
    wrong = scalar(
        db,
        sql.SQL(
            """
            select count(*)
            from (select t.{key}::text as source_id, t.tenant_id, {nobodys} as nobodys from {table} as t) as t
            full join (select * from truth.records where system = {system} and entity = {entity}) as r
                using (source_id)
            where (r.person_id is null) is distinct from t.nobodys or r.tenant_id <> t.tenant_id
            """
        ).format(
            key=sql.Identifier(table.columns[0]),
            nobodys=nobodys,
            table=identifier(table),
            system=sql.Literal(table.schema),
            entity=sql.Literal(table.name),
        ),
    )
    assert wrong == 0
    if table.qualified in NOBODYS:
        assert scalar(db, sql.SQL("select bool_or({}) from {} as t").format(nobodys, identifier(table)))


def test_truth_names_people_of_their_own_tenant(db: Connection) -> None:
    query = "from truth.records left join truth.people using (person_id, tenant_id) where kind is null"
    assert scalar(db, f"select count(*) {query}") == 0
    assert scalar(db, "select count(distinct person_id) from truth.records") == PEOPLE


@pytest.mark.parametrize("country", PLANS)
def test_mobile_numbers_are_valid_and_never_repeat(country: str) -> None:
    numbers = [PLANS[country].nth(n, start=360) for n in range(2_000)]
    assert len(set(numbers)) == len(numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)


def test_clean_phones_are_valid(db: Connection) -> None:
    rows = db.execute(rf"select phone from ({FREE_PHONES}) as p where phone ~ '^\+[0-9]+$'".encode()).fetchall()
    clean = {phone for (phone,) in rows} - {"+10000000000"}
    assert len(clean) > PEOPLE / 5
    invalid = [phone for phone in clean if not phonenumbers.is_valid_number(phonenumbers.parse(phone))]
    assert invalid == []


@pytest.mark.parametrize(
    ("source", "column", "pattern"),
    [
        pytest.param(FREE_PHONES, "phone", r"^\+\d{11,}$", id="international"),
        pytest.param(FREE_PHONES, "phone", r"^(91|57|33|250)\d+$", id="without its plus"),
        pytest.param(FREE_PHONES, "phone", r"^00\d+$", id="with 00"),
        pytest.param(FREE_PHONES, "phone", r"^0[67]\d{8}$", id="national with trunk zero"),
        pytest.param(FREE_PHONES, "phone", r"\d \d", id="with spaces"),
        pytest.param(FREE_PHONES, "phone", r"\d-\d", id="with dashes"),
        pytest.param(FREE_PHONES, "phone", r"\d\.\d\d", id="with dots"),
        pytest.param(FREE_PHONES, "phone", r"\(\+?\d+\)", id="with parentheses"),
        pytest.param(FREE_PHONES, "phone", r"^(Tel|tel|Mob|Ph)", id="with a label"),
        pytest.param(FREE_PHONES, "phone", r"call after 6|ask for Ravi", id="with a remark"),
        pytest.param(FREE_PHONES, "phone", r"ext|x45", id="with an extension"),
        pytest.param(FREE_PHONES, "phone", r"\d{6} ?(/|,|or) ?\+?\d{6}", id="two in one field"),
        pytest.param(FREE_PHONES, "phone", r"^\d+\.0$", id="out of Excel"),
        pytest.param(FREE_PHONES, "phone", r"^(0000000000|9999999999|1234567890|N/A)$", id="placeholder"),
        pytest.param("select wa_id from commerce.customers", "wa_id", "@s.whatsapp.net$", id="WhatsApp jid"),
        pytest.param("select wa_id from commerce.customers", "wa_id", r"^whatsapp:\+", id="WhatsApp scheme"),
        pytest.param("select customer_phone as p from field_service.service_tickets", "p", "^.{20}$", id="cut off"),
        pytest.param(EMAILS, "email", "^[^a-z]+@[^a-z]+$", id="email in capitals"),
        pytest.param(EMAILS, "email", "^ | $", id="email with spaces"),
        pytest.param(EMAILS, "email", "^mailto:", id="email with mailto"),
        pytest.param(EMAILS, "email", "<.+@.+>", id="email with a name"),
        pytest.param(EMAILS, "email", "[.,;]$", id="email with a trailing dot"),
        pytest.param(EMAILS, "email", "^(test@test.com|noemail@example.com|na@na.com|none)$", id="no email"),
        pytest.param(NAMES, "name", "^[A-Z .]{8,}$", id="name in capitals"),
        pytest.param(NAMES, "name", "^[a-z ]{8,}$", id="name in small letters"),
        pytest.param(NAMES, "name", "[éíóñèê]", id="name with accents"),
        pytest.param(NAMES, "name", "^Rodriguez| Rodriguez|Garcia|Francois|Helene", id="name without them"),
        pytest.param(NAMES, "name", r"^\w\. \w+", id="name with an initial"),
        pytest.param(NAMES, "name", r"^[\w ]+, \w+", id="name with its order swapped"),
        pytest.param(NAMES, "name", r"^(Mr|Mrs|Dr|Mme|Sra?|Shri|Smt)\M", id="name with an honorific"),
        pytest.param(NAMES, "name", r"\(VIP\)$", id="name with a mark"),
        pytest.param(NAMES, "name", "^ |  | $|\t$|\u00a0", id="name with odd spaces"),
        pytest.param(NAMES, "name", "Ã", id="name read in the wrong encoding"),
        pytest.param(NAMES, "name", "[\u0900-\u097f]", id="name in Devanagari"),
        pytest.param(NAMES, "name", "^(| |-|Unknown)$", id="name left blank"),
        pytest.param(DATES, "moment", r"^\d{4}-\d\d-\d\dT.+Z$", id="date in ISO"),
        pytest.param(DATES, "moment", r"^\d{4}-\d\d-\d\dT.+[+-]\d\d:\d\d$", id="date with an offset"),
        pytest.param(DATES, "moment", r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", id="date of SQLite"),
        pytest.param(DATES, "moment", r"^\d\d/\d\d/\d{4}$", id="date with the day first"),
        pytest.param(DATES, "moment", r"^\d\d/\d\d/\d{4} \d\d:\d\d$", id="date with the day first, and a time"),
        pytest.param(DATES, "moment", r"^1\d{9}$", id="date in epoch seconds"),
    ],
)
def test_damage_of_every_kind_is_there(db: Connection, source: str, column: str, pattern: str) -> None:
    query = sql.SQL("select count(*) from ({}) as t where {} ~ {}").format(
        sql.SQL(source),
        sql.Identifier(column),
        sql.Literal(pattern),
    )
    assert scalar(db, query) != 0


@pytest.mark.parametrize(
    ("columns", "pattern"),
    [
        pytest.param("text_dates", "^(31/02/2024|30/02/2021 10:00|soon|mañana|2023-13-45)$", id="unparsable date"),
        pytest.param("free_text", "^(.{250}){12}", id="over-long text"),
        pytest.param("names", "[\x01\x08\x1b]", id="control character"),
        pytest.param("names", r"\\u0000|\\x00", id="escaped nul"),
    ],
)
def test_bad_rows_of_every_sort_are_there(db: Connection, generated: Generated, columns: str, pattern: str) -> None:
    bad = 0
    for table in SOURCE_TABLES:
        for column in getattr(table, columns):
            query = sql.SQL("select count(*) from {} where {} ~ {}").format(
                identifier(table), sql.Identifier(table.columns[column]), sql.Literal(pattern)
            )
            found = scalar(db, query)
            assert isinstance(found, int)
            bad += found
    assert 1 <= bad <= 0.002 * generated.records


def test_truth_lists_the_identifiers_that_must_not_link(db: Connection) -> None:
    query = "select nature, count(*) from truth.special_identifiers group by nature"
    natures: dict[str, int] = dict(db.execute(query).fetchall())
    assert natures["front_desk"] >= 3
    assert natures["placeholder"] == 3 * 11
    assert natures["household"] > 0


def test_a_front_desk_lends_its_number_to_many(db: Connection) -> None:
    users = db.execute(
        f"""
        select count(distinct person_id)
        from truth.special_identifiers as s
        left join (
            select id::text, phone_number as phone from marketplace.users
            union all select id, phone from booking.prospects
            union all select id, customer_phone from booking.appointments
            union all select id, customer_phone from booking.omni_conversations
            union all select id, customer_phone from field_service.service_tickets
            union all select id, customer_contact_phone from field_service.equipment
            union all select user_id::text, whatsapp_e164 from commerce.profiles
            union all select id::text, phone_number from crm.leads_master
        ) as p on {DIGITS} like '%' || right(s.value, 8) || '%'
        left join truth.records as r on r.source_id = p.id
        where s.nature = 'front_desk'
        group by s.value
        """.encode()
    ).fetchall()
    assert all(6 <= count <= 60 for (count,) in users)


def test_some_people_are_customers_of_two_tenants(db: Connection) -> None:
    assert (
        scalar(
            db,
            """
        select count(*) from (
            select email from marketplace.users where email like '%@%'
            group by email having count(distinct tenant_id) > 1
            union all
            select ltrim(whatsapp_e164, '+') from commerce.profiles
            group by ltrim(whatsapp_e164, '+') having count(distinct tenant_id) > 1
        ) as shared
        """,
        )
        != 0
    )


def test_mumbai_has_customers_with_more_than_ten_tickets(db: Connection) -> None:
    query = """
        select count(*) from (
            select person_id
            from field_service.service_tickets as t
            join truth.records as r on r.entity = 'service_tickets' and r.source_id = t.id
            where t.state = 'Maharashtra' and t.city ilike 'mumbai%'
            group by person_id having count(*) > 10
        ) as busy
    """
    assert scalar(db, query) != 0


@pytest.mark.parametrize(
    "table",
    [table for table in SOURCE_TABLES if table.schema != "booking"],  # whose dates are text, in many forms
    ids=lambda table: table.qualified,
)
def test_nothing_changed_before_it_was_made(db: Connection, table: Table) -> None:
    query = sql.SQL(
        """
        select count(*) from {}
        where updated_at < created_at or created_at < '2019-01-01' or updated_at >= '2026-01-01'
        """
    )
    assert scalar(db, query.format(identifier(table))) == 0


def test_refuses_schemas_that_it_did_not_make(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("create schema crm create table precious (id integer)")
        with pytest.raises(LegacyDataError, match='"crm"'):
            generate(empty_database, people=10)
        assert scalar(connection, "select to_regclass('crm.precious') is not null")
        assert scalar(connection, "select to_regnamespace('booking') is null")
        generate(empty_database, people=10, replace=True)
        generate(empty_database, people=10)
        assert scalar(connection, "select to_regclass('crm.precious') is null")


def test_says_what_is_wrong_with_a_database_that_cannot_hold_the_names(latin_database: str) -> None:
    with pytest.raises(LegacyDataError, match="UTF8"):
        generate(latin_database, people=PEOPLE)


def test_runs_on_every_supported_server(each_database: str) -> None:
    assert generate(each_database, people=50).records > 0


def test_a_failure_leaves_what_was_there(database: str, db: Connection) -> None:
    def fail(table: str, done: int, total: int) -> None:
        if table == "crm.leads_master":
            raise RuntimeError("the plug is pulled")

    before = checksums(database)
    with pytest.raises(RuntimeError, match="the plug is pulled"):
        generate(database, people=20, seed=1, progress=fail)
    assert checksums(database) == before


def test_progress_goes_up_to_the_end_of_every_table(empty_database: str) -> None:
    calls: list[tuple[str, int, int]] = []
    made = generate(empty_database, people=50, progress=lambda *call: calls.append(call))
    assert calls[0] == ("truth.people", 50, 50)
    copied = calls[1:]
    assert {name: done for name, done, _ in copied} == {name: rows for name, rows in made.rows.items() if rows}
    assert all(a[0] != b[0] or a[1] < b[1] for a, b in pairwise(copied))


def test_the_temporary_files_are_gone(tmp_path: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    generate(empty_database, people=20)
    assert list(tmp_path.iterdir()) == []
