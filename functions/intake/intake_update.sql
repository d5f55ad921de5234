-- Notes what an application says of a customer, as an entry that the next build reads and that stands in the customer's
-- row at once. While a build is writing that row nobody waits for it: it applies the entry when it is done.
declare
    entry text := gen_random_uuid()::text;
    number bigint := nextval(pg_get_serial_sequence('{{ ref("int_records").include(database=false) }}', 'record_no'));
    former_timeout text := current_setting('lock_timeout');
    tie text := (
        select keys.value
        from (
            select identifiers.record_no, identifiers.value
            from {{ ref('int_clusters') }} as clusters
            inner join {{ ref('int_identifiers') }} as identifiers on identifiers.record_no = clusters.record_no
            where
                clusters.anchor_no = of_customer.anchor_no
                and clusters.is_live
                and identifiers.kind = 'reference'
                and not exists (
                    select from {{ ref('int_ignored_identifiers') }} as ignored
                    where
                        ignored.tenant_id = identifiers.tenant_id
                        and ignored.kind = identifiers.kind
                        and ignored.value = identifiers.value
                )
            union all
            select pending.record_no, pending.value
            from {{ operations_table('intake_pending') }} as pending
            where pending.customer_id = of_customer.customer_id and pending.kind = 'reference'
        ) as keys
        order by keys.record_no, keys.value collate "C"
        limit 1
    );
begin
    insert into {{ operations_table('intake_updates') }} (
        entry_id, record_no, tenant_id, customer_id, customer_reference, phone, whatsapp_number, email, status, notes,
        created_by
    )
    values (
        entry, number, of_customer.tenant_id, of_customer.customer_id, tie, new_phone, new_whatsapp, new_email, new_status,
        new_notes, said_by
    );
    if tie is null then
        insert into {{ operations_table('match_overrides') }} (
            decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason
        )
        select
            'link', anchors.tenant_id, anchors.system, anchors.entity, anchors.source_id, 'intake', 'updates', entry,
            'an application updated this customer, whose records carry no key'
        from {{ ref('int_records') }} as anchors
        where anchors.record_no = of_customer.anchor_no;
    end if;
    insert into {{ operations_table('intake_pending') }} (
        entity, entry_id, kind, value, tenant_id, record_no, customer_id
    )
    select distinct
        'updates', entry, identifiers.kind, identifiers.value, of_customer.tenant_id, number, of_customer.customer_id
    from (
        values ('entry', entry), ('phone', new_phone), ('phone', new_whatsapp), ('email', new_email)
    ) as identifiers (kind, value)
    where identifiers.value is not null;

    perform set_config('lock_timeout', '300ms', true);
    begin
        {{ apply_intake_update('entry') | indent(8) }};
    exception when lock_not_available then
        null;
    end;
    perform set_config('lock_timeout', former_timeout, true);
end
