"""The functions of the schema `api`: answers, errors, who may call them, what they read."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from builds import build, connect, one
from intake import call

from customer360.client import (
    CustomerNotFoundError,
    Customers,
    DuplicateContactError,
    InvalidArgumentError,
    StatusConflictError,
    TenantError,
)
from customer360.project import project_dir
from customer360.server import Server
from cutovers import copies

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def database(postgres: Server, built: str) -> Iterator[str]:
    """A built database with a role for applications, which the last build has let in."""
    with copies(postgres, built) as [url]:
        with connect(url) as connection:
            connection.execute(
                """
                do $$ begin
                    if to_regrole('c360_app') is null then create role c360_app; end if;
                    if to_regrole('c360_visitor') is null then create role c360_visitor; end if;
                end $$
                """
            )
        build(url, select=("search_words",))
        yield url


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(database) as connection:
        yield connection


@pytest.fixture
def app(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection with the rights of an application."""
    with connect(database) as connection:
        connection.execute("set role c360_app")
        yield connection


@pytest.fixture
def customers(app: psycopg.Connection[Any]) -> Customers:
    return Customers(app, tenant_id="acme")


def test_a_customer_is_found_however_the_phone_is_spelt(customers: Customers) -> None:
    made = customers.find_or_create(phone="98200 12345", full_name="Dr. Anjali Deshpande", city="Pune")
    again = customers.find_or_create(phone="+91-98200-12345", full_name="ANJALI DESHPANDE")
    assert made.is_new
    assert not again.is_new
    assert made.customer_id == again.customer_id
    row = customers.get(made.customer_id)
    assert (row.name, row.city, row.primary_phone) == ("Anjali Deshpande", "Pune", "+919820012345")
    assert customers.find_by_phone("0 98200 12345") == [row]
    assert customers.find_by_phone("98200 12346") == []
    assert customers.get(str(made.customer_id)) == row


def test_a_second_identifier_leads_to_the_same_customer(customers: Customers) -> None:
    made = customers.find_or_create(phone="98200 22345", full_name="Vikram Seth")
    customers.find_or_create(phone="98200 22345", email="Vikram@Seth.in")
    assert customers.find_or_create(email="vikram@seth.in").customer_id == made.customer_id
    assert customers.find_or_create(email="vikram@seth.in", phone="98200 33345").customer_id == made.customer_id
    assert [row.customer_id for row in customers.find_by_phone("9820033345")] == [made.customer_id]


def test_a_placeholder_links_nobody(customers: Customers) -> None:
    one_of_them = customers.find_or_create(phone="9999999999", full_name="Kiran Rao")
    other = customers.find_or_create(phone="9999999999", full_name="Kiran Rao")
    assert one_of_them.is_new
    assert other.is_new
    assert one_of_them.customer_id != other.customer_id
    assert customers.get(other.customer_id).primary_phone is None


def test_a_front_desk_is_recognised_before_the_next_build(customers: Customers) -> None:
    names = ("Asha Patil", "Bala Iyer", "Chitra Nair", "Deepak Jain", "Esha Gupta", "Farhan Ali")
    found = [customers.find_or_create(phone="98200 44345", full_name=name) for name in names]
    assert [answer.is_new for answer in found] == [True, False, False, False, True, True]


def test_search_forgives_accents_order_case_and_typos(
    customers: Customers, connection: psycopg.Connection[Any]
) -> None:
    wanted = customers.find_or_create(phone="98200 55345", full_name="María José Fernández Quintanilla").customer_id
    connection.execute(
        "insert into c360_intermediate.int_name_words values ('quintanilla'), ('fernandez') on conflict do nothing"
    )
    for asked in (
        "maria jose fernandez quintanilla",
        "QUINTANILLA Fernández",
        "quintanila",
        "fernandes quintanilla",
        "Quintanilla",
        "quintanilla unheardof",
    ):
        found = customers.search(asked)
        assert found, asked
        assert found[0].customer_id == wanted, asked
    assert customers.search("xqzw") == []
    exact = customers.search("María José Fernández Quintanilla", max_results=1)
    assert [row.customer_id for row in exact] == [wanted]


