{#- Remembers what a view, seed or function was made from, for `is_unchanged`. -#}
{% macro note_as_built(kind) %}
    {%- call statement("note_as_built") -%}
        insert into {{ operations_table("built_objects") }} as built (kind, schema_name, name, definition, state)
        values ('{{ kind }}', '{{ this.schema }}', '{{ this.identifier }}', '{{ object_definition(kind) }}', ({{ object_state(kind, is_built=true) }}))
        on conflict (kind, schema_name, name)
        do update set definition = excluded.definition, state = excluded.state
    {%- endcall -%}
    {%- do adapter.commit() -%}
{% endmacro %}
