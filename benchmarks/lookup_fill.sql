-- Customers with one record, one phone and one email each, straight into the tables that builds fill. Names follow a
-- skewed distribution over the words of bench.words: some are common, most are not.
create temp table people as
select
    number,
    100000000 + number as record_no,
    md5('customer ' || number)::uuid as customer_id,
    initcap(first.word || ' ' || last.word) as name,
    '+9198' || lpad(number::text, 8, '0') as phone,
    'p' || number || '@mail' || number % 50 || '.in' as email,
    'City ' || number % 400 as city
from generate_series(1, :customers) as number
inner join bench.words as first on first.kind = 'first'
    and first.place = floor(:first_names * ((number * 7919::bigint % 999983) / 999983.0) ^ 2)
inner join bench.words as last on last.kind = 'last'
    and last.place = floor(:last_names * ((number * 104729::bigint % 999979) / 999979.0) ^ 2);

insert into c360_intermediate.int_records (
    tenant_id, system, entity, source_id, record_no, record_status, customer_id, row_hash, is_event, full_name, phone,
    email, city, name_group, created_at, updated_at
)
overriding system value
select
    'default', 'crm', 'leads_master', 'bench ' || number, record_no, 'live', customer_id, customer_id, false, name, phone,
    email, city, split_part(lower(name), ' ', 1), now(), now()
from people;

insert into c360_intermediate.int_identifiers (record_no, tenant_id, kind, value)
select record_no, 'default', 'phone', phone from people
union all
select record_no, 'default', 'email', email from people;

insert into c360_intermediate.int_clusters (
    record_no, tenant_id, system, entity, source_id, component_no, anchor_no, customer_id, is_identified, is_live,
    changed_at
)
select
    record_no, 'default', 'crm', 'leads_master', 'bench ' || number, record_no, record_no, customer_id, true, true, now()
from people;

insert into c360.customers (
    customer_id, tenant_id, customer_type, name, display_name, primary_phone, primary_email, city, status, tags,
    total_appointments, total_conversations, record_count, source_systems, source, anchor_no, provenance, created_at,
    updated_at, created_by
)
select
    customer_id, 'default', 'individual', name, name, phone, email, city, 'active', '[]', 0, 0, 1, array['crm'], 'crm',
    record_no, '{}', now(), now(), 'bench'
from people;

insert into c360_intermediate.int_name_words (word)
select word from bench.words
on conflict do nothing;

-- What people type: names as they are, without capitals, with a letter lost or doubled, a family name alone.
create table bench.queries as
select
    row_number() over (order by md5(number::text)) as number,
    case number % 5
        when 0 then name
        when 1 then lower(name)
        when 2 then overlay(name placing '' from 3 for 1)
        when 3 then overlay(name placing substr(name, 5, 1) || substr(name, 5, 1) from 5 for 1)
        else split_part(name, ' ', 2)
    end as name
from people
order by 1
limit 2000;
alter table bench.queries add primary key (number);
