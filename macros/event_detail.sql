{#- SQL for one detail of an event, from whichever legacy table has it; a record is a row of one of them.
    tables: as event_tables gives them. -#}
{% macro event_detail(tables, detail, type="text") -%}
    {%- set found = [] -%}
    {%- for table in tables.values() if detail in table -%}
        {%- do found.append(table.alias ~ "." ~ adapter.quote(table[detail]) ~ "::" ~ type) -%}
    {%- endfor -%}
    coalesce({{ (found + ["null::" ~ type]) | join(", ") }})
{%- endmacro %}
