{#- The tables that live intake writes (part of on-run-start); builds read the first two like legacy tables.

    intake_arrivals   what `find_or_create_customer` was told, as it was told
    intake_updates    what `update_contact`, `block_customer` and `activate_customer` say of a customer, normalised
    intake_pending    the identifiers of entries that no build has taken in yet, each with the customer that was answered

    An entry has its record_no from the moment it is made: it is the registry's next one. -#}
{% macro intake_tables() %}
    create table if not exists {{ operations_table("intake_arrivals") }} (
        entry_id text primary key,
        record_no bigint not null,
        tenant_id text not null,
        full_name text,
        organization_name text,
        customer_type text,
        phone text,
        whatsapp_number text,
        email text,
        address_line1 text,
        city text,
        state text,
        postal_code text,
        country text,
        notes text,
        created_by text,
        created_at timestamptz not null default clock_timestamp()
    );
    create table if not exists {{ operations_table("intake_updates") }} (
        entry_id text primary key,
        record_no bigint not null,
        tenant_id text not null,
        customer_id uuid not null,
        customer_reference text,
        phone text,
        whatsapp_number text,
        email text,
        status text,
        notes text,
        created_by text,
        created_at timestamptz not null default clock_timestamp()
    );
    create table if not exists {{ operations_table("intake_pending") }} (
        entity text not null,
        entry_id text not null,
        kind text not null,
        value text not null,
        tenant_id text not null,
        record_no bigint not null,
        customer_id uuid not null,
        name text,
        name_group text,
        primary key (entity, entry_id, kind, value)
    );
    create index if not exists intake_pending_value_idx on {{ operations_table("intake_pending") }} (value);
    create index if not exists intake_pending_customer_id_idx on {{ operations_table("intake_pending") }} (customer_id);
{% endmacro %}
