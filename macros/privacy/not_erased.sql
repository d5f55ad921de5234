{#- SQL: whether a legacy row may be read: not where `c360 erase` left a tombstone for its key. The cheap hash comes first,
    so that the dear one is computed for next to no rows; without tombstones neither is computed. -#}
{% macro not_erased(system, entity, tenant_id, source_id) -%}
{%- if not execute or model.resource_type == "unit_test" -%}
true
{%- else -%}
{%- set secret = operations_table("erasure_secret") -%}
{%- set erased -%}
    from {{ operations_table("erased_records") }} as erased
    where erased.system = '{{ system }}' and erased.entity = '{{ entity }}'
{%- endset -%}
case
    when
        {{ function("erasure_bucket") }}((select bucket_seed from {{ secret }}), {{ source_id }})
        in (select erased.bucket {{ erased }})
        then
            {{ function("erasure_hash") }}(
                (select salt from {{ secret }}),
                concat_ws(chr(31), '{{ system }}', '{{ entity }}', {{ tenant_id }}, {{ source_id }})
            )
            not in (select erased.key_hash {{ erased }})
    else true
end
{%- endif -%}
{%- endmacro %}
