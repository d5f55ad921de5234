{#- PL/pgSQL: runs an INSERT, logs the rows that it makes, and leaves their number in `counter`. -#}
{% macro upsert_insert(insert, counter, logs) %}
    {%- if not logs %}
    {{ insert }};
    get diagnostics {{ counter }} = row_count;
    {%- else %}
    with changed as ({{ insert }} returning t.*)
    {%- for log in logs %},
    logged_{{ loop.index }} as (
        insert into {{ operations_table(log.into) }} ({{ quoted_list(log.columns.keys()) }})
        select {{ quoted_list(log.columns.values(), "changed") }}
        from changed
        where num_nulls({{ quoted_list(log.columns.values(), "changed") }}) = 0
    )
    {%- endfor %}
    select count(*) into {{ counter }} from changed;
    {%- endif %}
{% endmacro %}
