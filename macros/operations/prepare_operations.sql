{#- The tables that outlive every run and belong to no model, created where they are missing (on-run-start).

    completed_build    one row while everything stands as the last completed build left it; none from the start of
                       a full run to its end, so that a run that dies is a full one again
    source_scans       per legacy table, since which transaction its rows have not been looked at
    changed_*          what models changed and later models have not all seen yet; a completed build empties them
    built_objects      views, seeds and functions, each with what it was made from (`is_unchanged`)
    build_history      one row per completed build
    test_results       one row per test: what it said when it last ran
    match_overrides    pairs of records that a person linked or separated
    erasures           one row per erasure (`c360 erase`), with its certificate
    erased_records     tombstones: keys of legacy rows that are not read again, as hashes
    erased_identifiers phones, emails and so on that only an erased customer had, as hashes
    erasure_secret     what the hashes are made with; a lost secret makes every tombstone useless

    A build is a full one if it asks for --full-refresh, if its code, seeds or settings differ from those of the
    completed build (see `build_fingerprint`), or if a table that it goes on from, or a column, is gone. -#}
{% macro prepare_operations() %}
    {%- set schema = adapter.quote(target.schema ~ "_ops") -%}
    create schema if not exists {{ schema }};
    create table if not exists {{ operations_table("completed_build") }} (
        is_only boolean primary key default true check (is_only),
        build_id text not null,
        fingerprint text not null,
        completed_at timestamptz not null default now()
    );
    create table if not exists {{ operations_table("source_scans") }} (
        system text not null,
        entity text not null,
        is_applied boolean not null,
        shape text not null,
        cluster_id bigint not null,
        since xid8 not null,
        primary key (system, entity, is_applied)
    );
    create table if not exists {{ operations_table("changed_records") }} (record_no bigint not null);
    create table if not exists {{ operations_table("changed_names") }} (record_no bigint not null);
    create table if not exists {{ operations_table("changed_identifiers") }} (
        tenant_id text not null, kind text not null, value text not null
    );
    create table if not exists {{ operations_table("changed_verdicts") }} (
        tenant_id text not null, kind text not null, value text not null
    );
    create table if not exists {{ operations_table("changed_edges") }} (
        record_no_a bigint not null, record_no_b bigint not null
    );
    create table if not exists {{ operations_table("changed_members") }} (
        record_no bigint not null, anchor_no bigint not null
    );
    create table if not exists {{ operations_table("changed_features") }} (record_no bigint not null);
    {%- for name in ["changed_keys", "changed_blocks"] %}
    create table if not exists {{ operations_table(name) }} (
        tenant_id text not null, kind text not null, rule_no smallint not null, key_hash bigint not null
    );
    {%- endfor %}
    create table if not exists {{ operations_table("changed_priors") }} (tenant_id text not null, kind text not null);
    create table if not exists {{ operations_table("changed_scores") }} (
        tenant_id text not null, record_no_a bigint not null, record_no_b bigint not null
    );
    create table if not exists {{ operations_table("built_objects") }} (
        kind text not null,
        schema_name text not null,
        name text not null,
        definition text not null,
        state text,
        primary key (kind, schema_name, name)
    );
    create table if not exists {{ operations_table("build_history") }} (
        build_id text primary key,
        completed_at timestamptz not null,
        is_full boolean not null,
        live_records bigint not null,
        identified_records bigint not null,
        customers bigint not null,
        merged_customers bigint not null,
        largest_customer bigint not null
    );
    create table if not exists {{ operations_table("test_results") }} (
        test text primary key,
        kind text not null,
        meaning text not null,
        status text not null,
        failures bigint not null,
        checked_at timestamptz not null,
        build_id text not null
    );
    create table if not exists {{ operations_table("match_overrides") }} (
        override_id bigint generated always as identity primary key,
        decision text not null check (decision in ('link', 'separate')),
        tenant_id text not null,
        system_a text not null,
        entity_a text not null,
        source_id_a text not null,
        system_b text not null,
        entity_b text not null,
        source_id_b text not null,
        reason text not null check (reason <> ''),
        decided_by text not null default session_user,
        decided_at timestamptz not null default now(),
        check ((system_a, entity_a, source_id_a) <> (system_b, entity_b, source_id_b))
    );
    create table if not exists {{ operations_table("erasures") }} (
        erasure_id bigint generated always as identity primary key,
        customer_id uuid,
        erased_at timestamptz not null default now(),
        erased_by text not null default session_user,
        certificate jsonb not null default '{}'
    );
    create table if not exists {{ operations_table("erased_records") }} (
        system text not null,
        entity text not null,
        bucket integer not null,
        key_hash bytea not null,
        erasure_id bigint not null references {{ operations_table("erasures") }},
        primary key (system, entity, key_hash)
    );
    create table if not exists {{ operations_table("erased_identifiers") }} (
        kind text not null,
        value_hash bytea not null,
        erasure_id bigint not null references {{ operations_table("erasures") }},
        primary key (value_hash, kind)
    );
    create table if not exists {{ operations_table("erasure_secret") }} (
        is_only boolean primary key default true check (is_only),
        salt bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
        bucket_seed bigint not null default hashtextextended(gen_random_uuid()::text || gen_random_uuid()::text, 0)
    );
    insert into {{ operations_table("erasure_secret") }} (is_only)
    select true
    where not exists (select from {{ operations_table("erasure_secret") }});
    {{ intake_tables() }}
    {%- if flags.WHICH in ["build", "run"] %}
    delete from {{ operations_table("completed_build") }}
    where
        {{ flags.FULL_REFRESH }}
        or fingerprint <> '{{ build_fingerprint() }}'
        or exists ({{ missing_columns() }});
    {%- endif %}
{% endmacro %}
