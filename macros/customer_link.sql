{#- A link table: which customer each row of one legacy table belongs to. -#}
{% macro customer_link(system, entity) %}
{%- set members = ref("int_touched_members") -%}
{%- set all_members = ref("int_clusters") -%}
-- depends_on: {{ ref("customers") }} (the foreign key wants the customer first)
select
    source_id,
    tenant_id,
    customer_id,
    record_no
from {{ all_members if is_full_run() else members }}
where
    system = '{{ system }}'
    and entity = '{{ entity }}'
    and is_identified
{% endmacro %}
