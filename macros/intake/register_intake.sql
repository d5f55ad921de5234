{#- Pre-hook of the registry: gives the new entries of live intake the numbers that they were promised, as empty rows which
    the model then fills. A registry that is only being created numbers them in the order of their creation. -#}
{% macro register_intake() %}
{%- if execute and adapter.get_relation(this.database, this.schema, this.identifier) is not none %}
    {%- for entity in ["arrivals", "updates"] %}
    insert into {{ this }} (tenant_id, system, entity, source_id, record_status, customer_id, record_no)
    overriding system value
    select
        changes.tenant_id,
        changes.system,
        changes.entity,
        changes.source_id,
        'live',
        changes.customer_id,
        entries.record_no
    from {{ ref("int_record_changes") }} as changes
    inner join {{ operations_table("intake_" ~ entity) }} as entries on entries.entry_id = changes.source_id
    where changes.system = 'intake' and changes.entity = '{{ entity }}' and not changes.is_gone
    on conflict do nothing;
    {%- endfor %}
{%- endif %}
{% endmacro %}
