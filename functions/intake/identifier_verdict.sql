-- As int_ignored_identifiers judges, with what came in since the last build and the name that is arriving now. Of an
-- identifier on very many records the last build's verdict is taken: counting them again would take too long.
begin
    if {{ function('placeholder_reason') }}(identifier_kind, identifier_value) is not null
        or exists (
            select from {{ ref('placeholders') }} as patterns
            where patterns.kind = identifier_kind and identifier_value like patterns.pattern
        ) then
        return 'placeholder';
    elsif identifier_kind = 'email' and exists (
        select from {{ ref('disposable_domains') }} as domains where domains.domain = split_part(identifier_value, '@', 2)
    ) then
        return 'disposable';
    elsif identifier_kind = 'email' and exists (
        select from {{ ref('role_addresses') }} as roles where roles.local_part = split_part(identifier_value, '@', 1)
    ) then
        return 'role';
    elsif (
        select count(*) > 1000
        from (
            select from {{ ref('int_identifiers') }} as identifiers
            where
                identifiers.tenant_id = in_tenant
                and identifiers.kind = identifier_kind
                and identifiers.value = identifier_value
            limit 1001
        ) as carriers
    ) then
        return (
            select ignored.verdict from {{ ref('int_ignored_identifiers') }} as ignored
            where
                ignored.tenant_id = in_tenant
                and ignored.kind = identifier_kind
                and ignored.value = identifier_value
        );
    end if;
    return (
        select 'shared'
        from (
            select carriers.name_group, count(*) as records
            from (
                select records.name_group
                from {{ ref('int_identifiers') }} as identifiers
                inner join {{ ref('int_records') }} as records on records.record_no = identifiers.record_no
                where
                    identifiers.tenant_id = in_tenant
                    and identifiers.kind = identifier_kind
                    and identifiers.value = identifier_value
                union all
                select pending.name_group
                from {{ operations_table('intake_pending') }} as pending
                where
                    pending.tenant_id = in_tenant
                    and pending.kind = identifier_kind
                    and pending.value = identifier_value
                    and not exists (
                        select from {{ ref('int_identifiers') }} as identifiers
                        where
                            identifiers.record_no = pending.record_no
                            and identifiers.kind = pending.kind
                            and identifiers.value = pending.value
                    )
                union all
                select arriving_group
            ) as carriers
            where carriers.name_group is not null
            group by carriers.name_group
        ) as name_groups
        having
            count(*) >= {{ var("shared_identifier_min_name_groups") }}
            and max(records) < {{ var("shared_identifier_max_group_share") }} * sum(records)
    );
end