def test_a_search_has_no_list_of_new_customers_to_read(
    customers: Customers, connection: psycopg.Connection[Any]
) -> None:
    customers.find_or_create(phone="98200 55346", full_name="Newly Arrived")
    connection.execute("insert into c360_intermediate.int_name_words values ('newly') on conflict do nothing")
    for index in ("c360.idx_customers_name_words", "c360_intermediate.int_name_words_trgm"):
        assert one(connection, "select gin_clean_pending_list(%s::regclass)", [index]) == 0, index


def test_the_best_is_found_among_hundreds_that_are_near(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            """
            insert into c360.customers (customer_id, tenant_id, customer_type, name, status, tags, total_appointments,
                total_conversations, record_count, source_systems, source, anchor_no, provenance, updated_at,
                created_by)
            select md5('crowd' || i)::uuid, 'crowd', 'individual',
                case when i > 600 then 'Marieke Oosterhuis' else 'Marijke Oosterhuisen' end,
                'active', '[]', 0, 0, 1, array['crm'], 'crm', 5000000 + i, '{}', now(), 'crowd'
            from generate_series(1, 602) as i;
            insert into c360_intermediate.int_name_words
            values ('marieke'), ('marijke'), ('oosterhuis'), ('oosterhuisen') on conflict do nothing
            """
        )
        for asked in ("Marieke Oosterhuis", "Oosterhuis, Marieke", "Mariekke Oosterhuis"):
            found = call(connection, "search_customers", name=asked, tenant_id="crowd")
            assert [row["name"] for row in found[:3]] == ["Marieke Oosterhuis"] * 2 + ["Marijke Oosterhuisen"], asked
        connection.rollback()


def test_lists_are_paged_by_key_and_agree_with_counts(database: str) -> None:
    with connect(database) as connection:
        tenant, city, state = connection.execute(
            """
            select tenant_id, mode() within group (order by city), mode() within group (order by state)
            from c360.customers where status <> 'merged' group by tenant_id order by count(*) desc limit 1
            """
        ).fetchone() or ("", "", "")
    with Customers.connect(database, tenant_id=tenant) as everybody:
        listed = list(everybody.list_all(page_size=7))
        ids = [row.customer_id for row in listed]
        assert ids == sorted(set(ids))
        assert len(ids) == everybody.count() > 50
        for filters in (
            {"city": city},
            {"state": state},
            {"status": "active"},
            {"customer_type": "hospital"},
            {"city": city, "status": "inactive"},
            {"organization_id": NOBODY},
        ):
            chosen = list(everybody.list_all(page_size=3, **filters))
            assert len(chosen) == everybody.count(**filters)
            for row in chosen:
                assert all(str(getattr(row, name)) == value for name, value in filters.items())
        assert everybody.count(city=city) > 0


def test_block_and_activate(customers: Customers) -> None:
    made = customers.find_or_create(phone="98200 66345", full_name="Nikhil Bose", notes="Called twice")
    blocked = customers.block(made.customer_id, "never pays")
    assert (blocked.status, blocked.notes) == ("blocked", "Called twice Blocked: never pays.")
    assert customers.find_or_create(phone="98200 66345").status == "blocked"
    with pytest.raises(StatusConflictError, match="blocked already"):
        customers.block(made.customer_id)
    assert customers.activate(made.customer_id).status == "active"
    with pytest.raises(StatusConflictError, match="active already"):
        customers.activate(made.customer_id)


