{# Every customer that a record belonged to: dbt_valid_from to dbt_valid_to (UTC; NULL while it is the last one). -#}
{% snapshot membership_history %}
{{ config(
    unique_key="record_no",
    strategy="timestamp",
    updated_at="changed_at",
    post_hook="{{ history_indexes('record_no', 'changed_at') }}"
) }}
select
    record_no,
    tenant_id,
    system,
    entity,
    source_id,
    customer_id,
    is_live and is_identified as is_member,
    changed_at
from {{ ref("int_clusters") }}
where changed_at > {{ latest_in_history("changed_at") }}
{% endsnapshot %}
