{#- A view whose SQL is the same as last time stays as it is: dbt would swap it, which waits for its readers, drops what
    others built on it and writes WAL in every run. -#}
{% materialization view, adapter="postgres" %}
    {%- if is_unchanged("view") -%}
        {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
        {{ return({"relations": [load_cached_relation(this) or this]}) }}
    {%- endif -%}
    {%- set done = dbt.materialization_view_default() -%}
    {%- do note_as_built("view") -%}
    {{ return(done) }}
{% endmaterialization %}