def test_update_contact(customers: Customers) -> None:
    made = customers.find_or_create(phone="98200 77345", full_name="Leela Menon")
    other = customers.find_or_create(phone="98200 77346", email="other@menon.in")
    changed = customers.update_contact(made.customer_id, phone="98200 77399", email="leela@menon.in")
    assert changed.primary_phone == "+919820077399"
    assert changed.secondary_phone == "+919820077345"
    assert changed.primary_email == "leela@menon.in"
    for phone in ("98200 77345", "98200 77399"):
        assert [row.customer_id for row in customers.find_by_phone(phone)] == [made.customer_id]
    assert customers.update_contact(made.customer_id, phone="98200 77399") == changed, "nothing new, nothing written"
    for taken in ({"phone": "98200 77346"}, {"whatsapp_number": "98200 77346"}, {"email": "other@menon.in"}):
        with pytest.raises(DuplicateContactError, match="already exists"):
            customers.update_contact(made.customer_id, **taken)
    assert customers.get(other.customer_id).primary_phone == "+919820077346"
    with pytest.raises(InvalidArgumentError, match="nobody's own: placeholder"):
        customers.update_contact(made.customer_id, phone="9999999999")
    with pytest.raises(InvalidArgumentError, match="No contact"):
        customers.update_contact(made.customer_id)


@pytest.mark.parametrize(
    ("function", "arguments", "error", "said"),
    [
        ("find_or_create_customer", {}, "22023", "none is given"),
        ("find_or_create_customer", {"phone": ""}, "22023", "none is given"),
        ("find_or_create_customer", {"phone": "12"}, "22023", "phone is no phone number: too_few_digits"),
        ("find_or_create_customer", {"phone": "call me"}, "22023", "no_digits"),
        ("find_or_create_customer", {"email": "nowhere"}, "22023", "email"),
        ("find_or_create_customer", {"phone": "98200 00345", "customer_type": "king"}, "22023", "customer_type"),
        ("find_or_create_customer", {"phone": "98200 00345", "full_name": "a\x07b"}, "22023", "full_name"),
        ("find_by_phone", {"phone": None}, "22023", "missing"),
        ("search_customers", {"name": " ... "}, "22023", "no letter"),
        ("search_customers", {"name": "rao", "max_results": 0}, "22023", "max_results"),
        ("list_customers", {"page_size": 100000}, "22023", "page_size"),
        ("get_customer", {"customer_id": uuid.UUID(NOBODY)}, "PT404", "no customer"),
        ("get_customer", {"customer_id": None}, "PT404", "no customer"),
        ("update_contact", {"customer_id": uuid.UUID(NOBODY), "phone": "98200 00345"}, "PT404", "no customer"),
        ("block_customer", {"customer_id": uuid.UUID(NOBODY)}, "PT404", "no customer"),
        ("activate_customer", {"customer_id": None}, "PT404", "no customer"),
    ],
)
def test_every_refusal_has_a_code_and_a_next_step(
    app: psycopg.Connection[Any], function: str, arguments: dict[str, object], error: str, said: str
) -> None:
    with pytest.raises(psycopg.Error, match=said) as caught:
        call(app, function, **arguments)
    assert caught.value.sqlstate == error
    assert caught.value.diag.message_hint


def test_the_client_names_what_went_wrong(customers: Customers) -> None:
    with pytest.raises(CustomerNotFoundError, match="find_by_phone"):
        customers.get(NOBODY)
    with pytest.raises(InvalidArgumentError, match="UUID"):
        customers.get("42")


TEXTS = {
    "find_or_create_customer": (
        "phone",
        "full_name",
        "organization_name",
        "email",
        "whatsapp_number",
        "customer_type",
        "address_line1",
        "city",
        "state",
        "postal_code",
        "country",
        "notes",
        "created_by",
        "tenant_id",
    ),
    "find_by_phone": ("phone", "country", "tenant_id"),
    "search_customers": ("name", "tenant_id"),
    "list_customers": ("customer_type", "status", "city", "state", "tenant_id"),
    "count_customers": ("customer_type", "status", "city", "state", "tenant_id"),
    "update_contact": ("phone", "email", "whatsapp_number", "country", "created_by", "tenant_id"),
    "block_customer": ("reason", "created_by", "tenant_id"),
    "activate_customer": ("created_by", "tenant_id"),
    "get_customer": ("tenant_id",),
}
HOSTILE = (
    "'; drop table c360.customers; --",
    "$$ || pg_sleep(9) || $$",
    "%s %I %L",
    "\\'; select 1; --",
    "x" * 1_000_000,
    "' or true --",
    "{}",
    '"quoted"',
    "%",
    "\N{COMBINING ACUTE ACCENT}" * 5000,
)


