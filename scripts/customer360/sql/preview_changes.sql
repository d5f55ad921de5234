-- Grain: one row per customer that the build would change, and how. A changed customer shows what it would have,
-- and in `before` what it has.
with compared as (
    select
        customer_id,
        was.customer_id is null as is_new,
        coalesce(was.record_count, 0) as records_before,
        coalesce(now.record_count, 0) as records,
        was.status as status_before,
        now.status,
        coalesce(now.name, was.name) as name,
        to_jsonb(was) as was,
        to_jsonb(now) as now
    from {canonical}.customers as was
    full join {preview_canonical}.customers as now using (customer_id)
    where
        was.customer_id is null
        or (to_jsonb(was) - 'updated_at') is distinct from (to_jsonb(now) - 'updated_at')
),

attributes as (
    select
        compared.customer_id,
        array_agg(now.key order by now.key) as changed_columns
    from compared
    cross join lateral jsonb_each(compared.now) as now
    where
        not compared.is_new
        and now.key not in ('updated_at', 'provenance')
        and now.value is distinct from compared.was -> now.key
    group by compared.customer_id
),

origins as (
    select
        compared.customer_id,
        min(clusters.customer_id::text)::uuid as other_id
    from compared
    inner join {preview_intermediate}.int_clusters as now on now.customer_id = compared.customer_id
    inner join {intermediate}.int_clusters as clusters on clusters.record_no = now.record_no
    where clusters.customer_id <> compared.customer_id and clusters.is_live and (compared.is_new or compared.records_before = 0)
    group by compared.customer_id
)

select
    case
        when compared.status = 'merged' and compared.records_before > 0 then 'merged'
        when compared.records = 0 and compared.records_before > 0 then 'retired'
        when origins.other_id is not null then 'split'
        when compared.is_new or compared.records_before = 0 then 'new'
        else 'changed'
    end as change,
    compared.customer_id,
    compared.name,
    coalesce(redirects.to_customer_id, origins.other_id) as other_id,
    compared.records_before,
    compared.records,
    coalesce(attributes.changed_columns, array[]::text[]) as changed_columns
from compared
left join attributes using (customer_id)
left join origins using (customer_id)
left join {preview_canonical}.customer_redirects as redirects on redirects.from_customer_id = compared.customer_id
where compared.records + compared.records_before > 0
order by
    array_position(array['merged', 'split', 'retired', 'new', 'changed'], (
        case
            when compared.status = 'merged' and compared.records_before > 0 then 'merged'
            when compared.records = 0 and compared.records_before > 0 then 'retired'
            when origins.other_id is not null then 'split'
            when compared.is_new or compared.records_before = 0 then 'new'
            else 'changed'
        end
    )),
    compared.name,
    compared.customer_id
