"""The legacy plans' own verification queries: each passes on a healthy database and names the rows of a broken one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import connect
from psycopg import sql

from customer360.cutover import verification
from customer360.cutover.verification import Check, VerificationError, due, load_checks, run_check

SYSTEMS = ("marketplace", "booking", "field_service", "commerce", "crm")
CHECKS = [check for system in SYSTEMS for check in load_checks(system)]
# Breaks are made past triggers and foreign keys, as a bad restore or a repair by hand would.
PAST_TRIGGERS = "set local session_replication_role = replica"
SAME_PHONE = """
    alter table c360.customers drop constraint customers_tenant_phone_key;
    update c360.customers as twin
    set primary_phone = victim.primary_phone, status = victim.status
    from c360.customers as victim
    where victim.customer_id = {victim} and twin.customer_id = (
        select min(customer_id::text)::uuid
        from c360.customers
        where tenant_id = victim.tenant_id and customer_id <> victim.customer_id
    )
"""
SAME_EMAIL = SAME_PHONE.replace("phone", "email")
WITH_PHONE = "select customer_id from c360.customers where primary_phone is not null and status = 'active'"
WITH_EMAIL = "select customer_id from c360.customers where primary_email is not null"
# For each check: which row is broken, and how.
BREAKS = {
    ("marketplace", "clients_have_customers"): (
        "select source_id from c360.customer_users",
        "delete from c360.customer_users where source_id = {victim}",
    ),
    ("marketplace", "history_is_whole"): (
        "select source_id from c360.customer_service_requests",
        "delete from c360.customer_service_requests where source_id = {victim}",
    ),
    ("marketplace", "history_has_the_content"): (
        "select source_id from c360.customer_service_requests",
        "update c360.customer_service_requests set description = 'something else' where source_id = {victim}",
    ),
    ("marketplace", "phone_stays_unique"): (WITH_PHONE, SAME_PHONE),
    ("booking", "prospects_have_customers"): (
        "select source_id from c360.customer_prospects",
        "delete from c360.customer_prospects where source_id = {victim}",
    ),
    ("booking", "source_is_known"): (
        "select customer_id from c360.customers",
        "update c360.customers set source = 'nowhere' where customer_id = {victim}",
    ),
    ("booking", "appointments_are_linked"): (
        "select id from booking.appointments where customer_id is not null",
        "update booking.appointments set customer_id = null where id = {victim}",
    ),
    ("booking", "conversations_are_linked"): (
        "select id from booking.omni_conversations where customer_id is not null",
        "update booking.omni_conversations set customer_id = gen_random_uuid() where id = {victim}",
    ),
    ("booking", "no_duplicate_emails"): (WITH_EMAIL, SAME_EMAIL),
    ("field_service", "no_orphaned_customer_ids"): (
        "select id from field_service.service_tickets where canonical_customer_id is not null",
        "update field_service.service_tickets set canonical_customer_id = gen_random_uuid() where id = {victim}",
    ),
    ("field_service", "phones_are_valid"): (
        "select customer_id from c360.customers where secondary_phone is not null",
        "update c360.customers set secondary_phone = 'call me' where customer_id = {victim}",
    ),
    ("field_service", "no_duplicate_active_phone"): (WITH_PHONE, SAME_PHONE),
    ("field_service", "tickets_have_their_customer"): (
        "select id from field_service.service_tickets where canonical_customer_id is not null",
        "update field_service.service_tickets set canonical_customer_id = null where id = {victim}",
    ),
    ("field_service", "equipment_has_its_customer"): (
        "select id from field_service.equipment where customer_id is not null",
        "update field_service.equipment set customer_id = null where id = {victim}",
    ),
    ("commerce", "every_customer_has_a_profile"): (
        "select old_id from c360_ops.legacy_customer_profile",
        "update c360_ops.legacy_customer_profile set new_id = gen_random_uuid() where old_id = {victim}",
    ),
    ("commerce", "mapping_is_not_short"): (
        "select old_id from c360_ops.legacy_customer_profile",
        "delete from c360_ops.legacy_customer_profile where old_id = {victim}",
    ),
    ("commerce", "carts_have_profiles"): (
        "select id from commerce.carts where profile_id is not null",
        "update commerce.carts set profile_id = null where id = {victim}",
    ),
    ("commerce", "orders_have_profiles"): (
        "select id from commerce.orders where profile_id is not null",
        "update commerce.orders set profile_id = gen_random_uuid() where id = {victim}",
    ),
    ("commerce", "sessions_have_profiles"): (
        "select id from commerce.sessions where profile_id is not null",
        "update commerce.sessions set profile_id = null where id = {victim}",
    ),
    ("crm", "one_customer_per_phone"): (
        """
        select max(links.source_id)
        from c360.customer_leads as links
        join c360_intermediate.int_records as records using (record_no)
        where not exists (
            select from c360_intermediate.int_ignored_identifiers as ignored
            where ignored.kind = 'phone' and ignored.value = records.phone
        )
        group by records.tenant_id, records.phone
        having count(*) > 1 and records.phone is not null
        """,
        """
        update c360.customer_leads
        set customer_id = (
            select other.customer_id
            from c360.customers as other
            where other.customer_id <> customer_leads.customer_id
            limit 1
        )
        where source_id = {victim}
        """,
    ),
    ("crm", "leads_are_linked"): (
        "select id from crm.leads_master where canonical_customer_id is not null",
        "update crm.leads_master set canonical_customer_id = null where id = {victim}",
    ),
    ("crm", "no_duplicate_customers_for_a_phone"): (WITH_PHONE, SAME_PHONE),
}


@pytest.fixture(scope="module")
def connection(each_migrated: str) -> Iterator[psycopg.Connection[Any]]:
    """A database after the whole migration."""
    with connect(each_migrated) as connection:
        yield connection


def names(system: str) -> dict[str, sql.Composable]:
    """What the placeholders stand for in a database with the default settings."""
    schemas = {"legacy": system, "canonical": "c360", "intermediate": "c360_intermediate", "ops": "c360_ops"}
    return {placeholder: sql.Identifier(schema) for placeholder, schema in schemas.items()}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.system}-{check.name}")
def test_a_healthy_database_passes_and_a_broken_one_is_told(check: Check, connection: psycopg.Connection[Any]) -> None:
    healthy = run_check(connection, check, names(check.system))
    assert healthy.passed, healthy.rows
    assert healthy.figures
    choose, wreck = BREAKS[check.system, check.name]
    with connection.transaction(force_rollback=True):
        connection.execute(PAST_TRIGGERS)
        row = connection.execute(f"select * from ({choose}) as rows order by 1 limit 1").fetchone()
        assert row is not None, "there is nothing to break"
        victim = row[0]
        connection.execute(sql.SQL(wreck).format(victim=sql.Literal(victim)))
        broken = run_check(connection, check, names(check.system))
    assert not broken.passed
    assert any(str(victim) in str(value) for row in broken.rows for value in row.values()), broken.rows
    assert broken.offending <= 2, "more rows are blamed than were broken"


def test_every_check_is_broken_on_purpose() -> None:
    assert {(check.system, check.name) for check in CHECKS} == set(BREAKS)


def test_checks_come_with_their_phases() -> None:
    assert {check.document for check in CHECKS} == {"000", "001", "002", "003", "004"}
    commerce = load_checks("commerce")
    assert due(commerce, []) == due(commerce, ["expand", "build"]) == ()
    assert due(commerce, ["expand", "build", "backfill"]) == commerce
    assert due(commerce, ["expand", "build", "backfill", "constrain", "switch", "contract"]) == ()


def test_a_long_list_is_cut_and_counted(connection: psycopg.Connection[Any]) -> None:
    check = next(check for check in CHECKS if check.name == "orders_have_profiles")
    with connection.transaction(force_rollback=True):
        connection.execute(PAST_TRIGGERS)
        wrecked = connection.execute("update commerce.orders set profile_id = gen_random_uuid()").rowcount
        broken = run_check(connection, check, names("commerce"))
    assert broken.offending == wrecked > len(broken.rows) == verification.SHOWN_ROWS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("checks: [", "cannot be read"),
        ("nothing: here", "no list `checks`"),
        ("checks: [text]", "check 1 is not a mapping"),
        ("checks: [{name: a, sql: select}]", "unknown key 'sql'"),
        ("checks: [{name: a}]", "check 1 has no text for"),
        (
            "checks: [{name: a, document: '1', since: later, means: m, figures: select, offending: select}]",
            "since is 'later', which is no phase",
        ),
        (
            "checks:\n"
            + 2 * "- {name: a, document: '1', since: build, means: m, figures: select, offending: select}\n",
            "two checks named a",
        ),
    ],
)
def test_a_bad_file_is_told_what_is_wrong(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "scripts" / "cutovers" / "verification"
    folder.mkdir(parents=True)
    (folder / "crm.yml").write_text(text)
    monkeypatch.setattr(verification, "project_dir", lambda: tmp_path)
    with pytest.raises(VerificationError, match=said):
        load_checks.__wrapped__("crm")


def test_a_check_that_cannot_be_asked_says_when_it_can(empty_database: str) -> None:
    with connect(empty_database) as connection, pytest.raises(VerificationError, match="asked after backfill"):
        run_check(connection, next(check for check in CHECKS if check.since == "backfill"), names("booking"))