@pytest.mark.parametrize("function", TEXTS)
def test_no_text_breaks_in(database: str, app: psycopg.Connection[Any], function: str) -> None:
    with connect(database) as connection:
        before = one(connection, "select count(*) from c360.customers where tenant_id = 'meridian'")
    app.execute("set statement_timeout = '5s'")
    needed: dict[str, object] = {
        "find_or_create_customer": {"phone": "98200 88345"},
        "find_by_phone": {"phone": "98200 88345"},
        "search_customers": {"name": "rao"},
        "list_customers": {},
        "count_customers": {},
    }.get(function, {"customer_id": uuid.UUID(NOBODY)})  # type: ignore[assignment]
    for argument in TEXTS[function]:
        for text in HOSTILE:
            found, error = attempt(app, function, {"tenant_id": f"of {function}", **needed, argument: text})
            assert error is None or error.sqlstate in ("22023", "PT404"), (argument, text[:40], error)
            assert error is None or text == "%" or text not in str(error), "values do not go to the log"
            if function in ("list_customers", "count_customers") and argument != "tenant_id" and error is None:
                assert found in ([], [{"count_customers": 0}]), (argument, text[:40])
    with connect(database) as connection:
        assert one(connection, "select count(*) from c360.customers where tenant_id = 'meridian'") == before


def attempt(
    connection: psycopg.Connection[Any], function: str, arguments: dict[str, Any]
) -> tuple[list[dict[str, Any]], psycopg.Error | None]:
    """What a call gives, or the error that it ends with."""
    try:
        return call(connection, function, **arguments), None
    except psycopg.Error as error:
        return [], error


def test_a_token_reaches_its_own_tenant_only(app: psycopg.Connection[Any]) -> None:
    mine = call(app, "find_or_create_customer", phone="98200 99345", tenant_id="acme")[0]["customer_id"]
    for claims in (
        {"tenant_id": "other"},
        {"app_metadata": {"tenant_id": "other"}, "user_metadata": {"tenant_id": "acme"}},
    ):
        app.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps(claims)])
        assert call(app, "find_by_phone", phone="98200 99345") == []
        for function, arguments in (
            ("get_customer", {"customer_id": mine}),
            ("block_customer", {"customer_id": mine}),
            ("update_contact", {"customer_id": mine, "phone": "98200 99346"}),
            ("activate_customer", {"customer_id": mine}),
        ):
            with pytest.raises(psycopg.Error) as caught:
                call(app, function, **arguments)
            assert caught.value.sqlstate == "PT404"
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="another tenant"):
                call(app, function, **arguments, tenant_id="acme")
    app.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps({"role": "anon"})])
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="names no tenant"):
        call(app, "find_by_phone", phone="98200 99345", tenant_id="acme")
    with pytest.raises(TenantError, match="tenant_id"):
        Customers(app).find_by_phone("98200 99345")
    app.execute("select set_config('request.jwt.claims', %s, false)", [json.dumps({"tenant_id": "acme"})])
    assert call(app, "get_customer", customer_id=mine)[0]["customer_id"] == mine


