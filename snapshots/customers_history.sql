{# Every state in which a build left a customer: dbt_valid_from to dbt_valid_to (UTC; NULL while it is the last one). -#}
{% snapshot customers_history %}
{{ config(
    unique_key="customer_id",
    strategy="timestamp",
    updated_at="updated_at",
    post_hook="{{ history_indexes('customer_id', 'updated_at') }}"
) }}
select * from {{ ref("customers") }}
where updated_at > {{ latest_in_history("updated_at") }}
{% endsnapshot %}
