{#- A link table: which customer each row of one legacy table belongs to. The worklist is that of its upsert. -#}
{% macro customer_link(system, entity, worklist="changed_members") %}
-- depends_on: {{ ref("customers") }} (the foreign key wants the customer first)
select
    source_id,
    tenant_id,
    customer_id,
    record_no
from {{ ref("int_clusters") }}
where
    system = '{{ system }}'
    and entity = '{{ entity }}'
    and is_identified
    and {{ touched("record_no", worklist) }}
{% endmacro %}