def test_only_the_role_for_applications_gets_in(database: str) -> None:
    with connect(database) as connection:
        functions = [
            name
            for (name,) in connection.execute("select proname from pg_proc where pronamespace = 'api'::regnamespace")
        ]
        assert sorted(functions) == sorted(TEXTS)
        connection.execute("set role c360_visitor")
        for function in functions:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select * from api.{function}()".encode())
        connection.execute("reset role; set role c360_app")
        for statement in (
            "select * from c360.customers",
            "select * from c360_ops.intake_arrivals",
            "insert into c360_ops.intake_pending select from generate_series(1, 0)",
            "select * from c360_functions.intake_matches('acme', 'phone', '+919820012345', null)",
            "create table api.mine ()",
            "create function api.get_customer(text) returns text language sql as 'select 1'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_objects_of_the_caller_are_not_called(
    app: psycopg.Connection[Any], connection: psycopg.Connection[Any]
) -> None:
    """A caller who puts a schema of his own first must not run his code with the owner's rights."""
    connection.execute("drop schema if exists hostile cascade; create schema hostile authorization c360_app")
    app.execute(
        """
        create function hostile.upper(text) returns text language plpgsql as $$ begin raise 'caught'; end $$;
        create function hostile.hashtextextended(text, bigint) returns bigint language plpgsql
            as $$ begin raise 'caught'; end $$;
        create function hostile.equal(text, text) returns boolean language plpgsql as $$ begin raise 'caught'; end $$;
        create operator hostile.= (leftarg = text, rightarg = text, function = hostile.equal);
        create table hostile.customers (customer_id uuid);
        set search_path = hostile, pg_catalog;
        """
    )
    made = call(app, "find_or_create_customer", phone="98200 10345", full_name="Hema Das", tenant_id="acme")[0]
    call(app, "update_contact", customer_id=made["customer_id"], phone="98200 10346", tenant_id="acme")
    call(app, "block_customer", customer_id=made["customer_id"], tenant_id="acme")
    assert call(app, "search_customers", name="hema das", tenant_id="acme")
    assert call(app, "list_customers", city="Pune", tenant_id="acme") is not None


def test_another_isolation_level_is_refused(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="READ COMMITTED"):
            call(connection, "find_or_create_customer", phone="98200 11345")


