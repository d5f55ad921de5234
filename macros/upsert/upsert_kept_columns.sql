{#- The columns of which the staged rows of `upsert_apply` keep what the table has: its key, and what is logged. -#}
{% macro upsert_kept_columns(key, logs) %}
    {%- set kept = key | list -%}
    {%- for log in logs -%}
        {%- for column in log.columns.values() | list + log.of | default([]) if column not in kept -%}
            {%- do kept.append(column) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(kept) -}}
{% endmacro %}
