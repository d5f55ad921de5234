{#- Post-hook of `customers`, in its transaction: brings the model and live intake together. A model has the state of the
    moment at which it began; what intake wrote since is applied again, and where both gave one phone or email to two
    customers, the younger gives it up until the next build joins them. Intake waits only from here to the commit.
    Entries that this build has taken in are no longer pending. -#}
{% macro settle_intake() %}
{%- set customers = this -%}
{%- set pending = operations_table("intake_pending") %}
do $settle$
declare
    entry text;
begin
    set local lock_timeout = '300ms';
    for attempt in 1 .. 600 loop
        begin
            perform pg_advisory_xact_lock({{ intake_gate() }});
            exit;
        exception when lock_not_available then
            if attempt = 600 then
                raise exception 'A transaction that called live intake has been open for minutes, so customers cannot be committed.'
                    using hint = 'End it (pg_locks shows its pid under locktype advisory), then build again.';
            end if;
            perform pg_sleep(0.2);
        end;
    end loop;
    set local lock_timeout = 0;

    delete from {{ pending }} as pending
    using {{ ref("int_records") }} as records
    where
        records.tenant_id = pending.tenant_id
        and records.system = 'intake'
        and records.entity = pending.entity
        and records.source_id = pending.entry_id
        and exists (
            select from {{ ref("int_clusters") }} as clusters
            where clusters.record_no = records.record_no
        );

    for entry in
        select pending.entry_id
        from {{ pending }} as pending
        where pending.entity = 'updates'
        group by pending.entry_id, pending.record_no
        order by pending.record_no
    loop
        {{ apply_intake_update("entry") | indent(8) }};
    end loop;
    {%- for contact in ["primary_phone", "primary_email"] %}

    update {{ customers }} as younger
    set {{ contact }} = null
    from {{ customers }} as older
    where
        older.tenant_id = younger.tenant_id
        and older.{{ contact }} = younger.{{ contact }}
        and older.anchor_no < younger.anchor_no
        and younger.{{ contact }} in (
            select pending.value from {{ pending }} as pending where pending.kind in ('phone', 'email')
        );
    {%- endfor %}
end
$settle$
{% endmacro %}