def test_no_lookup_scans_a_table(postgres: Server, built: str) -> None:
    """The plans of the statements inside, on tables that are worth an index."""
    with copies(postgres, built) as [url], connect(url) as connection:
        connection.execute(
            """
            insert into c360_intermediate.int_records
                (tenant_id, system, entity, source_id, record_no, record_status, customer_id, full_name, phone,
                name_group)
            overriding system value
            select 'acme', 'crm', 'leads_master', 'plan ' || i, 1000000 + i, 'live', md5('plan' || i)::uuid,
                left(md5(i::text), 8), '+9198' || lpad(i::text, 8, '0'), left(md5(i::text), 8)
            from generate_series(1, 30000) as i;
            insert into c360_intermediate.int_identifiers (record_no, tenant_id, kind, value)
            select record_no, tenant_id, 'phone', phone from c360_intermediate.int_records where record_no > 1000000;
            insert into c360_intermediate.int_clusters (record_no, tenant_id, system, entity, source_id, component_no,
                anchor_no, customer_id, is_identified, is_live, changed_at)
            select record_no, tenant_id, system, entity, source_id, record_no, record_no, customer_id, true, true, now()
            from c360_intermediate.int_records where record_no > 1000000;
            insert into c360.customers (customer_id, tenant_id, customer_type, name, primary_phone, city, state, status,
                tags, total_appointments, total_conversations, record_count, source_systems, source, anchor_no,
                provenance, updated_at, created_by)
            select customer_id, tenant_id, 'individual', full_name, phone, 'City ' || record_no % 500,
                'S' || record_no % 50, 'active', '[]', 0, 0, 1, array['crm'], 'crm', record_no, '{}', now(), 'plan'
            from c360_intermediate.int_records where record_no > 1000000;
            insert into c360.customer_redirects (from_customer_id, to_customer_id, anchor_no, since, build_id)
            select md5('plan' || i)::uuid, md5('plan1')::uuid, 1000000 + i, now(), 'plan'
            from generate_series(20001, 30000) as i;
            insert into c360_intermediate.int_name_words
            select left(md5(i::text), 8) from generate_series(1, 30000) as i
            on conflict do nothing;
            insert into c360_ops.intake_pending (entity, entry_id, kind, value, tenant_id, record_no, customer_id)
            select 'arrivals', 'plan ' || i, 'phone', '+9170' || lpad(i::text, 8, '0'), 'acme', 2000000 + i,
                md5('plan' || i)::uuid
            from generate_series(1, 30000) as i;
            analyze;
            load 'auto_explain';
            set auto_explain.log_min_duration = 0;
            set auto_explain.log_analyze = on;
            set auto_explain.log_nested_statements = on;
            set auto_explain.log_format = json;
            set auto_explain.log_level = notice;
            """
        )
        plans: list[dict[str, Any]] = []
        connection.add_notice_handler(
            lambda notice: plans.append(json.loads(str(notice.message_primary).split("plan:", 1)[1]))
        )
        some = one(connection, "select md5('plan77')::uuid")
        name = one(connection, "select left(md5('77'), 8)")
        for function, arguments in (
            ("get_customer", {"customer_id": some}),
            ("find_by_phone", {"phone": "9800000077"}),
            ("search_customers", {"name": name}),
            ("search_customers", {"name": name[:-1]}),
            ("search_customers", {"name": f"{name} unheard"}),
            ("list_customers", {"page_size": 20}),
            ("list_customers", {"city": "City 7", "after_customer_id": some}),
            ("list_customers", {"city": "City 7", "state": "S7", "status": "active"}),
            ("count_customers", {"city": "City 7"}),
            ("find_or_create_customer", {"phone": "9800000077", "full_name": name}),
            ("find_or_create_customer", {"phone": "9300000077", "full_name": "New Name", "email": "new@name.in"}),
            ("update_contact", {"customer_id": some, "phone": "9300000078"}),
            ("update_contact", {"customer_id": some, "email": "some@plan.in", "whatsapp_number": "9300000079"}),
            ("block_customer", {"customer_id": some}),
            ("activate_customer", {"customer_id": some}),
        ):
            for _ in range(7):  # the sixth call may take a plan for any value, if not the first
                if function in ("block_customer", "activate_customer"):
                    connection.execute("update c360.customers set status = 'inactive' where customer_id = %s", [some])
                plans.clear()
                call(connection, function, tenant_id="acme", **arguments)
                assert plans
                scans = {scanned for plan in plans for scanned in scanned_tables(plan["Plan"])}
                assert scans <= SMALL, (function, arguments, scans)
                if function in ("find_by_phone", "find_or_create_customer"):
                    assert not any("+919800000077" in json.dumps(plan["Plan"]) for plan in plans), "planned for a value"


# Reference data of a few dozen rows, and a table of one.
SMALL = {"placeholders", "disposable_domains", "role_addresses", "identifier_rules", "erasure_secret"}


def scanned_tables(node: dict[str, Any]) -> Iterator[str]:
    """What a plan read from end to end: tables, and indexes of which it took a good part of the 30,000 rows."""
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    read = node["Actual Loops"] * (node["Actual Rows"] + removed)
    if node["Node Type"] == "Seq Scan" or ("Scan" in node["Node Type"] and read > 3000):
        yield node.get("Relation Name") or node.get("Index Name") or node["Node Type"]
    for child in node.get("Plans", ()):
        yield from scanned_tables(child)


def test_the_page_for_developers_names_every_function_and_argument(connection: psycopg.Connection[Any]) -> None:
    page = (project_dir() / "docs" / "developers.md").read_text()
    described = dict(re.findall(r"^\| `(\w+)` \|(.*)$", page, re.MULTILINE))
    for function, arguments in connection.execute(
        "select proname, proargnames[:pronargs] from pg_proc where pronamespace = 'api'::regnamespace"
    ).fetchall():
        row = described[function].replace("the filters of `list_customers`", described["list_customers"])
        assert {name for name in arguments if f"`{name}`" not in row} == {"tenant_id"}, function
