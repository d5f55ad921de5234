-- What the generator knows and no real system does: whom each record belongs to. Only tests may look.

create schema truth;

create table truth.people (
    person_id text not null,
    tenant_id text not null,
    kind text not null check (kind in ('person', 'organization')),
    household_id text,
    region text not null
);

create table truth.special_identifiers (
    tenant_id text not null,
    kind text not null check (kind in ('phone', 'email')),
    value text not null,
    nature text not null check (nature in ('front_desk', 'placeholder', 'household', 'role')),
    household_id text
);

create table truth.records (
    system text not null,
    entity text not null,
    source_id text not null,
    tenant_id text not null,
    person_id text not null
);
