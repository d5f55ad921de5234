{#- What keeps a staged row out of the canonical tables: a JSON array of {column, reason}, or NULL for a
    good row. One cheap test passes the good rows; only the others are taken apart column by column, and
    without a subquery, which would keep parallel workers away. -#}
{% macro staged_problems(texts, columns, text_dates) %}
{%- set problem = function("text_problem") -%}
{%- set parse = function("parse_timestamp") -%}
case
    when {{ problem }}(concat_ws(' '{% for column in texts %}, raw.{{ column.name }}{% endfor %}), 1000000) is null
    {%- for column in texts if column.limit %}
        and length(raw.{{ column.name }}) > {{ column.limit }} is not true
    {%- endfor %}
    {%- for name in text_dates %}
        and (nullif(btrim(raw.{{ name }}), '') is null or {{ parse }}(raw.{{ name }}) is not null)
    {%- endfor %}
        then null
    else jsonb_path_query_array(
        jsonb_build_array(
            {%- for column in texts %}
            jsonb_build_object(
                'column', $${{ columns[column.name] }}$$,
                'reason', {{ problem }}(raw.{{ column.name }}, {{ column.limit or 1000000 }})
            ){{ "," if not loop.last or text_dates }}
            {%- endfor %}
            {%- for name in text_dates %}
            jsonb_build_object(
                'column', $${{ columns[name] }}$$,
                'reason', case
                    when nullif(btrim(raw.{{ name }}), '') is not null and {{ parse }}(raw.{{ name }}) is null
                        then 'not a date: ' || left(raw.{{ name }}, 40)
                end
            ){{ "," if not loop.last }}
            {%- endfor %}
        ),
        '$[*] ? (@.reason != null)'
    )
end
{%- endmacro %}
