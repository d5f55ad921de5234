{#- A seed whose file and table are the same as last time stays as it is; dbt would load it again in every run. -#}
{% materialization seed, adapter="postgres" %}
    {%- if is_unchanged("seed") -%}
        {#- dbt shows how many rows the file has. -#}
        {%- do store_result("agate_table", response="OK", agate_table=load_agate_table()) -%}
        {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
        {{ return({"relations": [load_cached_relation(this) or this]}) }}
    {%- endif -%}
    {%- set done = dbt.materialization_seed_default() -%}
    {%- do note_as_built("seed") -%}
    {{ return(done) }}
{% endmaterialization %}
