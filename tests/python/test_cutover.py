"""What the cutover does on a quiet day: counters, claims, following a build, contract's conditions, commands."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from builds import build, connect, operational_tables
from click.testing import Result
from migrations import migrate

from customer360.config import find_database
from customer360.cutover.engine import Consent, engines
from customer360.cutover.errors import CutoverError, RefusedError
from customer360.cutover.manifest import ManifestError, load_manifest, parse_manifest
from customer360.server import Server, embedded_binaries
from cutovers import (
    AGREED,
    BEFORE_CONTRACT,
    SYSTEMS,
    apply,
    copies,
    engine_on,
    manifest_of,
    rollback,
    rows,
    schema_dump,
    write,
)

C360 = Callable[..., Result]
LEGACY = "select schemaname, tablename from pg_tables where schemaname = any(%s) order by 1, 2"


def test_counters_equal_a_recount_at_any_moment(postgres: Server, built: str) -> None:
    """Inserts, updates, deletes, re-linking and late dates, by several clients at once, beside the first fill."""
    with copies(postgres, built) as (url,):
        apply(url, "booking", "expand", "backfill", "constrain")
        customers = [row[0] for row in rows(url, "select customer_id from c360.customers order by 1 limit 6")]
        stop = threading.Event()
        clients = [threading.Thread(target=_busy_client, args=(url, seed, customers, stop)) for seed in range(3)]
        for client in clients:
            client.start()
        try:
            apply(url, "booking", "switch")
        finally:
            stop.wait(1.5)
            stop.set()
            for client in clients:
                client.join()
        with engine_on(url, "booking") as engine:
            assert engine.verify() == []
            rows(url, "delete from booking.appointments where id in (select max(id) from booking.appointments)")
            rows(
                url,
                "update booking.appointments set appointment_date = '2031-01-01' where customer_id = %s",
                [customers[0]],
            )
            assert engine.verify() == []
            rows(url, "truncate booking.omni_conversations")
            assert engine.verify() == []
            rows(
                url, "update c360.customer_counters set total_appointments = 99 where customer_id = %s", [customers[0]]
            )
            (problem,) = engine.verify()
            assert str(customers[0]) in problem


def _busy_client(url: str, seed: int, customers: list[object], stop: threading.Event) -> None:
    dice, number = random.Random(seed), 0
    with connect(url) as connection:
        while not stop.is_set():
            number += 1
            key, customer = f"busy{seed}-{number}", dice.choice(customers)
            date = f"20{dice.randint(20, 40)}-0{dice.randint(1, 9)}-11"
            connection.execute(
                "insert into booking.appointments (id, tenant_id, customer_id, appointment_date) "
                "values (%s, 'acme', %s, %s)",
                [key, customer, date],
            )
            other = f"busy{seed}-{dice.randint(1, number)}"
            if dice.random() < 0.4:
                connection.execute(
                    "update booking.appointments set customer_id = %s, appointment_date = %s where id = %s",
                    [dice.choice([*customers, None]), date, other],
                )
            if dice.random() < 0.3:
                connection.execute("delete from booking.appointments where id = %s", [other])


IDENTITY = "11111111-2222-3333-4444-555555555555"
# (request.jwt.claims, request.jwt.claim.sub, whether that is somebody)
CLAIMS = (
    ('{"sub": "%s", "role": "authenticated"}', None, True),
    (None, "%s", True),
    ("", "", False),
    (None, None, False),
    ('{"role": "anon"}', None, False),
    ('{"sub": "nobody"}', None, False),
    ('{"sub": "%s or true"}', None, False),
)


def test_auth_profile_id(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,), connect(url) as connection:
        apply(url, "commerce", *BEFORE_CONTRACT)
        for claims, subject, known in CLAIMS:
            with connection.transaction(force_rollback=True):
                for name, value in (("request.jwt.claims", claims), ("request.jwt.claim.sub", subject)):
                    if value is not None:
                        connection.execute("select set_config(%s, %s, true)", [name, value.replace("%s", IDENTITY)])
                row = connection.execute("select commerce.auth_profile_id()::text").fetchone()
                assert row == (IDENTITY if known else None,), (claims, subject)


def test_migrate_twice_changes_nothing(postgres: Server, migrated_on: Callable[[Server], str]) -> None:
    """The whole command again, its build included: no row is written, nothing is defined anew."""
    with copies(postgres, migrated_on(postgres)) as (url,), connect(url) as connection:
        tables = [f"{system}.{table}" for system, table in connection.execute(LEGACY, [list(SYSTEMS)]).fetchall()]
        tables += ["c360_ops.legacy_customer_profile", *operational_tables(connection)]

        def written() -> dict[str, list[tuple[str, str]]]:
            rows_of = "select ctid::text, xmin::text from {} order by ctid"
            return {table: rows(url, rows_of.format(table)) for table in tables}

        before, dump = written(), schema_dump(postgres, url, *SYSTEMS, "c360", "c360_ops")
        assert sum(map(len, before.values())) > 1000
        migrate(url)
        assert written() == before
        assert schema_dump(postgres, url, *SYSTEMS, "c360", "c360_ops") == dump


def test_a_later_build_is_followed(postgres: Server, built: str) -> None:
    """A record that a build moves to another customer takes its references along; the others stay."""
    with copies(postgres, built) as (url,):
        for system in ("booking", "commerce"):
            apply(url, system, *BEFORE_CONTRACT)
        # Neither record is its customer's first: the ids stay where they are.
        ((key, customer, other, phone),) = rows(
            url,
            """
            select a.id, a.customer_id, c.customer_id, c.primary_phone
            from booking.appointments as a
            inner join c360.customer_appointments as l on l.source_id = a.id
            inner join c360.customers as own on own.customer_id = l.customer_id and own.anchor_no < l.record_no
            inner join c360.customers as c on c.tenant_id = a.tenant_id and c.customer_id <> a.customer_id
            where a.customer_phone is not null and a.prospect_id is null and c.anchor_no < l.record_no
                and c.primary_phone is not null and c.status = 'active'
            order by 1, 3 limit 1
            """,
        )
        rows(
            url,
            "update booking.appointments set customer_phone = %s, customer_email = null, customer_name = null "
            "where id = %s",
            [phone, key],
        )
        # A customer of the shop changes its number to a profile's: the mapping moves, and its orders follow.
        ((shop, profile),) = rows(
            url,
            """
            select m.old_id, (select p.user_id from commerce.profiles as p where p.tenant_id = c.tenant_id
                and p.user_id <> m.new_id order by 1 limit 1)
            from c360_ops.legacy_customer_profile as m
            inner join commerce.customers as c on c.id = m.old_id
            inner join commerce.orders as o on o.customer_id = c.id
            order by 1 limit 1
            """,
        )
        rows(url, "update c360.legacy_customer_profile set profile_id = %s where customer_id = %s", [profile, shop])
        apply(url, "commerce", "backfill")
        assert rows(url, "select distinct profile_id from commerce.orders where customer_id = %s", [shop]) == [
            (profile,)
        ]
        build(url)
        apply(url, "booking", "backfill")
        apply(url, "commerce", "backfill")
        linked = "select customer_id from c360.customer_appointments where source_id = %s"
        assert rows(url, linked, [key]) == [(other,)] != [(customer,)]
        assert rows(url, "select customer_id from booking.appointments where id = %s", [key]) == [(other,)]
        for system in ("booking", "commerce"):
            with engine_on(url, system) as engine:
                assert engine.verify() == []


def test_a_short_mapping_stops_everything(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "commerce", "expand", "backfill")
        rows(url, "delete from c360_ops.legacy_customer_profile where ctid = '(0,1)'")
        with engine_on(url, "commerce") as engine:
            assert any("have no counterpart" in problem for problem in engine.verify())
        apply(url, "commerce", "backfill")
        with engine_on(url, "commerce") as engine:
            assert engine.verify() == []


def test_contract_wants_confirmation_time_and_no_readers(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "commerce", *BEFORE_CONTRACT)
        with pytest.raises(RefusedError, match=r"--confirm"):
            apply(url, "commerce", "contract", consent=Consent())
        rows(url, "create view public.report as select customer_id from commerce.orders")
        rows(
            url,
            "create function public.spent(uuid) returns numeric language sql as "
            "$$ select sum(total) from commerce.orders where customer_id = $1 $$",
        )
        rows(url, "create table public.wallets (customer_id uuid references commerce.customers (id))")
        with pytest.raises(RefusedError) as refused:
            apply(url, "commerce", "contract", consent=Consent(confirmed=True))
        for reader in ("view public.report", "function public.spent(uuid)", "foreign key wallets_customer_id_fkey"):
            assert reader in str(refused.value)
        rows(url, "drop table public.wallets; drop function public.spent; drop view public.report")
        apply(url, "commerce", "contract", consent=Consent(confirmed=True))


def test_the_grace_period_counts_from_the_switch(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,), engines(find_database(url), [load_manifest("crm")]) as (engine,):
        for phase in BEFORE_CONTRACT:
            engine.apply(phase)
        with pytest.raises(RefusedError, match="grace period lasts until"):
            engine.apply("contract", consent=AGREED)
        rows(url, "update c360_ops.ledger set finished_at = finished_at - interval '31 days'")
        engine.apply("contract", consent=AGREED)


def test_clients_are_marked_only_on_request(postgres: Server, built: str) -> None:
    marked = "select count(*) from marketplace.users where user_type = 'legacy_client'"
    with copies(postgres, built) as (url,):
        before = schema_dump(postgres, url, "marketplace")
        apply(url, "marketplace", *BEFORE_CONTRACT, "contract")
        assert rows(url, marked) == [(0,)]
        apply(url, "marketplace", "contract", consent=Consent(True, True, ("mark_legacy_client",)))
        ((clients,),) = rows(url, "select count(*) from marketplace.users where customer_id is not null")
        assert rows(url, marked) == [(clients,)]
        assert clients > 0
        rollback(url, "marketplace")
        assert rows(url, marked) == [(0,)]
        assert schema_dump(postgres, url, "marketplace") == before


def test_data_only_rollback_keeps_the_schema(c360: C360, postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "marketplace", *BEFORE_CONTRACT)
        done = c360("rollback", "--system", "marketplace", "--data-only", DATABASE_URL=url)
        assert done.exit_code == 0, done.output
        assert rows(url, "select count(customer_id) from marketplace.service_requests") == [(0,)]
        assert rows(url, "select count(*) from c360.customer_service_requests") == [(0,)]
        done = c360("migrate", "--system", "marketplace", "--no-backup", DATABASE_URL=url)
        assert done.exit_code == 0, done.output
        assert rows(url, "select count(*) > 0 from c360.customer_service_requests") == [(True,)]


def test_a_row_written_meanwhile_finds_its_customer(postgres: Server, built: str) -> None:
    """By its client, its number, its siblings; an unknown one waits for the next build."""
    with copies(postgres, built) as (url,):
        for system in ("booking", "marketplace", "field_service", "crm"):
            apply(url, system, *BEFORE_CONTRACT)
            write(url, system, 1)
        assert rows(url, "select customer_id is null from booking.appointments where id = 'late1x'") == [(True,)]
        known = rows(url, "select count(*), count(customer_id) from booking.appointments where id ~ '^late1[12]'")
        assert known[0][0] == 2
        requests = "select count(customer_id) from marketplace.service_requests where service_type = 'late'"
        assert rows(url, requests)[0][0] >= 1
        unphoned = "select canonical_customer_id from crm.leads_master where full_name = 'No Phone'"
        assert rows(url, unphoned) == [(None,)]


def test_two_keys_must_name_one_identity(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "commerce", *BEFORE_CONTRACT)
        pairs = rows(url, "select old_id, new_id from c360_ops.legacy_customer_profile order by old_id limit 2")
        with pytest.raises(psycopg.errors.CheckViolation, match="name two identities"):
            rows(
                url,
                "insert into commerce.carts (id, tenant_id, customer_id, profile_id) "
                "values (gen_random_uuid(), 'acme', %s, %s)",
                [pairs[0][0], pairs[1][1]],
            )


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_script_for_a_dba_runs(c360: C360, postgres: Server, built: str, system: str) -> None:
    """`c360 plan --sql` through psql leaves what the engine leaves."""
    with copies(postgres, built, 2) as (url, by_hand):
        apply(url, system, *BEFORE_CONTRACT)
        rows(by_hand, "create schema if not exists c360_ops")
        for phase in BEFORE_CONTRACT:
            script = c360("plan", "--system", system, "--phase", phase, "--sql", DATABASE_URL=by_hand)
            assert script.exit_code == 0, script.output
            psql = [str(embedded_binaries() / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", by_hand]
            done = subprocess.run(psql, input=script.output, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        shipped = schema_dump(postgres, by_hand, system).replace("earlier than 30 days", "earlier than 0 days")
        assert shipped == schema_dump(postgres, url, system)


def test_backup_and_restore(c360: C360, postgres: Server, built: str, tmp_path: Path) -> None:
    with copies(postgres, built) as (url,):
        done = c360("apply", "expand", "--system", "crm", "--backup-dir", str(tmp_path), DATABASE_URL=url)
        assert done.exit_code == 0, done.output
        (file,) = tmp_path.iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        (command,) = [line.split("it: ")[1] for line in done.output.splitlines() if "to restore it" in line]
        wanted = rows(url, "select to_jsonb(t) - 'canonical_customer_id' from crm.leads_master as t order by id")
        rollback(url, "crm")
        rows(
            url, "delete from crm.leads_master where branch_id is not null; update crm.leads_master set status = 'lost'"
        )
        path = f"{embedded_binaries()}:{os.environ['PATH']}"
        subprocess.run(command, shell=True, check=True, capture_output=True, env={**os.environ, "PATH": path})
        assert rows(url, "select to_jsonb(t) from crm.leads_master as t order by id") == wanted


def test_a_backup_that_finds_no_room_leaves_nothing(
    c360: C360, postgres: Server, built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fdatasync", full)
    with copies(postgres, built) as (url,):
        done = c360("apply", "expand", "--system", "crm", "--backup-dir", str(tmp_path), DATABASE_URL=url)
        assert done.exit_code == 1
        assert "No space left on device" in done.stderr
        assert "--no-backup" in done.stderr
        assert list(tmp_path.iterdir()) == []
        assert "canonical_customer_id" not in str(rows(url, "select to_jsonb(t) from crm.leads_master as t limit 1"))


def test_commands_say_what_they_do(c360: C360, postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        for arguments in (["plan"], ["audit"], ["apply", "expand", "--dry-run"], ["migrate", "--dry-run"]):
            done = c360(*arguments, DATABASE_URL=url)
            assert done.exit_code == 0, done.output
            assert "commerce" in done.output
        assert rows(url, "select to_regclass('c360_ops.ledger') is null") == [(True,)]
        done = c360("apply", "switch", "--system", "crm", DATABASE_URL=url)
        assert done.exit_code == 1
        assert "c360 apply expand --system crm" in done.stderr
        assert c360("verify", "--system", "nowhere", DATABASE_URL=url).exit_code == 1


@pytest.mark.parametrize("system", SYSTEMS)
def test_manifests_that_ship(system: str) -> None:
    assert load_manifest(system).system == system


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - table: carts\n", "  - tabel: carts\n", r"references\[0\]\.tabel: there is no such key"),
        ("plan: ", "plann: ", "plan: this key is missing"),
        ("not_null: constrain", "not_null: maybe", r"references\[1\]\.not_null: .*'constrain'"),
        ("new: profile_carts", "new: Robert'); drop", r"policies\.tables\[0\]\.new"),
    ],
)
def test_a_wrong_manifest_is_named(old: str, new: str, said: str) -> None:
    text = Path("scripts/cutovers/commerce.yml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ManifestError, match=said):
        parse_manifest(text.replace(old, new, 1), Path("commerce.yml"))


def test_a_manifest_that_does_not_fit_names_every_table_and_column(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        rows(url, "alter table commerce.carts rename column customer_id to custmer_id")
        rows(url, "alter table commerce.sessions rename to session")
        rows(url, "drop policy customer_orders on commerce.orders")
        with pytest.raises(ManifestError) as wrong:
            apply(url, "commerce", "expand")
        for fault in (
            "commerce.carts has no column customer_id (is it custmer_id?)",
            "there is no table commerce.sessions (is it session?)",
            "commerce.orders has no policy customer_orders",
        ):
            assert fault in str(wrong.value)


def test_a_manifest_changed_under_way_is_refused(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "crm", "expand")
        manifest = manifest_of("crm")
        changed = manifest.references[0].model_copy(update={"only_with": ()})
        other = manifest.model_copy(update={"references": (changed,)})
        with (
            engines(find_database(url), [other]) as (engine,),
            pytest.raises(CutoverError, match="manifest was changed"),
        ):
            engine.apply("expand")
