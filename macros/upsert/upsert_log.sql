{#- Logs what the staged rows of `upsert_apply` change, new rows apart: what the table has and what it will have.
    log: {into: log table, columns: {log column: column of the target}, of: columns that matter (all)}. Where only some
    matter, an update is logged once, and only if one of these differs. -#}
{% macro upsert_log(log, staged, is_new, is_gone) %}
    {%- set was = [] -%}
    {%- set will_be = [] -%}
    {%- for column in log.columns.values() -%}
        {%- do was.append("s." ~ upsert_was(column)) -%}
        {%- do will_be.append(
            "s." ~ (adapter.quote(column) if column in upsert_selected_columns(config.get("meta").upsert) else upsert_was(column))
        ) -%}
    {%- endfor -%}
    {%- set matter = [] -%}
    {%- for column in log.of or [] -%}
        {%- do matter.append("s." ~ adapter.quote(column) ~ " is distinct from s." ~ upsert_was(column)) -%}
    {%- endfor -%}
    insert into {{ operations_table(log.into) }} ({{ quoted_list(log.columns.keys()) }})
    select {{ will_be | join(", ") }} from {{ staged }} as s
    where
        not {{ is_new }} and not {{ is_gone }} and num_nulls({{ will_be | join(", ") }}) = 0
        {%- if matter %} and ({{ matter | join(" or ") }}){% endif %}
    union
    select {{ was | join(", ") }} from {{ staged }} as s
    where not {{ is_new }} and num_nulls({{ was | join(", ") }}) = 0
        {%- if matter %} and {{ is_gone }}{% endif %}
{%- endmacro %}
